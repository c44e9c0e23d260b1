"""Which signatures were used: by name, and by the names that an older version gave."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from maild.core.change import UseSignature
from maild.core.mail.facts import Facts
from maild.store import signatures
from maild.store.database import Database
from tests.support import mails
from tests.support.deciding import facts
from tests.support.desk import NOW

SIGNED = replace(facts(mails.plain()), signatures=("new", "other"), covered=("old",), signed_at=NOW)


def used(database: Database, one: Facts = SIGNED, envelope: int = 2) -> bool:
    """Whether a signature of this mail was used on another."""
    return database.call(signatures.used, one, envelope)


def test_each_signature_is_used_once(database: Database) -> None:
    """Any of a mail's signatures being used is enough; on its own mail it stays good."""
    database.call(signatures.use, UseSignature(("other",), 1))
    assert used(database)
    assert not used(database, envelope=1)
    assert not used(database, replace(SIGNED, signatures=("third",)))
    database.call(signatures.use, UseSignature(("other",), 2))
    assert used(database)  # the first use stands


@pytest.mark.parametrize(("later", "wanted"), [(0, True), (50, True), (120, False)])
def test_what_an_older_version_accepted_is_not_accepted_again(
    database: Database, later: int, wanted: bool
) -> None:
    """Its names are those of the text: the same words signed after that mail had come are a new message."""

    def accepted(connection: Connection) -> None:
        row = (
            "INSERT INTO envelope (id, sha256, role, at, seen, odd, size, truncated, doubt, state, attempts,"
        )
        at = int(NOW.timestamp()) * 1_000_000
        values = f"VALUES (1, '', 'inbox', {at}, {at}, false, 1, false, '', 'done', 0, 0, '[]')"
        connection.exec_driver_sql(f"{row} shunted, reasons) {values}")
        connection.exec_driver_sql("INSERT INTO used_signature VALUES ('old', 1), ('gone', 99)")

    database.call(accepted)
    assert used(database, replace(SIGNED, signed_at=NOW + timedelta(minutes=later))) is wanted
    assert used(database, replace(SIGNED, covered=("gone",)))  # when that was is not known any more
