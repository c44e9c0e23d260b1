"""Cases found by what they share."""

from sqlalchemy import select

from maild.core.candidates import Alike
from maild.core.cases.alike import ADVISORY, NAME
from maild.core.change import CaseClosed, MergeCase
from maild.core.decision import Decision
from maild.store import features, record, views
from maild.store.database import Database
from maild.store.schema import feature
from tests.store.test_record import receive
from tests.support import mails
from tests.support.desk import DESK, NOW

FIRST = mails.plain(text="CVE-2026-12345, see parse_header() in reader.c\n")


def second(text: str, number: int = 2) -> bytes:
    """Another reporter's mail."""
    sender, message_id = f"tim{number}@third.example", f"<{number}@third.example>"
    return mails.plain(subject="Odd", sender=sender, message_id=message_id, text=text)


def case_of(decision: Decision) -> str:
    """The case that a mail opened."""
    assert decision.kept
    return decision.kept.case_id


def flags_of(database: Database, case_id: str) -> list[str]:
    """What a case is flagged with."""
    return list(database.call(views.show, case_id)["flags"])  # type: ignore[index]  # the case is there


def test_a_like_case_is_found_open_or_closed(database: Database) -> None:
    """By advisory, and by two names; one name is not enough."""
    first = case_of(receive(database, FIRST))
    database.call(record.record, Decision((CaseClosed(first, NOW, "fixed", "mia"),)), DESK, NOW)
    by_advisory = case_of(receive(database, second("I think this is cve-2026-12345.\n")))
    by_names = case_of(receive(database, second("parse_header() of reader.c again\n", 3)))
    alone = case_of(receive(database, second("only reader.c here\n", 4)))
    assert database.call(features.of_case, by_advisory) == (Alike(first, (ADVISORY,)),)
    assert database.call(features.of_case, by_names) == (Alike(first, (NAME,)),)
    assert [("possibly-related" in flags_of(database, one)) for one in (by_advisory, by_names, alone)] == [
        True,
        True,
        False,
    ]
    assert database.call(views.show, by_names)["alike"] == [f"{first} (name)"]  # type: ignore[index]


def test_a_joined_case_leads_to_the_other(database: Database) -> None:
    """Nobody is sent to a case that goes on elsewhere."""
    first = case_of(receive(database, FIRST))
    other = case_of(receive(database, second("nothing alike\n")))
    database.call(record.record, Decision((MergeCase(first, other, NOW, "mia"),)), DESK, NOW)
    third = case_of(receive(database, second("CVE-2026-12345\n", 3)))
    assert database.call(features.of_case, third) == (Alike(other, (ADVISORY,)),)


def test_only_hashes_are_in_the_table(database: Database) -> None:
    """Whoever reads the table reads no word of a report."""
    receive(database, FIRST)
    rows = database.call(lambda connection: connection.execute(select(feature)).all())
    assert rows
    assert all(len(row.digest) == 64 and row.kind in ("advisory", "name", "subject") for row in rows)
