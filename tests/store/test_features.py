"""Cases found by what they share."""

from sqlalchemy import insert, select

from maild.core.candidates.mail import Alike
from maild.core.cases.alike import ADVISORY, ATTACHMENT, FILE, MOST_ALIKE, NAME, SUBJECT
from maild.core.change import AddFeatures, CaseClosed, MergeCase
from maild.core.decision import Decision
from maild.store import features, record, views
from maild.store.database import Database
from maild.store.schema import case, feature
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
    assert database.call(features.of_case, by_names) == (Alike(first, (FILE, NAME)),)
    assert [("possibly-related" in flags_of(database, one)) for one in (by_advisory, by_names, alone)] == [
        True,
        True,
        False,
    ]
    assert database.call(views.show, by_names)["alike"] == [f"{first} (file, name)"]  # type: ignore[index]


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
    assert all(len(row.digest) == 64 and row.kind in ("advisory", "file", "name", "subject") for row in rows)


def test_how_much_is_enough(database: Database) -> None:
    """One advisory, attachment or subject; two names, since one file name stands in many reports."""
    shared = {
        "one": [(ADVISORY, "a")],
        "two": [(NAME, "n")],
        "three": [(NAME, "n"), (NAME, "m")],
        "four": [(SUBJECT, "s"), (ATTACHMENT, "t")],
    }
    ids = {word: case_of(receive(database, second(f"{word}\n", at))) for at, word in enumerate(shared, 5)}
    for word, found in shared.items():
        database.call(features.add, AddFeatures(ids[word], tuple(found)))
    alone = {word: database.call(features.like, found) for word, found in shared.items() if word != "three"}
    assert alone["one"] == (Alike(ids["one"], (ADVISORY,)),)
    assert alone["two"] == ()
    assert database.call(features.like, shared["three"]) == (Alike(ids["three"], (NAME,)),)
    assert alone["four"] == (Alike(ids["four"], (ATTACHMENT, SUBJECT)),)


def test_no_more_than_two_are_named_the_strongest_first(database: Database) -> None:
    """A case that shares two strong things, then one that shares one."""
    shares = ([(ADVISORY, "a")], [(SUBJECT, "s"), (ATTACHMENT, "t")], [(NAME, "n"), (NAME, "m")])
    ids = [case_of(receive(database, second(f"case {at}\n", at))) for at in (5, 6, 7)]
    for one, found in zip(ids, shares, strict=True):
        database.call(features.add, AddFeatures(one, tuple(found)))
    every = {pair for found in shares for pair in found}
    assert [one.case_id for one in database.call(features.like, every)] == [ids[1], ids[0]]


def test_what_thousands_share_leads_to_the_latest(database: Database) -> None:
    """A flood of one subject names the latest cases, and looks at few; an older rare one is found beside it."""
    names = [f"EX-{number:06}" for number in range(600)]
    blank = {"state": "open", "opened": NOW, "sealed": False, "subject": ""}
    database.call(lambda c: c.execute(insert(case), [blank | {"id": name} for name in names]) and None)
    for name in names:
        database.call(features.add, AddFeatures(name, ((SUBJECT, "s"),)))
    found = [one.case_id for one in database.call(features.like, [(SUBJECT, "s")])]
    assert len(found) == MOST_ALIKE
    assert set(found) <= set(names[-features.MOST_ROWS :])
    database.call(features.add, AddFeatures(names[0], ((ADVISORY, "a"), (ATTACHMENT, "t"))))
    both = database.call(features.like, [(SUBJECT, "s"), (ADVISORY, "a"), (ATTACHMENT, "t")])
    assert both[0].case_id == names[0]
