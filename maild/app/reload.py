"""SIGHUP: the configuration is read anew and checked; a faulty one changes nothing."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass

from maild import log
from maild.config import Config, load
from maild.errors import ConfigError
from maild.gateways.metrics import refused
from maild.gateways.openpgp import check_home


@dataclass
class Reload:
    """``config`` is in force; ``next`` is the one to go on with, once ``look`` found one that can be used."""

    config: Config
    next: Config | None = None

    def look(self) -> bool:
        """Whether there is another configuration to go on with; the faults of a faulty one are logged."""
        try:
            found = load(self.config.path)
        except ConfigError as error:
            log.reload_refused([str(problem) for problem in error.problems])
            return False
        if faults := self.faults(found):
            log.reload_refused(faults)
            return False
        self.next = found
        return True

    def faults(self, found: Config) -> list[str]:
        """What would end the service under the new configuration, or needs a new start of it."""
        if found.state != self.config.state:
            return [f"desk.state = {found.state}: it changes only with a restart, not with a reload"]
        host, _, port = found.file.metrics.listen.rpartition(":")
        moved = found.file.metrics.listen != self.config.file.metrics.listen
        taken = [why] if moved and host and (why := refused(host, int(port))) else []
        return taken + (list(check_home(found.pgp_home)) if found.file.openpgp.key else [])


class Hangup:
    """Who hears SIGHUP. While nobody does it is remembered: its default would end the process."""

    def __init__(self) -> None:
        self.came = False
        self.listener: Callable[[], object] | None = None
        self.keep()

    def tell(self, listener: Callable[[], None]) -> None:
        """Call *listener* in the running loop from now on, and now if SIGHUP came before."""
        here = asyncio.get_running_loop()
        self.listener = lambda: here.call_soon_threadsafe(listener)
        if self.came:
            self.came = False
            listener()

    def keep(self) -> None:
        """Remember it for whoever listens next."""
        self.listener = None
        signal.signal(signal.SIGHUP, self._note)

    def _note(self, *_: object) -> None:
        if self.listener is None:
            self.came = True
        else:
            self.listener()
