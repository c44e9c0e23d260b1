"""Ladders as data: who stands on a rung, when it is told, and what makes it wait (ruling 10)."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.candidates.times import Climbed, DueClock
from maild.core.change import Change, OweLetter
from maild.core.changes.promises import Escalate, LookAgain
from maild.core.policy import Policy, Promise
from maild.core.promises.ladder import IDLE, climb, next_step
from maild.core.values.people import Member, Role, Team
from maild.core.values.rule import Ladder, Rung
from tests.support.deciding import CASE, clock
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

LATE = clock(Promise.RESPOND)
DUE = LATE.due
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
CLEO = Member("Cleo", ("cleo@project.example",), "cleo@project.example", frozenset({Role.COORDINATOR}))


def policy(*rungs: Rung, away: tuple[str, ...] = (), **changes: object) -> Policy:
    """The tests' policy with this ladder, Cleo as a second coordinator, and some people away for long."""
    absence = ((NOW - 30 * DAY, NOW + 30 * DAY),)
    everybody = (ANNA, CARL, CLEO, BEA)
    people = tuple(replace(m, away=absence) if m.name in away else m for m in everybody)
    ladders = {"default": rungs} if rungs else {}
    return replace(POLICY, team=Team(people), ladders=ladders, **changes)  # type: ignore[arg-type]  # whatever


def told(one: Policy, now: datetime, *climbed: Climbed) -> list[str] | None:
    """Who is told at *now*; ``None`` when the next step is not due."""
    step = next_step(DueClock(LATE, climbed), one, now)
    return [member.name for member in step.people] if step else None


@pytest.mark.parametrize(
    ("who", "all_", "away", "names"),
    [
        (("coordinator",), True, (), ["Carl", "Cleo"]),
        (("coordinator",), False, (), ["Carl"]),
        (("coordinator",), True, ("Carl",), ["Cleo"]),
        (("coordinator",), False, ("Carl",), ["Cleo"]),
        (("Bea", "coordinator"), False, (), ["Bea"]),
        (("bea", "anna"), True, (), ["Bea", "Anna"]),
        (("Carl", "coordinator"), True, (), ["Carl", "Cleo"]),
    ],
)
def test_who_stands_on_a_rung(
    who: tuple[str, ...], all_: bool, away: tuple[str, ...], names: list[str]
) -> None:
    """Names or roles in their order, each person once: all of them, or the first; those away are left out."""
    assert told(policy(Rung(who, everybody=all_), away=away), DUE) == names


def test_a_rung_may_wait_after_the_deadline() -> None:
    """``after`` of the first rung counts from the due instant."""
    one = policy(Rung(("Bea",), 2 * HOUR))
    assert (told(one, DUE + 2 * HOUR - MINUTE), told(one, DUE + 2 * HOUR)) == (None, ["Bea"])


def test_each_rung_waits_for_its_own_time_after_the_letter_before() -> None:
    """Counted from when the letter was accepted, not from when it was due (ruling 10)."""
    one = policy(Rung(("Carl",)), Rung(("Cleo",), 3 * HOUR), Rung(("Bea",), DAY))
    first = Climbed(0, DUE + 5 * HOUR)
    assert told(one, DUE + 8 * HOUR - MINUTE, first) is None
    assert told(one, DUE + 8 * HOUR, first) == ["Cleo"]
    assert told(one, DUE + 8 * HOUR + DAY, first, Climbed(1, DUE + 8 * HOUR)) == ["Bea"]


def test_a_repeated_rung_goes_on() -> None:
    """Every so often after the letter before, under a number of its own."""
    one = policy(Rung(("Carl",)), Rung(("Bea",), DAY, repeat_every=4 * HOUR))
    done = (Climbed(0, DUE), Climbed(1, DUE + DAY))
    assert told(one, DUE + DAY + 4 * HOUR - MINUTE, *done) is None
    assert told(one, DUE + DAY + 4 * HOUR, *done) == ["Bea"]
    step = next_step(DueClock(LATE, (*done, Climbed(2, DUE + 30 * HOUR))), one, DUE + 34 * HOUR)
    assert step is not None
    assert step.rung == 3


@pytest.mark.parametrize("after", [timedelta(0), DAY])
def test_a_repetition_never_hurries(after: timedelta) -> None:
    """Its letter failed: the same person is tried again in time, not at every sweep."""
    one = policy(Rung(("Bea",), after, repeat_every=4 * HOUR))
    failed = Climbed(0, DUE + DAY, failed=True)
    assert told(one, DUE + DAY + 4 * HOUR - MINUTE, failed) is None
    assert told(one, DUE + DAY + 4 * HOUR, failed) == ["Bea"]


def test_a_failed_letter_brings_the_next_rung_at_once() -> None:
    """Whatever the next one would wait otherwise."""
    one = policy(Rung(("Carl",)), Rung(("Bea",), 9 * DAY))
    assert told(one, DUE + HOUR, Climbed(0, DUE + HOUR, failed=True)) == ["Bea"]


QUIET = (time(22), time(7))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hour", "hours", "waits"),
    [
        (20, QUIET, False),
        (21, QUIET, True),  # 22:00 in Berlin
        (0, QUIET, True),
        (5, QUIET, True),
        (6, QUIET, False),  # 07:00 in Berlin
        (10, (time(12), time(13)), False),
        (11, (time(12), time(13)), True),
        (12, (time(12), time(13)), False),
    ],
)
def test_quiet_hours_are_those_of_the_desk_s_zone(hour: int, hours: tuple[time, time], waits: bool) -> None:
    """Over midnight or not; the opening belongs to them, the end does not."""
    one = policy(Rung(("Carl",), quiet=hours), zone=BERLIN)
    at = (DUE + DAY).replace(hour=hour, minute=0)
    assert (told(one, at) is None) is waits


def test_quiet_hours_move_with_daylight_saving() -> None:
    """Seven in the morning of Berlin is six in winter and five in summer, by UTC."""
    one = policy(Rung(("Carl",), quiet=QUIET), zone=BERLIN)
    summer = DUE.replace(month=7, hour=5, minute=0)
    assert (told(one, summer), told(one, summer - MINUTE)) == (["Carl"], None)


def test_who_is_away_is_skipped_at_once() -> None:
    """The next rung does not wait its time, and is not told again as itself."""
    one = policy(Rung(("Carl",)), Rung(("Bea",), DAY), Rung(("Anna",), DAY), away=("Carl",))
    step = next_step(DueClock(LATE), one, DUE)
    assert step is not None
    assert (step.rung, [m.name for m in step.people]) == (1, ["Bea"])
    assert told(one, DUE + DAY, Climbed(1, DUE)) == ["Anna"]


@pytest.mark.parametrize(("away", "now", "names"), [("Carl", DUE, None), ("Bea", DUE, ["Carl"])])
def test_the_quiet_hours_are_those_of_who_is_told(away: str, now: datetime, names: list[str] | None) -> None:
    """With the first away the quiet hours of the next hold; those of somebody who is away hold nobody up."""
    hours = ((now - HOUR).time(), (now + HOUR).time())
    rungs = {"Carl": (Rung(("Carl",)), Rung(("Bea",), quiet=hours))}
    other = (Rung(("Bea",), quiet=hours), Rung(("Carl",)))
    assert told(policy(*rungs.get(away, other), away=(away,)), now) == names


def test_with_all_away_everybody_is_told() -> None:
    """Somebody must hear, holidays or not."""
    one = policy(Rung(("Carl",)), Rung(("Bea",)), away=("Carl", "Bea", "Cleo", "Anna"))
    assert told(one, DUE) == ["Anna", "Carl", "Cleo", "Bea"]


def test_an_absence_has_a_beginning_and_an_end() -> None:
    """Away from its first instant on, there again at its last."""
    gone = replace(CARL, away=((DUE, DUE + DAY),))
    one = replace(policy(Rung(("Carl",)), Rung(("Bea",))), team=Team((gone, BEA)))
    assert told(one, DUE) == told(one, DUE + DAY - MINUTE) == ["Bea"]
    assert told(one, DUE + DAY) == ["Carl"]


@pytest.mark.parametrize("word", ["taken_until", "paused_until"])
def test_what_is_taken_or_paused_waits(word: str) -> None:
    """Nobody is told before the stated time is over; then the ladder goes on where it was."""
    held = replace(LATE, **{word: DUE + DAY})
    late = DueClock(held, (Climbed(0, DUE, failed=True),))
    assert next_step(late, POLICY, DUE + DAY - MINUTE) is None
    step = next_step(late, POLICY, DUE + DAY)
    assert step is not None
    assert step.rung == 1


def test_an_ended_pause_holds_nothing() -> None:
    """Its end stays written down; it has passed."""
    late = DueClock(replace(LATE, paused_until=DUE - DAY))
    assert next_step(late, POLICY, DUE) is not None


def test_a_promise_climbs_its_own_ladder() -> None:
    """The ladder that its rule names, not the default."""
    rules = tuple(replace(r, ladder="calm") if r.id == "respond" else r for r in POLICY.rules)
    one = replace(policy(Rung(("Carl",))), rules=rules, ladders={"calm": (Rung(("Anna",)),)})
    assert told(one, DUE) == ["Anna"]
    other = next_step(DueClock(clock(Promise.ACKNOWLEDGE)), one, DUE)
    assert other is not None
    assert [m.name for m in other.people] == ["Carl", "Cleo"]


def test_the_letter_of_a_step_can_be_answered() -> None:
    """Its reader's answer goes to the team, so that his "taken" is understood."""
    changes = climb((DueClock(LATE),), None, POLICY, DUE)
    (letter,) = [c for c in changes if isinstance(c, OweLetter)]
    assert (letter.case_id, letter.recipient, letter.internal) == (CASE, CARL.contact, True)


RUNGS = st.builds(
    Rung,
    who=st.lists(st.sampled_from(["Carl", "Cleo", "Bea", "anna", "coordinator"]), min_size=1, max_size=3).map(
        tuple
    ),
    after=st.integers(0, 30).map(lambda hours: hours * HOUR),
    everybody=st.booleans(),
    quiet=st.sampled_from([None, QUIET]),
)


@given(
    st.lists(RUNGS, min_size=1, max_size=4).map(tuple),
    st.sets(st.sampled_from(["Carl", "Cleo", "Bea", "Anna"])),
    st.lists(st.tuples(st.integers(1, 60 * 24), st.booleans()), max_size=40),
)
def test_whatever_the_ladder_each_rung_is_told_once_in_order(
    rungs: Ladder, away: set[str], sweeps: list[tuple[int, bool]]
) -> None:
    """Never early, never twice, never in quiet hours, each person once a rung."""
    one, now, climbed = policy(*rungs, away=tuple(away)), DUE - DAY, ()
    steps: list[Change] = []
    for minutes, sent in sweeps:
        now += timedelta(minutes=minutes)
        found = [c for c in climb((DueClock(LATE, climbed),), None, one, now) if isinstance(c, Escalate)]
        if found:
            assert now >= DUE
            assert not (rungs[found[0].rung].quiet and (now.time() >= QUIET[0] or now.time() < QUIET[1]))
            climbed = (*climbed, Climbed(found[0].rung, now, failed=not sent))
        steps += found
    told_ = [(step.rung, step.contact) for step in steps if isinstance(step, Escalate)]
    assert len(set(told_)) == len(told_)
    numbers = [rung.number for rung in climbed]
    assert numbers == sorted(set(numbers))
    assert all(number < len(rungs) for number in numbers)


def test_what_slipped_long_ago_costs_no_sweep() -> None:
    """One whose letter is under way is looked at each time, one that waits for a rung once an hour at least."""
    over = DueClock(LATE, (Climbed(0, DUE), Climbed(1, DUE + DAY)))
    under_way = DueClock(clock(Promise.RESPOND, 2), (Climbed(0, None),))
    waits = DueClock(clock(Promise.RESPOND, 3), (Climbed(0, DUE),))
    every, hour = (over, under_way, waits), timedelta(hours=1)
    assert climb(every, None, POLICY, DUE + hour) == [
        LookAgain(1, DUE + hour + IDLE),
        LookAgain(3, DUE + 2 * hour),
    ]
    late = DUE + DAY - timedelta(minutes=10)
    assert LookAgain(3, DUE + DAY) in climb(every, None, POLICY, late)
