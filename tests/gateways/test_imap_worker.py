"""The mailbox from the event loop."""

import asyncio
import threading
import time

import pytest

from maild.errors import TemporaryError
from maild.gateways.imap import ImapAccount, Mailbox, MailboxThread
from tests.support import mails
from tests.support.dovecot import User
from tests.support.imapscript import STALL, ImapScript


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "imap"}


@pytest.mark.dovecot
async def test_calls_run_in_one_thread_in_order(inbox: User) -> None:
    """Every call runs in the same thread, after the one before, on the connection it left."""
    inbox.append(mails.plain())
    mailbox = MailboxThread(inbox.account())
    await mailbox.call(Mailbox.connect, deadline=10)
    state, mail, first = await asyncio.gather(
        mailbox.call(Mailbox.select, "INBOX", deadline=10),
        mailbox.call(Mailbox.fetch, 1, 10_000, deadline=10),
        mailbox.call(lambda _: threading.get_ident(), deadline=10),
    )
    assert state.uidnext == 2
    assert mail is not None
    assert first == await mailbox.call(lambda _: threading.get_ident(), deadline=10) != threading.get_ident()
    before = _threads()
    await mailbox.close()
    assert len(before - {thread for thread in before if not thread.is_alive()}) <= 1


async def test_a_call_past_its_deadline_costs_its_connection_and_nothing_more() -> None:
    """A stuck call is cut off in time, its thread ends, and the next call has a fresh mailbox."""
    before = _threads()
    with ImapScript({"NOOP": STALL}).running() as script:
        mailbox = MailboxThread(script.account(timeout=30))
        await mailbox.call(Mailbox.connect, deadline=5)
        await mailbox.call(Mailbox.select, "INBOX", deadline=5)
        stuck = _threads() - before
        began = time.monotonic()
        with pytest.raises(TemporaryError, match=r"no answer within 0\.2 seconds"):
            await mailbox.call(Mailbox.uids_from, 1, deadline=0.2)
        assert time.monotonic() - began < 2
        for thread in stuck:
            await asyncio.to_thread(thread.join, 5)
            assert not thread.is_alive()
        with pytest.raises(TemporaryError, match="not connected"):
            await mailbox.call(Mailbox.folders, deadline=5)
        await mailbox.close()


async def test_a_queued_call_does_not_revive_a_mailbox_given_up() -> None:
    """What still waits behind a stuck call fails with it, instead of connecting again unseen."""
    with ImapScript({"NOOP": STALL}).running() as script:
        mailbox = MailboxThread(script.account(timeout=30))
        await mailbox.call(Mailbox.connect, deadline=5)
        stuck = mailbox.call(Mailbox.uids_from, 1, deadline=0.2)
        behind = mailbox.call(Mailbox.connect, deadline=5)
        began = time.monotonic()
        results = await asyncio.gather(stuck, behind, return_exceptions=True)
        assert time.monotonic() - began < 2
        assert [type(result) for result in results] == [TemporaryError, TemporaryError]
        assert script.connections == 1
        await mailbox.close()


async def test_a_cancelled_wait_frees_the_thread() -> None:
    """A task that is cancelled in the middle of a wait does not keep the next call waiting."""
    with ImapScript({}).running() as script:
        mailbox = MailboxThread(script.account(timeout=5))
        await mailbox.call(Mailbox.connect, deadline=5)
        await mailbox.call(Mailbox.select, "INBOX", deadline=5)
        task = asyncio.ensure_future(mailbox.call(Mailbox.wait, 60, deadline=90))
        await asyncio.to_thread(_await_idle, script)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await mailbox.call(lambda _: 7, deadline=3) == 7
        await mailbox.close()


def _await_idle(script: ImapScript) -> None:
    """Until the second, long round of waiting has begun."""
    end = time.monotonic() + 5
    while time.monotonic() < end and sum("IDLE" in line for line in script.commands) < 2:
        time.sleep(0.01)


async def test_closing_does_not_wait_for_a_stuck_call() -> None:
    """A mailbox whose server is silent is closed within the deadline."""
    with ImapScript({"NOOP": STALL}).running() as script:
        mailbox = MailboxThread(script.account(timeout=30))
        await mailbox.call(Mailbox.connect, deadline=5)
        task = asyncio.ensure_future(mailbox.call(Mailbox.uids_from, 1, deadline=60))
        await asyncio.sleep(0)
        began = time.monotonic()
        await mailbox.close(deadline=0.3)
        assert time.monotonic() - began < 2
        with pytest.raises(TemporaryError):
            await task


async def test_what_a_call_raises_comes_out() -> None:
    """An error of the function is the caller's, and the thread goes on."""
    mailbox = MailboxThread(ImapAccount("127.0.0.1", 1, "none", "", "desk"))
    with pytest.raises(ZeroDivisionError):
        await mailbox.call(lambda _: 1 // 0, deadline=5)
    assert await mailbox.call(lambda _: 7, deadline=5) == 7
    await mailbox.close()
