"""Mail itself is down: who then tells the operator? One alert an outage, and one more when it is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from maild import log
from maild.engine.parts import Parts
from maild.gateways.alert import Alert, AlertSocket
from maild.store import database

PATIENCE = timedelta(minutes=15)
"""How long mail may fail before the operator is told, unless a promise slips meanwhile."""
DOWN = "mail-down"
UP = "mail-up"
TOKEN = "token"  # noqa: S105 - what it is about
EVENTS = {TOKEN: ("authorize-again", "authorized")}
"""What the beginning and the end of an outage are called, where they are not DOWN and UP."""
DAILY = timedelta(days=1)
"""How often the operator hears again of what goes on."""
STALLED = "stalled"
GOING = "going-on"


class Outages:
    """Watches what mail needs.

    What was told is in the database: a restart tells nothing twice, and the end of an outage all the same.
    """

    def __init__(self, parts: Parts, alerts: AlertSocket) -> None:
        self.parts = parts
        self.alerts = alerts
        self.told: dict[str, datetime | None] = {}
        self.slipped: datetime | None = None
        self.unsaid: list[tuple[str, str, datetime]] = []

    async def look(self, down: Mapping[str, datetime | None], escalated: bool) -> None:
        """*down* says since when each thing fails (``None``: it works); *escalated*: a promise slipped."""
        self.slipped = self.parts.now() if escalated else self.slipped
        for what, since in down.items():
            told = await self.last(what)
            begun, over = EVENTS.get(what, (DOWN, UP))
            if told and since is None:
                if self.say(over, what, told):
                    await self.remember(what, None)
            elif since and told is None and self.matters(what, since) and self.say(begun, what, since):
                await self.remember(what, since)

    def matters(self, what: str, since: datetime) -> bool:
        """Whether to tell of *what* fails *since* then: it does for long, or an escalation needs it now.

        Of a token that nobody renews people hear at once: it works for minutes only.
        """
        now = self.parts.now()
        if what == TOKEN:
            return True
        return now - since >= PATIENCE or (self.slipped is not None and now - self.slipped < PATIENCE)

    def once(self, event: str, what: str, since: datetime) -> None:
        """Tell of something that is no outage and has no end; ``retry`` tells what could not be told."""
        self.unsaid.append((event, what, since))
        self.retry()

    async def news(self, event: str, what: str, at: datetime | None) -> None:
        """Tell of what happened *at* then, if that was not told: at once, whatever else works or fails."""
        told = await self.last(what) if at else None
        if at and (told is None or told < at) and self.say(event, what, at):
            await self.remember(what, at)

    async def daily(self, event: str, what: str, now: datetime) -> None:
        """Tell of what is so *now*, once a day for as long as it is."""
        told = await self.last(what)
        if (told is None or now - told >= DAILY) and self.say(event, what, now):
            await self.remember(what, now)

    def retry(self) -> None:
        """What could not be handed over, once more."""
        self.unsaid = [one for one in self.unsaid if not self.say(*one)]

    def say(self, event: str, what: str, since: datetime) -> bool:
        """Hand one alert over; what could not be handed over is tried again at the next look."""
        desk = self.parts.policy.desk.prefix
        handed = self.alerts.tell(Alert(event, what, since, desk))
        if handed:
            log.alert(event, what, since)
        return handed

    def stalls(self, now: bool) -> bool:
        """Tell that maild itself cannot go on (a loop hangs, or can store nothing), or can again."""
        return self.say(STALLED if now else GOING, "maild", self.parts.now())

    async def last(self, what: str) -> datetime | None:
        """Since when *what* is down, as was told last; ``None`` when nothing was, or its end was too."""
        if what not in self.told:
            found = await self.parts.database.run(database.get_setting, f"alert:{what}")
            self.told[what] = datetime.fromisoformat(found) if found else None
        return self.told[what]

    async def remember(self, what: str, since: datetime | None) -> None:
        """What was told."""
        self.told[what] = since
        text = since.isoformat() if since else ""
        await self.parts.database.run(database.put_setting, f"alert:{what}", text)
