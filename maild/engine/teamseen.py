"""Who belongs to the team is looked at once in a daemon's time; not while the hosts of a desk disagree."""

from maild import log
from maild.core.event import TeamSeen
from maild.engine.parts import Parts
from maild.store import lease


class TeamLook:
    """Has the handler look at the team, once all hosts that run have one configuration.

    Otherwise every takeover would find that people left and came back.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.done = False
        self.told = False

    async def look(self) -> None:
        """Look, if that was not done and can be now."""
        if self.done:
            return
        others = await self._others() if self.parts.database.shared else []
        if others and not self.told:
            log.hosts_differ(others)
            self.told = True
        if not others:
            await self.parts.handle(TeamSeen())
            self.done = True

    async def _others(self) -> list[str]:
        return await self.parts.database.run(lease.configured_otherwise, self.parts.config.digest)
