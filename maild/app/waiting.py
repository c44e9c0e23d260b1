"""The server of a desk's database cannot be reached: the daemon waits for it, and tells the operator."""

import asyncio
import signal
from datetime import datetime, timedelta

from maild import log
from maild.app.desk import now
from maild.app.reload import Reload
from maild.app.standby import AGAIN
from maild.config import Config
from maild.engine.outage import GOING, STALLED
from maild.gateways.alert import Alert, AlertSocket
from maild.gateways.systemd import Notifier

ROOM = "database"
PATIENCE = timedelta(minutes=1)
"""How long the server may be away before the operator is told by the alert socket."""


class Waiting:
    """Tries again until the server answers.

    What was told is known to this process only, as the rows are away.
    """

    def __init__(self, notifier: Notifier) -> None:
        self.notifier = notifier
        self.since: datetime | None = None
        self.logged, self.told = "", False

    async def wait(self, config: Config, why: str) -> Config | None:
        """A moment; the configuration to go on with, ``None`` when a signal has ended the waiting."""
        reload, ended = Reload(config), asyncio.Event()
        here = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            here.add_signal_handler(number, ended.set)
        here.add_signal_handler(signal.SIGHUP, reload.look)
        self.tell(config, why)  # whoever reads it may end the waiting at once
        try:
            async with asyncio.timeout(AGAIN):
                await ended.wait()
        except TimeoutError:
            return reload.next or config
        return None

    def tell(self, config: Config, why: str) -> None:
        """The log at once, whoever looks at the service too, and after a while the operator."""
        self.since = self.since or now()
        if why != self.logged:
            log.trouble(ROOM, why)
            self.logged = why
        self.notifier.ready()
        self.notifier.status(f"waits: {why}")
        self.notifier.watchdog()
        if not self.told and now() - self.since >= PATIENCE:
            self.told = _alert(config, STALLED, self.since)

    def over(self, config: Config) -> None:
        """The server answers; who was told of the trouble hears of its end."""
        if self.since is None:
            return
        log.recovered(ROOM)
        if self.told:
            _alert(config, GOING, now())
        self.since, self.logged, self.told = None, "", False


def alerts(config: Config) -> AlertSocket:
    """The operator's alert socket, if there is one."""
    name = config.file.alert.socket
    return AlertSocket(config.beside(name) if name else None)


def _alert(config: Config, event: str, since: datetime) -> bool:
    handed = alerts(config).tell(Alert(event, ROOM, since, config.file.desk.prefix))
    if handed:
        log.alert(event, ROOM, since)
    return handed
