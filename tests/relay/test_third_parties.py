"""A stranger by mail alone writes to nobody through the desk, plants no key, and stops no clock by a bounce."""

from collections.abc import Callable

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.relay.test_eve import CARL, EVE, PROVED, RITA, TEAM, VICTIM, Scene, unharmed
from tests.support import bounces, mails
from tests.support.relaying import MIA, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
FIELDS: dict[str, str] = {
    "receipts asked for": f"Disposition-Notification-To: {VICTIM}\r\nReturn-Receipt-To: {VICTIM}\r\n",
    "errors and follow-ups": f"Errors-To: {VICTIM}\r\nMail-Followup-To: {VICTIM}\r\nMail-Reply-To: {VICTIM}\r\n",
    "a list's fields": f"List-Post: <mailto:{VICTIM}>\r\nX-Original-From: {VICTIM}\r\nX-MailFrom: {VICTIM}\r\n",
    "resent": f"Resent-From: {VICTIM}\r\nResent-To: {VICTIM}\r\nResent-Reply-To: {VICTIM}\r\n",
    "copies": f"Cc: {VICTIM}\r\nBcc: {VICTIM}\r\n",
    "two Reply-To fields": f"Reply-To: {EVE}\r\nReply-To: {VICTIM}\r\n",
    "two addresses in Reply-To": f"Reply-To: {EVE}, {VICTIM}\r\n",
    "a group in Reply-To": f"Reply-To: us: {EVE}, {VICTIM};\r\n",
    "Reply-To unproved": f"Reply-To: {VICTIM}\r\n",
    "Reply-To behind an encoded line end": f"Reply-To: =?utf-8?q?x=0D=0ABcc:_{VICTIM.replace('@', '=40')}?= <{EVE}>\r\n",
    "Reply-To proved by another host": "Authentication-Results: mx.elsewhere.example; dmarc=pass "
    f"header.from=elsewhere.example\r\nReply-To: {VICTIM}\r\n",
    "Return-Path": f"Return-Path: <{VICTIM}>\r\nSender: {VICTIM}\r\n",
    "a route": f"Reply-To: <@{VICTIM.partition('@')[2]}:{EVE}>\r\n",
}


def test_no_field_names_a_third_party_who_is_written_to(desk: RelayDesk) -> None:
    """In thirteen reports, one trick each: only Eve herself gets receipts, and the team its copies."""
    for number, (name, fields) in enumerate(FIELDS.items()):
        top = f"From: Eve <{EVE}>\r\nTo: security@project.example\r\nSubject: Overflow {number} in {name}\r\n"
        desk.inbox.append(
            text("It crashes.\r\n", head=f"{fields}{top}Message-ID: <v{number}@x>\r\n".encode()), desk.clock
        )
    desk.run()
    assert len(desk.cases()) == len(FIELDS)
    assert {to for one in desk.sink.letters for to in one.recipients} <= TEAM | {EVE}


def test_a_reply_to_in_the_thread_moves_no_answer(desk: RelayDesk) -> None:
    """Eve writes as Rita with her own Reply-To; what a member answers goes to Rita alone."""
    desk.comes(mails.plain(date=desk.clock))
    forged = {"message_id": "<r@x>", "In_Reply_To": "<one@reporter.example>", "Reply_To": EVE}
    desk.comes(mails.plain(date=desk.clock, text="Please answer me there.\n", **forged))
    copy = next(one for one in desk.copies(CARL) if "answer me there" in letter_text(one))
    desk.comes(reply(copy, CARL, "We can reproduce it and work on a fix."), "project.example")
    assert desk.to(EVE) == []
    assert len(desk.answers(RITA)) == 1


def test_a_proved_author_sends_no_words_of_their_own_to_another(desk: RelayDesk) -> None:
    """Where the exchanger proves Eve, a receipt goes to her Reply-To, and holds no word of hers."""
    sent = mails.plain(
        sender=f"Quokka <{EVE}>", subject="Wombat overflow", text="Emu.\n", date=desk.clock, Reply_To=VICTIM
    )
    desk.comes(PROVED.encode() + sent)
    assert desk.to(VICTIM)
    for one in desk.to(VICTIM):
        assert not any(word in one.raw.lower() for word in (b"quokka", b"wombat", b"emu."))


def _forged(s: Scene, number: int, letter: str, **about: str) -> bytes:
    """A delivery report about a letter: Eve's own or Rita's receipt, which she saw in an archive."""
    (found,) = (one for one in s.desk.to(letter) if b"auto-replied" in one.raw)
    raw = bounces.postfix(found, **about)
    return raw.replace(b"Message-Id: <", f"Message-Id: <{number}.".encode())


BOUNCES: dict[str, Callable[[Scene, int], bytes]] = {
    "Rita's receipt without its mark": lambda s, n: _forged(s, n, RITA, envelope_id="", returned=_bare(s)),
    "a guessed envelope id": lambda s, n: _forged(s, n, RITA, envelope_id="a2" * 16, returned=_bare(s)),
    "an invented mark": lambda s, n: _forged(
        s, n, RITA, envelope_id="", returned=f"{_bare(s)}\r\nX-Maild-Mark: {'0' * 40}"
    ),
    "Rita's token as its recipient": lambda s, n: _forged(
        s, n, RITA, envelope_id="", returned=_bare(s), to=s.to(RITA, "reporter")
    ),
    "a member's token as its recipient": lambda s, n: _forged(
        s, n, RITA, envelope_id="", returned=_bare(s), to=s.to(MIA, "reporter")
    ),
    "her own mark, Rita named in everything else": lambda s, n: _forged(
        s, n, RITA, envelope_id=s.mark, returned=_bare(s)
    ),
    "her own mark, a third party named": lambda s, n: _forged(s, n, EVE).replace(
        EVE.encode(), VICTIM.encode()
    ),
    "a delay of Rita's": lambda s, n: _forged(
        s, n, RITA, action="delayed", envelope_id="", returned=_bare(s)
    ),
    "from a daemon, words alone": lambda s, n: mails.plain(
        subject=f"Undelivered Mail Returned to Sender [{s.case}]",
        sender="MAILER-DAEMON@mx.project.example",
        message_id=f"<{n}@x>",
        text=f"<{RITA}>: 550 5.1.1 no such user\n",
        In_Reply_To=header(s.desk.to(RITA)[0], "Message-ID"),
    ),
}


def _bare(s: Scene) -> str:
    return f"From: security@project.example\r\nMessage-ID: {header(s.desk.to(RITA)[0], 'Message-ID')}\r\nTo: {RITA}"


def test_no_forged_bounce_touches_a_promise(desk: RelayDesk, kit: Kit) -> None:
    """Rita's case stays open with its promises as they were; the team is told, and nobody else."""
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    for number, bounce in enumerate(BOUNCES.values()):
        desk.inbox.append(bounce(s, number), desk.clock)
    desk.run()
    unharmed(s)
    assert next(one["flags"] for one in desk.cases() if one["case"] == s.case) == []
    assert {to for one in desk.sink.letters[before:] for to in one.recipients} <= TEAM
    assert len(desk.sink.letters) > before


def test_a_bounce_of_her_own_receipt_ends_nobody_elses_case(desk: RelayDesk) -> None:
    """Her doubtful report was joined with Rita's; what comes back to her stops nothing of Rita's."""
    vague = {"sender": f"Eve <{EVE}>", "message_id": "<eve@elsewhere.example>", "text": "Hello there.\n"}
    desk.comes(mails.plain(date=desk.clock, subject="A question", **vague))
    hers = str(desk.one()["case"])
    desk.comes(mails.plain(date=desk.clock))
    other = next(str(one["case"]) for one in desk.cases() if one["case"] != hers)
    assert desk.word("duplicate", other, hers).status == 0
    before = _promises(desk, hers)
    desk.comes(bounces.postfix(next(one for one in desk.to(EVE) if b"auto-replied" in one.raw)))
    assert (len(before), _promises(desk, hers)) == (2, before)


def _promises(desk: RelayDesk, case: str) -> list[dict[str, str]]:
    """The answers that are owed in an open case."""
    (one,) = (one for one in desk.cases() if one["case"] == case)
    owed = [row for row in one["promises"] if row["promise"] == "respond" and not row["stopped"]]
    return owed if one["state"] == "open" else []
