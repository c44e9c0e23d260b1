"""What is so about a letter at one moment: when it is claimed, and again when its bytes are committed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from maild.core.letters import kinds
from maild.core.letters.kinds import Reader
from maild.core.values.case import Case
from maild.core.writing.asof import Known
from maild.store import asof, cases, keys, lastlook, withheld
from maild.store.letters import Letter


@dataclass(frozen=True, slots=True)
class Situation:
    """The case that a letter belongs to, what it lists, and what is known of its reader.

    ``known.case`` is the case that it was joined to, if it was. ``key`` is the fingerprint of the key that is
    remembered for the reader; ``moved``: nobody of the case has the reader's address any more; ``in_clear``:
    a person said that it is to leave unencrypted. The last two are asked of letters to reporters only.
    """

    case: Case | None = None
    known: Known = field(default_factory=Known)
    key: str = ""
    moved: bool = False
    in_clear: bool = False


def of(connection: Connection, letter: Letter) -> Situation:
    """What is so about one *letter* now."""
    return next(of_all(connection, [letter]))


def of_all(connection: Connection, these: Iterable[Letter]) -> Iterator[Situation]:
    """The same of several, each case being read once."""
    read: dict[str, Case | None] = {}
    for letter in these:
        if letter.case_id not in read:
            read[letter.case_id] = cases.get(connection, letter.case_id) if letter.case_id else None
        yield _of(connection, letter, read[letter.case_id])


def _of(connection: Connection, letter: Letter, case: Case | None) -> Situation:
    key = keys.fingerprint(connection, letter.recipient, letter.case_id)
    known = asof.load(connection, letter, case)
    if case is None or kinds.row(letter.kind).reader is not Reader.REPORTER:
        return Situation(case, known, key)
    there = letter.recipient in case.reporters
    moved = not there and lastlook.moved(connection, case.id, letter.recipient)
    asked = case.sealed and not letter.sealed
    in_clear = asked and withheld.freed_in_clear(connection, letter.id, case.id)
    return Situation(case, known, key, moved, in_clear)
