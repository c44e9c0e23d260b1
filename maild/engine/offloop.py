"""Work on a mail's bytes beside the event loop: it runs in a thread, and comes back only to ask something.

Steps are a coroutine that waits for nothing but its questions, to gpg and to the database. Whatever they do
between two of them is done in a thread, so that a mail that takes long holds up no other loop.
"""

import asyncio
import threading
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from maild.core.mail.opened import Signature
from maild.core.mail.packets import bared
from maild.core.mail.signed import combined
from maild.gateways.openpgp import Decrypted, OpenPGP

T = TypeVar("T")
P = ParamSpec("P")
Question = Awaitable[Any]
Steps = Coroutine[Question, Any, T]


_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Done:
    """The steps came to their end, with this."""

    result: Any


class Asking:
    """The desk's OpenPGP as steps see it: what they await is asked on the loop, errors as of ``OpenPGP``."""

    def __init__(self, pgp: OpenPGP) -> None:
        self._pgp = pgp

    async def decrypt(self, ciphertext: bytes, now: datetime | None) -> Decrypted:
        """As ``OpenPGP.decrypt``."""
        return await ask(self._pgp.opened(*bared(ciphertext), now))

    async def unwrap(self, ciphertext: bytes, now: datetime | None) -> Decrypted:
        """As ``OpenPGP.unwrap``."""
        return await ask(self._pgp.unwrap(ciphertext, now))

    async def verify(self, data: bytes, signature: bytes, now: datetime | None) -> Signature:
        """As ``OpenPGP.verify``."""
        return await ask(self._pgp.verify(data, signature, now))

    async def verify_clear(self, text: bytes, now: datetime | None) -> Signature:
        """As ``OpenPGP.verify_clear``."""
        return await ask(self._pgp.verify_clear(text, now))

    async def one_verdict(self, verdicts: list[Signature]) -> Signature:
        """As ``OpenPGP.one_verdict``; of one alone nothing is asked."""
        if len(verdicts) < 2:
            return combined(verdicts)
        return await ask(self._pgp.one_verdict(verdicts))


async def run(steps: Steps[T], alone: bool = True) -> T:
    """What *steps* come to, each of them in a thread; an error of theirs or of what they ask goes up.

    *alone*: while no other mail is looked at, as two would take twice the memory, and no less time.
    """
    forward = _alone if alone else advance
    step = await asyncio.to_thread(forward, steps)
    while not isinstance(step, Done):
        step = await asyncio.to_thread(forward, steps, await step)
    result: T = step.result
    return result


def beside(steps: Callable[P, Steps[T]]) -> Callable[P, Steps[T]]:
    """*steps* as a function of the event loop: each call is ``run``."""

    @wraps(steps)
    async def whole(*args: P.args, **named: P.kwargs) -> T:
        return await run(steps(*args, **named))

    return whole


def _alone(steps: Steps[T], answer: object = None) -> Question | Done:
    with _ONE:
        return advance(steps, answer)


def advance(steps: Steps[T], answer: object = None) -> Question | Done:
    """The next question of *steps*, which were given *answer* to their last one, or their end."""
    try:
        return steps.send(answer)
    except StopIteration as end:
        return Done(end.value)


@types.coroutine
def ask(question: Awaitable[T]) -> Generator[Question, T, T]:
    """What *question* comes to on the event loop; of steps only."""
    return (yield question)
