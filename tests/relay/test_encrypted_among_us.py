"""What members write encrypted about a case that came in clear: only the answer itself leaves unencrypted."""

from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime, text
from tests.relay.test_meanwhile import GUEST
from tests.relay.test_publishing import AHEAD, PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
NOTE = "the board will sack Quentin if this ever becomes known to the bank before Easter"


class Writer:
    """Members who encrypt whatever they write, in Rita's case, of which a guest without a key reads on."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0
        desk.comes(mails.plain(date=desk.clock), RITA)
        self.case = str(desk.one()["case"])
        assert desk.word("guest", self.case, GUEST, "until", "9d").status == 0
        desk.run()

    def writes(self, who: str, audience: str, words: str, to: str = "", quote: str = "") -> list[Letter]:
        """The letters that follow and say *NOTE* to whoever reads them on the way."""
        desk, kit = self.desk, self.kit
        self.number += 1
        desk.wait(timedelta(seconds=2))
        with desk.desk() as opened:
            key = token(opened.policy.desk.secret, self.case, who, audience)
        lines = (
            f"From: Member <{who}>",
            f"To: {to}security+{key}@project.example",
            f"Message-ID: <e{self.number}@home.example>",
            f"In-Reply-To: {header(desk.copies(who)[0], 'Message-ID')}",
            "Subject: ...",
            "MIME-Version: 1.0",
        )
        inside = text(f"{words}\n\n{self.case}, {self.number}\n{quote}")
        before = len(desk.sink.letters)
        sealed = kit.sealed_by({MIA: kit.member, BEA: kit.backup}[who], text=inside)
        desk.comes(pgp_mime(sealed, head="".join(f"{one}\r\n" for one in lines).encode()))
        new = desk.sink.letters[before:]
        return [one for one in new if "quentin" in letter_text(one).lower()]


def test_nothing_but_the_answer_leaves_unencrypted(desk: RelayDesk, kit: Kit) -> None:
    """A note to the team; an answer that quotes it, or that goes to the reporter directly; one that is held for it."""
    says = Writer(desk, kit).writes
    quote = f"\nOn Monday, Bea via Example wrote:\n> {NOTE}.\n"
    assert says(BEA, "team", f"Colleagues, {NOTE}.") == []
    assert says(MIA, "reporter", "We work on it and write on Monday.", quote=quote) == []
    assert desk.answers(RITA) == []
    assert says(MIA, "reporter", "We have written to you.", f"{RITA}, ", quote) == []
    assert says(MIA, "reporter", f"Well, {NOTE}.") == []
    assert any("look at your message" in header(one, "Subject") for one in desk.to(MIA))
    assert says(MIA, "reporter", "We can reproduce it and write on Monday.") == []
    assert len(desk.answers(RITA)) == 1


def test_nor_does_the_text_below_a_command(desk: RelayDesk, kit: Kit) -> None:
    """An encrypted !send with a text that is held: no copy of it leaves unencrypted."""
    assert Writer(desk, kit).writes(BEA, "team", f"Colleagues, {NOTE}.") == []
    before = len(desk.sink.letters)
    Publisher(desk, kit).says(f"!send\r\n\r\nIt is so: {NOTE}.", sealed=True)
    assert not [one for one in desk.sink.letters[before:] if "quentin" in letter_text(one).lower()]


def test_copies_of_an_encrypted_answer_reach_whoever_has_a_key(desk: RelayDesk, kit: Kit) -> None:
    """Bea has it, encrypted; Carl and the guest are told that there is something, and no word of it."""
    before = {who: len(desk.copies(who)) for who in (BEA, CARL)}
    Writer(desk, kit).writes(MIA, "reporter", "We work on it and write on Monday.")
    assert len(desk.copies(BEA)) - before[BEA] == 2
    assert len(desk.copies(CARL)) - before[CARL] == 1
    assert any(
        "An encrypted message maild cannot send you" in one for one in desk.about("carl@phone.example")
    )
    assert b"write on Monday" not in b"".join(one.raw for one in desk.to(GUEST))


def test_a_guest_who_catches_up_gets_no_encrypted_note_in_clear(desk: RelayDesk, kit: Kit) -> None:
    """By mail: what the copies carried encrypted goes to the guest encrypted or not at all."""
    Writer(desk, kit).writes(BEA, "team", f"Colleagues, {NOTE}.")
    before = len(desk.to(GUEST))
    assert "is being sent" in Publisher(desk, kit).says(f"!catch-up {GUEST}")
    assert len(desk.to(GUEST)) > before
    assert not [one for one in desk.to(GUEST) if "quentin" in letter_text(one).lower()]


def test_texts_and_drafts_that_came_encrypted_are_shown_encrypted(desk: RelayDesk, kit: Kit) -> None:
    """What two are to approve, and the draft with the reason for a verdict: in no letter in clear."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    publisher = Publisher(desk, kit)
    publisher.judged()
    before = len(desk.sink.letters)
    publisher.says(f"!announce\r\n\r\n{PUBLIC}\r\nNote that {NOTE}.\r\n", sealed=True)
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}\r\nNote that {NOTE}.\r\n", sealed=True)
    publisher.says(f"!verdict out-of-scope {NOTE}", sealed=True)
    kinds = {row["message_id"]: row["kind"] for row in desk.view("outbox", True)}
    new = desk.sink.letters[before:]
    assert {"prepared", "draft"} <= {kinds[header(one, "Message-ID")] for one in new}
    assert not [one for one in new if "quentin" in letter_text(one).lower()]
