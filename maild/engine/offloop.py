"""Work on a mail's bytes beside the event loop: it runs in a thread, and comes back only to ask gpg.

The steps of the opener are a coroutine that waits for nothing but its questions. Whatever they do between
two of them is done in a thread, so that a mail that takes long holds up no other loop.
"""

import asyncio
import threading
import types
from collections.abc import Awaitable, Coroutine, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from maild.core.mail.opened import Signature
from maild.gateways.openpgp import Decrypted, OpenPGP

T = TypeVar("T")
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
        return await _ask(self._pgp.decrypt(ciphertext, now))

    async def unwrap(self, ciphertext: bytes, now: datetime | None) -> Decrypted:
        """As ``OpenPGP.unwrap``."""
        return await _ask(self._pgp.unwrap(ciphertext, now))

    async def verify(self, data: bytes, signature: bytes, now: datetime | None) -> Signature:
        """As ``OpenPGP.verify``."""
        return await _ask(self._pgp.verify(data, signature, now))

    async def verify_clear(self, text: bytes, now: datetime | None) -> Signature:
        """As ``OpenPGP.verify_clear``."""
        return await _ask(self._pgp.verify_clear(text, now))

    async def one_verdict(self, verdicts: list[Signature]) -> Signature:
        """As ``OpenPGP.one_verdict``."""
        return await _ask(self._pgp.one_verdict(verdicts))


async def run(steps: Steps[T]) -> T:
    """What *steps* come to, each of them in a thread; an error of theirs or of what they ask goes up."""
    step = await asyncio.to_thread(_alone, steps)
    while not isinstance(step, Done):
        step = await asyncio.to_thread(_alone, steps, await step)
    result: T = step.result
    return result


def _alone(steps: Steps[T], answer: object = None) -> Question | Done:
    """``advance``, while no other mail is looked at: two would take twice the memory, and no less time."""
    with _ONE:
        return advance(steps, answer)


def advance(steps: Steps[T], answer: object = None) -> Question | Done:
    """The next question of *steps*, which were given *answer* to their last one, or their end."""
    try:
        return steps.send(answer)
    except StopIteration as end:
        return Done(end.value)


@types.coroutine
def _ask(question: Awaitable[T]) -> Generator[Question, T, T]:
    return (yield question)
