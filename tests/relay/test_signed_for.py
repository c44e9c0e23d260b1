"""A member's signed answer that was held up on its way and sent on with other outer fields.

Signature and ciphertext are Mia's; References and the address, which her client does not sign, are the attacker's.
"""

from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime, signed, text
from tests.relay.test_several import TIM, joined
from tests.relay.test_takeover import PROVED_TEAM
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text
from tests.support.smtpsink import Letter

__all__ = ["joined"]
pytestmark = pytest.mark.dovecot
WORDS = "We will pay you four thousand for it, as we agreed."


class Way:
    """A desk, and the mails of Mia's that come to it in the attacker's way."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0
        self.case = next(str(one["case"]) for one in desk.cases() if one["state"] == "open")
        with desk.desk() as opened:
            self.secret = opened.policy.desk.secret

    def copy(self, who: str, word: str) -> Letter:
        """Mia's copy of the message that holds a word."""
        return next(one for one in self.desk.copies(who) if (word in letter_text(one)))

    def comes(
        self, body: str, to: Letter, sealed: bool = True, proved: bytes = b"", inner: str = ""
    ) -> dict[str, int]:
        """Mia's words, signed for *body* alone, in the thread of *to*; how many answers each reporter gets."""
        before = {one: len(self.desk.answers(one)) for one in (RITA, TIM)}
        self.number += 1
        self.desk.wait(timedelta(seconds=2))
        address = f"security+{token(self.secret, self.case, MIA, 'reporter')}@project.example"
        nearest = header(to, "Message-ID")
        lines = (
            f"From: Mia <{MIA}>",
            f"To: {address}",
            "Subject: ...",
            f"Message-ID: <i{self.number}@home.example>",
        )
        thread = (
            f"In-Reply-To: {nearest}",
            f"References: {header(to, 'References')} {nearest}",
            "MIME-Version: 1.0",
        )
        head = proved + "".join(f"{line}\r\n" for line in (*lines, *thread)).encode()
        part = text(f"{body}\r\n\r\n{self.case} {self.number}\r\n")
        if inner:
            part = part.replace(b"charset=utf-8", b'charset=utf-8; hp="cipher"', 1)
            part = f"In-Reply-To: {inner}\r\n".encode() + part
        made = self.kit.detached(self.kit.member, text=part)
        raw = (
            pgp_mime(self.kit.sealed_by(self.kit.member, text=part), head=head)
            if sealed
            else signed(part, made, head=head)
        )
        self.desk.comes(raw)
        return {one: len(self.desk.answers(one)) - count for one, count in before.items()}


def quoted(copy: Letter) -> str:
    """*copy* as a client quotes it."""
    return "\r\n".join(f"> {line}" for line in letter_text(copy).splitlines())


NOBODY = {RITA: 0, TIM: 0}


def later(desk: RelayDesk, kit: Kit) -> tuple[Way, Letter, Letter]:
    """Rita and Tim have written again since their cases were joined; Carl's copies of that."""
    for who, words, first in (
        (RITA, "crafted file", "<one@reporter.example>"),
        (TIM, "marsupial", "<t1@third.example>"),
    ):
        about = {"sender": who, "message_id": f"<again.{who}>", "text": f"The {words} again.\n"}
        desk.comes(mails.plain(date=desk.clock, In_Reply_To=first, **about))
    way = Way(desk, kit)
    return way, way.copy(CARL, "The crafted file again"), way.copy(CARL, "The marsupial again")


def test_an_answer_for_one_reporter_reaches_no_other(joined: RelayDesk, kit: Kit) -> None:
    """Sent on in Tim's thread, encrypted or signed, with her quote or none: it goes to the team only, and Mia is told."""
    way, ritas, tims = later(joined, kit)
    for sealed in (True, False):
        assert way.comes(WORDS, tims, sealed) == NOBODY
        assert way.comes(f"{WORDS}\r\n\r\n{quoted(ritas)}", tims, sealed) == NOBODY
        assert way.comes(f"{WORDS}\r\n\r\n> From: Rita Reporter <{RITA}>", tims, sealed) == NOBODY
    assert way.comes(f"{WORDS} {TIM} found the same.", tims) == NOBODY
    assert way.comes(WORDS, tims, inner=header(ritas, "Message-ID")) == NOBODY
    assert joined.about(MIA).count("Your message went to the team only") == 7


def test_an_answer_that_says_for_whom_it_is_reaches_them(joined: RelayDesk, kit: Kit) -> None:
    """By the copy that it quotes, a name in what is signed, the signed thread, or where our exchanger vouches for it."""
    way, ritas, tims = later(joined, kit)
    assert way.comes(f"{WORDS}\r\n\r\n{quoted(tims)}", tims, False) == {RITA: 0, TIM: 1}
    assert way.comes(f"We fixed it.\r\n\r\nOn Monday, Rita <{RITA}> wrote:", ritas, False) == {
        RITA: 1,
        TIM: 0,
    }
    assert way.comes("It is fixed in the next release.", tims, inner=header(tims, "Message-ID")) == {
        RITA: 0,
        TIM: 1,
    }
    assert way.comes("The fix is in our repository now.", ritas, False, PROVED_TEAM) == {RITA: 1, TIM: 0}


def test_what_was_signed_for_the_team_stays_there(desk: RelayDesk, kit: Kit) -> None:
    """Mia answers a colleague, with the quote; sent on to the reporter it goes to the team only. Without a quote it goes on."""
    desk.comes(mails.plain(date=desk.clock))
    way = Way(desk, kit)
    to = f"security+{token(way.secret, way.case, BEA, 'team')}@project.example"
    head = f"From: Bea <{BEA}>\r\nTo: {to}\r\nMessage-ID: <bea@x>\r\nSubject: x\r\n"
    desk.comes(text("Shall we pay them?\r\n", head=head.encode()), "project.example")
    reports, beas = way.copy(CARL, "crafted"), way.copy(CARL, "Shall we pay")
    assert way.comes(f"No, never.\r\n\r\n{quoted(beas)}", reports) == NOBODY
    assert way.comes("We look into it today.", reports) == {RITA: 1, TIM: 0}
