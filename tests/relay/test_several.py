"""Several reporters, joined cases, sealed mail in a clear case, and reports that a member forwards."""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, signed, text
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
)
from tests.support.sealing import SAM, report

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
TIM = "tim@third.example"
WORDS = "We can reproduce it and work on a fix."


def from_tim(desk: RelayDesk, **about: str) -> bytes:
    """Another report of the same thing."""
    fields = {
        "sender": f"Tim <{TIM}>",
        "message_id": "<t1@third.example>",
        "text": "A quokka makes it crash.\n",
    }
    return mails.plain(date=desk.clock, **{**fields, **about})


@pytest.fixture
def joined(desk: RelayDesk) -> RelayDesk:
    """Rita and Tim have reported the same in the same second; Tim's case was joined to Rita's."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(from_tim(desk))
    first, second = (str(one["case"]) for one in desk.cases())
    if desk.cases()[0]["participants"][0]["address"] == TIM:
        first, second = second, first
    said = desk.word("duplicate", second, first)
    assert said.status == 0, said.err
    return desk


def running(desk: RelayDesk) -> list[tuple[str, str]]:
    """Case state and promise of everything that runs."""
    return sorted(
        (str(one["state"]), str(row["promise"]))
        for one in desk.cases()
        for row in one["promises"]
        if not row["met"] and not row["stopped"]
    )


def test_a_joined_case_keeps_both_promises(joined: RelayDesk) -> None:
    """Both run on in the one case; the other is closed and none of them is lost."""
    assert running(joined) == [("open", "respond"), ("open", "respond")]


def test_a_case_that_was_joined_is_not_opened_again(joined: RelayDesk) -> None:
    """It would be empty: what it held is in the other one, which the answer names."""
    there, old = (
        next(str(one["case"]) for one in joined.cases() if one["state"] == state)
        for state in ("open", "closed")
    )
    for word in ("reopen", "not-spam"):
        said = joined.word(word, old)
        assert (word, said.status, f"was joined to {there}" in said.err + said.out) == (word, 1, True)
    assert sorted(str(one["state"]) for one in joined.cases()) == ["closed", "open"]


def test_a_copy_from_before_the_join_still_leads_to_its_reporter(joined: RelayDesk) -> None:
    """A reply to Tim's mail goes to Tim and meets the promise to him alone; one to Rita's goes to Rita."""
    tims = next(one for one in joined.copies(CARL) if "quokka" in letter_text(one))
    joined.comes(reply(tims, CARL, WORDS), DOMAIN)
    assert [letter_text(one).strip() for one in joined.answers(TIM)] == [WORDS]
    assert joined.answers(RITA) == []
    assert header(joined.answers(TIM)[0], "In-Reply-To") == "<t1@third.example>"
    assert running(joined) == [("open", "respond"), ("open", "update")]
    ritas = next(one for one in joined.copies(CARL) if "quokka" not in letter_text(one))
    joined.comes(reply(ritas, CARL, "The release is on the ninth of May."), DOMAIN)
    assert len(joined.answers(RITA)) == len(joined.answers(TIM)) == 1
    assert running(joined) == [("open", "update"), ("open", "update")]


def test_one_reporters_words_do_not_go_to_the_other(joined: RelayDesk) -> None:
    """Rita's words in an answer to Tim wait for a look; in an answer to Rita they go out."""
    copies = joined.copies(CARL)
    tims = next(one for one in copies if "quokka" in letter_text(one))
    ritas = next(one for one in copies if "quokka" not in letter_text(one))
    hers = "Another report says: A crafted file makes the parser write past its buffer."
    joined.comes(reply(tims, CARL, hers), DOMAIN)
    joined.comes(reply(ritas, CARL, f"You said it. {hers}"), DOMAIN)
    assert (len(joined.answers(TIM)), len(joined.answers(RITA))) == (0, 1)


def test_mail_of_the_joined_case_goes_on_in_the_other(joined: RelayDesk) -> None:
    """Tim's next mail, a reply to what he got, and one that only names the old number, open nothing anew."""
    joined.comes(reply(joined.to(TIM)[0], TIM, "It still does."))
    old = next(str(one["case"]) for one in joined.cases() if one["state"] == "closed")
    joined.comes(from_tim(joined, subject=f"about [{old}]", message_id="<t3@third.example>"))
    assert sorted(str(one["state"]) for one in joined.cases()) == ["closed", "open"]
    assert len(joined.cases()) == 2


def test_which_reporter_is_meant_must_be_clear(joined: RelayDesk) -> None:
    """With only a token and no thread, nothing goes to either, and the author is told."""
    copy = joined.copies(CARL)[0]
    joined.comes(reply(copy, CARL, WORDS, In_Reply_To="", References=""), DOMAIN)
    assert joined.answers(RITA) == joined.answers(TIM) == []
    assert "Your message went to the team only" in joined.about("carl@phone.example")


def test_the_same_reporter_twice_in_one_second(desk: RelayDesk) -> None:
    """Two reports of Rita's are joined: one promise to her is left of the two, and one answer keeps it."""
    for number in ("<a@reporter.example>", "<b@reporter.example>"):
        desk.inbox.append(mails.plain(message_id=number, text=f"It crashes {number}.\n"), desk.clock)
    desk.run()
    first, second = (str(one["case"]) for one in desk.cases())
    assert desk.word("duplicate", second, first).status == 0
    assert running(desk) == [("open", "respond")]
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS), DOMAIN)
    assert running(desk) == [("open", "update")]


def test_a_case_cannot_be_joined_to_a_closed_one(desk: RelayDesk) -> None:
    """Its promises would run where nobody looks."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(from_tim(desk))
    first, second = (str(one["case"]) for one in desk.cases())
    desk.word("spam", first)
    assert "is closed" in desk.word("duplicate", second, first).err


def test_sealed_mail_seals_a_case_that_began_in_clear(desk: RelayDesk, kit: Kit) -> None:
    """From then on no answer goes out in clear, and who has no key hears only that there is something."""
    desk.comes(mails.plain(date=desk.clock, sender=f"Sam <{SAM}>", message_id="<0@far.example>"))
    desk.comes(
        report(kit, 2, words="Kestrelwing.").replace(b"MIME-", b"In-Reply-To: <0@far.example>\r\nMIME-", 1)
    )
    (one,) = desk.cases()
    assert one["subject"] == "(sealed)"
    assert len(desk.copies(CARL)) == 1
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS), DOMAIN)
    assert desk.answers(SAM) == []
    assert "A reply is waiting: it cannot be encrypted" in desk.about("carl@phone.example")
    assert "Your message about an encrypted case was not encrypted" in desk.about("carl@phone.example")
    assert not [sent for sent in desk.sink.letters if b"Kestrelwing" in sent.raw]


def forward(desk: RelayDesk, kit: Kit, inner: bytes) -> bytes:
    """Mia forwards a mail that reached her privately, whole, in a signed mail of her own."""
    attached = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner
    whole = multipart("mixed", text("This came to me.\r\n"), attached)
    _, _, body = whole.partition(b"Content-Type: multipart/mixed")
    entity = b"Content-Type: multipart/mixed" + body
    top = (
        f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: Fwd: Overflow\r\n"
        "Message-ID: <fw@home.example>\r\nMIME-Version: 1.0\r\n"
    )
    return signed(entity, kit.detached(kit.member, text=entity), head=top.encode())


def test_a_forwarded_report_belongs_to_its_sender(desk: RelayDesk, kit: Kit) -> None:
    """The case is Tim's, flagged, with his promises; nothing goes to him before a member says so."""
    desk.comes(forward(desk, kit, from_tim(desk, to=MIA)))
    one = desk.one()
    assert "forwarded" in one["flags"]
    assert [p["address"] for p in one["participants"] if p["side"] == "reporter"] == [TIM]
    assert desk.promises() == {"acknowledge": "running", "respond": "running"}
    assert desk.to(TIM) == []
    assert desk.about(MIA) == ["A member forwarded a report"]
    assert desk.word("acknowledge", one["case"]).status == 0
    desk.run()
    (receipt,) = desk.to(TIM)
    assert header(receipt, "In-Reply-To") == "<t1@third.example>"
    assert desk.promises()["acknowledge"] == "receipt"
    assert desk.word("acknowledge", one["case"]).status == 1


def test_an_answer_to_a_forwarded_report_goes_to_its_sender(desk: RelayDesk, kit: Kit) -> None:
    """Every member has a copy to reply to, the one who forwarded it too; the quote stays behind."""
    desk.comes(forward(desk, kit, from_tim(desk, to=MIA)))
    assert [len(desk.copies(who)) for who in (MIA, BEA, CARL)] == [1, 1, 1]
    assert "quokka" in read_by(kit, desk.copies(MIA)[0], kit.member).tree.root.source.decode()
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS), DOMAIN)
    (answer,) = desk.answers(TIM)
    assert letter_text(answer).strip() == WORDS
    assert header(answer, "In-Reply-To") == "<t1@third.example>"


def test_a_redirected_report_waits_for_its_receipt_too(desk: RelayDesk) -> None:
    """Resent by a member as it was: the case is its author's, the receipt waits for a word."""
    raw = f"Resent-From: {MIA}\r\nResent-To: security@project.example\r\n".encode() + from_tim(desk, to=MIA)
    desk.comes(raw)
    one = desk.one()
    assert {"forwarded", "receipt-by-hand"} <= set(one["flags"])
    assert desk.to(TIM) == []
    desk.word("acknowledge", one["case"])
    desk.wait(timedelta(minutes=1))
    desk.run()
    assert len(desk.to(TIM)) == 1
    assert "receipt-by-hand" not in desk.one()["flags"]


@pytest.mark.parametrize("proof", [False, True])
def test_only_a_proved_members_forward_counts(desk: RelayDesk, kit: Kit, proof: bool) -> None:
    """Without proof it is held; whoever attaches a mail as an outsider is himself the reporter."""
    raw = forward(desk, kit, from_tim(desk)).replace(
        f"From: Mia <{MIA}>".encode(), b"From: Eve <eve@x.example>"
    )
    if not proof:
        raw = forward(desk, kit, from_tim(desk)).replace(b"This came to me", b"This came to us")
    else:
        raw = raw.replace(b"This came to me", b"This came to us")
    desk.comes(raw)
    assert desk.to(TIM) == []
    assert not [p for one in desk.cases() for p in one["participants"] if p["address"] == TIM]
    assert [row["kind"] for row in desk.view("quarantine")] == ([] if proof else ["held"])


def test_a_guest_reads_and_writes_with_the_team(desk: RelayDesk, kit: Kit) -> None:
    """His mail goes to the members, never to the reporter, and theirs among themselves to him."""
    desk.comes(mails.plain(date=desk.clock))
    desk.word("guest", str(desk.one()["case"]), "fix@vendor.example", "until", "9d")
    desk.run()
    rules = desk.to("fix@vendor.example")[0]
    assert "Your replies go to the team, not to the reporter." in " ".join(letter_text(rules).split())
    before = len(desk.to(RITA))
    desk.comes(reply(rules, "Fix <fix@vendor.example>", "I have a patch, see below."))
    assert len(desk.to(RITA)) == before
    shown = plain_text(read_by(kit, desk.copies(BEA)[-1], desk.bea))
    assert "I have a patch" in shown
    assert "goes to the TEAM only" in shown
    assert desk.one()["answered"] is False


def test_a_joined_case_may_be_called_by_its_old_number(joined: RelayDesk, kit: Kit) -> None:
    """Mia's signed reply quotes Tim's acknowledgement, with both numbers in it, and goes to the team as she wants."""
    old, new = (next(str(o["case"]) for o in joined.cases() if o["state"] == s) for s in ("closed", "open"))
    joined.wait(timedelta(seconds=5))
    (receipt,) = joined.to(TIM)[:1]
    quoted = "".join(f"> {line}\n" for line in f"Case: {old}\n{letter_text(receipt)}".splitlines())
    part = text(f"!handler Bea\r\n\r\n{new}\r\n\r\n{quoted}")
    head = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nMessage-ID: <q@x>\r\nSubject: x\r\n"
    head += f"In-Reply-To: {header(receipt, 'Message-ID')}\r\n"
    joined.comes(signed(part, kit.detached(kit.member, text=part), head=head.encode()))
    assert joined.view("quarantine") == []
    assert next(one["handler"] for one in joined.cases() if one["state"] == "open") == "Bea"


def set_down(desk: RelayDesk) -> list[object]:
    """Who takes part in each case and what is recorded of it, and how many letters went out."""
    return [*((one["participants"], one["disclosure"]) for one in desk.cases()), len(desk.sink.letters)]


def test_the_old_number_does_nothing_on_the_command_line(joined: RelayDesk) -> None:
    """A date, an address or a guest would be set where nothing happens any more: refused, and the new number named."""
    there, old = (
        next(str(one["case"]) for one in joined.cases() if one["state"] == state)
        for state in ("open", "closed")
    )
    joined.run()
    before = set_down(joined)
    until, file = ("until", "2099-01-01"), joined.folder / "a.toml"
    file.write_text(
        'id = "HERON-1"\ntitle = "x"\nsummary = "x"\npublished = 2026-03-20T16:00:00Z\n'
        '[[affected]]\npackage = "heron"\n'
    )
    joined.path.write_text(joined.path.read_text() + '[disclosure]\nnamespace = "https://heron.example"\n')
    for words in (
        ("embargo", old, "2099-01-01", "10:00", "UTC", "later"),
        ("reporter", old, "tim@new.example"),
        ("guest", old, "gus@guest.example", *until),
        ("tell", old, "fox@guest.example", *until, "they", "ask"),
        ("announce", old, str(file)),
        ("leaked", old),
    ):
        said = joined.word(*words)
        assert (words[0], said.status, f"Name {there} instead" in said.err) == (words[0], 1, True)
    joined.run()
    assert set_down(joined) == before


def test_who_joins_a_case_hears_which_guests_read_on(desk: RelayDesk, kit: Kit) -> None:
    """By a command typed and mailed: Gus was let into Rita's case, and reads what Tim and Zed write from now on."""
    desk.comes(mails.plain(date=desk.clock))
    first = str(desk.one()["case"])
    assert desk.word("guest", first, "gus@guest.example", "until", "2099-01-01").status == 0
    desk.comes(from_tim(desk))
    second = next(str(one["case"]) for one in desk.cases() if one["case"] != first)
    reads = f"gus@guest.example gets the team's copies in {first}"
    assert reads in " ".join(desk.word("duplicate", second, first).out.split())
    desk.comes(from_tim(desk, sender="zed@third.example", message_id="<z@third.example>", text="A yak.\n"))
    third = next(str(one["case"]) for one in desk.cases() if one["case"] not in (first, second))
    part = text(f"!duplicate {first}\r\n\r\n{third}\r\n")
    head = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nMessage-ID: <j@x>\r\nSubject: x\r\n"
    head += "In-Reply-To: <z@third.example>\r\n"
    desk.comes(signed(part, kit.detached(kit.member, text=part), head=head.encode()))
    assert reads in " ".join(letter_text(desk.to(MIA)[-1]).split())
