"""A database that does not agree with itself is told of, each fault with what to do."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import Dovecot
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def whole(
    dovecot: Dovecot, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDesk]:
    """A desk with one case, all well; its database as the file ``copy.db``."""
    inbox = dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
        desk = RunningDesk(tmp_path_factory.mktemp("whole"), inbox, sink, certificate)
        desk.run()
        inbox.append(mails.plain(), desk.clock)
        desk.run()
        assert command(desk.path, "backup", str(desk.folder / "copy.db")).status == 0
        yield desk
        inbox.log_out()


def verified(desk: RunningDesk, file: Path | None = None) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and lines."""
    said = command(desk.path, "verify", *([str(file)] if file else []), "--json")
    return said.status, json.loads(said.out)


def test_a_database_in_use_is_whole(whole: RunningDesk) -> None:
    """Every line is ok, exit status 0, and nothing is changed by looking."""
    before = (whole.folder / "state" / "maild.db").read_bytes()
    status, lines = verified(whole)
    assert (status, {line["state"] for line in lines}) == (0, {"ok"})
    assert (whole.folder / "state" / "maild.db").read_bytes() == before


BROKEN = {
    'DELETE FROM "case"': ("rows", "fault", "maild restore"),
    "DELETE FROM setting": ("secret", "fault", "maild restore"),
    "DROP TRIGGER journal_no_update": ("journal", "fault", "no longer append-only"),
    "DROP TRIGGER journal_no_update; UPDATE journal SET what = 'nothing' WHERE id = 1": (
        "journal",
        "fault",
        "by hand",
    ),
    "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE id = 2": ("journal", "fault", "by hand"),
    "UPDATE clock SET due = due + 1": ("journal", "fault", "due is not as the journal tells"),
    "DELETE FROM clock WHERE promise = 'respond'": (
        "promises",
        "warning",
        "there is no deadline for respond",
    ),
    "UPDATE clock SET promise = 'coffee' WHERE met IS NULL": ("clocks", "warning", "coffee"),
    "UPDATE letter SET case_id = NULL": ("letters", "fault", "letters of no case: "),
    "UPDATE envelope SET verdict = NULL": ("mail", "fault", "without a verdict: 1"),
    "UPDATE envelope SET case_id = NULL": ("mail", "fault", "reports without a case: 1"),
    "UPDATE message SET envelope_id = NULL WHERE authority != 'maild'": ("mail", "fault", "never received"),
    "UPDATE location SET envelope_id = NULL": ("mail", "fault", "places in the mailbox (UIDs)"),
    "UPDATE envelope SET state = 'kept'; DELETE FROM raw": ("mail", "fault", "have no text: 1"),
    "UPDATE envelope SET state = 'shunted'": ("waiting", "warning", "maild retry"),
    "UPDATE letter SET state = 'parked'": ("waiting", "warning", "maild send"),
    "CREATE TRIGGER more AFTER INSERT ON envelope BEGIN DELETE FROM clock; END": (
        "schema",
        "fault",
        "trigger more",
    ),
    "UPDATE alembic_version SET version_num = '9999'": ("schema", "warning", "upgrade maild"),
    "DROP TABLE alembic_version": ("schema", "fault", "not a database of maild"),
}


@pytest.mark.parametrize("harm", list(BROKEN))
def test_each_fault_is_found_with_what_to_do(whole: RunningDesk, tmp_path: Path, harm: str) -> None:
    """Whoever changes a row behind maild's back is found out; faults end in exit status 1, warnings in 0."""
    file = tmp_path / "harmed #1?.db"
    shutil.copy(whole.folder / "copy.db", file)
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(harm)
    what, state, text = BROKEN[harm]
    status, lines = verified(whole, file)
    about = [line for line in lines if line["what"] == what and line["state"] == state]
    assert any(text in line["text"] for line in about), lines
    assert status == (1 if "fault" in {line["state"] for line in lines} else 0)
    assert state == "warning" or status == 1


@pytest.mark.parametrize("how", ["torn", "overwritten", "pictures"])
def test_a_damaged_file_is_one_line(whole: RunningDesk, tmp_path: Path, how: str) -> None:
    """Nothing else is believed of it, and the way out is named."""
    content = (whole.folder / "copy.db").read_bytes()
    middle = len(content) // 2
    file = tmp_path / "damaged.db"
    harmed = {"torn": content[:middle], "overwritten": content[:8192] + b"\xff" * (len(content) - 8192)}
    file.write_bytes(harmed.get(how, b"holiday pictures" * 500))
    status, lines = verified(whole, file)
    faults = [line for line in lines if line["state"] == "fault"]
    assert status == 1
    assert [line["what"] for line in faults] in (["file"], ["file"] * len(faults))
    assert all("maild restore" in line["text"] for line in faults)


def test_a_file_that_is_not_there(whole: RunningDesk) -> None:
    """An error in words, and none is made."""
    said = command(whole.path, "verify", str(whole.folder / "nothing.db"))
    assert (said.status, "no such database" in said.err) == (1, True)
    assert not (whole.folder / "nothing.db").exists()
