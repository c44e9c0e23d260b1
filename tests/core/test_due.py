"""What has a date of its own has one shape and one reminder; here the keys that must never change."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.core.change import OweLetter
from maild.core.due import reminding
from maild.core.due.instant import instant_and_rest
from maild.core.due.shape import Due, Moment
from maild.core.promises.forecast import What
from maild.core.values.noticekind import NoticeKind
from tests.support.desk import ANNA, NOW, POLICY

AT = NOW + timedelta(days=2)
DAY = timedelta(days=1)
DATE = Due(
    "EX-222222",
    NoticeKind.REGULATORY,
    "regulatory: report",
    AT,
    (Moment(AT - DAY, "1"), Moment(AT, "late")),
    (ANNA.contact, ANNA.contact),
    {"step": "report"},
    item="report",
    over="late",
)


def told(one: Due, now: datetime) -> list[tuple[str, object]]:
    """The keys of the letters of a reminder, and whether they say that the date has come."""
    found = reminding.remind(one, POLICY, now)
    return [(c.dedupe, c.facts["late"]) for c in found if isinstance(c, OweLetter)]


@pytest.mark.parametrize(
    ("since", "step"),
    [(-2 * DAY, ""), (-DAY, "1"), (-timedelta(hours=1), "1"), (DAY * 0, "late"), (9 * DAY, "late")],
)
def test_the_last_moment_that_has_come_is_told_once(since: timedelta, step: str) -> None:
    """Its key names the date and the moment, so that an upgraded desk tells nobody anything again."""
    key = f"notice:regulatory:EX-222222:report:{AT.isoformat()}:{step}:{ANNA.contact}"
    assert told(DATE, AT + since) == ([(key, step == "late")] if step else [])


def test_what_is_done_is_reminded_of_no_more() -> None:
    """Neither told nor foretold, and the list says when it was done, late or not."""
    done = Due("x", NoticeKind.REGULATORY, "n", AT, DATE.moments, DATE.people, over="late", done=AT + DAY)
    assert told(done, AT + 3 * DAY) == []
    assert list(reminding.coming(done, POLICY, NOW, AT + DAY)) == []
    assert done.stands(AT, "done", "missed", "open") == f"done {AT + DAY:%Y-%m-%d %H:%M} UTC (late)"
    assert [DATE.stands(now, "done", "missed", "open") for now in (NOW, AT)] == ["open", "missed"]


def test_each_moment_ahead_is_foretold_once() -> None:
    """The date itself as due, what comes before it as a reminder; nothing that has passed."""
    found = list(reminding.coming(DATE, POLICY, NOW, AT + DAY))
    assert [(one.at, one.what, one.people) for one in found] == [
        (AT - DAY, What.REMINDER, (ANNA.name,)),
        (AT, What.DUE, (ANNA.name,)),
    ]
    assert [one.at for one in reminding.coming(DATE, POLICY, AT - DAY, AT + DAY)] == [AT]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" 2026-12-01 16:00 UTC ", (datetime(2026, 12, 1, 16, tzinfo=UTC), "")),
        ("2026-12-01T16:00+01:00 a talk", (datetime(2026, 12, 1, 15, tzinfo=UTC), "a talk")),
        ("2026-12-01", None),
        ("2026-12-01 16:00", None),
        ("tomorrow", None),
    ],
)
def test_an_instant_has_a_zone(text: str, found: tuple[datetime, str] | None) -> None:
    """A bare date is none; what follows the instant is its reason."""
    assert instant_and_rest(text) == found
