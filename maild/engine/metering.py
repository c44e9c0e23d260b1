"""Handing the desk's figures to those who watch it, once a minute."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta

from maild import log
from maild.core.figures import Figure
from maild.core.policy import Policy
from maild.engine import tokenwatch
from maild.engine.keycare import keys_in_use
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.errors import MaildError
from maild.gateways.metrics import Metrics
from maild.store import figures

EVERY = 60
"""Seconds between two counts."""


class Meter:
    """Counts and shows. Trouble here is logged and never stops anything else."""

    def __init__(self, parts: Parts, metrics: Metrics, progress: Mapping[str, Progress]) -> None:
        self.parts = parts
        self.metrics = metrics
        self.progress = progress
        self.started = parts.now()

    async def run(self) -> None:
        """For ever, once a minute; nothing is counted for nobody."""
        while True:
            if self.metrics.wanted:
                await self.read()
            await asyncio.sleep(EVERY)

    async def read(self) -> None:
        """Count everything and show it."""
        try:
            found = await self.parts.database.run(figures.counted, self.parts.now())
            token = tokenwatch.figures(await tokenwatch.token_of(self.parts))
            self.metrics.show([*found, *self.loops(), *await self.keys(), *token, *self.process()])
        except MaildError as error:
            log.trouble("metrics", str(error))

    def loops(self) -> Iterator[Figure]:
        """When each loop last turned over well."""
        for name, loop in self.progress.items():
            if loop.well_ago is not None:
                at = self.parts.now() - timedelta(seconds=loop.well_ago)
                yield Figure("maild_loop_success_timestamp_seconds", at.timestamp(), {"loop": name})

    async def keys(self) -> list[Figure]:
        """When the keys in use end."""
        config = self.parts.config
        if not config.file.openpgp.key:
            return []
        keys = await asyncio.to_thread(keys_in_use, self.parts, config.state / "team")
        return [
            Figure("maild_key_expiry_timestamp_seconds", key.expires.timestamp(), {"owner": key.owner})
            for key in keys
            if key.expires
        ]

    def process(self) -> Iterator[Figure]:
        """The service itself."""
        yield Figure("maild_started_timestamp_seconds", self.started.timestamp())
        yield Figure("maild_database_bytes", self.parts.database.size())
        if self.parts.database.shared:
            yield works(self.parts.policy, True)


def works(policy: Policy, here: bool) -> Figure:
    """Whether this host works on the desk, among several that may."""
    return Figure("maild_works", int(here), {"desk": policy.desk.prefix})
