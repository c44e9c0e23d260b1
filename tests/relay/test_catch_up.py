"""A guest is sent what was said in the case before they were let in, by a command and never by itself."""

import re
from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.relaying import RITA, RelayDesk, letter_text
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot
FIX = "fix@vendor.example"


def let_in(desk: RelayDesk) -> str:
    """Somebody at the vendor is let into the only case."""
    case = str(desk.one()["case"])
    assert desk.word("guest", case, FIX, "until", "9d").status == 0
    desk.run()
    return case


def caught_up(desk: RelayDesk, case: str) -> str:
    """What is said to the operator who asks for it."""
    said = desk.word("catch-up", case, FIX)
    desk.run()
    return said.out + said.err


def when(copy: str) -> list[str]:
    """What the block of a copy says of its time."""
    return re.findall(r"^When: +(.*) UTC$", copy, re.MULTILINE)


def test_a_guest_is_sent_what_the_copies_carried_each_once(desk: RelayDesk) -> None:
    """Both messages of the reporter, with the block for guests; what they have had is not sent again."""
    said = desk.clock
    desk.comes(mails.plain(date=desk.clock))
    desk.wait(timedelta(hours=1))
    about = {"In_Reply_To": "<one@reporter.example>", "sender": RITA}
    desk.comes(
        mails.plain(date=desk.clock, text="Here is more.\n", message_id="<1@reporter.example>", **about)
    )
    case = let_in(desk)
    assert desk.copies(FIX) == []
    assert f"{FIX} is being sent 2 messages of {case}." in caught_up(desk, case)
    texts = sorted((letter_text(one) for one in desk.copies(FIX)), key=when)  # they leave side by side
    assert len(texts) == 2
    assert "past its buffer" in texts[0]
    assert "Here is more." in texts[1]
    assert all("goes to the TEAM only" in one and "Next:" not in one for one in texts)
    assert when(texts[0]) == [f"{said:%Y-%m-%d %H:%M}"]
    assert when(texts[1]) == [f"{said + timedelta(hours=1):%Y-%m-%d %H:%M}"]
    more = mails.plain(
        date=desk.clock, message_id="<2@reporter.example>", In_Reply_To="<one@reporter.example>", sender=RITA
    )
    desk.comes(more)
    assert len(desk.copies(FIX)) == 3
    assert "has had everything" in caught_up(desk, case)
    assert len(desk.copies(FIX)) == 3


def test_of_an_encrypted_case_nothing_is_sent_without_their_key(desk: RelayDesk, kit: Kit) -> None:
    """They are asked for it, and no word of the case leaves."""
    desk.comes(report(kit))
    case = let_in(desk)
    assert "As long as the desk has no public key of theirs, they get none of them." in caught_up(desk, case)
    assert desk.copies(FIX) == []
    assert all(b"crashes" not in one.raw for one in desk.to(FIX))


def test_only_a_guest_is_caught_up(desk: RelayDesk) -> None:
    """Anybody else is let in first."""
    desk.comes(mails.plain(date=desk.clock))
    case = str(desk.one()["case"])
    assert "let them in first" in caught_up(desk, case)
    assert desk.to(FIX) == []
