"""Keys that expire: the team is warned in time, once a stage, and hears nothing otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.change import OweLetter
from maild.core.decide import decide
from maild.core.event import KeysSeen
from maild.core.letters.kinds import LetterKind
from maild.core.values.key import KeyInUse
from tests.support.desk import ANNA, NOW, POLICY

PRINT = "A" * 40


def warned(left: timedelta | None, now: datetime = NOW, owner: str = "Anna") -> list[OweLetter]:
    """The letters owed for one key with so much time *left*."""
    key = KeyInUse(PRINT, owner, None if left is None else now + left)
    changes = decide(KeysSeen((key,)), CaseCandidates(None), POLICY, now).changes
    assert all(isinstance(change, OweLetter) and change.kind is LetterKind.NOTICE for change in changes)
    return [change for change in changes if isinstance(change, OweLetter)]


@pytest.mark.parametrize(
    ("days", "stage"),
    [(61, 0), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-3, 7)],
)
def test_the_stage_follows_the_days_left(days: int, stage: int) -> None:
    """60, 30 and 7 days before the end each a warning; earlier none; a key that has ended stays warned of."""
    names = [letter.dedupe.split(":")[4] for letter in warned(timedelta(days=days))]
    assert names == ([str(stage)] if stage else [])


def test_a_key_without_an_end_is_never_warned_of() -> None:
    """Nothing to prolong."""
    assert warned(None) == []


def test_a_stage_is_told_once() -> None:
    """Looked at every few hours for two months, three letters come out of it, each under its own name."""
    end = NOW + timedelta(days=70)
    names = {
        letter.dedupe
        for hours in range(0, 70 * 24, 6)
        for letter in warned(end - NOW - timedelta(hours=hours), NOW + timedelta(hours=hours))
    }
    assert len(names) == 3


def test_a_prolonged_key_is_warned_of_anew() -> None:
    """A new end is a new story: its warnings have names of their own."""
    first = warned(timedelta(days=7))
    later = warned(timedelta(days=7), NOW + timedelta(days=365))
    assert first[0].dedupe != later[0].dedupe


def test_the_letter_says_whose_key_and_until_when() -> None:
    """It goes to the handlers and names owner, fingerprint and end, and no case."""
    (letter,) = warned(timedelta(days=7), owner="Example Security Team")
    assert letter.recipient == ANNA.contact
    assert letter.case_id == ""
    assert letter.facts == {
        "about": "key-expires",
        "owner": "Example Security Team",
        "fingerprint": PRINT,
        "expires": (NOW + timedelta(days=7)).isoformat(),
    }


def test_the_end_is_an_instant_not_a_day() -> None:
    """A key that ends a minute beyond the stage is not warned of yet, whatever the calendar day."""
    midnight = datetime(2026, 3, 2, 0, 0, 30, tzinfo=UTC)
    assert warned(timedelta(days=60, minutes=1), midnight) == []
    assert len(warned(timedelta(days=60), midnight)) == 1
