"""Dates beside the embargo: the reporter's own, a second report's question, and the clocks of a law."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.config.regulatory import RegulatorySection, duties
from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import SweepCandidates
from maild.core.change import MergeCase, OweLetter
from maild.core.changes.promises import MeetClock, StartClock, StopClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.due import watch
from maild.core.due.embargo import LEADS
from maild.core.event import OperatorSaid, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.row import Joined, Row
from maild.core.facts.table import TABLE
from maild.core.policy import Policy
from maild.core.promises.forecast import What
from maild.core.values.case import Case, CaseState
from maild.core.words.reading import Word
from tests.support.deciding import RITA, answered_case
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

LATER = NOW + timedelta(hours=1)
LAW = replace(POLICY, duties=duties(RegulatorySection(preset="cra-manufacturer")))
OWN = datetime(2026, 3, 18, 16, tzinfo=UTC)
END = datetime(2026, 3, 20, 16, tzinfo=UTC)


def say(
    one: Case, text: str, policy: Policy = LAW, at: datetime = LATER, other: Case | None = None
) -> Decision:
    """One word on the command line."""
    name, _, rest = text.partition(" ")
    event = OperatorSaid(one.id, Word(name, rest), "operator:op")
    return decide(event, CaseCandidates(one, other), policy, at)


def recorded(one: Case, decision: Decision, at: datetime) -> Case:
    """The case with what *decision* records of it."""
    kept = {(f.name, f.item): f for f in one.record.facts}
    for c in decision.changes:
        if isinstance(c, SetFact) and c.case_id == one.id:
            kept[c.name, c.item] = Fact(c.name, c.value, c.by, at, c.item)
    return replace(one, record=Disclosure(tuple(f for f in kept.values() if f.value)))


def after(one: Case, *texts: str, at: datetime = LATER) -> Case:
    """The case once these words were said; each has to be obeyed."""
    for text in texts:
        decision = say(one, text, at=at)
        assert decision.refusal == "", decision.refusal
        one = recorded(one, decision, at)
    return one


def told(one: Case, at: datetime, about: str = "") -> list[OweLetter]:
    """The letters of a sweep (about one thing)."""
    found = decide(SweepDue(), SweepCandidates((), (one,)), LAW, at)
    letters = [change for change in found.changes if isinstance(change, OweLetter)]
    return [one for one in letters if not about or one.facts["about"] == about]


def names(one: Case, at: datetime, about: str) -> set[str]:
    """What keeps the letters of a sweep from being owed again."""
    return {letter.dedupe for letter in told(one, at, about)}


HANDLED = replace(answered_case(), handler="Anna")
DATED = after(HANDLED, "reporter-date 2026-03-18 16:00 UTC he gives a talk")


def test_the_reporters_own_date_is_reminded_of_like_the_embargo_each_once() -> None:
    """A week, three days, a day and an hour before, and then; never a tick early, with what is missing."""
    assert told(DATED, OWN - timedelta(days=8)) == []
    known: set[str] = set()
    for lead in LEADS:
        assert names(DATED, OWN - lead - timedelta(seconds=1), "reporter-date") <= known
        (letter,) = told(DATED, OWN - lead, "reporter-date")
        assert letter.dedupe not in known
        assert any("the versions it affects" in one for one in letter.facts["lacks"])  # type: ignore[attr-defined]
        assert letter.facts["now"] is (not lead)
        known.add(letter.dedupe)
    assert names(DATED, OWN + timedelta(days=9), "reporter-date") <= known


@pytest.mark.parametrize("last", ["embargo 2026-03-20 16:00 UTC", "reporter-date 2026-03-18 16:00 UTC"])
def test_a_date_before_the_embargo_is_told_once_whichever_was_said_last(last: str) -> None:
    """The author hears it at once, the handlers at the next sweep, and again only when one of the two moves."""
    both = ["reporter-date 2026-03-18 16:00 UTC", "embargo 2026-03-20 16:00 UTC"]
    one = after(HANDLED, *(text for text in both if text != last), last)
    (letter,) = told(one, LATER, "reporter-first")
    assert (letter.facts["date"], letter.facts["embargo"]) == (OWN.isoformat(), END.isoformat())
    assert names(one, OWN, "reporter-first") == {letter.dedupe}
    moved = after(one, "embargo 2026-03-19 16:00 UTC")
    assert letter.dedupe not in names(moved, LATER, "reporter-first")
    assert told(after(one, "embargo 2026-03-18 16:00 UTC"), LATER, "reporter-first") == []
    if last.startswith("reporter"):
        assert "before your announcement" in say(one, last).said


def test_at_the_same_instant_the_embargo_speaks_for_both() -> None:
    """Nobody gets two letters about one instant."""
    same = after(DATED, "embargo 2026-03-18 16:00 UTC")
    for lead in LEADS:
        (letter,) = told(same, OWN - lead)
        assert letter.facts["about"] == "embargo"


def test_the_date_is_let_go_when_there_is_nothing_left_to_keep() -> None:
    """Taken back, after the announcement, in a closed case, and once the embargo has ended: no reminder."""
    at = OWN - timedelta(hours=1)
    assert told(DATED, at, "reporter-date")
    assert told(after(DATED, "reporter-date none"), at) == []
    assert after(DATED, "reporter-date none").record.items("reporter-date") == {}
    assert told(replace(DATED, state=CaseState.CLOSED), at) == []
    assert told(after(DATED, "leaked"), at, "reporter-date") == []
    announced = Fact("stage", "announced", "op", NOW)
    assert told(replace(DATED, record=Disclosure((*DATED.record.facts, announced))), at) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reporter-date 2026-03-18", "give a date, time and zone"),
        ("reporter-date soon", "give a date, time and zone"),
        ("reporter-date 2026-02-18 16:00 UTC", "say !leaked"),
        ("regulatory", "!regulatory start|fixed"),
        ("regulatory done early-warning", "start it in this case first"),
        ("regulatory fixed", "start it in this case first"),
        ("regulatory done lunch", "one of early-warning, notification, final-report"),
        ("regulatory start 2026-03-18 16:00 UTC", "give a past date"),
        ("regulatory start yesterday", "give a past date"),
    ],
)
def test_a_wrong_word_changes_nothing_and_says_what_is_wanted(text: str, words: str) -> None:
    """Bare dates, dates on the wrong side of now, steps that do not exist or have not begun."""
    decision = say(HANDLED, text)
    assert decision.changes == ()
    assert words in decision.refusal


def test_why_he_publishes_is_not_kept_of_a_sealed_case() -> None:
    """The date is; of an open case the reason is as well."""
    assert DATED.record.value("reporter-date", "why") == "he gives a talk"
    sealed = after(replace(HANDLED, sealed=True), "reporter-date 2026-03-18 16:00 UTC he gives a talk")
    assert {f.value for f in sealed.record.facts} == {OWN.isoformat()}


SECOND = replace(HANDLED, id="EX-SECOND", reporters=("rob@elsewhere.example",))


def asked(joins: Case, to: Case) -> list[OweLetter]:
    """The question that a join leads to."""
    found = say(joins, f"duplicate {to.id}", other=to)
    assert [change for change in found.changes if isinstance(change, MergeCase)]
    return [c for c in found.changes if isinstance(c, OweLetter) and c.facts["about"] == "second-report"]


def test_a_second_report_under_embargo_asks_whether_to_shorten_it() -> None:
    """Once, by another reporter, while the embargo runs; whichever of the two cases had the embargo."""
    kept = after(HANDLED, "embargo 2026-03-20 16:00 UTC")
    (letter,) = asked(SECOND, kept)
    assert (letter.case_id, letter.facts["joined"], letter.recipient) == (kept.id, SECOND.id, ANNA.contact)
    assert asked(SECOND, HANDLED) == []
    assert asked(replace(SECOND, reporters=(RITA,)), kept) == []
    assert asked(SECOND, after(kept, "leaked")) == []
    assert len(asked(kept, SECOND)) == 1


def test_a_join_loses_no_date() -> None:
    """Embargo, own date and law's clocks go on in the other case; of two own dates the earlier one counts."""
    full = after(DATED, "embargo 2026-03-20 16:00 UTC", "regulatory start")
    there = recorded(SECOND, say(full, f"duplicate {SECOND.id}", other=SECOND), LATER)
    for name, item in (("embargo", ""), ("reporter-date", ""), ("regulatory", "start")):
        assert there.record.value(name, item) == full.record.value(name, item)
    sooner, later = (after(SECOND, f"reporter-date 2026-03-{day} 16:00 UTC") for day in ("12", "19"))
    for other, wanted in ((sooner, "2026-03-12"), (later, "2026-03-18")):
        joined = recorded(other, say(full, f"duplicate {SECOND.id}", other=other), LATER)
        assert joined.record.value("reporter-date").startswith(wanted)


@pytest.mark.parametrize(
    "row", [one for one in TABLE if one.joined is Joined.STAYS], ids=lambda row: row.name
)
def test_what_is_about_one_case_stays_in_it(row: Row) -> None:
    """Its stage, its verdict, its texts: the other case has its own, or none."""
    second = replace(SECOND, record=Disclosure((Fact(row.name, "yes", "op", NOW, row.item),)))
    found = say(HANDLED, f"duplicate {SECOND.id}", other=SECOND).changes
    carried = say(replace(HANDLED, record=second.record), f"duplicate {SECOND.id}", other=SECOND).changes
    kept = [c for c in carried if isinstance(c, SetFact) and c.case_id == SECOND.id]
    assert kept == [c for c in found if isinstance(c, SetFact) and c.case_id == SECOND.id]


STARTED = after(HANDLED, "regulatory start")


def test_a_laws_clocks_are_off_unless_configured_and_start_by_word_only() -> None:
    """Without a preset the word says so; with one an exploited case starts none by itself."""
    assert "off" in say(HANDLED, "regulatory start", POLICY).refusal
    exploited = say(HANDLED, "exploited")
    assert "!regulatory start" in exploited.said
    assert "!regulatory start" not in say(STARTED, "exploited").said + say(HANDLED, "exploited", POLICY).said
    assert not [c for c in exploited.changes if isinstance(c, SetFact) and c.name == "regulatory"]
    assert told(after(HANDLED, "exploited"), NOW + timedelta(days=9), "regulatory") == []


def test_each_step_is_reminded_of_before_it_is_due_and_told_once_when_overdue() -> None:
    """Half-way and near the end of 24 and 72 hours, then overdue: handlers and coordinators, each once."""
    seen: list[tuple[float, str, bool]] = []
    known: set[str] = set()
    for quarter in range(4 * 24 * 20):
        hours = quarter / 4
        for letter in told(STARTED, LATER + timedelta(hours=hours), "regulatory"):
            if letter.dedupe not in known and letter.recipient == CARL.contact:
                seen.append((hours, str(letter.facts["step"]), bool(letter.facts["late"])))
            known.add(letter.dedupe)
    assert seen == [
        (12, "early-warning", False),
        (21.75, "early-warning", False),
        (24, "early-warning", True),
        (36, "notification", False),
        (65, "notification", False),
        (72, "notification", True),
    ]
    people = {letter.recipient for letter in told(STARTED, LATER + timedelta(days=9))}
    assert people == {ANNA.contact, CARL.contact}
    assert BEA.contact not in people


def test_the_final_report_counts_from_the_fix() -> None:
    """Fourteen days after the word that it is fixed, at the instant that is named, not after the awareness."""
    fixed = after(STARTED, "regulatory fixed 2026-03-10 08:00 UTC", at=datetime(2026, 3, 11, tzinfo=UTC))
    due = datetime(2026, 3, 24, 8, tzinfo=UTC)
    late = [letter for letter in told(fixed, due) if letter.facts.get("late")]
    assert {str(letter.facts["step"]) for letter in late} == {"early-warning", "notification", "final-report"}
    early = [letter for letter in told(fixed, due - timedelta(seconds=1)) if letter.facts.get("late")]
    assert {str(letter.facts["step"]) for letter in early} == {"early-warning", "notification"}


def test_what_is_done_is_reminded_of_no_more_and_keeps_its_time() -> None:
    """``!regulatory done`` ends a step; ``!status`` says when it was done, and that it was late."""
    done = after(STARTED, "regulatory done early-warning", at=LATER + timedelta(hours=25))
    steps = {str(letter.facts["step"]) for letter in told(done, LATER + timedelta(days=30))}
    assert steps == {"notification"}
    said = say(done, "status", at=LATER + timedelta(hours=30)).said
    assert "regulatory early-warning: due 2026-03-03 10:30 UTC, done 2026-03-03 11:30 UTC (late)" in said
    assert "regulatory notification: due 2026-03-05 10:30 UTC, open" in said
    assert "final-report" not in said
    assert "already recorded" in say(done, "regulatory done early-warning").refusal
    assert told(after(STARTED, "regulatory stop"), LATER + timedelta(days=30)) == []


def test_a_laws_clock_outlives_the_case_and_touches_no_promise() -> None:
    """Closing the case ends no duty, and no word about duties starts, keeps or stops a promise to the reporter."""
    assert told(replace(STARTED, state=CaseState.CLOSED), LATER + timedelta(hours=24), "regulatory")
    clocks = (StartClock, MeetClock, StopClock)
    for text in ("regulatory start", "regulatory stop", "reporter-date 2026-03-18 16:00 UTC"):
        assert not [change for change in say(HANDLED, text).changes if isinstance(change, clocks)]


def test_what_lies_ahead_is_what_the_sweeps_will_tell() -> None:
    """Every reminder and due instant foretold is the first sweep at which its letter is owed."""
    one = after(STARTED, "reporter-date 2026-03-18 16:00 UTC", "embargo 2026-03-20 16:00 UTC")
    ahead = watch.coming(one, LAW, LATER, LATER + timedelta(days=60))
    assert {c.promise for c in ahead} == {
        "embargo",
        "reporter-date",
        "regulatory: early-warning",
        "regulatory: notification",
    }
    assert {c.people for c in ahead if c.what is What.DUE} == {("Anna",), ("Anna", "Carl")}
    for c in ahead:
        before = {letter.dedupe for letter in told(one, c.at - timedelta(seconds=1))}
        assert {letter.dedupe for letter in told(one, c.at)} - before


def test_a_join_carries_the_cve_id_and_that_the_embargo_is_over() -> None:
    """Not that there is none, nor why the reporter publishes into a case that is sealed."""
    joins = after(DATED, "cve CVE-2026-12345", "embargo 2026-03-20 16:00 UTC", "leaked")
    to = replace(SECOND, sealed=True)
    found = {
        (c.name, c.item): c.value
        for c in say(joins, f"duplicate {to.id}", other=to).changes
        if isinstance(c, SetFact)
    }
    assert found["cve", ""] == "CVE-2026-12345"
    assert found["embargo-ended", ""] == "leaked"
    assert ("reporter-date", "why") not in found
    none = say(after(HANDLED, "cve none a duplicate"), f"duplicate {to.id}", other=to)
    assert not [c for c in none.changes if isinstance(c, SetFact)]
