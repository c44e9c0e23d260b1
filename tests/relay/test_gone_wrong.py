"""Relay when something goes wrong outside: a letter is retried, held, parked or told, and none forgotten."""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, text
from tests.support import mails
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    RelayDesk,
    header,
    letter_text,
    plain_text,
    read_by,
    reply,
    team_address,
)
from tests.support.sealing import SAM, entity, head, key_file, report
from tests.support.smtpsink import DROP, SmtpSink

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
WORDS = "We can reproduce it and work on a fix."


@pytest.fixture
def reported(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear."""
    desk.comes(mails.plain(date=desk.clock))
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [1, 1, 1]
    return desk


def answered(desk: RelayDesk, who: str = CARL, words: str = WORDS) -> None:
    """A member replies to his newest copy."""
    desk.comes(reply(desk.copies(CARL)[0], who, words), DOMAIN)


def outcomes(desk: RelayDesk, kind: str) -> dict[str, str]:
    """What became of the letters of a kind, by their readers (the newest of each)."""
    return {row["to"]: row["state"] for row in desk.view("outbox", True) if row["kind"] == kind}


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "451 4.2.1 mailbox busy"])
def test_one_of_three_is_refused(desk: RelayDesk, sink: SmtpSink, answer: str) -> None:
    """The other two have theirs at once; his is tried again, then the others are told, once, by name."""
    sink.always(f"RCPT {BEA}", answer)
    desk.comes(mails.plain(date=desk.clock))
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [1, 0, 1]
    assert outcomes(desk, "copy")[BEA] == "owed"
    assert desk.about(MIA) == []
    for minutes in (2, 6, 20, 60, 60, 60):
        desk.wait(timedelta(minutes=minutes))
        desk.run()
    assert desk.about(MIA) == ["Mail to Bea is not getting through"]
    assert desk.about(BEA) == []
    assert outcomes(desk, "copy")[BEA] == ("failed" if answer.startswith("5") else "owed")
    sink.always(f"RCPT {BEA}", "")
    desk.wait(timedelta(hours=2))
    desk.run()
    assert len(desk.copies(BEA)) == (0 if answer.startswith("5") else 1)


NOBODY = "Nobody on the team has received message 1"


def test_a_report_that_is_refused_for_everybody_is_told_to_everybody_at_once(
    desk: RelayDesk, sink: SmtpSink
) -> None:
    """Once, when the last of them is refused, where other mail of theirs arrives too."""
    for member in (MIA, BEA, CARL):
        sink.always(f"RCPT {member}", "550 5.7.1 not wanted")
    desk.comes(mails.plain(date=desk.clock))
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [0, 0, 0]
    told = [row["to"] for row in desk.view("outbox", True) if row["kind"] == "notice"]
    assert sorted(told) == sorted([MIA, BEA, RINGS])
    assert NOBODY in header(desk.to(RINGS)[0], "Subject")
    for minutes in (2, 6):
        desk.wait(timedelta(minutes=minutes))
        desk.run()
    assert sum(NOBODY in header(one, "Subject") for one in desk.to(RINGS)) == 1


def test_a_report_that_reached_one_or_only_waits_is_told_to_nobody(desk: RelayDesk, sink: SmtpSink) -> None:
    """One has it; or the servers put it off, as they do with what they do not know yet."""
    sink.always(f"RCPT {MIA}", "550 5.1.1 no")
    for member in (BEA, CARL):
        sink.always(f"RCPT {member}", "451 4.2.1 later")
    desk.comes(mails.plain(date=desk.clock))
    assert [row for row in desk.view("outbox", True) if row["kind"] == "notice"] == []


def test_a_copy_that_was_refused_for_a_minute_arrives_after_all(desk: RelayDesk, sink: SmtpSink) -> None:
    """One mistake of a member's server costs nothing but time, and nobody is told."""
    sink.always(f"RCPT {BEA}", "550 5.7.1 not now")
    desk.comes(mails.plain(date=desk.clock))
    sink.always(f"RCPT {BEA}", "")
    desk.wait(timedelta(minutes=2))
    desk.run()
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [1, 1, 1]
    assert desk.about(MIA) == []


def bounce(desk: RelayDesk) -> bytes:
    """The answer comes back, as a server returns it."""
    (answer,) = desk.answers(RITA)
    mark = header(answer, "X-Maild-Mark")
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.reporter.example\r\n\r\n"
        f"Final-Recipient: rfc822; {RITA}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    back = f"Content-Type: text/rfc822-headers\r\n\r\nX-Maild-Mark: {mark}\r\nTo: {RITA}\r\n"
    top = (
        "From: MAILER-DAEMON@mx.reporter.example\r\nTo: security@project.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <b@mx.reporter.example>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
    )
    kind = "report; report-type=delivery-status"
    return multipart(kind, text("It did not arrive.\n"), status.encode(), back.encode(), head=top.encode())


def test_an_answer_that_bounces_opens_its_promise_again(reported: RelayDesk) -> None:
    """To the original due instant; author, handler and handlers are told; past it, one escalation follows."""
    desk = reported
    due = {row["promise"]: row["due"] for row in desk.one()["promises"]}["respond"]
    answered(desk, BEA)
    assert desk.promises()["respond"] == "team:Bea"
    desk.wait(timedelta(hours=3))
    desk.comes(bounce(desk))
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running", "update": "stopped"}
    assert {row["promise"]: row["due"] for row in desk.one()["promises"]}["respond"] == due
    assert desk.about(BEA) == desk.about(MIA) == ["A reply did not reach the reporter"]
    assert desk.word("close", desk.one()["case"]).status == 1
    assert desk.word("pause", desk.one()["case"], "waiting", "until", "9d").status == 1
    desk.wait(timedelta(hours=46))
    desk.run()
    desk.run()
    assert [row["kind"] for row in desk.view("outbox", True)].count("escalation") == 1


def test_an_answer_refused_is_told_to_its_author(reported: RelayDesk, sink: SmtpSink) -> None:
    """No promise is met by what a server did not take."""
    sink.always(f"RCPT {RITA}", "550 5.1.1 no such user")
    answered(reported, BEA)
    assert reported.promises()["respond"] == "running"
    assert reported.about(BEA) == reported.about(MIA) == ["A reply did not reach the reporter"]


def test_an_answer_put_off_again_and_again_is_told(reported: RelayDesk, sink: SmtpSink) -> None:
    """It is tried on, and counts from when it is taken."""
    sink.always(f"RCPT {RITA}", "451 4.2.1 mailbox busy")
    answered(reported, BEA)
    for minutes in (2, 6, 20):
        reported.wait(timedelta(minutes=minutes))
        reported.run()
    assert reported.about(BEA) == reported.about(MIA) == ["A reply has not been sent yet"]
    sink.always(f"RCPT {RITA}", "")
    reported.wait(timedelta(hours=2))
    reported.run()
    assert reported.promises()["respond"] == "team:Bea"
    assert len(reported.answers(RITA)) == 1


def test_an_answer_nobody_knows_about_is_parked(reported: RelayDesk, sink: SmtpSink) -> None:
    """The connection ended after the dot: only ``maild send`` sends it again, byte for byte."""
    desk = reported
    sink.always("DOT", DROP)
    answered(desk, BEA)
    sink.always("DOT", "")
    (row,) = [row for row in desk.view("outbox") if row["kind"] == "answer"]
    assert row["state"] == "parked"
    assert desk.promises()["respond"] == "running"
    assert "A reply may not have been sent" in desk.about(BEA)
    desk.wait(timedelta(hours=9))
    desk.run()
    assert len(desk.answers(RITA)) == 1
    assert desk.word("send", str(row["letter"])).status == 0
    desk.run()
    assert desk.promises()["respond"] == "team:Bea"
    first, second = desk.answers(RITA)
    assert first.raw == second.raw
    assert desk.word("send", str(row["letter"])).status == 1


def test_two_members_answer_in_the_same_second(reported: RelayDesk) -> None:
    """Both go out, the promise is met once, and each sees what the other wrote."""
    desk = reported
    copy = desk.copies(CARL)[0]
    for who, words in ((BEA, WORDS), (CARL, "A release is planned for the ninth.")):
        raw = reply(copy, who, words)
        proved = f"Authentication-Results: mx.project.example; dmarc=pass header.from={DOMAIN}\r\n".encode()
        desk.inbox.append(proved + raw, desk.clock)
    desk.run()
    assert sorted(letter_text(one).strip() for one in desk.answers(RITA)) == [
        "A release is planned for the ninth.",
        WORDS,
    ]
    rows = [(row["promise"], row["stopped"]) for row in desk.one()["promises"]]
    assert rows == [("acknowledge", None), ("respond", None), ("update", None)]
    assert "ninth" in plain_text(read_by(desk.kit, desk.copies(BEA)[-1], desk.bea))
    assert WORDS in letter_text(desk.copies(CARL)[-1])
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [3, 2, 2]


def sealed_reply(desk: RelayDesk, kit: Kit, words: str = WORDS) -> bytes:
    """Mia's reply to her sealed copy, sealed to the desk and signed, as her client would send it."""
    copy = desk.copies(MIA)[-1]
    inside = entity(words, f"Re: [{desk.cases()[-1]['case']}] Overflow")
    name = header(copy, "Message-ID")
    top = (
        f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: ...\r\n"
        "Message-ID: <s@home.example>\r\n"
        f"In-Reply-To: {name}\r\nReferences: {name}\r\nMIME-Version: 1.0\r\n"
    )
    return pgp_mime(kit.sealed_by(kit.member, text=inside), head=top.encode())


def test_an_answer_that_cannot_be_sealed_is_held(desk: RelayDesk, kit: Kit) -> None:
    """No key of the reporter's: nothing goes out, its author hears the ways out, the outbox shows it."""
    desk.comes(report(kit, 1))
    desk.comes(sealed_reply(desk, kit))
    (row,) = [row for row in desk.view("outbox") if row["kind"] == "answer"]
    assert (row["state"], row["trouble"]) == ("held", "no key to encrypt it with")
    assert "no key to encrypt it with" in desk.word("outbox", "--json").out
    assert desk.answers(SAM) == []
    assert "A reply is waiting: it cannot be encrypted" in desk.about(MIA)
    told = letter_text(next(one for one in desk.to(MIA) if "A reply is waiting" in header(one, "Subject")))
    assert all(way in " ".join(told.split()) for way in ("!askkey", "maild outbox", "--in-clear"))
    assert desk.promises()["respond"] == "running"
    desk.wait(timedelta(hours=1))
    desk.run()
    assert desk.answers(SAM) == []

    assert desk.word("askkey", desk.one()["case"]).status == 0
    desk.run()
    asked = desk.to(SAM)[-1]
    assert "OpenPGP key" in header(asked, "Subject")
    assert "Overflow" not in letter_text(asked)

    key = kit.public(kit.people, kit.stranger)
    desk.comes(multipart("mixed", text("Here it is.\n"), key_file(key), head=reply_head(asked)))
    assert len(desk.cases()) == 1
    assert desk.word("usekey", desk.one()["case"], kit.stranger).status == 0
    assert desk.word("send", str(row["letter"])).status == 0
    desk.run()
    (answer,) = desk.answers(SAM)
    assert plain_text(read_by(kit, answer)).strip() == WORDS
    assert desk.promises()["respond"] == "team:Mia"


def reply_head(asked: object) -> bytes:
    """The head of Sam's answer to a letter of ours."""
    name = header(asked, "Message-ID")  # type: ignore[arg-type]  # a Letter
    return head(2, subject="Re: key").replace(b"MIME-", f"In-Reply-To: {name}\r\nMIME-".encode())


def test_only_the_explicit_word_sends_in_clear(desk: RelayDesk, kit: Kit) -> None:
    """``maild send`` alone leaves it held; with ``--in-clear`` it goes, with nothing quoted."""
    desk.comes(report(kit, 1))
    desk.comes(sealed_reply(desk, kit, f"{WORDS}\r\n\r\n> It crashes.\r\n"))
    (row,) = [row for row in desk.view("outbox") if row["kind"] == "answer"]
    desk.word("send", str(row["letter"]))
    desk.run()
    assert desk.answers(SAM) == []
    (row,) = [row for row in desk.view("outbox") if row["kind"] == "answer"]
    assert row["state"] == "held"
    assert desk.word("send", "--in-clear", str(row["letter"])).status == 0
    desk.run()
    (answer,) = desk.answers(SAM)
    assert letter_text(answer).strip() == WORDS
    assert b"It crashes" not in answer.raw
    assert "Overflow" not in header(answer, "Subject")


def test_words_never_leave_by_mistake(reported: RelayDesk) -> None:
    """Words in a reply to the reporter: held back, told, and nothing is done."""
    answered(reported, CARL, "!close fixed\n\nThank you for the report, it is fixed.")
    assert reported.answers(RITA) == []
    assert reported.one()["state"] == "open"
    assert reported.about(RINGS) == ["Your message was not sent to the reporter"]


def test_an_answer_to_a_letter_of_maild_is_among_the_team(reported: RelayDesk) -> None:
    """A member's reply to a notice goes to the others and nowhere else, and he need not be told so."""
    reported.comes(
        mails.plain(sender=CARL, to=team_address(reported), text="!status\n", message_id="<s@x>"), DOMAIN
    )
    notice = reported.to(RINGS)[-1]
    reported.comes(reply(notice, CARL, "I shall look at it at noon."), DOMAIN)
    assert [len(reported.copies(one)) for one in (MIA, BEA, CARL)] == [2, 2, 1]
    assert reported.about(RINGS) == ["Your commands"]
    assert reported.answers(RITA) == []


def test_a_members_copy_is_found_by_everybody_who_asks(reported: RelayDesk) -> None:
    """``maild access`` names who can see the case, since when and until when; a guest with his end."""
    desk = reported
    case = desk.one()["case"]
    assert desk.word("guest", case, "fix@vendor.example", "until", "9d").status == 0
    desk.run()
    assert "You now have access to a security case" in header(desk.to("fix@vendor.example")[0], "Subject")
    rows = {row["address"]: row for row in desk.view("access", case)}
    assert set(rows) == {MIA, BEA, CARL, RITA, "fix@vendor.example"}
    assert rows["fix@vendor.example"]["until"]
    assert all(row["since"] for row in rows.values())
    desk.comes(
        mails.plain(sender=CARL, to=team_address(desk), text="What do we say?\n", message_id="<t@x>"), DOMAIN
    )
    assert "What do we say?" in letter_text(desk.to("fix@vendor.example")[-1])
    assert len(desk.to("fix@vendor.example")) == 2
    desk.wait(timedelta(days=10))
    desk.comes(
        mails.plain(sender=CARL, to=team_address(desk), text="And now, then?\n", message_id="<u@x>"), DOMAIN
    )
    assert len(desk.to("fix@vendor.example")) == 2


@pytest.mark.parametrize(("words", "kept"), [(0, False), (4, True)])
def test_a_brief_answer_counts_only_if_the_policy_says_so(desk: RelayDesk, words: int, kept: bool) -> None:
    """It reaches the reporter either way; *respond* runs on unless ``respond_min_words`` lets it count."""
    if words:
        desk.configure(f"respond_min_words = {words}")
    desk.comes(mails.plain(date=desk.clock))
    answered(desk, CARL, "Thanks, we will look.")
    assert len(desk.answers(RITA)) == 1
    assert (desk.promises()["respond"] == "team:Carl") is kept
