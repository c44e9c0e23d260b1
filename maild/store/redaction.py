"""Take people's own words out of what was recorded of a case; what was decided stays."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from maild.core.facts.row import Row, Then
from maild.core.facts.table import TABLE
from maild.store.dialect import beginning, place_of
from maild.store.schema import fact, letter

SEALED, GIVEN_UP = "(sealed)", "(given up)"
"""What stands where there were words: decisions may ask whether something was said."""
_WORDS = ("reason", "credit", "addresses", "left", "left_lines", "left_files", "subject")
"""The facts of letters that people worded, or that name outsiders."""


def encrypted(connection: Connection, case_id: str) -> None:
    """Nothing of an encrypted case rests unencrypted, not even what was said before that (ruling 24)."""
    _redact(connection, case_id, lambda row: row.encrypted, SEALED)


def given_up(connection: Connection, case_id: str) -> None:
    """The time of its texts is over; addresses are forgotten for whoever asks."""
    _redact(connection, case_id, lambda row: row.given_up, GIVEN_UP)


def _redact(connection: Connection, case_id: str, then: Callable[[Row], Then], mark: str) -> None:
    """Do to each fact of the case what its row says, and take people's words out of its letters."""
    here = fact.c.case_id == case_id
    marked = update(fact).where(here, _named(then, Then.MARKED), fact.c.value.not_like("(%)"))
    connection.execute(marked.values(value=mark))
    colon = place_of(fact.c.value, ":")
    cut = update(fact).where(here, _named(then, Then.CUT), colon > 0)
    connection.execute(cut.values(value=beginning(fact.c.value, colon - 1)))
    connection.execute(delete(fact).where(here, _named(then, Then.DELETED)))
    _letters(connection, case_id)


def _named(then: Callable[[Row], Then], wanted: Then) -> ColumnElement[bool]:
    """The facts whose rows say *wanted*; a row without item is about every item that has none of its own."""
    return or_(
        *(
            (fact.c.name == row.name) & (fact.c.item == row.item if row.item else fact.c.item.not_in(own))
            for row in TABLE
            if then(row) is wanted
            for own in [[each.item for each in TABLE if each.name == row.name and each.item]]
        )
    )


def _letters(connection: Connection, case_id: str) -> None:
    query = select(letter.c.id, letter.c.facts).where(letter.c.case_id == case_id)
    for row in connection.execute(query).all():
        kept = {name: value for name, value in row.facts.items() if name not in _WORDS or not value}
        if kept != row.facts:
            kept |= {name: type(row.facts[name])() for name in _WORDS if name in row.facts}
            connection.execute(update(letter).where(letter.c.id == row.id).values(facts=kept))
