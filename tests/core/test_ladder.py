"""The ladder: who is told that a promise slipped, in order, each step once (ruling 10)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.candidates.times import Climbed, DueClock
from maild.core.change import Change, OweLetter
from maild.core.changes.promises import Escalate
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Promise
from maild.core.promises.ladder import climb, next_step
from maild.core.values.people import Role, Team
from tests.support.deciding import CASE, RITA, clock
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

DUE = NOW + timedelta(hours=48)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATE = clock(Promise.RESPOND)


def only_letter(changes: list[Change]) -> OweLetter:
    """The one letter among the changes."""
    (letter,) = [c for c in changes if isinstance(c, OweLetter)]
    return letter


def told(changes: list[Change]) -> list[tuple[str, list[str]]]:
    """Who gets a letter, and about which clocks and rungs."""
    found = []
    for letter in changes:
        if isinstance(letter, OweLetter):
            steps = [c for c in changes if isinstance(c, Escalate) and c.letter == letter.dedupe]
            found.append((letter.recipient, [f"{c.clock}:{c.rung}" for c in steps]))
    return found


@pytest.mark.parametrize(
    ("rungs", "now", "wanted"),
    [
        ((), DUE - timedelta(seconds=1), None),
        ((), DUE, 0),
        ((), DUE + 30 * DAY, 0),
        ((Climbed(0, None),), DUE + 30 * DAY, None),
        ((Climbed(0, DUE + HOUR),), DUE + DAY, None),
        ((Climbed(0, DUE + HOUR),), DUE + HOUR + DAY, 1),
        ((Climbed(0, DUE + HOUR, failed=True),), DUE + HOUR - timedelta(seconds=1), None),
        ((Climbed(0, DUE + HOUR, failed=True),), DUE + HOUR, 1),
        ((Climbed(0, DUE), Climbed(1, DUE + DAY)), DUE + 90 * DAY, None),
        ((Climbed(0, DUE), Climbed(1, None)), DUE + 90 * DAY, None),
    ],
)
def test_when_the_next_rung_is_due(rungs: tuple[Climbed, ...], now: datetime, wanted: int | None) -> None:
    """At the due instant, then a day after the first letter was sent (at once if it failed), then never."""
    step = next_step(DueClock(LATE, rungs), POLICY, now)
    assert (step and step.rung) == wanted


def test_the_coordinator_first_then_the_backup() -> None:
    """Rung 0 goes to the coordinator's contact, rung 1 to the backup's."""
    first = climb((DueClock(LATE),), None, POLICY, DUE)
    second = climb((DueClock(LATE, (Climbed(0, DUE),)),), None, POLICY, DUE + DAY)
    assert told(first) == [("carl@phone.example", ["1:0"])]
    assert told(second) == [("bea@project.example", ["1:1"])]


def test_several_late_promises_are_one_letter_a_person() -> None:
    """Everything for one person and sweep stands in one letter, the oldest first."""
    clocks = [clock(Promise.RESPOND, n, NOW - n * HOUR) for n in range(1, 6)]
    changes = climb(tuple(DueClock(c) for c in clocks), None, POLICY, DUE)
    assert told(changes) == [("carl@phone.example", ["5:0", "4:0", "3:0", "2:0", "1:0"])]
    assert only_letter(changes).kind is LetterKind.ESCALATION


def test_a_letter_says_what_lapsed_and_nothing_else() -> None:
    """Case number, promise, instants and rung; no subject, no reporter (ruling 33)."""
    letter = only_letter(climb((DueClock(LATE),), None, POLICY, DUE))
    assert letter.facts == {
        "lapsed": [
            {
                "case": CASE,
                "mail": None,
                "promise": "respond",
                "started": NOW.isoformat(),
                "due": DUE.isoformat(),
                "clock": 1,
                "rung": 0,
                "handler": "",
            }
        ],
        "blind_since": "",
        "held_beside": 0,
    }
    assert RITA not in repr(letter.facts) + letter.dedupe


def test_a_blind_desk_says_since_when() -> None:
    """When the mailbox could not be read, the letter says so: an answer may have been given (ruling 11)."""
    letter = only_letter(climb((DueClock(LATE),), DUE - HOUR, POLICY, DUE))
    assert letter.facts["blind_since"] == (DUE - HOUR).isoformat()


def test_every_coordinator_is_told() -> None:
    """Two coordinators get a letter each, for the same step."""
    second = replace(ANNA, name="Cleo", contact="cleo@project.example", roles=frozenset({Role.COORDINATOR}))
    policy = replace(POLICY, team=Team((CARL, second, BEA)))
    changes = climb((DueClock(LATE),), None, policy, DUE)
    assert sorted(who for who, _ in told(changes)) == ["carl@phone.example", "cleo@project.example"]


def test_two_sweeps_of_the_same_moment_are_one_letter() -> None:
    """Before the first is recorded, a second sweep comes to the same letter: its dedupe key holds it back."""
    one, other = (climb((DueClock(LATE),), None, POLICY, DUE + n * HOUR) for n in (0, 1))
    assert [c.dedupe for c in one if isinstance(c, OweLetter)] == [
        c.dedupe for c in other if isinstance(c, OweLetter)
    ]


def test_another_deadline_is_another_letter() -> None:
    """A promise that lapses again later is told again."""
    again = replace(LATE, due=LATE.due + DAY)
    one, other = (climb((DueClock(c),), None, POLICY, DUE + 2 * DAY) for c in (LATE, again))
    assert [c.dedupe for c in one if isinstance(c, OweLetter)] != [
        c.dedupe for c in other if isinstance(c, OweLetter)
    ]


@given(st.lists(st.integers(1, 60 * 24 * 20), max_size=30), st.lists(st.booleans(), min_size=30, max_size=30))
def test_however_often_it_is_swept_each_rung_is_climbed_once(gaps: list[int], works: list[bool]) -> None:
    """Whenever the sweeps come, after whatever stops: two letters at most, in order, never early."""
    now, rungs, letters = NOW, (), []
    for gap, sent in zip(gaps, works, strict=False):
        now += timedelta(minutes=gap)
        if now < LATE.due:
            continue
        for step in climb((DueClock(LATE, rungs),), None, POLICY, now):
            if isinstance(step, Escalate):
                letters.append((step.rung, now, sent))
                rungs = (*rungs, Climbed(step.rung, now, failed=not sent))
    assert [rung for rung, _, _ in letters] == list(range(len(letters)))
    assert len(letters) <= 2
    if len(letters) == 2:
        (_, first, sent), (_, second, _) = letters
        assert second - first >= (DAY if sent else timedelta(0))
