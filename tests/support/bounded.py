"""A limit on work for tests of hostile input.

Nothing here measures: what is linear ends in milliseconds, what is not would run for hours, and the limit
stands far from both, so that a busy machine changes no verdict.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 20


class TooLongError(AssertionError):
    """The work under test did not end."""


@contextmanager
def bounded(seconds: int = SECONDS) -> Iterator[None]:
    """Fail when the block does not end (main thread only: the limit is a signal)."""

    def over(*_: object) -> None:
        raise TooLongError(f"still at it after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
