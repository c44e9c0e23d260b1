"""What the team words for itself in commands, and what maild tells the team: pasted or attached, it waits."""

from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.relay.test_leaks import carls
from tests.relay.test_publishing import Publisher
from tests.relay.test_several import TIM, joined
from tests.support import mails
from tests.support.relaying import BEA, RITA, RelayDesk, header, letter_text

__all__ = ["joined"]
pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
WHY = {
    "!pause waiting for {} until 2099-01-01": "the vendor who pays for our work and must never hear of this report",
    "!pasue {}": "our lawyers want to keep the bank out of this as long as they can",
    "!tell fox@vendor.example until 9d {}": "nobody on the board dares to say how bad it really is for them",
    "!branch old waived {}": "the customer on that old branch has not paid us for three years now",
    "!cve none {}": "we would rather not have this one counted against us before the spring",
    "!close {}": "the reporter is a nuisance and we hope that they will simply go away",
    "!stage {}": "somewhere between what we know and what we have told the people who ask",
}
"""Commands, obeyed or not, and a reason in each."""
TYPED = "the auditors have asked us to keep this one away from the works council"
"""A reason that an operator types."""


def answered(desk: RelayDesk, number: int, *parts: bytes) -> int:
    """Carl answers Rita with these parts; how many answers she got by it."""
    before = len(desk.answers(RITA))
    raw = carls(desk, *parts).replace(b"Message-ID: <", f"Message-ID: <k{number}".encode())
    desk.comes(raw, DOMAIN)
    return len(desk.answers(RITA)) - before


def test_a_reason_for_the_team_waits(desk: RelayDesk, kit: Kit) -> None:
    """In eight ways; the reason that a draft gives the reporter goes out, in an answer too."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    for command, why in WHY.items():
        publisher.says(command.format(why))
    assert desk.word("tell", publisher.case, "fix@vendor.example", "until", "9d", *TYPED.split()).status == 0
    for number, why in enumerate((*WHY.values(), TYPED)):
        assert (why, answered(desk, number, text(f"Thank you, {number}.\n\nIt is so: {why}."))) == (why, 0)
    open_to_all = "the tool that you name is run by administrators alone, who can do all of it anyway"
    publisher.says(f"!verdict out-of-scope {open_to_all}")
    assert answered(desk, 90, text(f"Thank you.\n\nIt is so: {open_to_all}.")) == 1


def test_what_maild_tells_the_team_waits(desk: RelayDesk, kit: Kit) -> None:
    """Its notices and letters about promises, pasted or attached: nothing of them goes out by itself."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    publisher.judged()
    desk.word("handler", publisher.case, "Carl")
    for days in (1, 2, 3):
        desk.wait(timedelta(days=days))
        desk.run()
    kinds = {row["message_id"]: row["kind"] for row in desk.view("outbox", True)}
    told = [one for one in desk.to("carl@phone.example") if kinds[header(one, "Message-ID")] != "copy"]
    assert len(told) > 2
    for number, one in enumerate(told[:4]):
        attached = b"Content-Type: message/rfc822\r\n\r\n" + one.raw
        name = header(one, "Subject")
        assert (name, answered(desk, 2 * number, text(f"See this, {number}."), attached)) == (name, 0)
        pasted = text(f"As it says, {number}:\n\n{letter_text(one)}")
        assert (name, answered(desk, 2 * number + 1, pasted)) == (name, 0)


class One(Publisher):
    """What is said in the case that is left open."""

    @property
    def case(self) -> str:
        """Rita's and Tim's case."""
        return next(str(one["case"]) for one in self.desk.cases() if one["state"] == "open")


def test_a_draft_for_two_reaches_each_once(joined: RelayDesk, kit: Kit) -> None:
    """Sent to Rita, then to Rita again, then to all: Rita has it once and Tim too, and then it is done with."""
    says = One(joined, kit).says
    says("!verdict out-of-scope")
    assert "It is kept for the other reporters." in " ".join(says(f"!send to {RITA}").split())
    assert "nobody gets it twice" in says(f"!send to {RITA}")
    assert f"The draft is being sent to {TIM} in" in says("!send")
    assert "there is no draft" in says("!send")
    assert (len(joined.answers(RITA)), len(joined.answers(TIM))) == (1, 1)
    says("!verdict not-reproducible")
    assert "The draft is being sent to" in says("!send")
    assert (len(joined.answers(RITA)), len(joined.answers(TIM))) == (2, 2)


def test_a_reason_with_the_other_reporters_words_waits(joined: RelayDesk, kit: Kit) -> None:
    """Rita's sentence as the reason of a draft: hers leaves, Tim's waits for a look."""
    says = One(joined, kit).says
    says("!verdict out-of-scope A crafted file makes the parser write past its buffer.")
    says("!send")
    assert (len(joined.answers(RITA)), len(joined.answers(TIM))) == (1, 0)


def test_what_a_draft_says_is_looked_at(desk: RelayDesk, kit: Kit) -> None:
    """A colleague's token or address, or a piece of the block, as the reason that it gives: it waits."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    with desk.desk() as opened:
        bea = token(opened.policy.desk.secret, publisher.case, BEA, "team")
    reasons = (
        f"see what security+{bea}@project.example says",
        f"as security%2B{bea}%40project.example says",
        "ask carl@phone.example about it",
        "=~=~= for the team only =~=~=",
    )
    for reason in reasons:
        publisher.says(f"!verdict out-of-scope {reason}")
        publisher.says("!send")
        assert (reason, desk.answers(RITA)) == (reason, [])
    publisher.says("!verdict out-of-scope It is a setting for administrators.")
    publisher.says("!send")
    assert len(desk.answers(RITA)) == 1
