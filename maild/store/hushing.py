"""People's own words among what was recorded of a case: they go with its texts, what was decided stays."""

from sqlalchemy import Connection, delete, select, update

from maild.core.disclosure.drafts import REASON
from maild.core.disclosure.outward import FRAME, TEXT
from maild.core.disclosure.record import AFFECTS, BRANCH, CLAIM, CREDIT, OUTSIDER, TOLD, WAIVED
from maild.core.disclosure.reporterdate import REPORTER_DATE, WHY
from maild.store.schema import fact, letter

SEALED, GIVEN_UP = "(sealed)", "(given up)"
"""What stands where there were words: decisions may ask whether something was said."""
_WORDS = ("reason", "credit", "addresses")
"""The facts of letters that people worded, or that name outsiders."""


def sealed(connection: Connection, case_id: str) -> None:
    """Nothing of a sealed case stands in clear, not even what was said before it was sealed (ruling 24)."""
    _instead(connection, case_id, (AFFECTS, CLAIM, CREDIT, OUTSIDER, TOLD), SEALED)
    _gone(connection, case_id, (REASON,))


def given_up(connection: Connection, case_id: str) -> None:
    """The time of its texts is over; addresses are forgotten for whoever asks."""
    _instead(connection, case_id, (AFFECTS, TOLD), GIVEN_UP)
    _gone(connection, case_id, (TEXT, FRAME, CLAIM, CREDIT, REASON))


def _instead(connection: Connection, case_id: str, names: tuple[str, ...], mark: str) -> None:
    here = fact.c.case_id == case_id
    free = here & fact.c.name.in_(names) & fact.c.value.not_like("(%)")
    connection.execute(update(fact).where(free).values(value=mark))
    waived = here & (fact.c.name == BRANCH) & fact.c.value.like(f"{WAIVED}:%")
    connection.execute(update(fact).where(waived).values(value=WAIVED))


def _gone(connection: Connection, case_id: str, names: tuple[str, ...]) -> None:
    here = fact.c.case_id == case_id
    why = (fact.c.name == REPORTER_DATE) & (fact.c.item == WHY)
    connection.execute(delete(fact).where(here, fact.c.name.in_(names) | why))
    for row in connection.execute(
        select(letter.c.id, letter.c.facts).where(letter.c.case_id == case_id)
    ).all():
        kept = {name: value for name, value in row.facts.items() if name not in _WORDS or not value}
        if kept != row.facts:
            kept |= {name: type(row.facts[name])() for name in _WORDS if name in row.facts}
            connection.execute(update(letter).where(letter.c.id == row.id).values(facts=kept))
