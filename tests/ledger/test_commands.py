"""``maild ledger`` and ``maild when``: tables for eyes, JSON and CSV for programs, exit statuses."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.app.desk import now
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.commanding import command
from tests.support.desk import GOOD_CONFIG, NOW

ZONED = (
    GOOD_CONFIG.replace("[desk]\n", '[desk]\nzone = "Asia/Tokyo"\n') + '\n[escalation]\ndigest_at = "08:00"\n'
)


@pytest.fixture
def config(tmp_path: Path, database: Database) -> Path:
    """The configuration of the desk whose database it is."""
    path = tmp_path / "maild.toml"
    path.write_text(ZONED)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    return path


def listed(config: Path, *words: str) -> Any:
    """What a command prints as JSON."""
    said = command(config, *words, "--json")
    assert (said.status, said.err) == (0, "")
    return json.loads(said.out)


def test_the_ledger_in_three_forms(config: Path, database: Database) -> None:
    """JSON, CSV and the table hold the same promises, without an address."""
    desk = PlayedDesk(database)
    case = desk.report()
    desk.send()
    rows = listed(config, "ledger")
    sheet = list(csv.DictReader(io.StringIO(command(config, "ledger", "--csv").out)))
    shown = command(config, "ledger").out
    assert [(row["case"], row["promise"], row["state"]) for row in rows] == [
        (case, "acknowledge", "kept"),
        (case, "respond", "missed"),
    ]
    late = [int(row["late_seconds"]) for row in sheet]
    assert late == pytest.approx([row["late_seconds"] for row in rows], abs=600)  # time goes on between them
    assert shown.count(case) == 2
    assert "@" not in shown + json.dumps(rows) + json.dumps(sheet)


def test_since_is_a_day_in_the_desks_zone(config: Path, database: Database) -> None:
    """What began at 20:00 UTC began on the next day in Tokyo."""
    desk = PlayedDesk(database, now=NOW.replace(hour=20))
    desk.report()
    assert len(listed(config, "ledger", "--since", "2026-03-03")) == 2
    assert listed(config, "ledger", "--since", "2026-03-04") == []
    assert command(config, "ledger", "--since", "yesterday").status == 64


def test_verify_says_what_is_wrong_and_fails(config: Path, database: Database) -> None:
    """A whole ledger ends with 0; an altered one names the clock and ends with 1."""
    PlayedDesk(database).report()
    assert command(config, "ledger", "verify").status == 0
    database.call(lambda connection: connection.execute(text("UPDATE clock SET due = due + 1 WHERE id = 2")))
    said = command(config, "ledger", "verify")
    assert (said.status, "clock 2" in said.out) == (1, True)


def test_when_shows_both_zones_and_the_names(config: Path, database: Database) -> None:
    """Reminders, the due instant and both rungs, in UTC and in the desk's zone; then the next digest."""
    desk = PlayedDesk(database, now=now())
    case = desk.report()
    desk.send()
    rows = [row for row in listed(config, "when") if row["what"] != "digest"]
    assert [(row["what"], row["people"]) for row in rows] == [
        ("reminder", ["Carl"]),
        ("reminder", ["Carl"]),
        ("due", []),
        ("escalation", ["Carl"]),
        ("escalation", ["Bea"]),
    ]
    due = datetime.fromisoformat(rows[2]["at"])
    assert due == desk.now + timedelta(hours=48)
    assert rows[2]["local"].endswith(f"{due + timedelta(hours=9):%Y-%m-%d %H:%M} JST")
    assert [row["what"] for row in listed(config, "when", case)] == [row["what"] for row in rows]


def test_when_names_the_next_list_of_held_mail(config: Path, database: Database) -> None:
    """While something is held, the letter that lists it stands among what is to come."""
    said = [row["what"] for row in listed(config, "when")]
    raw = mails.plain(subject="You have won 1,000,000 dollars!!! Claim your prize", sender="win@spam.example")
    assert PlayedDesk(database).arrives(raw) == ""
    more = [row["what"] for row in listed(config, "when")]
    assert ("held mail listed" in said, "held mail listed" in more) == (False, True)


def test_when_names_the_next_digest_of_all_cases(config: Path, database: Database) -> None:
    """One digest, at eight o'clock of the desk's zone, to everybody."""
    PlayedDesk(database).report()
    (found,) = [row for row in listed(config, "when") if row["what"] == "digest"]
    assert (found["local"][-9:], found["people"]) == ("08:00 JST", ["Carl", "Bea"])


def test_when_of_an_unknown_case_is_refused(config: Path) -> None:
    """It says where cases are listed."""
    said = command(config, "when", "EX-222222")
    assert (said.status, "maild cases" in said.err) == (1, True)
