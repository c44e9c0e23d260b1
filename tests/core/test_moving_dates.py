"""What whoever sets, moves or ends a date is told, and the exact instants at which a date is one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.due import law, publication, reporterdate
from maild.core.due.embargo import MOST_NAMED
from maild.core.event import OperatorSaid
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import (
    ANNOUNCED_AT,
    EMBARGO,
    ENDED,
    HOLDS,
    PREPARED,
    PREPARED_DATE,
    PREPARED_FOR,
    REGULATORY,
    REPORTER_DATE,
    SEEN_AT,
    STAGE,
    TOLD_DATE,
    WHY,
)
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.duty import FIXED, START, Duties, Step
from maild.core.values.targets import ANNOUNCEMENT, Announcement, Kind, Targets
from maild.core.words.reading import Word
from tests.support.deciding import answered_case
from tests.support.desk import NOW, POLICY

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST = Announcement("announce", Kind.LIST, "announce@lists.example")
BLOG = Announcement("blog", Kind.BLOG, after="announce", max_lag=10 * HOUR)
DESK = replace(
    POLICY,
    targets=Targets((), (LIST, BLOG)),
    duties=Duties((Step("early-warning", DAY, START, "the warning", (0.8, 0.5)),), "Ask your lawyer."),
)
OLD, NEW = NOW + 5 * DAY, NOW + 3 * DAY


def recorded(*given: tuple[str, str] | tuple[str, str, str], sealed: bool = False) -> Case:
    """An answered case with these facts: name, value, item."""
    kept = tuple(Fact(one[0], one[1], "team:Bea", NOW, "".join(one[2:])) for one in given)
    return replace(answered_case(), record=Disclosure(kept), sealed=sealed)


def says(text: str, one: Case, policy: Policy = DESK, **known: object) -> Decision:
    """What follows from the word on the command line."""
    name, _, rest = text.partition(" ")
    candidates = CaseCandidates(one, **known)  # type: ignore[arg-type]  # fields of the candidates
    return decide(OperatorSaid(one.id, Word(name, rest), "operator:ann"), candidates, policy, NOW)


def written(at: datetime) -> str:
    """An instant as people write it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def set_(decision: Decision) -> dict[tuple[str, str], str]:
    """What is recorded, by name and item."""
    return {(one.name, one.item): one.value for one in decision.changes if isinstance(one, SetFact)}


MOVES = f"embargo {NEW:%Y-%m-%d %H:%M} UTC"
HELD = (EMBARGO, OLD.isoformat())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((HELD,), ""),
        ((HELD, (HOLDS, NEW.isoformat(), "distros")), ""),
        (
            (HELD, (HOLDS, OLD.isoformat(), "distros")),
            " The list distros was told another date. A letter with the new date waits for the approval",
        ),
        (
            (HELD, (HOLDS, OLD.isoformat(), "distros"), (HOLDS, OLD.isoformat(), "vendors")),
            " The lists distros, vendors were told another date. Letters with the new date wait for the",
        ),
        (
            (HELD, (HOLDS, OLD.isoformat(), "distros"), (HOLDS, NEW.isoformat(), "vendors")),
            " The list distros was told another date.",
        ),
    ],
)
def test_which_lists_hold_another_date(given: tuple[tuple[str, str], ...], said: str) -> None:
    """Each that was told one, and what becomes of it."""
    found = says(MOVES, recorded(*given)).said
    assert said in found
    assert ("told another date" in found) is bool(said)


OUTSIDERS = tuple(f"p{number}@x.example" for number in range(MOST_NAMED + 1))


@pytest.mark.parametrize(
    ("before", "guests", "told", "said"),
    [
        (OLD, ("a@x.example",), ("b@x.example",), "so please tell them: a@x.example, b@x.example."),
        (OLD, OUTSIDERS[1:], (), f"p{MOST_NAMED}@x.example."),
        (OLD, OUTSIDERS, (), f"p{MOST_NAMED - 1}@x.example and 1 more (maild access)."),
        (OLD, (), (), ""),
        (NEW, ("a@x.example",), (), ""),
        (None, ("a@x.example",), (), ""),
    ],
)
def test_who_else_may_know_the_old_date(
    before: datetime | None, guests: tuple[str, ...], told: tuple[str, ...], said: str
) -> None:
    """Whoever was let in or told hears of it from people; where no date moves, nobody has to."""
    one = recorded(*([(EMBARGO, before.isoformat())] if before else []))
    found = says(MOVES, one, guests=guests, told=told).said
    assert ("these may know the old date" in found) is bool(said)
    assert said in found


def test_who_knows_of_what_leaked_is_named_too() -> None:
    """Nobody is where nobody was let in."""
    assert (
        "these know about it, so please tell them: a@x.example."
        in says("leaked", recorded(), guests=("a@x.example",)).said
    )
    assert "Outside the team" not in says("leaked", recorded()).said


READY = (PREPARED, "digest", ANNOUNCEMENT)
NAMES = " The prepared announcement names a date: say !announce again"
UNAPPROVED = " Two members have not approved the announcement for this time"


@pytest.mark.parametrize(
    ("given", "policy", "said"),
    [
        ((READY, (PREPARED_FOR, NEW.isoformat(), ANNOUNCEMENT)), DESK, ""),
        ((READY, (PREPARED_FOR, OLD.isoformat(), ANNOUNCEMENT)), DESK, UNAPPROVED),
        ((READY,), DESK, UNAPPROVED),
        ((READY,), POLICY, ""),
        ((), DESK, ""),
        (
            (
                READY,
                (PREPARED_FOR, NOW.isoformat(), ANNOUNCEMENT),
                (PREPARED_DATE, NOW.isoformat(), ANNOUNCEMENT),
            ),
            DESK,
            NAMES,
        ),
    ],
)
def test_what_a_moved_date_does_to_the_prepared_announcement(
    given: tuple[tuple[str, str, str], ...], policy: Policy, said: str
) -> None:
    """It needs new words where it names a date, and new approvals where it was approved for a later one."""
    found = says(MOVES, recorded(*given), policy).said
    assert said in found
    assert (NAMES in found, UNAPPROVED in found) == (said == NAMES, said == UNAPPROVED)


@pytest.mark.parametrize("ended", [True, False])
def test_a_new_date_begins_an_embargo_that_had_ended(ended: bool) -> None:
    """That it was leaked is taken back; where nothing had ended there is nothing to take back."""
    one = recorded((ENDED, "leaked")) if ended else recorded()
    found = set_(says(MOVES, one))
    assert found[EMBARGO, ""] == NEW.replace(second=0).isoformat()
    assert ((ENDED, "") in found) is ended


@pytest.mark.parametrize(
    ("at", "one", "said"),
    [
        (NOW, recorded(), "that time has passed"),
        (NOW + MINUTE, recorded(), "plans to publish on 2026-03-02 09:31 UTC"),
        (OLD - MINUTE, recorded(HELD), "That is before your announcement at 2026-03-07 09:30 UTC."),
        (OLD, recorded(HELD), "plans to publish on 2026-03-07 09:30 UTC; the team will be reminded."),
    ],
)
def test_when_a_reporter_means_to_publish(at: datetime, one: Case, said: str) -> None:
    """An instant that is ahead; before the announcement it is said so."""
    found = says(f"reporter-date {written(at)}", one).said
    assert said in found
    assert ("before your announcement" in found) is (at == OLD - MINUTE)


@pytest.mark.parametrize(
    ("one", "rest", "kept"),
    [
        (recorded(), " a talk", "a talk"),
        (recorded(), "", None),
        (recorded((REPORTER_DATE, "old", WHY)), "", ""),
        (recorded((REPORTER_DATE, "old", WHY), sealed=True), " a talk", ""),
        (recorded(sealed=True), " a talk", None),
    ],
)
def test_why_a_reporter_publishes_then(one: Case, rest: str, kept: str | None) -> None:
    """Kept with its date and gone with it; of an encrypted case never kept."""
    found = set_(says(f"reporter-date {written(OLD)}{rest}", one))
    assert found.get((REPORTER_DATE, WHY)) == kept
    assert found[REPORTER_DATE, ""] == OLD.isoformat()


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ((), True),
        (((EMBARGO, (NOW + SECOND).isoformat()),), True),
        (((EMBARGO, NOW.isoformat()),), False),
        (((STAGE, "announced"),), False),
        (((STAGE, "closed"),), False),
        (((STAGE, "ready"),), True),
    ],
)
def test_until_when_a_reporters_date_matters(given: tuple[tuple[str, str], ...], waits: bool) -> None:
    """Until the embargo is over, or the case is announced."""
    one = recorded((REPORTER_DATE, OLD.isoformat()), *given)
    assert reporterdate.waits(one, NOW) is waits
    assert bool(list(reporterdate.dates(one, DESK, NOW))) is waits


def test_the_reminders_of_a_law_are_numbered_in_order() -> None:
    """Their names never change, so that nobody is told again after an upgrade."""
    (due,) = law.dates(recorded((REGULATORY, NOW.isoformat(), START)), DESK)
    assert [(one.at, one.key) for one in due.moments] == [
        (NOW + DAY / 2, "1"),
        (NOW + 0.8 * DAY, "2"),
        (NOW + DAY, "late"),
    ]


def test_what_people_should_bear_in_mind_is_said_where_the_duty_begins() -> None:
    """Once, with the word that starts it."""
    assert says("regulatory start", recorded()).said.endswith("it files nothing. Ask your lawyer.")
    started = recorded((REGULATORY, NOW.isoformat(), START))
    assert says(f"regulatory {FIXED}", started).said.endswith("it files nothing.")


SENT, SEEN = (NOW - HOUR).isoformat(), NOW.isoformat()


@pytest.mark.parametrize(
    ("given", "since", "went_out"),
    [
        (((ANNOUNCED_AT, SENT, "announce"),), NOW - HOUR, SENT),
        (((ANNOUNCED_AT, SENT, "announce"), (SEEN_AT, SEEN, "announce")), NOW, SENT),
        (((SEEN_AT, SEEN, "announce"),), NOW, SEEN),
        (((ANNOUNCED_AT, SEEN, "announce"), (SEEN_AT, SENT, "announce")), NOW - HOUR, SENT),
    ],
)
def test_from_when_the_next_place_has_its_time(
    given: tuple[tuple[str, str, str], ...], since: datetime, went_out: str
) -> None:
    """From the copy that was seen; the reminders are numbered, and name when the letter went out."""
    (due,) = publication.dates(recorded(*given), DESK)
    assert due.at == since + 10 * HOUR
    assert [(one.at, one.key) for one in due.moments[:2]] == [
        (since + 5 * HOUR, "1"),
        (since + 8 * HOUR, "2"),
    ]
    assert due.details["since"] == went_out


@pytest.mark.parametrize(("end", "out"), [(NOW + SECOND, False), (NOW, True)])
def test_what_people_published_at_the_instant_is_no_leak(end: datetime, out: bool) -> None:
    """A second earlier it would be."""
    found = says("published blog", recorded((EMBARGO, end.isoformat())))
    assert bool(found.changes) is out
    assert TOLD_DATE not in {name for name, _ in set_(found)}
