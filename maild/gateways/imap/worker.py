"""The mailbox from the event loop: every call runs in one thread that owns the connection."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from maild.errors import TemporaryError
from maild.gateways.imap.account import ImapAccount
from maild.gateways.imap.mailbox import Mailbox

T = TypeVar("T")

_Job = tuple[Callable[[], Any], "Future[Any]"]


class MailboxThread:
    """One account's mailbox, to be awaited.

    A call that outlives its deadline costs its thread and connection: the socket is shut down, whatever
    it still does is ignored, and the next call finds a new thread with a new, unconnected mailbox.
    """

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self._worker = _Worker(account)

    async def call(self, function: Callable[..., T], *args: object, deadline: float) -> T:
        """``function(mailbox, *args)`` in the thread, one at a time, in order.

        ``deadline`` is in seconds, from now. Raises TemporaryError when it passes, and whatever the
        function raises. A cancelled call runs on to its end unseen, but a ``wait`` is woken.
        """
        worker = self._worker
        future = worker.submit(function, *args)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), deadline)
        except TimeoutError:
            self._replace(worker)
            raise TemporaryError(f"{self._account.host}: no answer within {deadline:g} seconds") from None
        except asyncio.CancelledError:
            worker.mailbox.wake()
            raise

    def wake(self) -> None:
        """End a ``wait`` in progress, or the next one."""
        self._worker.mailbox.wake()

    async def close(self, deadline: float = 3.0) -> None:
        """Log out and end the thread; after ``deadline`` seconds without waiting for it any longer."""
        self.wake()
        worker = self._worker
        future = worker.submit(Mailbox.close)
        worker.finish()
        try:
            await asyncio.wait_for(asyncio.wrap_future(future), deadline)
        except TimeoutError:
            worker.mailbox.abandon()

    def _replace(self, worker: "_Worker") -> None:
        """Give a worker up; once, however many calls were waiting for it."""
        worker.mailbox.abandon()
        worker.finish()
        if self._worker is worker:
            self._worker = _Worker(self._account)


class _Worker:
    """One thread with its mailbox. A daemon thread: a name server that hangs must not hold up our exit."""

    def __init__(self, account: ImapAccount) -> None:
        self.mailbox = Mailbox(account)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="imap", daemon=True).start()

    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        future: Future[T] = Future()
        self._jobs.put((lambda: function(self.mailbox, *args), future))
        return future

    def finish(self) -> None:
        """No more jobs: the thread closes the mailbox and ends after those it has."""
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever awaits the call
                future.set_exception(error)
            del job, work, future  # a mail must not stay in memory until the next call
        self.mailbox.close()
