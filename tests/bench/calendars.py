"""Compares the calendar's arithmetic with the minute-by-minute oracle: ``python tests/bench/calendars.py``.

100,000 random examples over every zone of the tz database, or as many as the first argument says, in rounds
that each tell how far they came. Takes some thirty minutes. Stops at the first disagreement and shows the smallest example of it. Also prints how long the
arithmetic takes for near and far lengths.
"""

import sys
import time
import zoneinfo
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import HealthCheck, given, settings

from maild.core.values.calendar import Calendar, due
from maild.core.values.duration import parse_length
from tests.core import oracle
from tests.core.test_calendar import BERLIN

ZONES = tuple(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}))

ROUND = 5_000
"""Examples that are drawn at a time; what was drawn is remembered, which a long round pays for."""


def main(wanted: int) -> int:
    """Print the figures; an exception when the two disagree."""
    seen: Counter[str] = Counter()
    zones: set[str] = set()

    # Without a database each round draws other examples.
    @settings(
        max_examples=min(wanted, ROUND), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(oracle.examples(ZONES))
    def compare(example: oracle.Example) -> None:
        oracle.agree(*example)
        seen[example[1].unit] += 1
        zones.add(str(example[2].zone))

    before = time.monotonic()
    while seen.total() < wanted:
        compare()
        print(f"  {seen.total():,} examples, {time.monotonic() - before:.0f} s", flush=True)
    units = ", ".join(f"{count:,} {unit}" for unit, count in seen.most_common())
    print(f"{seen.total():,} examples in {len(zones)} zones, no disagreement ({units})")
    print(f"{time.monotonic() - before:.0f} seconds")
    for length, calendar in (("8wh", BERLIN), ("3wd", BERLIN), ("90wd", BERLIN), ("5000wd", BERLIN)):
        print(f"due({length}): {_cost(length, calendar) * 1e6:,.0f} µs")
    return 0


def _cost(length: str, calendar: Calendar) -> float:
    """Seconds of one call, of the best of some rounds."""
    start, wanted = datetime(2026, 3, 27, 15, 30, tzinfo=UTC), parse_length(length)
    costs = []
    for n in range(20):
        before = time.perf_counter()
        due(start + timedelta(minutes=n), wanted, calendar)
        costs.append(time.perf_counter() - before)
    return min(costs)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
