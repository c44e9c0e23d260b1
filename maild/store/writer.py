"""The one thread in which a daemon writes: what several letters want at the same time is committed together.

A commit waits for the disk. Four letters under way would wait for it eight times, each alone; so the calls of
the same kind that have come together share a transaction. One that fails takes nothing of the others with it:
then all is undone, and each is done by itself.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

MOST = 16
"""Calls that share a transaction at most."""


@dataclass(frozen=True, eq=False)
class Job:
    """A call that somebody on the event loop waits for."""

    work: Callable[..., Any]
    args: tuple[Any, ...]
    named: dict[str, Any]
    future: asyncio.Future[Any]

    @property
    def kind(self) -> Any:
        """The function that is called, whatever object it belongs to."""
        return getattr(self.work, "__func__", self.work)

    def done(self, connection: Connection) -> Any:
        """What the call comes to."""
        return self.work(connection, *self.args, **self.named)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its result, or its error."""

    job: Job
    result: Any = None
    error: BaseException | None = None


class Transactions(Protocol):
    """What runs some work in a transaction, as ``Database.call``."""

    def call(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """*work* in one transaction in this thread."""


class Writer:
    """Takes jobs from the event loop, and does them in its thread in the order they came."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, "maild-store")
        self._waiting: deque[Job] = deque()
        self._lock = threading.Lock()

    async def run(self, work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """What *work* comes to; its error is raised here."""
        job = Job(work, args, named, asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(job)
        self._thread.submit(self._next)
        return await job.future

    def close(self) -> None:
        """Wait for the transaction under way."""
        self._thread.shutdown()

    def _next(self) -> None:
        """The job that came first, with those of its kind; nothing if it was done with another."""
        if jobs := self._taken():
            outcomes = self._together(jobs) if len(jobs) > 1 else [self._alone(jobs[0])]
            jobs[0].future.get_loop().call_soon_threadsafe(_tell, outcomes)

    def _taken(self) -> list[Job]:
        with self._lock:
            here = [job for job in self._waiting if not job.future.cancelled()]
            taken = [job for job in here if job.kind is here[0].kind][:MOST]
            self._waiting = deque(job for job in here if job not in taken)
        return taken

    def _together(self, jobs: list[Job]) -> list[Outcome]:
        """All in one transaction; one after another where anything goes wrong in it."""
        try:
            return [Outcome(*pair) for pair in zip(jobs, self._database.call(together, jobs), strict=True)]
        except Exception:  # noqa: BLE001 - it is raised again to whoever waits for the job that it is about
            return [self._alone(job) for job in jobs]

    def _alone(self, job: Job) -> Outcome:
        try:
            return Outcome(job, self._database.call(job.work, *job.args, **job.named))
        except BaseException as error:  # noqa: BLE001 - raised again to whoever waits for it
            return Outcome(job, error=error)


def together(connection: Connection, jobs: Sequence[Job]) -> list[Any]:
    """What *jobs* come to, one after another."""
    return [job.done(connection) for job in jobs]


def _tell(outcomes: list[Outcome]) -> None:
    """On the event loop: who waited goes on."""
    for one in outcomes:
        if one.job.future.done():
            continue  # whoever waited has given up
        if one.error is not None:
            one.job.future.set_exception(one.error)
        else:
            one.job.future.set_result(one.result)
