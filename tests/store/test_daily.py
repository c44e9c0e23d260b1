"""Letters of a day: the desk knows which day had its letter, whatever the journal says."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from maild.config.share import shipped
from maild.core.change import Note
from maild.core.changes.team import DayTold
from maild.core.decision import Decision
from maild.core.journal import What
from maild.store import board, daily, migrate, record
from maild.store.database import FILE, Database, open_database
from maild.store.schema import journal
from tests.support.desk import DESK, NOW

TODAY = date(2026, 11, 29)


def test_a_day_that_had_its_letter_is_remembered(database: Database) -> None:
    """The last day counts, each kind of letter by itself, and the journal has a line of each."""
    for day in (TODAY - timedelta(days=1), TODAY):
        told = DayTold(What.DIGEST, day, {"letters": 2})
        database.call(record.record, Decision((told,)), DESK, NOW)
    assert database.call(daily.told, What.DIGEST) == TODAY.isoformat()
    assert database.call(daily.at, What.DIGEST) == NOW
    assert database.call(daily.told, What.HELD_MAIL_LISTED) == ""
    rows = database.call(lambda c: c.execute(select(journal.c.what, journal.c.detail)).all())
    assert [tuple(row) for row in rows][-1] == ("digest", {"day": "2026-11-29", "letters": 2})


def test_a_line_of_the_journal_tells_no_day(database: Database) -> None:
    """What a desk does next does not hang on a wording of its journal."""
    line = Note("", What.DIGEST, {"day": TODAY.isoformat(), "letters": 2})
    database.call(record.record, Decision((line,)), DESK, NOW)
    assert database.call(board.at, NOW).told == ""


def test_an_upgrade_repeats_no_letter_of_the_day(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that had its digest today, by the journal of the version before, has had it after the upgrade."""
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", "0004")
        with closing(open_database(state, shipped("migrations"))):
            pass
    with closing(sqlite3.connect(state / FILE)) as raw:
        rows = [
            (1, "digest", '{"day": "2026-11-28", "letters": 1}'),
            (2, "digest", '{"day": "2026-11-29", "letters": 1}'),
            (3, "closed", "{}"),
            (4, "held mail listed", '{"day": "2026-11-27", "mails": 3}'),
        ]
        raw.executemany("INSERT INTO journal (at, what, detail, chain) VALUES (?, ?, ?, 'x')", rows)
        raw.commit()
    with closing(open_database(state, shipped("migrations"))) as database:
        assert database.call(daily.told, What.DIGEST) == "2026-11-29"
        assert database.call(daily.told, What.HELD_MAIL_LISTED) == "2026-11-27"
        at = database.call(daily.at, What.DIGEST)
        assert at is not None
        assert at.microsecond == 2
