"""The limits that the team really keeps, beside the promised ones."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from maild.app.desk import open_desk
from maild.app.suggest import percentile, suggested
from maild.core.values.duration import Length
from maild.core.values.rule import seed
from maild.store import schema
from maild.store.kept import Kept, kept
from tests.policy.conftest import Configured
from tests.support.desk import NOW
from tests.support.umask import own_umask

RULES = seed(Length(24, "h"), Length(48, "h"), Length(5, "d"))
HOUR = timedelta(hours=1)


def hours(*counts: float) -> Kept:
    """Promises kept after so many hours each."""
    return Kept([HOUR * count for count in counts])


def test_median_and_ninetieth_percentile() -> None:
    """Beside the promised limit: how many, the middle, nine in ten, and the limit that nine in ten kept."""
    found = {row["promise"]: row for row in suggested({"respond": hours(*range(1, 10), 70.5)}, RULES)}
    assert found["respond"] == {
        "promise": "respond",
        "promised": "48 hours",
        "kept": 10,
        "late": 0,
        "overdue": 0,
        "median": "5h 30m",
        "p90": "9h",
        "suggestion": "9h",
    }


def test_too_little_data_says_so() -> None:
    """Fewer than five kept promises are no ground for a suggestion; five are."""
    four, five = (suggested({"respond": hours(*range(1, count + 1))}, RULES)[1] for count in (4, 5))
    assert (four["suggestion"], four["median"], four["p90"]) == ("too little data (4 of 5)", None, None)
    assert (five["suggestion"], five["median"], five["p90"]) == ("5h", "3h", "5h")
    assert [row["suggestion"] for row in suggested({}, RULES)] == ["too little data (0 of 5)"] * 3


def test_long_times_are_suggested_in_days() -> None:
    """Above two days in whole days, rounded up."""
    row = suggested({"update": hours(49, 49, 49, 49, 73.5)}, RULES)[2]
    assert (row["median"], row["p90"], row["suggestion"]) == ("2d 1h", "3d 1h", "4d")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200))
def test_nine_in_ten_keep_the_percentile(counts: list[int]) -> None:
    """At least nine in ten of the times are within it, and it is one of them; a shorter one is not enough."""
    times = [timedelta(seconds=count) for count in counts]
    slow = percentile(times, 90)
    assert slow in times
    assert sum(time <= slow for time in times) * 10 >= len(times) * 9
    assert all(sum(time <= less for time in times) * 10 < len(times) * 9 for less in times if less < slow)


def test_the_figures_come_from_the_clocks(configured: Configured) -> None:
    """From start to met; late and overdue ones are counted; stopped clocks tell nothing."""
    columns = ("promise", "started", "due", "met", "stopped")
    rows = [
        ("respond", NOW, NOW + 48 * HOUR, NOW + 3 * HOUR, None),
        ("respond", NOW, NOW + 48 * HOUR, NOW + 50 * HOUR, None),
        ("respond", NOW, NOW + 48 * HOUR, None, None),
        ("respond", NOW + 30 * HOUR, NOW + 78 * HOUR, None, None),
        ("respond", NOW, NOW + 48 * HOUR, None, NOW + HOUR),
        ("acknowledge", NOW, NOW + 24 * HOUR, NOW, None),
    ]

    def record(connection: Connection) -> None:
        case = {"id": "EX-1", "state": "open", "opened": NOW, "sealed": False, "subject": ""}
        connection.execute(insert(schema.case).values(case))
        for number, row in enumerate(rows):
            values = dict(zip(columns, row, strict=True))
            clock = {**values, "case_id": "EX-1", "reporter": f"r{number}@x.example", "look": row[2]}
            connection.execute(insert(schema.clock).values(clock))

    with own_umask(), open_desk(configured(), lambda: NOW) as desk:
        desk.ask(record)
        found = desk.ask(kept, NOW + 60 * HOUR)
    assert found["respond"] == Kept([3 * HOUR, 50 * HOUR], late=1, overdue=1)
    assert found["acknowledge"] == Kept([timedelta(0)])
