"""Which letters are sent next: claimed in a transaction, so that nobody else sends them."""

from sqlalchemy import Connection

from maild.engine.parts import Parts
from maild.errors import StoreError
from maild.store import letters, situation
from maild.store.letters import Letter
from maild.store.situation import Situation

AT_ONCE = 8


class Claims:
    """Claims a few letters at a time, while none is under way.

    Nobody knows what became of a claim whose COMMIT was not answered: the next one takes its letters back.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.unsure = False

    async def next(self) -> list[tuple[Letter, Situation]]:
        """The letters to send now, each with what is so about it; ``StoreError`` as ``Database.run``."""
        try:
            due = await self.parts.database.run(self.claim, self.unsure)
        except StoreError:
            self.unsure = True
            raise
        self.unsure = False
        return due

    def claim(self, connection: Connection, unsure: bool) -> list[tuple[Letter, Situation]]:
        """The same in one transaction, after the letters of an *unsure* claim were taken back."""
        if unsure:
            letters.take_back(connection)
        due = letters.claim(connection, self.parts.now(), AT_ONCE, self.parts.policy.limits)
        return list(zip(due, situation.of_all(connection, due), strict=True))
