"""The world moves on while a letter waits: at the mail server, for a look, or for the hour that two approved."""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.relay.test_leaks import file
from tests.relay.test_publishing import AHEAD, ANNOUNCE, DISTROS, PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RelayDesk, header, letter_text, read_by
from tests.support.sealing import SAM, key_file, report

pytestmark = pytest.mark.dovecot
WAITS = "Please look at your message again"
DOMAIN = "project.example"


@pytest.fixture
def publisher(desk: RelayDesk, kit: Kit) -> Publisher:
    """Sam has reported in clear, and the desk has lists to write to."""
    desk.comes(mails.plain(date=desk.clock, sender=f"Sam <{SAM}>", message_id="<0@far.example>"))
    return Publisher(desk, kit)


def answers(desk: RelayDesk, number: int, *parts: bytes) -> None:
    """Carl answers Sam's report with these parts."""
    copy = desk.copies(CARL)[0]
    lines = (
        f"From: Carl <{CARL}>",
        f"To: {header(copy, 'Reply-To')}",
        f"Message-ID: <o{number}@home.example>",
        f"In-Reply-To: {header(copy, 'Message-ID')}",
        "Subject: Re: Overflow",
        "MIME-Version: 1.0",
    )
    desk.comes(multipart("mixed", *parts, head="".join(f"{one}\r\n" for one in lines).encode()), DOMAIN)


def let_go(desk: RelayDesk) -> None:
    """A person lets every answer go that is held, and an hour goes by."""
    for row in desk.view("outbox"):
        if row["kind"] == "answer":
            desk.word("send", str(row["letter"]))
    for _ in range(2):
        desk.wait(timedelta(minutes=30))
        desk.run()


def test_no_letter_tells_a_date_that_has_moved(desk: RelayDesk, publisher: Publisher) -> None:
    """Put off by the server, then let go by a person: it never leaves, and the draft with the new date does."""
    publisher.judged()
    desk.sink.always(f"RCPT {SAM}", "451 4.7.1 later")
    assert "The draft is being sent to" in publisher.says("!send")
    new = publisher.embargo_moved(timedelta(days=20))
    desk.sink.always(f"RCPT {SAM}", "")
    let_go(desk)
    let_go(desk)
    assert desk.answers(SAM) == []
    told = [letter_text(one) for one in desk.to(MIA) if WAITS in header(one, "Subject")]
    assert "the date in it is no longer the date of the announcement" in " ".join(told[0].split())
    assert "The draft is being sent to" in publisher.says("!send")
    (sent,) = desk.answers(SAM)
    assert f"{new:%B %Y}" in letter_text(sent)
    assert f"{new.day} {new:%B}" in letter_text(sent)


def test_no_answer_leaves_unencrypted_once_its_case_is_encrypted(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """One that the server put off, and one that waited for a look: neither goes, whoever lets it."""
    assert publisher.case
    desk.sink.always(f"RCPT {SAM}", "451 4.7.1 later")
    answers(desk, 1, text("We look into it and write again on Monday."))
    answers(desk, 2, text("See the file."), file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "a.msg"))
    secret = report(kit, 2, words="Kestrelwing.")
    desk.comes(secret.replace(b"MIME-", b"In-Reply-To: <0@far.example>\r\nMIME-", 1))
    desk.sink.always(f"RCPT {SAM}", "")
    assert desk.one()["subject"] == "(sealed)"
    let_go(desk)
    let_go(desk)
    assert desk.answers(SAM) == []
    told = [letter_text(one) for one in desk.to("carl@phone.example") if WAITS in header(one, "Subject")]
    assert any("not encrypted and the case is encrypted now" in " ".join(one.split()) for one in told)


def test_a_verdict_given_later_stops_what_two_approved(desk: RelayDesk, publisher: Publisher) -> None:
    """Found to be none, the case is announced to nobody, not even by a member alone; approved anew it is."""
    publisher.ready()
    publisher.says("!verdict out-of-scope")
    publisher.passed(timedelta(0))
    desk.run()
    assert publisher.outside() == []
    assert "prepared after the verdict out-of-scope" in " ".join(publisher.says("!announce now").split())
    assert publisher.outside() == []
    assert any("NOT announced" in one for one in desk.about(BEA))
    publisher.says(f"!announce\r\n\r\n{PUBLIC}")
    publisher.approve("announcement")
    assert "is being sent now" in publisher.says("!announce now")
    assert publisher.outside()[:1] == [ANNOUNCE]


def test_an_approved_text_waits_if_an_address_in_it_has_become_private(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """Two approved a vendor's address in it; that it is a member's by now is for a person to look at."""
    publisher.judged()
    words = f"{PUBLIC}Ask bo@vendor.example for packages.\r\n"
    publisher.says(f"!announce\r\n\r\n{words}")
    publisher.approve("announcement")
    before = desk.path.read_text()
    desk.path.write_text(before.replace(f'["{BEA}"]', f'["{BEA}", "bo@vendor.example"]', 1))
    assert desk.path.read_text() != before
    publisher.passed(timedelta(0), words)
    desk.run()
    assert publisher.outside() == []
    held = [row for row in desk.view("outbox") if row["to"] == ANNOUNCE]
    assert [row["state"] for row in held] == ["held"]


def test_the_address_of_who_prepared_it_may_be_in_an_approved_text(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """A patch names its author, as every patch does: it leaves at its hour."""
    publisher.judged()
    words = f"{PUBLIC}\r\nSigned-off-by: Mia <{MIA}>\r\n---\r\ndiff --git a/x.c b/x.c\r\n"
    publisher.says(f"!announce\r\n\r\n{words}")
    publisher.approve("announcement")
    publisher.passed(timedelta(0), words)
    desk.run()
    assert publisher.outside()[:1] == [ANNOUNCE]


def test_a_list_hears_of_no_case_that_is_none_for_it_any_more(desk: RelayDesk, publisher: Publisher) -> None:
    """Put off by the server while the severity fell: it waits, and nobody lets it go; set right, it goes."""
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    desk.sink.always(f"RCPT {DISTROS}", "451 4.7.1 later")
    publisher.at(at - timedelta(hours=71))
    assert desk.word("severity", publisher.case, "minor").status == 0
    desk.sink.always(f"RCPT {DISTROS}", "")
    for severity, told in (("minor", 0), ("important", 1)):
        desk.word("severity", publisher.case, severity)
        for _ in range(2):
            desk.wait(timedelta(minutes=6))
            desk.run()
            (row,) = (one for one in desk.view("outbox", True) if one["kind"] == "predisclosure")
            desk.word("send", str(row["letter"]))
        assert (severity, len(desk.to(DISTROS))) == (severity, told)
    (notice,) = [one for one in desk.to(BEA) if WAITS in header(one, "Subject")]
    assert (
        "the list is not told of cases with the severity, track or steps that this one has now"
        in " ".join(letter_text(notice).split())
    )


def test_so_does_it_with_what_is_for_a_list(desk: RelayDesk, publisher: Publisher) -> None:
    """At its hour the letter to the list stays, and the team hears what it lacks."""
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    publisher.says("!verdict not-reproducible")
    publisher.at(at - timedelta(hours=72))
    assert desk.to(DISTROS) == []
    told = (" ".join(letter_text(one).split()) for one in desk.sink.letters)
    assert any("prepared after the verdict not-reproducible" in one for one in told)


def test_a_draft_in_an_encrypted_case_is_encrypted(desk: RelayDesk, kit: Kit) -> None:
    """It says what the report was found to be, or when it is announced: to a member with a key, or not at all."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    publisher = Publisher(desk, kit)
    before = len(desk.sink.letters)
    for words in ("!verdict out-of-scope", "!verdict vulnerability", "!embargo 2026-12-24 16:00 UTC"):
        publisher.says(words, sealed=True)
    desk.word("handler", publisher.case, "Carl")
    sent = desk.sink.letters[before:]
    clear = [letter_text(one) for one in sent if b"multipart/encrypted" not in one.raw]
    assert not any("outside" in one or "24 December" in one for one in clear)
    drafts = [read_by(kit, one, kit.member) for one in desk.to(MIA) if b"multipart/encrypted" in one.raw]
    assert sum("Draft reply" in one.protected.get("subject", "") for one in drafts) == 2
