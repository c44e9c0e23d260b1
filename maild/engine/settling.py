"""What became of a letter: recorded and told through the handler, or tried again later."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild import log
from maild.core.event import Delivery
from maild.core.letters import kinds
from maild.core.writing.gate.check import Fault
from maild.engine.handler import handle, refused, settled
from maild.engine.outcomes import SETTLED, TOO_BIG, down
from maild.engine.parts import Parts
from maild.engine.storing import Storing
from maild.gateways.smtp import Outcome
from maild.store import letterbytes, letters
from maild.store.letters import Letter

BACKOFF = (1, 5, 15, 60)
"""Minutes between tries, the last for ever after: trouble that may pass is no reason to give a letter up."""
LATE_AFTER = 4
"""After how many tries somebody is told that the server puts a letter off."""
LOGIN_REST = timedelta(minutes=5)
"""How long nothing is tried after the server refused our login."""


class Settling:
    """Settles letters; ``sent`` counts what the server took, ``down_since`` says since when it fails."""

    def __init__(self, parts: Parts, storing: Storing) -> None:
        self.parts = parts
        self.storing = storing
        self.sent = 0
        self.down_since: datetime | None = None
        self.refused_at: datetime | None = None

    def rests(self) -> bool:
        """Whether nothing is handed in for now: every further login that is refused may lock the account."""
        return self.refused_at is not None and self.parts.now() - self.refused_at < LOGIN_REST

    def stop(self, connection: Connection, letter: Letter, fault: Fault) -> None:
        """Hold a letter, and have its author told why in the same transaction."""
        if letters.settle(connection, letter.id, letters.HELD, self.parts.now(), letters.LOOK + fault.name):
            event = replace(settled(letter, Delivery.STOPPED), why=fault.name, line=fault.line)
            handle(connection, event, self.parts.policy, self.parts.now())

    async def settle(self, letter: Letter, outcome: Outcome) -> None:
        """Sent or refused for good: an event. Trouble, or not knowing: the same bytes again later.

        An automatic letter may arrive again under one Message-ID, never not at all; after a few tries
        of which nobody knows it is parked for a person, as a person's answer is after the first.
        """
        log.letter(letter.id, letter.kind, letter.case_id, outcome.kind, outcome.code)
        self.down_since = (self.down_since or self.parts.now()) if down(outcome) else None
        self.refused_at = self.parts.now() if outcome.stage == "login" else None
        row = kinds.row(letter.kind)
        match outcome.kind:
            case "sent":
                self.sent += 1
                await self.end_as(Delivery.SENT, letter)
            case "permanent" if letter.attempts < row.refusals:
                await self.postpone(letter, outcome.text)
            case "permanent":
                await self.give_up(letter, outcome.text, too_big=outcome.code == TOO_BIG)
            case "unknown" if letter.doubts + 1 >= row.doubts:
                await self.end_as(Delivery.UNKNOWN, letter, outcome.text)
            case _:
                await self.postpone(letter, outcome.text, doubtful=outcome.kind == "unknown")
                if outcome.code and letter.attempts == LATE_AFTER:
                    await self.storing.persist(self.tell, letter, Delivery.LATE)
        if outcome.kind == "permanent":
            await self.storing.persist(refused, letter, self.parts.policy, self.parts.now())

    async def end_as(self, delivery: Delivery, letter: Letter, why: str = "") -> None:
        """``record``, until it is stored."""
        await self.storing.persist(self.record, letter, delivery, why)

    async def give_up(self, letter: Letter, why: str, too_big: bool = False) -> None:
        """A letter that will never go out: recorded, and told by whatever the handler decides."""
        await self.storing.persist(self.record, letter, Delivery.FAILED, why, too_big)

    async def postpone(self, letter: Letter, why: str, doubtful: bool = False) -> None:
        """Try again later."""
        minutes = BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
        again = self.parts.now() + timedelta(minutes=minutes)
        log.letter_trouble(letter.id, letter.kind, why, again)
        await self.storing.persist(letters.postpone, letter.id, again, why, doubtful)

    def record(
        self, connection: Connection, letter: Letter, delivery: Delivery, why: str, too_big: bool = False
    ) -> None:
        """Settle a letter and handle what follows, in one transaction."""
        size = len(letterbytes.read(connection, letter.id)) if too_big else 0
        row = kinds.row(letter.kind)
        held = delivery is Delivery.UNSEALED and row.waits_without_key
        held = held or (delivery is Delivery.FAILED and row.waits_if_refused)
        state = letters.HELD if held else SETTLED[delivery]
        if letters.settle(connection, letter.id, state, self.parts.now(), why):
            self.tell(connection, letter, delivery, size)

    def tell(self, connection: Connection, letter: Letter, delivery: Delivery, size: int = 0) -> None:
        """What became of a letter, as an event; *size* in bytes where that is why it was refused."""
        handle(connection, replace(settled(letter, delivery), size=size), self.parts.policy, self.parts.now())
