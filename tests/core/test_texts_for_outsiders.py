"""Texts for outsiders: what they lack, whether they fit the instant that there is, and when each goes out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.disclosure import sending
from maild.core.disclosure.olddates import MOVED, RELEASED, WITHDRAWN, old
from maild.core.disclosure.outward import (
    UNSET,
    Terms,
    approval,
    approvers,
    carried,
    for_this_instant,
    goes_at,
    judged_since,
    other_key,
    outdated,
    split,
    stands,
    unapproved,
    unsent,
)
from maild.core.disclosure.sending import GRACE
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import (
    ANNOUNCED_AT,
    ANNOUNCING,
    APPROVED,
    EMBARGO,
    ENDED,
    HOLDS,
    OPEN,
    PREDISCLOSED,
    PREPARED,
    PREPARED_DATE,
    PREPARED_FOR,
    PREPARED_KEY,
    PREPARED_TEXT,
    STAGE,
    VERDICT,
)
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case, CaseState
from maild.core.values.targets import ANNOUNCEMENT, Announcement, Kind, Predisclosure, Targets
from tests.support.deciding import answered_case
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LIST = Predisclosure("distros", "distros@lists.example", "distros.asc", 3 * DAY, fingerprint="D" * 40)
PLACES = Targets(
    (LIST,),
    (
        Announcement("announce", Kind.LIST, "announce@lists.example"),
        Announcement("users", Kind.LIST, "users@lists.example", "announce", HOUR),
    ),
)
DESK = replace(POLICY, targets=PLACES)
DIGEST = "d" * 64
READY = (PREPARED, DIGEST, ANNOUNCEMENT)
FOR_LIST = (PREPARED, DIGEST, "distros")
BY_ANNA = (APPROVED, stands(DIGEST, ANNA), f"{ANNOUNCEMENT}/Anna")
BY_CARL = (APPROVED, stands(DIGEST, CARL), f"{ANNOUNCEMENT}/Carl")


def recorded(*given: tuple[object, ...], **changes: object) -> Case:
    """A case with these facts: name, value, item, and when after now."""
    kept = []
    for one in given:
        name, value, item, after = (*one, *("", timedelta(0))[len(one) - 2 :])
        text = value.isoformat() if isinstance(value, datetime) else str(value)
        kept.append(Fact(str(name), text, "team:Bea", NOW + after, str(item)))  # type: ignore[operator]
    return replace(answered_case(), record=Disclosure(tuple(kept)), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ((), "a text (!announce, and the text below it)"),
        ((READY,), f"approval by 2 members (!approve {DIGEST})"),
        ((READY, BY_ANNA), f"approval by 1 more member (!approve {DIGEST}); Anna approved it"),
        ((READY, BY_ANNA, BY_CARL), ""),
        (
            (READY, (APPROVED, stands("e" * 64, ANNA), f"{ANNOUNCEMENT}/Anna"), BY_CARL),
            f"approval by 1 more member (!approve {DIGEST}); Carl approved it",
        ),
        (
            (READY, (APPROVED, f"{DIGEST} ", f"{ANNOUNCEMENT}/Bea"), BY_CARL),
            f"approval by 1 more member (!approve {DIGEST}); Carl approved it",
        ),
        (
            (READY, BY_ANNA, BY_CARL, (PREPARED_DATE, NOW, ANNOUNCEMENT), (EMBARGO, NOW + DAY)),
            "a text with the new date (!announce again)",
        ),
        (
            (READY, BY_ANNA, BY_CARL, (VERDICT, "bug", "", SECOND)),
            "a text prepared after the verdict bug (!announce again)",
        ),
    ],
)
def test_what_a_text_lacks(given: tuple[tuple[object, ...], ...], lacks: str) -> None:
    """Itself, its date, its verdict, or the word of two members who have a key today."""
    assert unapproved(recorded(*given), ANNOUNCEMENT, POLICY.team) == ([lacks] if lacks else [])
    assert BEA.fingerprint == ""


def test_nobody_has_approved_what_is_not_there() -> None:
    """Whatever is left of an older text."""
    assert approvers(recorded(BY_ANNA, (APPROVED, " ", "x")).record, ANNOUNCEMENT, POLICY.team) == ()
    assert unapproved(recorded(), "distros", POLICY.team) == [
        "a text (!predisclose distros, and the text below it)"
    ]


@pytest.mark.parametrize(
    ("verdict", "after", "judged"),
    [
        ("bug", SECOND, "bug"),
        ("bug", timedelta(0), ""),
        ("vulnerability", SECOND, ""),
        ("already-public", SECOND, ""),
    ],
)
def test_a_verdict_after_the_text_speaks_against_it(verdict: str, after: timedelta, judged: str) -> None:
    """Where it says that there is no vulnerability to tell of."""
    assert judged_since(recorded(READY, (VERDICT, verdict, "", after)), ANNOUNCEMENT) == judged
    assert judged_since(recorded((VERDICT, verdict)), ANNOUNCEMENT) == ""
    assert judged_since(recorded(READY), ANNOUNCEMENT) == ""


@pytest.mark.parametrize(
    ("item", "names", "at", "old_one"),
    [
        (ANNOUNCEMENT, NOW, NOW, False),
        (ANNOUNCEMENT, NOW, NOW + SECOND, True),
        (ANNOUNCEMENT, NOW, NOW - SECOND, False),
        (ANNOUNCEMENT, NOW, None, False),
        (ANNOUNCEMENT, None, NOW, False),
        ("distros", NOW, NOW, False),
        ("distros", NOW, NOW + SECOND, True),
        ("distros", NOW, NOW - SECOND, True),
        ("distros", NOW, None, True),
        ("distros", None, NOW, False),
    ],
)
def test_whether_a_text_names_an_old_date(
    item: str, names: datetime | None, at: datetime | None, old_one: bool
) -> None:
    """An announcement once the date is later; a letter to a list once it is another, or there is none."""
    given = [(PREPARED_DATE, names, item)] if names else []
    given += [(EMBARGO, at)] if at else []  # type: ignore[list-item]
    assert outdated(recorded(*given), item) is old_one


@pytest.mark.parametrize(
    ("approved", "at", "fits"),
    [
        (NOW.isoformat(), NOW, True),
        (NOW.isoformat(), NOW + SECOND, True),
        (NOW.isoformat(), NOW - SECOND, False),
        (NOW.isoformat(), None, False),
        (UNSET, NOW, False),
        ("", NOW, False),
    ],
)
def test_for_which_instant_the_announcement_was_approved(
    approved: str, at: datetime | None, fits: bool
) -> None:
    """For this one or an earlier one."""
    given: list[tuple[object, ...]] = [(PREPARED_FOR, approved, ANNOUNCEMENT)]
    given += [(EMBARGO, at)] if at else []
    one = recorded(*given)
    assert for_this_instant(one) is fits
    assert sending.asks(one, NOW, NOW) is not fits


@pytest.mark.parametrize(
    ("given", "item", "at"),
    [
        (((EMBARGO, NOW + 4 * DAY),), "distros", NOW + DAY),
        (((EMBARGO, NOW + 3 * DAY),), "distros", None),
        (((EMBARGO, NOW + DAY),), ANNOUNCEMENT, NOW + DAY),
        (((EMBARGO, NOW),), ANNOUNCEMENT, None),
        ((), "distros", None),
        (((EMBARGO, NOW + 4 * DAY), (ENDED, "leaked")), "distros", None),
        (((EMBARGO, NOW + 4 * DAY), (HOLDS, NOW, "distros")), "distros", None),
        (((EMBARGO, NOW + 4 * DAY), (HOLDS, NOW, ANNOUNCEMENT)), ANNOUNCEMENT, NOW + 4 * DAY),
    ],
)
def test_when_a_text_goes_out_by_itself(
    given: tuple[tuple[object, ...], ...], item: str, at: datetime | None
) -> None:
    """A list its lead before the instant; at once, where that has come or it holds another date."""
    assert goes_at(recorded(*given).record, item, PLACES, NOW) == at


def test_a_text_is_for_the_key_that_a_list_has() -> None:
    """Another key needs the text anew; one from before keys were asked for does not."""
    again = ["a text for the list's present key (!predisclose distros again)"]
    assert other_key(recorded((PREPARED_KEY, "E" * 40, "distros")), LIST) == again
    assert other_key(recorded((PREPARED_KEY, "D" * 40, "distros")), LIST) == []
    assert other_key(recorded(), LIST) == []


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ((), False),
        ((FOR_LIST,), True),
        ((FOR_LIST, (PREDISCLOSED, DIGEST, "distros")), False),
        ((FOR_LIST, (PREDISCLOSED, "other", "distros")), True),
        (((PREDISCLOSED, "other", "distros"),), False),
    ],
)
def test_whether_a_text_waits_for_its_list(given: tuple[tuple[object, ...], ...], waits: bool) -> None:
    """One that is prepared and was not handed over."""
    assert unsent(recorded(*given), "distros") is waits


@pytest.mark.parametrize(
    ("given", "state", "line"),
    [
        ((READY,), CaseState.OPEN, f"approval by 2 members (!approve {DIGEST})"),
        ((READY, BY_ANNA, BY_CARL), CaseState.OPEN, "approved"),
        ((READY, BY_ANNA, BY_CARL, (ANNOUNCED_AT, NOW, "announce")), CaseState.OPEN, "sent"),
        ((READY, BY_ANNA, BY_CARL), CaseState.CLOSED, ""),
    ],
)
def test_the_status_of_a_text(given: tuple[tuple[object, ...], ...], state: CaseState, line: str) -> None:
    """What it lacks, or that it is approved, or out; of a closed case nothing is sent."""
    lines = list(approval(recorded(*given, state=state), POLICY.team))
    assert lines == ([f"  text for {ANNOUNCEMENT}: {line}"] if line else [])


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ((FOR_LIST, (APPROVED, stands(DIGEST, ANNA), "distros/Anna")), "approval by 1 more member"),
        (
            (
                FOR_LIST,
                (APPROVED, stands(DIGEST, ANNA), "distros/Anna"),
                (APPROVED, stands(DIGEST, CARL), "distros/Carl"),
            ),
            "approved",
        ),
        (
            (
                FOR_LIST,
                (PREDISCLOSED, DIGEST, "distros"),
                (APPROVED, stands(DIGEST, ANNA), "distros/Anna"),
                (APPROVED, stands(DIGEST, CARL), "distros/Carl"),
            ),
            "sent",
        ),
    ],
)
def test_the_status_of_a_text_for_a_list(given: tuple[tuple[object, ...], ...], line: str) -> None:
    """It is sent once it was handed over for that list."""
    (said,) = approval(recorded(*given), POLICY.team)
    assert said.startswith(f"  text for distros: {line}")


@pytest.mark.parametrize(
    ("source", "subject", "text"),
    [
        ("Subject: Overflow\n\nIt overflows.\n", "Overflow", "It overflows."),
        ("\n subject:  Over \t flow\nIt overflows.", "Over flow", "It overflows."),
        ("It overflows.\nSubject: no", "", "It overflows.\nSubject: no"),
        ("Subject:", "", ""),
    ],
)
def test_subject_and_text(source: str, subject: str, text: str) -> None:
    """The first line may name the subject."""
    assert split(source) == (subject, text)


def test_what_is_approved_beside_the_words() -> None:
    """The key, the instant and the preparation; nothing of a text from before they were asked for."""
    full = Terms("D" * 40, NOW.isoformat(), "2026-03-01T00:00:00+00:00").lines
    assert full == (
        f"key: {'D' * 40}\ninstant: 2026-03-02 09:30:00 UTC\nprepared: 2026-03-01T00:00:00+00:00\n"
    )
    bare = Terms("", UNSET, "x").lines
    assert bare == "key: none, it is sent unencrypted\ninstant: none set\nprepared: x\n"
    assert Terms("D" * 40, NOW.isoformat()).lines == ""


def test_where_a_text_rests() -> None:
    """In a message, by its number, or elsewhere."""
    assert carried(recorded((PREPARED_TEXT, "mail:7", "distros")).record, "distros") == 7
    assert carried(recorded((PREPARED_TEXT, "the text itself", "distros")).record, "distros") is None
    assert carried(recorded().record, "distros") is None


TOLD = (HOLDS, NOW + 5 * DAY, "distros")


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        (((EMBARGO, NOW + 5 * DAY),), CaseState.OPEN, ""),
        (((EMBARGO, NOW + 6 * DAY),), CaseState.OPEN, MOVED),
        (((EMBARGO, NOW + 4 * DAY),), CaseState.OPEN, MOVED),
        ((), CaseState.OPEN, WITHDRAWN),
        (((EMBARGO, NOW + 5 * DAY),), CaseState.CLOSED, WITHDRAWN),
        (((EMBARGO, NOW + 5 * DAY), (STAGE, "announced")), CaseState.OPEN, RELEASED),
        (((EMBARGO, NOW + 5 * DAY), (STAGE, "announced", "", 5 * DAY)), CaseState.OPEN, ""),
        (((EMBARGO, NOW + 5 * DAY), (STAGE, "ready")), CaseState.OPEN, ""),
        (((EMBARGO, NOW), (ENDED, "leaked")), CaseState.OPEN, RELEASED),
        (((EMBARGO, NOW + 5 * DAY), (ENDED, "leaked")), CaseState.OPEN, ""),
        (((ENDED, "leaked"),), CaseState.OPEN, ""),
        (((OPEN, "yes"),), CaseState.OPEN, RELEASED),
        (((OPEN, "yes", "", 5 * DAY),), CaseState.OPEN, ""),
    ],
)
def test_which_date_of_a_list_is_old(
    given: tuple[tuple[object, ...], ...], state: CaseState, why: str
) -> None:
    """Moved, given up, or overtaken by what became public earlier; not at the very date itself."""
    found = old(recorded(TOLD, *given, state=state))
    assert [(one.item, one.why, one.told) for one in found] == (
        [("distros", why, NOW + 5 * DAY)] if why else []
    )
    assert old(recorded(*given, state=state)) == []


BEGUN = (ANNOUNCING, NOW - HOUR, "announce")


def test_which_places_have_had_their_letter() -> None:
    """And since when the first was owed."""
    assert sending.begun(recorded(BEGUN), DESK) == [NOW - HOUR]
    assert [one.id for one in sending.left(recorded(BEGUN), DESK)] == ["users"]
    assert sending.begun(recorded(), DESK) == []
    assert sending.by_clock_alone(recorded()) is True
    assert sending.by_clock_alone(recorded(BEGUN)) is False
    by_clock = replace(recorded(BEGUN).record.facts[0], by="maild")
    one = replace(recorded(), record=Disclosure((by_clock,)))
    assert sending.by_clock_alone(one) is True
    out = Fact(ANNOUNCED_AT, NOW.isoformat(), "maild", NOW, "announce")
    assert sending.by_clock_alone(replace(one, record=one.record.noting(out))) is False


@pytest.mark.parametrize(("late", "gone"), [(GRACE, False), (GRACE + SECOND, True)])
def test_how_late_an_announcement_still_goes_out_unasked(late: timedelta, gone: bool) -> None:
    """Any other letter may be as late as it is."""
    assert sending.overdue(LetterKind.ANNOUNCEMENT, NOW - late, NOW) is gone
    assert sending.overdue(LetterKind.PREDISCLOSURE, NOW - late, NOW) is False
    fits = recorded((PREPARED_FOR, NOW, ANNOUNCEMENT), (EMBARGO, NOW))
    assert sending.asks(fits, NOW, NOW + late) is gone
    ended = recorded((PREPARED_FOR, NOW, ANNOUNCEMENT), (EMBARGO, NOW), (ENDED, "leaked"))
    assert sending.asks(ended, NOW, NOW) is True


@pytest.mark.parametrize(
    ("given", "concerned"),
    [
        ((FOR_LIST, (EMBARGO, NOW)), True),
        ((FOR_LIST,), False),
        (((EMBARGO, NOW),), True),
        ((), False),
    ],
)
def test_which_cases_a_list_hears_of(given: tuple[tuple[object, ...], ...], concerned: bool) -> None:
    """One with a date that is for it, or with a text for it; a list may ask for no date."""
    one = recorded(*given)
    assert sending.concerns(LIST, one, DESK) is concerned
    assert sending.concerns(replace(LIST, requires_date=False), one, DESK) is (concerned or FOR_LIST in given)
    severe = replace(LIST, min_severity="Critical")
    assert sending.concerns(severe, one, DESK) is (concerned and FOR_LIST in given)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (
            ((EMBARGO, NOW + 4 * DAY), READY, BY_ANNA),
            [
                (NOW + DAY, "predisclosure distros", ()),
                (NOW + 4 * DAY, "announcement announce", ("Anna",)),
                (NOW + 4 * DAY, "announcement users", ("Anna",)),
            ],
        ),
        (
            ((EMBARGO, NOW + SECOND), FOR_LIST, (PREDISCLOSED, "other", "distros")),
            [
                (NOW, "predisclosure distros", ()),
                (NOW + SECOND, "announcement announce", ()),
                (NOW + SECOND, "announcement users", ()),
            ],
        ),
        (
            ((EMBARGO, NOW + 4 * DAY), FOR_LIST, (PREDISCLOSED, DIGEST, "distros")),
            [(NOW + 4 * DAY, "announcement announce", ()), (NOW + 4 * DAY, "announcement users", ())],
        ),
        (((EMBARGO, NOW),), []),
        (((EMBARGO, NOW + DAY), (STAGE, "announced")), []),
        (((EMBARGO, NOW + DAY), (STAGE, "closed")), []),
        (((EMBARGO, NOW + DAY), (ENDED, "leaked")), []),
        ((), []),
    ],
)
def test_what_will_go_out_if_nobody_does_anything(
    given: tuple[tuple[object, ...], ...], what: list[tuple[datetime, str, tuple[str, ...]]]
) -> None:
    """To lists first, then to each place, with who has approved it; nothing once it is over."""
    assert list(sending.coming(recorded(*given), DESK, NOW)) == what


def test_the_instants_at_which_something_may_go_out() -> None:
    """The announcement's, where it is mailed, and each list's."""
    assert list(sending.instants(NOW, DESK)) == [NOW, NOW - 3 * DAY]
    assert list(sending.instants(NOW, replace(DESK, targets=Targets((LIST,))))) == [NOW - 3 * DAY]
    assert sending.on_the_ladder(POLICY) == [CARL.contact, BEA.contact, ANNA.contact]
