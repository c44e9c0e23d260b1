"""What was approved goes out at its instant: never before, each letter once, nothing late without asking."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.candidates.said import CaseCandidates
from maild.core.change import OweLetter
from maild.core.decide import decide
from maild.core.disclosure import sending
from maild.core.disclosure.dated import names_date
from maild.core.disclosure.outward import approvers
from maild.core.event import Delivery, OperatorSaid
from maild.core.facts.change import SetFact
from maild.core.facts.table import ANNOUNCED_AT, SEEN_AT, STAGE
from maild.core.letters.kinds import LetterKind
from maild.core.values.people import Team
from maild.core.values.targets import ANNOUNCEMENT, Targets
from maild.core.words.reading import Word
from tests.support.desk import NOW
from tests.support.phrases import PHRASES
from tests.support.publishing import ANNOUNCE, AT, DISTROS, OSS, OUT, TEXT, Road, notices, on_the_road

SECOND = timedelta(seconds=1)
LEAD = AT - DISTROS.lead
LADDER = {"anna@project.example", "bea@project.example", "carl@phone.example"}


def ready(*items: str) -> Road:
    """A case whose texts are prepared and approved."""
    road = on_the_road()
    for item in items or (ANNOUNCEMENT, "distros"):
        road.says("!announce" if item == ANNOUNCEMENT else f"!predisclose {item}", text=TEXT)
        road.approved(item)
    return road


def test_the_list_hears_its_lead_before_the_instant_and_not_a_second_earlier() -> None:
    """Sealed, with the approved text, once."""
    road = ready()
    assert road.outward(LEAD - SECOND) == []
    (letter,) = road.sweeps(LEAD)[-1:]
    assert (letter.kind, letter.recipient, letter.sealed) == (LetterKind.PREDISCLOSURE, DISTROS.to, True)
    assert letter.facts["digest"] == road.digest("distros")
    assert road.outward(LEAD + timedelta(hours=1)) == []


def test_the_announcement_goes_out_at_the_instant_and_not_a_second_earlier() -> None:
    """To the first list; the second follows when the first was taken; then the case is announced."""
    road = ready(ANNOUNCEMENT)
    assert road.outward(AT - SECOND) == []
    assert road.outward(AT) == [ANNOUNCE.to]
    assert road.outward(AT + SECOND) == []
    road.settles(ANNOUNCE.to)
    assert road.case.record.value(ANNOUNCED_AT, "announce") == road.now.isoformat()
    assert road.case.record.value(STAGE) == "announced"
    assert road.outward(AT + 2 * SECOND) == [OSS.to]
    assert road.outward(AT + timedelta(hours=1)) == []


def test_once_it_is_out_the_closing_note_is_drafted_for_the_handler() -> None:
    """Nobody has to remember to thank the reporter; the note itself waits for ``!send``."""
    road = ready()
    road.sweeps(AT)
    drafts = [one for one in road.settles(ANNOUNCE.to) if one.kind is LetterKind.DRAFT]
    assert [(one.recipient, one.facts["about"]) for one in drafts] == [("anna@project.example", "closing")]
    road.sweeps(AT + SECOND)
    assert not [one for one in road.settles(OSS.to) if one.kind is LetterKind.DRAFT]


def test_a_later_list_does_not_wait_for_ever() -> None:
    """With the first refused, the second goes out at its lag, and everybody on the ladder hears of the first."""
    road = ready(ANNOUNCEMENT)
    road.outward(AT)
    told = notices(road.settles(ANNOUNCE.to, Delivery.FAILED), "outward-failed")
    assert {one.recipient for one in told} == LADDER
    assert {one.facts["place"] for one in told} == {"announce"}
    assert road.outward(AT + timedelta(minutes=30) - SECOND) == []
    assert road.outward(AT + timedelta(minutes=30)) == [OSS.to]
    assert road.case.record.value(STAGE) == ""


def test_a_copy_that_was_seen_counts_as_out() -> None:
    """Whoever records that the first list's copy was seen lets the next one go."""
    road = ready(ANNOUNCEMENT)
    road.outward(AT)
    road.take((SetFact(road.case.id, SEEN_AT, AT.isoformat(), "maild", "announce"),))
    assert road.outward(AT + SECOND) == [OSS.to]


@pytest.mark.parametrize("approved", [(), ("Anna",), ("Anna", "Anna")])
def test_without_two_approvals_nothing_goes_and_people_are_told_once(approved: tuple[str, ...]) -> None:
    """At each instant one letter a person, which says what is missing."""
    road = on_the_road()
    for item, word in ((ANNOUNCEMENT, "!announce"), ("distros", "!predisclose distros")):
        road.says(word, text=TEXT)
        for who in approved:
            road.says(f"!approve {road.digest(item)}", who)
    told = road.sweeps(LEAD)
    (due,) = {str(one.facts["lacks"]) for one in notices(told, "predisclosure-due")}
    assert road.digest("distros") in due
    assert notices(road.sweeps(LEAD + timedelta(hours=1)), "predisclosure-due") == []
    asked = notices(road.sweeps(AT), "not-announced")
    assert {one.recipient for one in asked} == LADDER
    assert {one.facts["why"] for one in asked} == {"lacks"}
    assert notices(road.sweeps(AT + timedelta(hours=3)), "not-announced") == []
    assert not [one for one in road.owed.values() if one.kind in ("predisclosure", "announcement")]


def test_without_any_text_the_team_is_told_too() -> None:
    """A list that the case is one for, and the announcement: both are asked for."""
    road = on_the_road()
    assert "!predisclose distros" in str(notices(road.sweeps(LEAD), "predisclosure-due")[0].facts["lacks"])
    assert "!announce" in str(notices(road.sweeps(AT), "not-announced")[0].facts["lacks"])


def test_a_list_that_the_case_is_not_for_is_not_asked_about() -> None:
    """Too mild for the list: silence."""
    road = on_the_road()
    road.types("severity minor")
    assert notices(road.sweeps(LEAD), "predisclosure-due") == []


def test_approved_late_the_list_still_hears_before_the_instant() -> None:
    """Approved after its lead it goes out at once; at the instant it goes nowhere any more."""
    late = on_the_road()
    late.says("!predisclose distros", text=TEXT)
    assert late.outward(LEAD + timedelta(hours=5)) == []
    late.approved("distros")
    assert late.outward() == [DISTROS.to]
    never = on_the_road()
    never.says("!predisclose distros", text=TEXT)
    never.approved("distros", "Anna")
    never.sweeps(AT)
    never.approved("distros", "Carl")
    assert DISTROS.to not in never.outward()


def test_a_moved_instant_is_followed_and_an_old_date_told_to_nobody() -> None:
    """The letter to the list names the date: with the date moved it has to be written anew; the rest follows."""
    road = ready()
    later = AT + timedelta(days=2)
    road.types(f"embargo {later:%Y-%m-%d %H:%M} UTC the fix needs two days more")
    assert road.outward(LEAD) == []
    told = road.sweeps(later - DISTROS.lead)
    assert "a text with the new date" in str(notices(told, "predisclosure-due")[0].facts["lacks"])
    road.says("!predisclose distros", text=TEXT)
    road.approved("distros")
    assert road.outward() == [DISTROS.to]
    assert road.outward(AT) == []
    assert road.outward(later - SECOND) == []
    assert road.outward(later) == [ANNOUNCE.to]


def test_a_list_that_asks_for_no_date_hears_as_soon_as_two_approved() -> None:
    """Without an instant of the announcement there is nothing to wait for."""
    undated = replace(DISTROS, requires_date=False)
    road = Road(replace(OUT, targets=replace(OUT.targets, predisclosure=(undated,))))
    road.types("verdict vulnerability", "severity important", "cve CVE-2026-12345", "done audit")
    road.says("!predisclose distros", text=TEXT)
    road.approved("distros", "Anna")
    assert road.outward() == []
    road.approved("distros", "Carl")
    assert road.outward() == [DISTROS.to]
    assert road.outward() == []


def test_of_what_is_over_no_list_is_told_or_asked_about() -> None:
    """At the instant, and once the case is announced by hand, it is too late to tell anybody ahead."""
    assert notices(on_the_road().sweeps(AT), "predisclosure-due") == []
    road = ready("distros")
    road.take((SetFact(road.case.id, STAGE, "announced", "team:Anna"),))
    assert road.outward(LEAD) == []
    late = on_the_road()
    late.now = AT
    assert "an instant that has not passed" in late.says("!predisclose distros", text=TEXT)


def test_a_list_that_was_told_a_date_is_told_another() -> None:
    """After the first letter a moved instant asks for a second one, which goes out once approved."""
    road = ready()
    assert road.outward(LEAD) == [DISTROS.to]
    later = AT + timedelta(days=1)
    road.types(f"embargo {later:%Y-%m-%d %H:%M} UTC one day more")
    assert notices(road.sweeps(later - DISTROS.lead), "predisclosure-due")
    road.says("!predisclose distros", text=TEXT)
    road.approved("distros")
    assert road.outward() == [DISTROS.to]


def test_no_embargo_outlasts_the_window_of_a_list_that_was_told() -> None:
    """Moved beyond it, the instant is refused, and the end of the window named."""
    road = ready()
    road.sweeps(LEAD)
    too_late = LEAD + DISTROS.max_window + timedelta(minutes=1)
    said = road.types(f"embargo {too_late:%Y-%m-%d %H:%M} UTC we are slow")
    assert "distros was told and keeps nothing secret after" in said
    assert road.case.record.embargo == AT


@pytest.mark.parametrize("word", ["leaked", "exploited"])
def test_after_trouble_nothing_goes_out_by_itself(word: str) -> None:
    """The embargo is over, and yet only a member's signed word sends what two have approved."""
    road = ready()
    road.now = NOW + timedelta(days=1)
    road.types(word)
    assert road.outward(road.now + SECOND) == []
    assert road.outward(AT) == []
    assert "is being sent now" in road.says("!announce now", "Carl")
    assert [one.recipient for one in road.owed.values() if one.kind == "announcement"] == [ANNOUNCE.to]


def test_after_trouble_a_new_instant_may_be_set() -> None:
    """People choose one anew; as it is earlier than two approved, the text is approved for it once more."""
    road = ready(ANNOUNCEMENT)
    road.now = NOW + timedelta(days=1)
    soon = NOW + timedelta(days=2)
    said = road.types("leaked", f"embargo {soon:%Y-%m-%d %H:%M} UTC the build takes a day")
    assert "have not approved the announcement for this time" in said
    road.says("!announce", text=TEXT)
    road.approved()
    assert road.outward(soon - SECOND) == []
    assert road.outward(soon) == [ANNOUNCE.to]


def test_a_member_who_moves_the_instant_earlier_sends_nothing_by_it() -> None:
    """Signed, it is moved, and the reporter gets a draft; then only a signed ``!announce now`` sends."""
    road = ready(ANNOUNCEMENT)
    soon = NOW + timedelta(days=1)
    said = road.says(f"!embargo {soon:%Y-%m-%d %H:%M} UTC")
    assert "have not approved the announcement for this time" in said
    assert road.case.record.embargo == soon
    assert road.case.record.value("draft") == "embargo-moved"
    asked = road.sweeps(soon)
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"moved"}
    assert {one.recipient for one in notices(asked, "not-announced")} == LADDER
    assert road.outward(soon + SECOND) == []
    assert notices(road.sweeps(soon + timedelta(hours=3)), "not-announced") == []
    assert "only a member" in road.types("announce now")
    assert "is being sent now" in road.says("!announce now", "Carl")


def test_no_command_without_a_signature_moves_the_instant_of_a_text_earlier() -> None:
    """On the command line it is refused once a text is prepared; later, with a reason, it is not."""
    road = ready(ANNOUNCEMENT)
    soon = NOW + timedelta(days=1)
    assert "in a signed message" in road.types(f"embargo {soon:%Y-%m-%d %H:%M} UTC at once")
    assert road.case.record.embargo == AT
    assert road.outward(soon) == []


@pytest.mark.parametrize("more", ["", "Published on 12 March 2026."])
def test_moved_later_a_text_keeps_its_approvals_unless_it_names_a_date(more: str) -> None:
    """Without a date it goes out at the later instant; with one it is to be written and approved again."""
    road = on_the_road()
    road.says("!announce", text=TEXT + more)
    road.approved()
    later = AT + timedelta(days=2)
    said = road.says(f"!embargo {later:%Y-%m-%d %H:%M} UTC the fix needs two days more")
    assert road.case.record.value("draft") == "embargo-moved"
    assert ("names a date" in said) is bool(more)
    assert road.outward(AT) == []
    assert road.outward(later) == ([] if more else [ANNOUNCE.to])
    if more:
        lacks = [str(one.facts["lacks"]) for one in road.owed.values() if "lacks" in one.facts]
        assert any("a text with the new date (!announce again)" in one for one in lacks)


def test_a_text_prepared_before_there_is_an_instant_waits_for_a_word() -> None:
    """Two approved no time, so one member's ``!embargo`` alone sends nothing."""
    road = Road(OUT)
    road.types("verdict vulnerability", "severity important", "cve CVE-2026-12345", "done audit")
    road.says("!announce", text=TEXT)
    road.approved()
    road.says(f"!embargo {AT:%Y-%m-%d %H:%M} UTC")
    asked = road.sweeps(AT)
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"moved"}
    assert "another member" in road.says("!announce now")
    assert "is being sent now" in road.says("!announce now", "Carl")


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Public from 2026-12-01 on.", True),
        ("Public on 1 December 2026.", True),
        ("Public on December 1.", True),
        ("Public on the 1st of Dec, 14:00 UTC.", True),
        ("Am 01.12.2026 veröffentlicht.", True),
        ("Le 1er décembre 2026.", True),
        ("Veröffentlicht am 1. Dezember.", True),
        ("Publié le 1er décembre.", True),
        ("El 1 de diciembre será público.", True),
        ("Опубликуем 1 декабря.", True),
        ("Am Dienstag ist es öffentlich.", True),
        ("2 major issues, 3 out of 5 settings, 4 separate marks.", False),
        ("Released on Tuesday.", True),
        ("Released tomorrow.", True),
        ("CVE-2026-12345 overflows; HERON-2026-001.", False),
        ("Fixed in 2.0.4, 1.8.12 and 10.1.2.", False),
        ("Update to May 7 or not, may 3 buffers overflow.", True),
        ("An overflow of 12 bytes at 0x2026, seen in March or so.", False),
    ],
)
def test_what_names_a_date(text: str, dated: bool) -> None:
    """Dates as people write them; a version, a CVE id or an advisory's name is none."""
    assert names_date(text, PHRASES) is dated


@pytest.mark.parametrize("late", [sending.GRACE + SECOND, timedelta(hours=7), timedelta(days=3)])
def test_what_nobody_ran_for_is_not_sent_late_without_asking(late: timedelta) -> None:
    """Started after the instant, the ladder is paged once; a member's word sends it."""
    road = ready(ANNOUNCEMENT)
    asked = road.sweeps(AT + late)
    assert {one.recipient for one in notices(asked, "not-announced")} == LADDER
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"late"}
    assert road.outward(road.now + timedelta(hours=1)) == []
    assert "is being sent now" in road.says("!announce now")
    assert road.outward(road.now + SECOND) == []
    road.settles(ANNOUNCE.to)
    assert road.outward(road.now + SECOND) == [OSS.to]


def test_the_next_place_needs_both_approvals_as_well() -> None:
    """Who approved has left between two places: the second waits, and is told of."""
    road = ready(ANNOUNCEMENT)
    assert road.outward(AT) == [ANNOUNCE.to]
    road.settles(ANNOUNCE.to)
    gone = tuple(member for member in OUT.team.members if member.name != "Carl")
    road.policy = replace(OUT, team=Team(gone))
    asked = road.sweeps(AT + SECOND)
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"lacks"}
    assert road.outward(AT + timedelta(hours=1)) == []
    assert "missing: approval by 1 more member" in road.says("!announce now")
    road.policy = OUT
    assert "is being sent now" in road.says("!announce now")
    assert outside(road) == [ANNOUNCE.to, OSS.to]
    assert "already" in road.says("!announce now")


def test_stopped_between_two_places_the_desk_asks_for_the_second() -> None:
    """The first list has it; days later nothing goes to the second without asking, and a member's word sends it."""
    road = ready(ANNOUNCEMENT)
    assert road.outward(AT) == [ANNOUNCE.to]
    road.settles(ANNOUNCE.to)
    asked = road.sweeps(AT + timedelta(days=3))
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"late"}
    assert outside(road) == [ANNOUNCE.to]
    assert "is being sent now" in road.says("!announce now")
    assert outside(road) == [ANNOUNCE.to, OSS.to]


def test_a_moment_late_is_in_time() -> None:
    """Within the grace nobody is asked."""
    road = ready(ANNOUNCEMENT)
    assert road.outward(AT + sending.GRACE) == [ANNOUNCE.to]


def test_while_nobody_can_be_heard_nothing_goes_out() -> None:
    """With the mailbox unreadable the ladder is paged; readable again within the grace, it goes out by itself."""
    road = ready()
    assert road.outward(LEAD, blind=True) == []
    asked = road.sweeps(AT, blind=True)
    assert {one.facts["why"] for one in notices(asked, "not-announced")} == {"blind"}
    assert road.outward(AT + SECOND, blind=True) == []
    assert road.outward(AT + timedelta(minutes=2)) == [ANNOUNCE.to]


def test_with_a_clock_that_was_just_set_forward_nothing_goes_out() -> None:
    """A machine that believes it is next week announces nothing by itself; the ladder hears why."""
    road = ready()
    for at, about in ((LEAD, set()), (AT, {"clock"})):
        found = road.sweeps(at, clock_set=True)
        assert not [one for one in found if one.kind in ("announcement", "predisclosure")]
        assert {one.facts["why"] for one in notices(found, "not-announced")} == about
    assert "is being sent now" in road.says("!announce now")


def test_now_is_not_before_the_instant() -> None:
    """``!announce now`` before it, without approvals, or a second time sends nothing."""
    road = ready(ANNOUNCEMENT)
    road.now = AT - SECOND
    assert "the embargo ends at" in road.says("!announce now")
    road.says("!announce", text=TEXT + "More.")
    road.now = AT + timedelta(hours=1)
    assert "missing: approval by 2 members" in road.says("!announce now")
    road.approved()
    road.says("!announce now")
    assert "already" in road.says("!announce now")
    assert len([one for one in road.owed.values() if one.kind == "announcement"]) == 1


def test_what_people_published_themselves_is_not_asked_for() -> None:
    """A case that was called announced by hand is left alone."""
    road = on_the_road()
    road.take((SetFact(road.case.id, STAGE, "announced", "team:Anna"),))
    assert road.sweeps(AT + SECOND) == []


def test_a_desk_without_lists_sends_and_asks_nothing() -> None:
    """Without targets the embargo is only reminded of, as ever."""
    road = Road(replace(OUT, targets=Targets()))
    road.types("verdict vulnerability", f"embargo {AT:%Y-%m-%d %H:%M} UTC")
    letters = road.sweeps(AT)
    assert {one.facts["about"] for one in letters} == {"embargo"}
    assert "no list is configured" in road.says("!announce", text=TEXT)


def test_what_is_coming_is_told_with_who_approved() -> None:
    """The letter to the list and each place of announcement, at their instants; nothing once it is over."""
    road = ready(ANNOUNCEMENT)
    both = ("Anna", "Carl")
    assert list(sending.coming(road.case, OUT, NOW)) == [
        (LEAD, "predisclosure distros", ()),
        (AT, "announcement announce", both),
        (AT, "announcement oss", both),
    ]
    assert list(sending.coming(road.case, OUT, AT)) == []


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 5 * 24 * 60).map(lambda m: timedelta(minutes=m))),
    st.tuples(st.just("to the instant"), st.sampled_from([-SECOND, timedelta(0), SECOND])),
    st.tuples(st.just("to the lead"), st.sampled_from([-SECOND, timedelta(0), SECOND])),
    st.tuples(st.just("move"), st.integers(1, 20 * 24).map(lambda h: timedelta(hours=h))),
    st.tuples(st.sampled_from(["announce", "predisclose"]), st.sampled_from([TEXT, TEXT + "Again."])),
    st.tuples(
        st.just("approve"),
        st.tuples(st.sampled_from(["Anna", "Carl"]), st.sampled_from([ANNOUNCEMENT, "distros"])),
    ),
    st.tuples(st.sampled_from(["leaked", "now", "type now", "type approve", "settle"]), st.none()),
)


def to_the(at: datetime | None, road: Road, what: timedelta) -> None:
    """Time goes on to about an instant, if it has not passed."""
    road.now = max(road.now, at + what) if at else road.now


ACTIONS: dict[str, Callable[[Road, Any], object]] = {
    "wait": lambda road, what: to_the(road.now, road, what),
    "to the instant": lambda road, what: to_the(road.case.record.embargo, road, what),
    "to the lead": lambda road, what: to_the(road.case.record.embargo, road, what - DISTROS.lead),
    "move": lambda road, what: road.types(f"embargo {road.now + what:%Y-%m-%d %H:%M} UTC because"),
    "announce": lambda road, what: road.says("!announce", text=what),
    "predisclose": lambda road, what: road.says("!predisclose distros", text=what),
    "approve": lambda road, what: road.says(f"!approve {road.digest(what[1])}", what[0]),
    "leaked": lambda road, _: road.types("leaked"),
    "now": lambda road, _: road.says("!announce now"),
    "type now": lambda road, _: road.types("announce now"),
    "type approve": lambda road, _: road.types(f"approve {road.digest()}"),
    "settle": lambda road, _: [road.settles(to) for to in outside(road) if to != DISTROS.to],
}


def outside(road: Road) -> list[str]:
    """Who outside is owed a letter so far."""
    return [one.recipient for one in road.owed.values() if one.kind in ("announcement", "predisclosure")]


def step(road: Road, name: str, what: object) -> list[OweLetter]:
    """One step; the letters to outsiders that it owes."""
    before = set(road.owed)
    ACTIONS[name](road, what)
    road.sweeps()
    fresh = [one for key, one in road.owed.items() if key not in before]
    return [one for one in fresh if one.kind in ("announcement", "predisclosure")]


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, min_size=4, max_size=25))
def test_whatever_people_do_nothing_is_early_unapproved_or_sent_twice(
    steps: list[tuple[str, object]],
) -> None:
    """Each letter has two approvals of its own digest and its time has come; places hear once."""
    road, places, ended = ready(), [], False
    for name, what in steps:
        owed = step(road, name, what)
        at = road.case.record.embargo
        assert at is not None
        ended = (ended or name == "leaked") and name != "move"
        for one in owed:
            item = ANNOUNCEMENT if one.kind == "announcement" else "distros"
            assert one.facts["digest"] == road.digest(item)
            assert len(approvers(road.case.record, item, OUT.team)) == 2
            assert road.now >= (at if item == ANNOUNCEMENT else at - DISTROS.lead)
            first = item == ANNOUNCEMENT and one.recipient == ANNOUNCE.to
            assert not (first and ended and name != "now")
            assert item == ANNOUNCEMENT or road.now < at
            places += [one.recipient] if item == ANNOUNCEMENT else []
    assert len(places) == len(set(places))


def test_whoever_closes_before_the_instant_reads_that_nothing_is_announced() -> None:
    """Nothing goes out of a closed case, and he should not learn that from silence."""
    road = ready(ANNOUNCEMENT)
    road.says("!stage confirmed")
    assert "say !verdict spam first" in road.says("!spam")
    road.says("!verdict spam")
    assert f"Nothing about it is announced at {AT:%Y-%m-%d %H:%M} UTC" in road.says("!spam")


def test_the_command_that_closes_says_the_same() -> None:
    """``maild close --spam`` is the word ``!spam``: nothing is left out for coming from a terminal."""
    road = ready(ANNOUNCEMENT)
    road.types("verdict spam")
    said = decide(
        OperatorSaid(road.case.id, Word("spam"), "operator:op"), CaseCandidates(road.case), OUT, NOW
    )
    assert f"Nothing about it is announced at {AT:%Y-%m-%d %H:%M} UTC" in said.said
