"""Running a desk: once, or for ever."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from maild import log
from maild.app import memory, promises, standby
from maild.app.desk import Desk, canary_account, imap_account, import_team, open_desk, open_pgp, smtp_account
from maild.app.reload import Hangup, Reload
from maild.app.waiting import Waiting, alerts
from maild.config import Config, letters
from maild.engine.composing import Composer
from maild.engine.dispatcher import Dispatcher
from maild.engine.ingress import Ingress
from maild.engine.opening import Opening
from maild.engine.outage import Outages
from maild.engine.servertime import ServerTime, asked_of
from maild.engine.supervisor import Supervisor
from maild.errors import ConfigError, Deposed, MaildError, Problem, Refused, StoreError
from maild.gateways.imap import MailboxThread
from maild.gateways.metrics import Metrics
from maild.gateways.openpgp import OpenPGP, check_home
from maild.gateways.systemd import Notifier
from maild.store import folders, leftovers, migrate
from maild.store.database import on_read_only_disk


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did; ``trouble`` is empty when the mailbox could be read."""

    taken: int
    sent: int
    backlog: int
    trouble: str = ""


def once(config: Config) -> Done:
    """Take in everything, sweep, send everything owed."""
    ready_home(config)
    memory.return_long_blocks()
    with open_desk(config) as desk, only_one(config):
        leftovers.sweep(config.state, alone=True)
        return asyncio.run(_once(desk))


def forever(config: Config) -> None:
    """The daemon, until a signal ends it; SIGHUP makes it go on with the configuration read anew.

    While the server of its database cannot be reached it waits; trouble with a file ends it.
    """
    notifier = Notifier.from_environment()
    waiting, hangup = Waiting(notifier), Hangup()
    memory.return_long_blocks()
    current: Config | None = config
    while current is not None:
        ready_home(current)
        current = _lived(current, notifier, waiting, hangup)
        hangup.keep()  # a loop with a handler of its own leaves the default behind
    log.stopped()


def _lived(config: Config, notifier: Notifier, waiting: Waiting, hangup: Hangup) -> Config | None:
    """One configuration's time, or a wait for its server; the one to go on with, if there is one."""
    try:
        with open_desk(config) as desk, only_one(config):
            waiting.over(config)
            leftovers.sweep(config.state, alone=True)
            return asyncio.run(_forever(desk, notifier, hangup))
    except StoreError as error:
        if not config.file.database.url:
            raise
        return asyncio.run(waiting.wait(config, str(error)))


def ready_home(config: Config) -> None:
    """Refuse to start on a key folder that gpg cannot work in (too long a path, open to others)."""
    faults = check_home(config.pgp_home) if config.file.openpgp.key else ()
    if faults:
        problems = tuple(Problem("openpgp.home", str(config.pgp_home), fault) for fault in faults)
        raise ConfigError(str(config.path), problems)


async def _once(desk: Desk) -> Done:
    async with standby.held(desk), engine(desk) as supervisor:
        trouble = ""
        try:
            await supervisor.once()
        except MaildError as error:
            trouble = str(error)
        left = await desk.database.run(folders.backlog_left)
        return Done(supervisor.ingress.arriving.taken, supervisor.dispatcher.settling.sent, left, trouble)


async def _forever(desk: Desk, notifier: Notifier, hangup: Hangup) -> Config | None:
    """One configuration's time; the one to go on with, if there is one.

    Where several hosts may work for the desk it begins with our turn; when that is over we stand by again.
    """
    reload = Reload(desk.config)
    metrics = _metrics(desk.config)
    try:
        if desk.database.shared and not await standby.turn(desk, notifier, metrics, reload.look):
            return reload.next
        hangup.keep()
        for line in promises.other_than_configured(desk):
            log.promise_changed(line)
        async with standby.keeping(desk), engine(desk) as supervisor:
            await supervisor.forever(notifier, metrics, reload.look, hangup.tell)
    except Deposed:
        log.deposed()
        return desk.config
    finally:
        metrics.close()
        hangup.keep()
    if reload.next is None:
        await standby.hand_on(desk)
    return reload.next


def _metrics(config: Config) -> Metrics:
    section = config.file.metrics
    host, _, port = section.listen.rpartition(":")
    return Metrics(config.beside(section.textfile) if section.textfile else None, host, int(port or 0))


@asynccontextmanager
async def engine(desk: Desk) -> AsyncIterator[Supervisor]:
    """The rooms of the engine for an open desk, their connections closed at the end."""
    config, parts = desk.config, desk.parts
    templates = letters.standard()
    templates.check()
    mailbox = MailboxThread(imap_account(config))
    pgp = await _unlocked(config)
    opening = Opening(parts, pgp)
    ingress = Ingress(parts, mailbox, opening.wake)
    composer = Composer(parts, templates, pgp)
    clock = ServerTime(parts, lambda: asked_of(imap_account(config)))
    dispatcher = Dispatcher(parts, smtp_account(config), composer, canary_account(config), clock)
    try:
        yield Supervisor(parts, ingress, opening, dispatcher, Outages(parts, alerts(config)))
    finally:
        await mailbox.close()


async def _unlocked(config: Config) -> OpenPGP | None:
    """The desk's keys opened and the team's imported; trouble with them is logged, and mail goes on waiting.

    A desk whose gpg is broken must still acknowledge and escalate, so nothing here ends the start.
    """
    pgp = open_pgp(config)
    if pgp is None:
        return None
    try:
        for fault in await import_team(config, pgp):
            log.trouble("team keys", fault)
        for fault in await pgp.prime():
            log.trouble("openpgp", fault)
    except MaildError as error:
        log.trouble("openpgp", str(error))
    return pgp


@contextmanager
def only_one(config: Config) -> Iterator[None]:
    """One running maild a state folder; ``Refused`` for the second, ``StoreError`` on a read-only disk."""
    if on_read_only_disk(config.state):
        raise StoreError(f"{config.state} is on a read-only file system; mount it writable and start again")
    with (config.state / migrate.RUNNING).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another maild is running on {config.state}; stop it first") from None
        yield


def is_running(config: Config) -> bool:
    """Whether a maild runs on this state folder; on a read-only disk none can."""
    if on_read_only_disk(config.state):
        return False
    try:
        with only_one(config):
            return False
    except Refused:
        return True
