"""From report to announcement: what members may say, what is missing, what is drafted, when it is reminded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import SweepCandidates
from maild.core.change import CaseClosed, OweLetter
from maild.core.changes.promises import StartClock, StopClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.disclosure import stages
from maild.core.disclosure.verdicts import VERDICTS
from maild.core.due.instant import instant
from maild.core.event import OperatorSaid, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Promise
from maild.core.promises.clocks import happened, next_promise, open_clocks, reopened
from maild.core.values.asked import Asked
from maild.core.values.case import Case
from maild.core.values.duration import Length
from maild.core.values.process import SEED, Handling, Reason, Stage
from maild.core.values.rule import Happening, Rule
from maild.core.words.reading import Word
from tests.support.deciding import RITA, answered_case, case, clock
from tests.support.desk import NOW, POLICY

LATER = NOW + timedelta(hours=1)
PROCESS = replace(
    SEED,
    branches=("1.8", "2.0"),
    handling={"Minor": Handling("public", ("2.0",), timedelta(days=14))},
    tracker="https://tracker.example/new",
    reasons={
        "trusted-input": Reason(
            "Files of the administrator are trusted.", link="https://project.example/p#t"
        ),
        "not-shipped": Reason("Tests are not shipped.", "out-of-scope"),
    },
)
ASKS = (Asked("version", "Which release?"), Asked("steps", "How is it reproduced?"))
DESK = replace(POLICY, process=PROCESS, asks=ASKS)


def say(one: Case, text: str) -> Decision:
    """One word on the command line."""
    name, _, rest = text.partition(" ")
    return decide(OperatorSaid(one.id, Word(name, rest), "operator:op"), CaseCandidates(one), DESK, LATER)


def after(one: Case, *texts: str) -> Case:
    """The case once these words were said; each has to be obeyed."""
    for text in texts:
        decision = say(one, text)
        assert decision.refusal == "", decision.refusal
        kept = {(f.name, f.item): f for f in one.record.facts}
        for change in decision.changes:
            if isinstance(change, SetFact):
                kept[change.name, change.item] = Fact(
                    change.name, change.value, change.by, LATER, change.item
                )
        one = replace(one, record=Disclosure(tuple(f for f in kept.values() if f.value)))
    return one


ROAD = (
    "verdict vulnerability",
    "severity important",
    "affects 1.0 to 2.0.3",
    "stage confirmed",
    "done audit",
    "stage fixing",
    "branch 1.8 fixed",
    "branch 2.0 waived it was never released",
    "done mitigation",
    "credit Rita Reporter",
    "cve request",
    "cve CVE-2026-12345",
    "embargo 2026-03-20 16:00 UTC",
    "stage ready",
)
"""A case on its whole road."""


def handled() -> Case:
    """An answered case that somebody looks after."""
    return replace(answered_case(), handler="Anna")


def test_the_whole_road_can_be_walked() -> None:
    """Word after word the case becomes ready, and the five steps tell it."""
    ready = after(handled(), *ROAD)
    assert stages.current(ready, PROCESS) == "ready"
    assert [done for done, _ in stages.steps(ready, PROCESS)] == [True, True, True, True, False]
    assert "2026-03-20 16:00 UTC" in list(stages.steps(ready, PROCESS))[-1][1]
    assert "4 fixed on 2 of 2 maintained branches" in [said for _, said in stages.steps(ready, PROCESS)]
    one = [said for _, said in stages.steps(ready, replace(PROCESS, branches=("1.8",)))]
    assert "4 fixed on 1 of 1 maintained branch" in one


@pytest.mark.parametrize(
    "left_out", [n for n, text in enumerate(ROAD) if not text.startswith(("stage", "cve req"))]
)
def test_whatever_is_left_out_is_named_and_nothing_moves(left_out: int) -> None:
    """With one thing undone the case does not become ready, and the refusal names exactly that."""
    said = [text for number, text in enumerate(ROAD) if number != left_out and not text.startswith("stage")]
    decision = say(after(handled(), *said), "stage ready")
    assert decision.changes == ()
    assert "missing: " in decision.refusal
    assert ";" not in decision.refusal.partition("missing: ")[2]


def test_a_case_may_go_back_until_it_is_announced() -> None:
    """Back from ready to fixing; to announced not while the embargo runs, and from there to nowhere."""
    ready = after(handled(), *ROAD)
    assert stages.current(after(ready, "stage fixing"), PROCESS) == "fixing"
    assert "the embargo lasts until" in say(ready, "stage announced").refusal
    announced = after(ready, "leaked", "stage announced")
    assert "cannot be taken back" in say(announced, "stage ready").refusal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stage nowhere", "the stages are received, assigned"),
        ("stage closed", "say !close"),
        ("verdict maybe", "one of vulnerability"),
        ("severity huge", "one of Critical, Important"),
        ("track secret", "one of public"),
        ("affects", "say which versions"),
        ("branch 9.9 fixed", "branches: 1.8, 2.0"),
        ("branch 1.8 waived", "say why it gets no fix"),
        ("done everything", "one of audit"),
        ("cve 12345", "!cve request"),
        ("cve none", "say why"),
        ("cvss 9.8", "a vector of CVSS"),
        ("embargo 2026-03-20", "give a date, time and zone"),
        ("embargo 2026-03-20 16:00", "give a date, time and zone"),
        ("embargo 2026-02-20 16:00 UTC", "has passed"),
        ("embargo 2026-12-20 16:00 UTC", "the longest embargo ends"),
        ("send", "there is no draft"),
        ("send to sam@far.example", "there is no draft"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_says_what_is_wanted(text: str, words: str) -> None:
    """A wrong word is answered with the right ones."""
    decision = say(handled(), text)
    assert decision.changes == ()
    assert words in decision.refusal


def test_the_severity_decides_track_branches_and_the_longest_embargo() -> None:
    """A minor case is public, needs one branch only, and keeps nobody waiting for more than two weeks."""
    minor = after(handled(), "severity minor")
    assert minor.record.value("track") == "public"
    assert PROCESS.branches_for("Minor") == ("2.0",)
    assert "the longest embargo" in say(minor, "embargo 2026-03-30 16:00 UTC").refusal
    assert say(minor, "embargo 2026-03-10 16:00 UTC").refusal == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-20 16:00 UTC", datetime(2026, 3, 20, 16, tzinfo=UTC)),
        ("2026-03-20T16:00Z", datetime(2026, 3, 20, 16, tzinfo=UTC)),
        ("2026-03-20 16:00 +02:00", datetime(2026, 3, 20, 14, tzinfo=UTC)),
        ("2026-07-20 16:00 Europe/Berlin", datetime(2026, 7, 20, 14, tzinfo=UTC)),
        ("2026-03-20", None),
        ("2026-03-20 16:00", None),
        ("2026-03-20 16:00 Mars/Olympus", None),
        ("2026-13-20 16:00 UTC", None),
        ("tomorrow", None),
    ],
)
def test_an_instant_has_a_zone(text: str, expected: datetime | None) -> None:
    """Offsets and names of zones count; a bare date or time is no instant."""
    assert instant(text) == expected


def test_an_embargo_moves_later_only_with_a_reason() -> None:
    """Earlier is free, later needs a word why; the draft for the reporter says that it moved."""
    set_ = after(handled(), "embargo 2026-03-20 16:00 UTC")
    assert "say why" in say(set_, "embargo 2026-03-22 16:00 UTC").refusal
    moved = after(set_, "embargo 2026-03-22 16:00 UTC the fix needs two days more")
    assert moved.record.value("draft") == "embargo-moved"
    assert after(moved, "embargo 2026-03-18 16:00 UTC").record.embargo == datetime(
        2026, 3, 18, 16, tzinfo=UTC
    )


def test_the_longest_embargo_may_count_from_the_first_fix() -> None:
    """Then no date is agreed on before there is a fix, and none later than that long after it."""
    process = replace(PROCESS, embargo_from="fix", longest_embargo=timedelta(days=7))
    policy = replace(DESK, process=process)

    def said(one: Case, at: str) -> str:
        event = OperatorSaid(one.id, Word("embargo", f"{at} 10:30 UTC"), "op")
        return decide(event, CaseCandidates(one), policy, LATER).refusal

    assert "counts from the first fix" in said(handled(), "2026-03-04")
    waived = after(handled(), "branch 1.8 waived it is not maintained")
    assert "counts from the first fix" in said(waived, "2026-03-04")
    fixed = after(replace(handled(), opened=NOW - timedelta(days=60)), "branch 2.0 fixed")
    assert said(fixed, "2026-03-09") == ""
    assert "ends at 2026-03-09 10:30" in said(fixed, "2026-03-10")


@pytest.mark.parametrize("verdict", [one for one in VERDICTS if one not in ("vulnerability", "spam")])
def test_a_verdict_is_told_before_the_case_ends(verdict: str) -> None:
    """No verdict ends the promises: closing is refused until somebody wrote to the reporter after it."""
    judged = after(handled(), f"verdict {verdict} because of this")
    refused = say(judged, "close done")
    assert refused.changes == ()
    assert "told the verdict" in refused.refusal
    told = replace(judged, clocks=(*judged.clocks, clock(Promise.UPDATE, 9, LATER)))
    assert [one for one in say(told, "close done").changes if isinstance(one, CaseClosed)]


def test_a_draft_goes_out_by_send_only_and_once() -> None:
    """``!send`` owes the answer to the reporter, with the reason and the tracker, as the member's."""
    judged = after(handled(), "verdict bug it only affects the colour")
    decision = say(judged, "send")
    (letter,) = [one for one in decision.changes if isinstance(one, OweLetter)]
    assert (letter.kind, letter.recipient, letter.reporter) == (LetterKind.ANSWER, RITA, RITA)
    assert letter.facts["about"] == "bug"
    assert letter.facts["reason"] == "it only affects the colour"
    assert letter.facts["tracker"] == "https://tracker.example/new"
    assert "there is no draft" in say(after(judged, "send"), "send").refusal


@pytest.mark.parametrize(
    ("rest", "goes"),
    [
        ("", True),
        (f"to {RITA}", True),
        (f"TO <{RITA.upper()}>", True),
        ("to sam@far.example", False),
        ("the draft", False),
        (f"to {RITA} now", False),
        (RITA, False),
    ],
)
def test_whom_a_draft_goes_to_is_said_in_one_way(rest: str, goes: bool) -> None:
    """To all, or to one reporter by their address; anything else sends nothing."""
    judged = after(handled(), "verdict bug it only affects the colour")
    decision = say(judged, f"send {rest}".strip())
    assert bool([one for one in decision.changes if isinstance(one, OweLetter)]) is goes
    assert ("!send alone, or !send to ADDRESS" in decision.refusal) is not goes


@pytest.mark.parametrize("sealed", [False, True])
def test_a_reason_of_the_policy_is_drafted_in_its_own_words(sealed: bool) -> None:
    """The verdict that the reason has, its name for the statistics, its sentence for the reporter, by ``!send``."""
    judged = after(replace(handled(), sealed=sealed), "not-a-bug Trusted-Input")
    facts = {one.name: one.value for one in judged.record.facts}
    assert (facts["verdict"], facts["reason"]) == ("working-as-intended", "trusted-input")
    (letter,) = [one for one in say(judged, "send").changes if isinstance(one, OweLetter)]
    assert (letter.kind, letter.recipient, letter.facts["about"]) == (LetterKind.ANSWER, RITA, "not-a-bug")
    assert letter.facts["reason"] == "Files of the administrator are trusted. (https://project.example/p#t)"
    assert "told the verdict" in say(judged, "close done").refusal


@pytest.mark.parametrize("sealed", [False, True])
def test_what_the_policy_asks_for_is_drafted_as_questions(sealed: bool) -> None:
    """Each field that is named, in its published words, sent by ``!send``; an unknown one is refused."""
    asked = after(replace(handled(), sealed=sealed), "ask Steps, version")
    (letter,) = [one for one in say(asked, "send").changes if isinstance(one, OweLetter)]
    assert (letter.facts["about"], letter.facts["reason"]) == (
        "ask",
        "- How is it reproduced?\n- Which release?",
    )
    for given in ("ask", "ask colour", "ask version colour"):
        assert "one or more of version, steps" in say(handled(), given).refusal


def test_a_reason_that_is_not_configured_is_refused() -> None:
    """What may be named is listed; another verdict takes the reason back."""
    assert "one of trusted-input, not-shipped" in say(handled(), "not-a-bug because").refusal
    judged = after(handled(), "not-a-bug not-shipped", "verdict vulnerability")
    assert judged.record.value("reason") == ""
    assert judged.record.value("verdict") == "vulnerability"


def test_nothing_that_is_said_of_a_sealed_case_rests_in_clear() -> None:
    """Versions, credit and reasons of a sealed case are refused on the command line, or not kept."""
    sealed = replace(handled(), sealed=True)
    for text in ("affects 1.0 to 2.0.3", "credit Rita Reporter"):
        assert "encrypted message" in say(sealed, text).refusal
    for text in ("verdict bug the parser in foo.c", "branch 1.8 waived since foo.c is not in it"):
        decision = say(sealed, text)
        assert decision.refusal == ""
        assert "foo.c" not in "".join(one.value for one in decision.changes if isinstance(one, SetFact))
        assert not any("foo.c" in str(one.facts) for one in decision.changes if isinstance(one, OweLetter))


@pytest.mark.parametrize("word", ["exploited", "leaked"])
def test_trouble_ends_the_embargo_and_tells_everybody(word: str) -> None:
    """At once: no embargo is left, and coordinator, backup and handler each get one letter."""
    ended = say(after(handled(), "embargo 2026-03-20 16:00 UTC"), word)
    over, why = [one for one in ended.changes if isinstance(one, SetFact)]
    assert datetime.fromisoformat(over.value) == LATER
    assert why.value == word
    told = [one.recipient for one in ended.changes if isinstance(one, OweLetter)]
    assert len(set(told)) == len(told) == 3


def reminded(one: Case, at: datetime) -> list[OweLetter]:
    """The letters of a sweep."""
    found = decide(SweepDue(), SweepCandidates((), (one,)), DESK, at)
    return [change for change in found.changes if isinstance(change, OweLetter)]


def test_the_embargo_is_reminded_of_in_time_each_once() -> None:
    """A week, three days, a day and an hour before, and at the instant; never a tick early, each name once."""
    one = after(handled(), "embargo 2026-03-20 16:00 UTC")
    at = one.record.embargo
    assert at is not None
    assert reminded(one, at - timedelta(days=8)) == []
    names = set()
    for lead in (
        timedelta(days=7),
        timedelta(hours=72),
        timedelta(hours=24),
        timedelta(hours=1),
        timedelta(0),
    ):
        before = {letter.dedupe for letter in reminded(one, at - lead - timedelta(seconds=1))}
        now = {letter.dedupe for letter in reminded(one, at - lead)}
        assert before <= names
        assert not now & names
        names |= now
        assert now == {letter.dedupe for letter in reminded(one, at - lead + timedelta(minutes=20))}
    assert {letter.dedupe for letter in reminded(one, at + timedelta(days=3))} <= names


def test_a_reminder_says_what_is_missing_and_no_word_of_the_report() -> None:
    """What the checklist still lacks is listed; an announced case is reminded of nothing."""
    one = after(handled(), "verdict vulnerability", "embargo 2026-03-20 16:00 UTC")
    (letter,) = reminded(one, datetime(2026, 3, 20, 15, 30, tzinfo=UTC))
    assert any("its severity" in str(lack) for lack in letter.facts["lacks"])  # type: ignore[attr-defined]
    announced = replace(one, record=Disclosure((*one.record.facts, Fact("stage", "announced", "op", NOW))))
    assert reminded(announced, datetime(2026, 3, 20, 15, 30, tzinfo=UTC)) == []


FIX = Rule(
    "fix",
    Length(7, "d"),
    Happening.REPORT,
    frozenset({Happening.HANDLER}),
    severities=frozenset({"Critical"}),
)
SOON = Rule(
    "soon", Length(2, "d"), Happening.REPLY, frozenset({Happening.REPLY}), stages=frozenset({"confirmed"})
)
GRADED = replace(DESK, rules=(*DESK.rules, FIX, SOON))


def changed(one: Case, text: str) -> list[tuple[str, str, datetime]]:
    """The clocks that a word starts and stops: what, which promise, since when."""
    name, _, rest = text.partition(" ")
    event = OperatorSaid(one.id, Word(name, rest), "operator:op")
    found = decide(event, CaseCandidates(one), GRADED, LATER)
    assert found.refusal == ""
    names = {clock.id: clock.promise for clock in one.clocks}
    return [
        ("starts", c.promise, c.started) if isinstance(c, StartClock) else ("stops", names[c.clock], c.at)
        for c in found.changes
        if isinstance(c, StartClock | StopClock)
    ]


def test_a_promise_for_some_severities_counts_from_the_report() -> None:
    """Nothing promises it at first; a critical case has it, from the report on; one that is less has it no more."""
    assert "fix" not in {one.promise for one in open_clocks("EX-1", RITA, NOW, GRADED)}
    assert changed(handled(), "severity critical") == [("starts", "fix", handled().opened)]
    assert changed(handled(), "severity minor") == []
    runs = replace(handled(), clocks=(*handled().clocks, replace(clock(Promise.UPDATE, 9), promise="fix")))
    assert changed(runs, "severity critical") == []
    assert changed(runs, "severity minor") == [("stops", "fix", LATER)]


def test_a_promise_for_some_cases_is_neither_in_the_receipt_nor_begun_by_a_reopening() -> None:
    """What nobody has promised yet is not named, and what does not apply does not begin."""
    quick = replace(FIX, limit=Length(1, "h"), met_by=frozenset({Happening.REPLY}))
    policy = replace(GRADED, rules=(*DESK.rules, quick, SOON))
    assert next_promise(policy, NOW) == next_promise(DESK, NOW)
    for one, begins in ((replace(handled(), answered=False), "respond"), (handled(), "update")):
        assert {change.promise for change in reopened(one, LATER, policy)} == {begins}  # type: ignore[attr-defined]


def test_a_promise_for_some_stages_runs_there_only() -> None:
    """It begins with the stage, and an answer at another stage does not begin it."""
    confirmed = after(handled(), "verdict vulnerability", "severity important", "affects 1.0")
    assert changed(confirmed, "stage confirmed") == [("starts", "soon", LATER)]
    begun = happened(handled(), Happening.REPLY, RITA, LATER, "team:Anna", GRADED)
    assert "soon" not in {one.promise for one in begun if isinstance(one, StartClock)}
    there = after(confirmed, "stage confirmed")
    begun = happened(there, Happening.REPLY, RITA, LATER + timedelta(hours=1), "team:Anna", GRADED)
    assert "soon" in {one.promise for one in begun if isinstance(one, StartClock)}


@pytest.mark.parametrize("word", ["exploited", "leaked"])
def test_what_was_announced_has_no_embargo_to_end_or_to_move(word: str) -> None:
    """Nobody is paged, and the instant at which it was announced stays."""
    announced = after(handled(), *ROAD, "leaked", "stage announced")
    assert say(announced, word).changes == ()
    assert "is announced already" in say(announced, "embargo 2026-03-20 16:00 UTC because").refusal


def test_trouble_after_a_new_embargo_pages_again() -> None:
    """An embargo that was set anew and is leaked again is a new page; the same word twice is none."""
    renewed = "embargo 2026-03-10 16:00 UTC the build takes a day"
    first = after(handled(), "verdict vulnerability", "severity important", renewed, "leaked")

    def paged(one: Case, at: datetime) -> set[str]:
        said = OperatorSaid(one.id, Word("leaked"), "operator:op")
        found = decide(said, CaseCandidates(one), DESK, at)
        return {c.dedupe for c in found.changes if isinstance(c, OweLetter)}

    assert paged(first, LATER + timedelta(hours=1)) == paged(first, LATER + timedelta(hours=2))
    again = paged(after(first, renewed), LATER + timedelta(hours=1))
    assert again
    assert not again & paged(first, LATER + timedelta(hours=1))


@pytest.mark.parametrize(
    ("track", "answered", "refused"),
    [
        ("public", False, True),
        ("public", True, False),
        ("private", False, False),
        ("urgent", True, False),
        ("elsewhere", True, True),
    ],
)
def test_nothing_becomes_public_before_the_reporter_was_answered(
    track: str, answered: bool, refused: bool
) -> None:
    """Any other track may be taken at once."""
    found = say(answered_case() if answered else case(), f"track {track}")
    assert bool(found.refusal) is refused
    assert [one.value for one in found.changes if isinstance(one, SetFact)] == ([] if refused else [track])


@pytest.mark.parametrize(
    ("handler", "names", "stage"),
    [
        ("Anna", ("received", "assigned", "fixing"), "assigned"),
        ("", ("received", "assigned", "fixing"), "received"),
        ("Anna", ("received", "fixing"), "received"),
        ("", (), ""),
        ("Anna", (), ""),
    ],
)
def test_a_case_with_a_handler_is_assigned_where_there_is_such_a_stage(
    handler: str, names: tuple[str, ...], stage: str
) -> None:
    """Otherwise it is in the first one, until somebody says another."""
    process = replace(PROCESS, stages=tuple(Stage(name) for name in names))
    assert stages.current(replace(answered_case(), handler=handler), process) == stage


@pytest.mark.parametrize(
    ("after", "promise", "due"),
    [
        (timedelta(hours=1), "update", NOW + timedelta(days=5)),
        (timedelta(days=5, seconds=-1), "update", NOW + timedelta(days=5)),
        (timedelta(days=5), "update", None),
        (timedelta(days=6), "update", None),
    ],
)
def test_who_takes_over_reads_what_is_due_next(after: timedelta, promise: str, due: datetime | None) -> None:
    """With its instant as long as that is to come; both hear of it who did not say so."""
    event = OperatorSaid(handled().id, Word("handler", "Bea"), "operator:op")
    found = decide(event, CaseCandidates(handled()), DESK, NOW + after).changes
    told = [one for one in found if isinstance(one, OweLetter)]
    assert [one.recipient for one in told] == ["anna@project.example", "bea@project.example"]
    for one in told:
        assert (one.facts["promise"], one.facts["due"]) == (promise, due.isoformat() if due else "")
