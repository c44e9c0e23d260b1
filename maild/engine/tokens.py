"""Which tokens must not stand in a letter, as the last look asks for them."""

from collections.abc import Callable

from maild.core.writing.gate.check import like_tokens
from maild.core.writing.gate.reading import Seen
from maild.engine.offloop import ask
from maild.engine.parts import Parts
from maild.store import tokens
from maild.store.letters import Letter

Barred = frozenset[str]


class Tokens:
    """Asks for all of them while they are few, then for those that may stand in the letter; in steps."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._many = False

    async def for_reporter(self, letter: Letter, seen: Seen, own: frozenset[str]) -> Barred:
        """Those that the reader of *letter* may not read, whose author has the *own* addresses."""
        about = (letter.case_id, letter.recipient, self.parts.policy.desk.secret)
        return await self._asked(seen, own, tokens.for_reporter, *about)

    async def for_guest(self, letter: Letter, seen: Seen) -> Barred:
        """Those that a guest of its case may not read."""
        return await self._asked(seen, frozenset(), tokens.for_guest, letter.case_id, letter.recipient)

    async def _asked(
        self, seen: Seen, own: frozenset[str], of: Callable[..., Barred | None], *about: object
    ) -> Barred:
        run = self.parts.database.run
        if not self._many and (every := await ask(run(of, *about))) is not None:
            return every
        self._many = True
        found = await ask(run(of, *about, like_tokens(seen.texts, own)))
        assert found is not None, "some were named"
        return found
