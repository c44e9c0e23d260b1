"""``maild access CASE``: who outside the team knows of a case, what each was told, and when."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from maild.config.share import shipped
from maild.core.change import OweLetter
from maild.core.decision import Decision
from maild.core.disclosure.olddates import RELEASED, WITHDRAWN
from maild.core.facts.change import SetFact
from maild.core.facts.table import TOLD_DATE
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.store import record
from maild.store.database import open_database
from maild.store.schema import letter
from tests.ledger.acts import FULL, joined
from tests.ledger.playing import PlayedDesk
from tests.support.commanding import command
from tests.support.desk import DESK, GOOD_CONFIG, NOW

FIRST, SECOND = NOW + timedelta(days=9), NOW + timedelta(days=12)
LIST = "distros@lists.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PlayedDesk]:
    """A desk whose database the command line can read too."""
    (tmp_path / "maild.toml").write_text(GOOD_CONFIG)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    database = open_database(tmp_path / "state", shipped("migrations"))
    yield PlayedDesk(database, FULL)
    database.close()


def told(desk: PlayedDesk, case: str, *texts: Prepared) -> None:
    """The list is sent these letters, one a day."""
    for says in texts:
        desk.wait(days=1)
        about = (LetterKind.PREDISCLOSURE, case, LIST, says.digest, says)
        owed = OweLetter(f"{case}:{says.digest}", *about, internal=False)
        desk.database.call(record.record, Decision((owed,)), DESK, desk.now)
        desk.send()


def access(path: Path, case: str, side: str) -> list[tuple[str, str]]:
    """Address, and what they were told, of each row of this kind."""
    rows = json.loads(command(path / "maild.toml", "access", case, "--json").out)
    return [(row["address"], row["reason"]) for row in rows if row["side"] == side]


def test_each_letter_to_a_list_is_there_with_the_date_that_it_named(desk: PlayedDesk, tmp_path: Path) -> None:
    """A date, another, none; and that it is withdrawn, or public: oldest first."""
    case = desk.report()
    told(
        desk,
        case,
        Prepared("distros", "a", date=FIRST.isoformat()),
        Prepared("distros", "b", date=SECOND.isoformat()),
        Prepared("distros", "c", date=""),
        Prepared("distros", "d", date="", why=WITHDRAWN),
        Prepared("distros", "e", date="", why=RELEASED),
    )
    assert access(tmp_path, case, "list") == [
        (LIST, "told that it is public from 2026-03-11 09:30 UTC (list distros)"),
        (LIST, "told that it is public from 2026-03-14 09:30 UTC (list distros)"),
        (LIST, "told without a date (list distros)"),
        (LIST, "told that nothing is announced on the date told before (list distros)"),
        (LIST, "told that it is public already (list distros)"),
    ]


def test_letters_of_an_older_maild_are_there_with_what_is_known(desk: PlayedDesk, tmp_path: Path) -> None:
    """It noted the date of the newest letter only, in the case."""
    case = desk.report()
    told(desk, case, Prepared("distros", "a"), Prepared("distros", "b"))
    desk.database.call(forgotten)
    noted = SetFact(case, TOLD_DATE, SECOND.isoformat(), "maild", "distros")
    desk.database.call(record.record, Decision((noted,)), DESK, desk.now)
    assert access(tmp_path, case, "list") == [
        (LIST, "an earlier letter (list distros)"),
        (LIST, "told that it is public from 2026-03-14 09:30 UTC (list distros)"),
    ]


def forgotten(connection: Connection) -> None:
    """The rows are as they were before a letter noted its date."""
    connection.execute(update(letter).values(facts={"item": "distros", "digest": "x", "envelope": None}))


def test_what_a_list_was_told_of_a_joined_case_is_there_too(desk: PlayedDesk, tmp_path: Path) -> None:
    """It goes on in the other case."""
    case = desk.report()
    other = desk.report("2", "sam@other.example")
    told(desk, other, Prepared("distros", "a", date=FIRST.isoformat()))
    desk.says(other, "duplicate", case)
    assert len(access(tmp_path, case, "list")) == 1
    joined(desk, case)
    assert len(access(tmp_path, case, "list")) == 1


def test_a_guest_is_there_with_how_much_they_were_sent(desk: PlayedDesk, tmp_path: Path) -> None:
    """No message at first, then those that they caught up on; somebody told is there too."""
    case = desk.report()
    desk.send()
    desk.says(case, "guest", "fixer@vendor.example until 9d")
    desk.says(case, "tell", "packager@vendor.example until 9d they build it")
    desk.send()
    assert access(tmp_path, case, "guest") == [
        ("fixer@vendor.example", "was sent no message of the case yet")
    ]
    desk.says(case, "catch-up", "fixer@vendor.example")
    desk.send()
    (guest,) = access(tmp_path, case, "guest")
    assert guest[1] == "was sent 1 message of the case, the last on 2026-03-02 09:30 UTC"
    assert [address for address, _ in access(tmp_path, case, "outside")] == ["packager@vendor.example"]
