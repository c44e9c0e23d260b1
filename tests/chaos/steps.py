"""The steps of the road by name, and how a process is armed to die at one of them.

Nothing of this is in maild: the steps are wrapped from outside, in a process of the tests, by the names of the
functions that take them. A function that is gone or renamed ends the process before it begins, so no step can
quietly stop being tried.
"""

import asyncio
import inspect
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from maild.core.event import SweepDue
from maild.store.database import Database
from maild.store.writer import together

TRANSACTIONS = {
    "2 keep": "maild.engine.ingress Ingress.keep",
    "4 handle": "maild.engine.arriving Arriving.record",
    "6 handle what was inside": "maild.engine.handler handle_opened",
    "7 mark": "maild.store.folders marked",
    "8 claim": "maild.engine.claiming Claims.claim",
    "8 fix the bytes": "maild.engine.dispatcher Dispatcher.fix",
    "8 settle": "maild.engine.settling Settling.record",
    "8 postpone": "maild.store.letters postpone",
    "9 sweep": "maild.engine.handler handle",
    "0 recover mail": "maild.store.envelopes recover",
    "0 recover letters": "maild.store.letters recover",
}
"""Steps that end in a commit: a process can die just before it and just after."""

CALLS = {
    "1 fetched": ("maild.gateways.imap.mailbox Mailbox.take", "after"),
    "5 opening": ("maild.engine.opening opening", "during"),
    "5 opened": ("maild.engine.opening opening", "after"),
    "7 marked on the server": ("maild.gateways.imap.mailbox Mailbox.mark", "after"),
    "8 composed": ("maild.engine.composing Composer.compose", "after"),
    "8 recipient accepted": ("maild.gateways.smtp.talk Talk.envelope", "after"),
    "8 in the letter": ("maild.gateways.smtp.talk Talk._write", "after"),
    "8 final dot": ("maild.gateways.smtp.talk Talk._final_dot", "during"),
    "8 accepted": ("maild.gateways.smtp.talk Talk.content", "after"),
}
"""Steps outside any transaction."""

POINTS = sorted([*(f"{name}{end}" for name in TRANSACTIONS for end in (", commit", ", committed")), *CALLS])
"""Every named step: where a process can be made to die."""


@dataclass
class Aim:
    """What happens at a point: at its *nth* passage death, or with *hold* a stop of so many seconds.

    A process that stops says so by making the file *held*.
    """

    point: str
    nth: int = 1
    hold: float = 0.0
    held: str = ""

    def reach(self, point: str) -> None:
        """A step was reached."""
        if point != self.point:
            return
        self.nth -= 1
        if self.nth:
            return
        if not self.hold:
            os.kill(os.getpid(), signal.SIGKILL)
        Path(self.held).touch()
        time.sleep(self.hold)


def look_up(name: str) -> tuple[Any, str, Callable[..., Any]]:
    """The holder of a function, its name there, and the function."""
    module, _, path = name.partition(" ")
    holder: Any = import_module(module)
    *way, last = path.split(".")
    for part in way:
        holder = getattr(holder, part)
    return holder, last, getattr(holder, last)


def arm(aim: Aim) -> None:
    """Wrap every step; only what *aim* names does anything."""
    for point, (name, when) in CALLS.items():
        holder, last, function = look_up(name)
        setattr(holder, last, _wrapped(function, point, when, aim))
    works = {_plain(look_up(name)[2]): step for step, name in TRANSACTIONS.items()}
    call = Database.call

    def watched(self: Database, work: Callable[..., Any], *args: Any, **named: Any) -> Any:
        def inner(connection: Any, *given: Any, **also: Any) -> Any:
            result = work(connection, *given, **also)
            for step in _taken(works, work, given, result):
                aim.reach(f"{step}, commit")
            return result

        result = call(self, inner, *args, **named)
        for step in _taken(works, work, args, result):
            aim.reach(f"{step}, committed")
        return result

    Database.call = watched  # type: ignore[method-assign]


def _taken(works: dict[Any, str], work: Any, given: tuple[Any, ...], result: Any) -> list[str]:
    """The steps that a transaction takes: one for each of the calls that share it."""
    if work is together:
        done = [(job.kind, job.args, came) for job, came in zip(given[0], result, strict=True)]
    else:
        done = [(_plain(work), given, result)]
    named = [(works.get(kind, ""), about, came) for kind, about, came in done]
    return [step for step, about, came in named if step and _matters(step, about, came)]


def _plain(work: Callable[..., Any]) -> Any:
    return getattr(work, "__func__", work)


def _matters(step: str, given: tuple[Any, ...], result: Any) -> bool:
    """Empty rounds are no steps."""
    if step == "9 sweep":
        return isinstance(given[0], SweepDue) and bool(result.changes)
    return bool(result) if step in ("8 claim", "2 keep") else True


def _soon(point: str, aim: Aim) -> None:
    """When gpg has been started, beside the event loop, or the dot has left."""
    if "opening" in point:
        threading.Timer(0.005, aim.reach, [point]).start()
    else:
        asyncio.get_running_loop().call_soon(aim.reach, point)


def _wrapped(function: Callable[..., Any], point: str, when: str, aim: Aim) -> Callable[..., Any]:
    if not inspect.iscoroutinefunction(function):

        def call(*args: Any, **named: Any) -> Any:
            result = function(*args, **named)
            aim.reach(point)
            return result

        return call

    async def waits(*args: Any, **named: Any) -> Any:
        if when == "during":
            _soon(point, aim)
        result = await function(*args, **named)
        if when == "after":
            aim.reach(point)
        return result

    return waits
