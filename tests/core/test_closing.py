"""When a case may end: whom nobody can reach, what was announced where, and what its reporters were told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import Correspondent
from maild.core.candidates.said import CaseCandidates
from maild.core.change import CaseClosed
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import OperatorSaid
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import ANNOUNCED_AT, ANNOUNCING, EMBARGO, OPEN, SEEN_AT, STAGE, VERDICT
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.core.values.targets import Announcement, Kind, Targets
from maild.core.words.reading import Word
from tests.support.deciding import CASE, RITA, answered_case, case, clock
from tests.support.desk import NOW, POLICY

PLACES = Targets(
    announcement=(
        Announcement("announce", Kind.LIST, "announce@lists.example"),
        Announcement("users", Kind.LIST, "users@lists.example"),
        Announcement("blog", Kind.BLOG),
    )
)
DESK = replace(POLICY, targets=PLACES)
AT = NOW + timedelta(days=60)
SAM = "sam@far.example"
ASKS, AFTER = POLICY.process.unreachable_asks, POLICY.process.unreachable_after
SECOND = timedelta(seconds=1)


def recorded(one: Case, *facts: tuple[str, str, str]) -> Case:
    """The case with these facts (name, item, value), all recorded at ``NOW``."""
    return replace(one, record=Disclosure(tuple(Fact(n, v, "team:Bea", NOW, i) for n, i, v in facts)))


def says(
    one: Case, text: str, people: tuple[Correspondent, ...] = (), policy: Policy = DESK
) -> tuple[str, str]:
    """Why the case was closed by the word, or nothing; and what the word's author is told."""
    name, _, rest = text.partition(" ")
    event = OperatorSaid(CASE, Word(name, rest), "operator:ann")
    decision: Decision = decide(event, CaseCandidates(one, None, people), policy, AT)
    reasons = [change.reason for change in decision.changes if isinstance(change, CaseClosed)]
    return "".join(reasons), decision.said


TWICE = (AT - AFTER, AT - SECOND)


@pytest.mark.parametrize(
    ("reporters", "people", "closes"),
    [
        ((RITA,), (Correspondent(RITA, asked=TWICE),), True),
        ((RITA,), (Correspondent(RITA, asked=tuple(reversed(TWICE))),), True),
        ((RITA,), (Correspondent(RITA, asked=(AT - AFTER + SECOND, AT)),), False),
        ((RITA,), (Correspondent(RITA, asked=(AT - 2 * AFTER,) * (ASKS - 1)),), False),
        ((RITA,), (Correspondent(RITA, came_back=True),), True),
        ((RITA,), (), False),
        ((RITA,), (Correspondent(SAM, came_back=True),), False),
        ((RITA, SAM), (Correspondent(RITA, came_back=True), Correspondent(SAM)), False),
        ((RITA, SAM), (Correspondent(RITA, came_back=True), Correspondent(SAM, asked=TWICE)), True),
        ((), (), True),
    ],
)
def test_who_cannot_be_reached(
    reporters: tuple[str, ...], people: tuple[Correspondent, ...], closes: bool
) -> None:
    """Mail to each of them came back, or each was asked often enough, the first time long enough ago."""
    reason, said = says(replace(answered_case(), reporters=reporters), "close unreachable", people)
    assert (reason == "unreachable") is closes
    assert closes or f"asked {ASKS} times over {AFTER.days} days" in said


@pytest.mark.parametrize(("reporters", "closes"), [((RITA,), True), ((RITA, SAM), False)])
def test_the_flag_of_an_unreachable_reporter_is_about_a_single_one(
    reporters: tuple[str, ...], closes: bool
) -> None:
    """Of several it does not tell whose mail came back."""
    one = replace(case(), reporters=reporters, flags=frozenset({Flag.REPORTER_UNREACHABLE}))
    assert bool(says(one, "close unreachable")[0]) is closes


TOLD = clock(Promise.UPDATE, 4, NOW)
"""An answer to Rita at the very instant of what is recorded."""
BEFORE = clock(Promise.UPDATE, 4, NOW - SECOND)
CONFIRMED = (VERDICT, "", "vulnerability")
OUT = (STAGE, "", "announced")


@pytest.mark.parametrize(
    ("facts", "told", "word", "why"),
    [
        ((CONFIRMED,), BEFORE, "close", "it is a confirmed vulnerability and has not been announced"),
        ((CONFIRMED, (OPEN, "", "yes")), BEFORE, "close", ""),
        ((CONFIRMED, OUT), TOLD, "close", ""),
        ((CONFIRMED, OUT), BEFORE, "close", "the reporter has not been told of the announcement yet"),
        ((CONFIRMED, OUT), BEFORE, "close unannounced nobody runs it", ""),
        ((CONFIRMED, OUT), BEFORE, "close unannounced", "say why: !close unannounced REASON"),
        ((CONFIRMED, OUT), BEFORE, "close unreachable", ""),
        ((CONFIRMED,), TOLD, "close unreachable", "it is a confirmed vulnerability and has not been"),
        (((VERDICT, "", "bug"),), TOLD, "close", ""),
        (((VERDICT, "", "bug"),), BEFORE, "close", "the reporter has not been told the verdict yet"),
        (((VERDICT, "", "bug"),), BEFORE, "close unannounced why not", "has not been told the verdict yet"),
        (((VERDICT, "", "spam"),), BEFORE, "close", ""),
        ((), BEFORE, "close", ""),
        ((CONFIRMED,), TOLD, "spam", "is a confirmed vulnerability; if that was wrong"),
        (((VERDICT, "", "bug"),), BEFORE, "spam", ""),
    ],
)
def test_what_is_owed_before_a_case_ends(
    facts: tuple[tuple[str, str, str], ...], told: object, word: str, why: str
) -> None:
    """Its verdict told, or its announcement out and told of, at the same instant or later."""
    one = recorded(case(told, answered=True), *facts)  # type: ignore[arg-type]  # a clock
    gone = (Correspondent(RITA, came_back=True),)
    reason, said = says(one, word, gone)
    assert bool(reason) is (why == "")
    assert why in said


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ((), ""),
        (((ANNOUNCING, "announce", AT.isoformat()),), "announce, users"),
        (
            ((ANNOUNCING, "announce", AT.isoformat()), (ANNOUNCED_AT, "announce", AT.isoformat())),
            "users",
        ),
        (
            (
                (ANNOUNCING, "announce", AT.isoformat()),
                (ANNOUNCED_AT, "announce", AT.isoformat()),
                (SEEN_AT, "users", AT.isoformat()),
            ),
            "",
        ),
    ],
)
def test_an_announcement_that_began_has_to_be_out_everywhere(
    facts: tuple[tuple[str, str, str], ...], missing: str
) -> None:
    """Sent or seen at each place that is mailed; one that people published themselves is out."""
    reason, said = says(recorded(case(TOLD, answered=True), CONFIRMED, OUT, *facts), "close")
    assert bool(reason) is (missing == "")
    assert not missing or f"the announcement has not gone out to {missing};" in said


def test_each_of_several_reporters_is_told_of_the_announcement() -> None:
    """One who was not told holds the case open."""
    both = replace(case(TOLD, answered=True), reporters=(RITA, SAM))
    other = replace(TOLD, id=5, reporter=SAM)
    assert "has not been told of the announcement" in says(recorded(both, CONFIRMED, OUT), "close")[1]
    told = replace(both, clocks=(TOLD, other))
    assert says(recorded(told, CONFIRMED, OUT), "close")[0] == "done"


def test_where_no_promise_shows_it_a_reporter_counts_as_told() -> None:
    """A policy whose promises do not begin anew with each answer cannot tell."""
    policy = replace(DESK, rules=tuple(rule for rule in DESK.rules if not rule.every))
    one = replace(case(BEFORE, answered=True), clocks=())
    assert says(recorded(one, CONFIRMED, OUT), "close", policy=policy)[0] == "done"
    assert says(recorded(one, (VERDICT, "", "bug")), "close", policy=policy)[0] == "done"


def test_a_promise_that_an_answer_starts_once_does_not_tell_either() -> None:
    """Only one that begins anew with each answer shows when the reporter was written to."""
    once = Rule("soon", Length(2, "d"), Happening.REPLY, frozenset({Happening.REPLY}))
    policy = replace(DESK, rules=(*DESK.rules, once))
    one = replace(case(BEFORE, answered=True), clocks=(BEFORE, replace(TOLD, promise="soon")))
    assert says(recorded(one, CONFIRMED, OUT), "close", policy=policy)[0] == ""


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("close", "done"),
        ("close fixed in 2.0", "fixed in 2.0"),
        ("close unreachable", "unreachable"),
        ("close Unreachable: gave up", "unreachable: gave up"),
        ("close UNANNOUNCED nobody runs it", "unannounced: nobody runs it"),
        ("spam", "spam"),
    ],
)
def test_the_reason_that_is_kept(word: str, reason: str) -> None:
    """How the case ended and the words behind it, or that it is done."""
    people = (Correspondent(RITA, came_back=True),)
    assert says(answered_case(), word, people) == (reason, f"{CASE} is closed.")


@pytest.mark.parametrize("word", ["close", "spam", "close unreachable"])
def test_what_is_closed_is_not_closed_again(word: str) -> None:
    """Who closes a closed case hears that it is closed, whatever is recorded of it."""
    one = replace(recorded(answered_case(), CONFIRMED), state=CaseState.CLOSED)
    assert says(one, word) == ("", f"{CASE} is already closed.")


@pytest.mark.parametrize(
    ("embargo", "policy", "told"),
    [
        (AT + SECOND, DESK, True),
        (AT, DESK, False),
        (AT + SECOND, POLICY, False),
    ],
)
def test_whoever_closes_a_case_hears_of_an_announcement_to_come(
    embargo: object, policy: Policy, told: bool
) -> None:
    """Where one would have been mailed at an instant that is still ahead."""
    one = recorded(answered_case(), (EMBARGO, "", str(embargo)))
    said = says(one, "close", policy=policy)[1]
    assert (" Nothing about it is announced at 2026-05-01 09:30 UTC while it is closed." in said) is told
