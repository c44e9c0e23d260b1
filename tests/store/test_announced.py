"""What tells a copy of an announcement, read from real tables."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, update

from maild.core.change import CaseClosed, MergeCase, OpenCase, OweLetter
from maild.core.decision import Decision
from maild.core.facts.change import SetFact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.core.values.targets import Announcement, Kind, Targets
from maild.store import announced, facts, record
from maild.store.database import Database
from maild.store.schema import letter
from tests.support.desk import DESK, NOW, POLICY

LIST = Announcement("announce", Kind.LIST, "announce@lists.example")
TOLD = replace(POLICY, targets=Targets((), (LIST,)))
CASES = ("EX-AAAAAA", "EX-BBBBBB", "EX-CCCCCC")


def filled(connection: Connection) -> None:
    """Three cases, each with a date or a number, and a letter of the first."""
    opened = [OpenCase(name, NOW, False, "", "") for name in CASES]
    owed = OweLetter(
        "announcement:EX-AAAAAA",
        LetterKind.ANNOUNCEMENT,
        CASES[0],
        LIST.to,
        "token",
        Prepared("announcement", "digest"),
        internal=False,
    )
    said = [
        SetFact(CASES[0], "cve", "CVE-2026-12345", "op"),
        SetFact(CASES[1], "cve", "none", "op"),
        SetFact(CASES[1], "embargo", NOW.isoformat(), "op"),
        SetFact(CASES[2], "regulatory", NOW.isoformat(), "op", "start"),
        SetFact(CASES[2], "reporter-date", NOW.isoformat(), "op"),
    ]
    record.record(connection, Decision((*opened, owed, *said)), DESK, NOW)


def test_copies_are_looked_for_where_there_is_a_place_and_a_number(database: Database) -> None:
    """Open cases whose CVE id the mail names; without places of announcement none is even read."""
    there, other = (f"See cve-2026-{number}." for number in (12345, 54321))
    with database.transaction() as connection:
        filled(connection)
        assert [one.id for one in announced.looked_for(connection, there, TOLD)] == [CASES[0]]
        assert announced.looked_for(connection, other, TOLD) == ()
        assert announced.looked_for(connection, there, POLICY) == ()
        record.record(connection, Decision((CaseClosed(CASES[0], NOW, "done", "op"),)), DESK, NOW)
        assert announced.looked_for(connection, there, TOLD) == ()


def test_our_announcement_is_known_by_its_message_id(database: Database) -> None:
    """Its case and reader; another letter's Message-ID, or none, is nobody's."""
    with database.transaction() as connection:
        filled(connection)
        name = connection.execute(letter.select()).one().message_id
        found = announced.by_message_id(connection, name, TOLD)
        assert found is not None
        assert (found[0].id, found[1]) == (CASES[0], LIST.to)
        assert announced.by_message_id(connection, "", TOLD) is None
        assert announced.by_message_id(connection, "<x@y.example>", TOLD) is None
        connection.execute(update(letter).values(kind="notice"))
        assert announced.by_message_id(connection, name, TOLD) is None


def test_a_sweep_looks_at_cases_with_a_date_ahead(database: Database) -> None:
    """Each once; a closed one only for a law's clock, a joined one not at all."""
    with database.transaction() as connection:
        filled(connection)
        assert facts.watched(connection) == [CASES[1], CASES[2]]
        closed = [CaseClosed(name, NOW, "done", "op") for name in CASES[1:]]
        record.record(connection, Decision(tuple(closed)), DESK, NOW)
        assert facts.watched(connection) == [CASES[2]]
        joins = MergeCase(CASES[2], CASES[0], NOW + timedelta(hours=1), "op")
        record.record(connection, Decision((joins,)), DESK, NOW)
        assert facts.watched(connection) == []
