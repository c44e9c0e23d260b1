"""Whose turn it is where several hosts run daemons for one desk: waited for, kept, handed on."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

from sqlalchemy import Connection

from maild import __version__, log
from maild.app.desk import Desk, uptime
from maild.core.event import DatabaseRestored
from maild.engine import handler, metering
from maild.errors import Deposed, Refused, StoreError, TemporaryError
from maild.gateways.metrics import Metrics
from maild.gateways.systemd import Notifier
from maild.store import headfile, lease
from maild.store.headfile import Head
from maild.store.lease import LENGTH, Lease

AGAIN = LENGTH.total_seconds() / 3
"""Seconds between two renewals, and between two looks of who stands by."""


def host() -> str:
    """This host by its name."""
    return socket.gethostname()


@cache
def me() -> str:
    """This process among all that may hold the desk; a process of the same host after it is another."""
    return f"{host()} {os.getpid()}-{secrets.token_hex(4)}"


async def turn(desk: Desk, notifier: Notifier, metrics: Metrics, reload: Callable[[], bool]) -> bool:
    """Stand by until the desk is ours; ``False`` when a signal ended the waiting before."""
    ended = asyncio.Event()
    here = asyncio.get_running_loop()
    handlers: dict[signal.Signals, Callable[[], object]] = {
        signal.SIGTERM: ended.set,
        signal.SIGINT: ended.set,
        signal.SIGHUP: lambda: ended.set() if reload() else None,
    }
    for number, does in handlers.items():
        here.add_signal_handler(number, does)
    try:
        return await _turn(desk, notifier, metrics, ended)
    finally:
        for number in handlers:
            here.remove_signal_handler(number)


async def _turn(desk: Desk, notifier: Notifier, metrics: Metrics, ended: asyncio.Event) -> bool:
    told = ""
    while not ended.is_set():
        works = await _taken(desk)
        if not works:
            return True
        if works != told:
            log.stands_by(works)
            told = works
        notifier.ready()
        notifier.status(f"stands by: {works}")
        notifier.watchdog()
        _show(desk, metrics)
        try:
            async with asyncio.timeout(AGAIN):
                await ended.wait()
        except TimeoutError:
            continue
    return False


def _show(desk: Desk, metrics: Metrics) -> None:
    """Who watches the figures sees that this host stands by."""
    try:
        if metrics.wanted:
            metrics.show([metering.works(desk.policy, False)])
    except TemporaryError as error:
        log.trouble("metrics", str(error))


async def _taken(desk: Desk) -> str:
    """Empty when the desk is ours from now on; else who works, or why nobody can tell."""
    mine, sent = Lease(me(), uptime), uptime()
    try:
        works, head = await desk.database.run(_try, mine, desk)
    except StoreError as error:
        return str(error)
    if works:
        desk.database.saw(head)
        return works
    desk.database.lost = False
    desk.database.saw(head)
    mine.sure = sent + LENGTH.total_seconds()
    desk.database.lease = mine
    log.works(mine.term)
    return ""


def _try(connection: Connection, mine: Lease, desk: Desk) -> tuple[str, Head | None]:
    """Take the desk if it is free; else who has it. Either way it is said that this host is there.

    With it goes how far the journal is. What the database lost is dealt with by whoever takes the desk.
    """
    mine.term = lease.take(connection, mine)
    lease.seen(connection, host(), bool(mine.term), __version__, desk.config.digest)
    if not mine.term:
        return lease.holder(connection).partition(" ")[0] or "another host", headfile.last(connection)
    if desk.database.lost:
        _restored(connection, mine, desk)
    return "", headfile.last(connection)


def _restored(connection: Connection, mine: Lease, desk: Desk) -> None:
    """The database lacks what this host had seen in it: nobody may be answered twice (ruling 27)."""
    lease.begins(connection, mine)
    before = headfile.last(connection)
    log.lost_commits()
    event = DatabaseRestored(before.at if before else None, f"host:{host()}", unasked=True)
    handler.handle(connection, event, desk.policy, desk.clock())


@asynccontextmanager
async def keeping(desk: Desk) -> AsyncIterator[None]:
    """The lease is renewed meanwhile; nothing is to be done where the database is a file."""
    if desk.database.lease is None:
        yield
        return
    keeper = asyncio.create_task(_keep(desk, desk.database.lease))
    try:
        yield
    finally:
        keeper.cancel()


async def _keep(desk: Desk, mine: Lease) -> None:
    while True:
        await asyncio.sleep(AGAIN)
        sent = uptime()
        try:
            desk.database.saw(await desk.database.run(_renew, desk.config.digest))
            mine.sure = sent + LENGTH.total_seconds()
        except StoreError as error:
            log.trouble("lease", str(error))
        except Deposed:
            return  # every loop meets it at its next transaction


def _renew(connection: Connection, config: str) -> Head | None:
    """The desk is ours for longer; how far the journal is by now, commands of other hosts included."""
    lease.renew(connection)
    lease.seen(connection, host(), True, __version__, config)
    return headfile.last(connection)


@asynccontextmanager
async def held(desk: Desk) -> AsyncIterator[None]:
    """The desk is ours for one run; ``Refused`` while another host has it."""
    if desk.database.shared and (works := await _taken(desk)):
        raise Refused(f"{works} runs this desk")
    try:
        async with keeping(desk):
            yield
    finally:
        await hand_on(desk)


async def hand_on(desk: Desk) -> None:
    """Whoever stands by may have the desk at once."""
    if desk.database.lease is None:
        return
    try:
        await desk.database.run(lease.give_up)
    except (StoreError, Deposed):
        return  # it ends by itself, or is over
