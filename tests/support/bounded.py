"""A limit on work for tests of hostile input.

Nothing here measures: what is linear ends in milliseconds, what is not would run for hours, and the limit
stands far from both, so that a busy machine changes no verdict.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.ports import PATIENCE

SECONDS = 20
"""Of processor time, which other work on the machine does not use up; what only waits has ``PATIENCE``."""


class TooLongError(AssertionError):
    """The work under test did not end."""


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Fail when the block does not end (main thread only: the limits are signals)."""

    def over(*_: object) -> None:
        raise TooLongError(f"still at it after {seconds} seconds of work or {PATIENCE:g} of waiting")

    limits = {
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
        signal.SIGALRM: (signal.ITIMER_REAL, PATIENCE),
    }
    before = {number: signal.signal(number, over) for number in limits}
    for timer, length in limits.values():
        signal.setitimer(timer, length)
    try:
        yield
    finally:
        for number, (timer, _) in limits.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])
