"""How the work of a call grows with its input, in CPU time of this thread.

A first look compares two sizes, once each, and costs next to nothing. What looks steeper than linear is
measured: the best of five runs at a size and its double, then two further doublings. Only what is steep
three times in a row is reported, so a busy machine changes no verdict.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LIMIT = 2.8
"""Growth a doubling from which on work is not linear; quadratic work has 4."""
RUNS = 5
FLOOR = 0.0004
"""CPU seconds below which a clock says nothing, and a call does no harm."""
PATIENCE = 1.0
"""CPU seconds after which a single call is stopped and counts as endless."""

Input = tuple[str, str, str]
"""What an input is made of: its beginning, what is repeated, and its end."""
Call = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Steep:
    """An input on which the work grows faster than it may, with the growths seen."""

    made_of: Input
    sizes: tuple[int, ...]
    growths: tuple[float, ...]


class EndlessError(Exception):
    """A call used more CPU time than anything linear can."""


def text(made_of: Input, size: int) -> str:
    """An input of about *size* characters: the middle part repeated between the other two."""
    before, pump, after = made_of
    return before + pump * max(1, (size - len(before) - len(after)) // len(pump)) + after


def steep(call: Call, made_of: Input, small: int, large: int, cap: int) -> Steep | None:
    """What was measured when the work of *call* grows too fast on inputs of this kind up to *cap*."""
    large = min(large, cap)
    small = min(small, max(1, large // 8))
    last = _once(call, text(made_of, large))
    if last < FLOOR or last < _once(call, text(made_of, small)) * (large / small) ** 1.25:
        return None
    return _confirmed(call, made_of, _size(call, made_of, small, large), cap)


def _size(call: Call, made_of: Input, small: int, large: int) -> int:
    """The smallest size whose work the clock can tell from nothing."""
    size = small
    while size < large and _once(call, text(made_of, size)) < FLOOR:
        size *= 2
    return size


def _confirmed(call: Call, made_of: Input, size: int, cap: int) -> Steep | None:
    sizes = tuple(one for one in (size, size * 2, size * 4, size * 8) if one <= cap)
    if len(sizes) < 4:
        sizes = (cap // 8, cap // 4, cap // 2, cap)
    growths: list[float] = []
    before = _best(call, text(made_of, sizes[0]))
    for one in sizes[1:]:
        after = _best(call, text(made_of, one))
        growths.append(round(after / max(before, 1e-7), 1))
        if growths[-1] <= LIMIT:
            return None
        if after >= PATIENCE:
            break
        before = after
    return Steep(made_of, sizes, tuple(growths))


def _best(call: Call, given: str) -> float:
    best = PATIENCE
    for _ in range(RUNS):
        best = min(best, _once(call, given))
        if best > PATIENCE / 10:
            break  # long enough for the clock to be sure
    return best


def _once(call: Call, given: str) -> float:
    """CPU seconds of one call; ``PATIENCE`` when it did not end."""
    begun = time.thread_time()
    try:
        with _patience():
            call(given)
    except EndlessError:
        return PATIENCE
    return time.thread_time() - begun


@contextmanager
def _patience() -> Iterator[None]:
    def over(*_: object) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
