"""``maild board``: the desk on a terminal of 80 columns and 24 lines, live, and only read."""

import re
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pexpect
import pytest
from rich.console import Console

from maild.app import board as boards
from maild.cli.board import frame
from maild.config import load
from maild.errors import TemporaryError
from maild.store.database import open_read_only
from tests.support import mails
from tests.support.commanding import command
from tests.support.daemon import ROOT
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot


def picture(desk: RunningDesk, height: int = 24) -> str:
    """What a terminal of 80 columns shows at the desk's time."""
    config, out = load(desk.path), StringIO()
    with boards.reading(config) as look:
        Console(file=out, width=80, height=height, color_system=None).print(
            frame(look(), config, desk.clock, height)
        )
    return out.getvalue()


def test_it_says_what_is_due_and_whose_turn_it_is(desk: RunningDesk) -> None:
    """A fresh report is anybody's; lapsed, it is the coordinator's turn; held mail is counted."""
    spam = mails.plain(
        subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="w@spam.example", message_id="<s@x>"
    )
    for raw in (mails.plain(date=desk.clock), spam):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    case = str(desk.cases()[0]["case"])
    assert re.search(rf"{case}\s+in 2 d 0 h\s+respond\s+anybody\s+Overflow in the", picture(desk))
    assert "1 in quarantine" in picture(desk)
    desk.wait(timedelta(hours=49))
    desk.run()
    assert re.search(rf"{case}\s+1 h 0 min late\s+respond\s+Carl", picture(desk))


def test_it_fits_the_screen_whatever_there_is(desk: RunningDesk) -> None:
    """Thirty cases on 24 lines of 80 columns: nothing is wider or longer, and the rest is counted."""
    for number in range(30):
        long = f"A very long subject about the parser {number} " * 4
        sender = f"r{number}@reporter.example"
        desk.inbox.append(mails.plain(long, message_id=f"<{number}@x>", sender=sender), desk.clock)
    desk.run()
    lines = picture(desk).splitlines()
    assert len(lines) <= 24
    assert max(len(line) for line in lines) <= 80
    assert "and 14 more" in picture(desk)


def test_what_one_types_is_never_cut(desk: RunningDesk) -> None:
    """With a long prefix the subject gives way, and the last two lines fold."""
    text = desk.path.read_text().replace('prefix = "EX"', 'prefix = "EXAMPLEPRJ"')
    desk.path.write_text(text)
    spam = mails.plain("CHEAP PILLS 80% OFF!!! CLICK NOW", sender="w@spam.example", message_id="<s@x>")
    for raw in (mails.plain(date=desk.clock), spam):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    case, shown = str(desk.cases()[0]["case"]), " ".join(picture(desk).split())
    assert case.startswith("EXAMPLEPRJ-")
    assert f" {case} in 2 d 0 h" in shown
    assert "Waiting for a person: 1 in quarantine Health: mail read" in shown
    assert "…" not in picture(desk).splitlines()[-1]


def test_control_characters_of_a_subject_do_nothing(desk: RunningDesk) -> None:
    """A subject cannot paint the operator's terminal."""
    desk.inbox.append(mails.plain(subject="Crash \x1b[31m [bold]in[/] \x07 parser"), desk.clock)
    desk.run()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", picture(desk))
    assert "[bold]" in picture(desk)


def test_it_writes_nothing(desk: RunningDesk) -> None:
    """The database is opened for reading only, also while somebody else writes to it."""
    desk.inbox.append(mails.plain(date=desk.clock), desk.clock)
    desk.run()
    with closing(sqlite3.connect(desk.folder / "state" / "maild.db", isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE setting SET value = value")
        assert "respond" in picture(desk)
        raw.execute("ROLLBACK")
    looking = closing(open_read_only(desk.folder / "state" / "maild.db"))
    with looking as database, pytest.raises(TemporaryError, match="read-only"):
        database.call(lambda c: c.exec_driver_sql("DELETE FROM setting"))


def test_without_a_database_it_says_so(desk: RunningDesk) -> None:
    """Before the first run there is nothing to show."""
    shutil.rmtree(desk.folder / "state")
    said = command(desk.path, "board", "--once")
    assert (said.status, "no database" in said.err) == (1, True)


@pytest.mark.parametrize("key", ["q", "\x03"], ids=["q", "Ctrl-C"])
def test_it_is_live_on_a_real_terminal(desk: RunningDesk, key: str) -> None:
    """On a terminal of 80 by 24 a case that comes in appears by itself; q, as it says, and Ctrl-C end it with status 0."""
    words = ["-m", "maild", "--config", str(desk.path), "board", "--every", "0.2"]
    env = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    terminal = pexpect.spawn(
        sys.executable,
        words,
        dimensions=(24, 80),
        env=env,
        timeout=30,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where tests run behind
    )
    try:
        terminal.expect("No open case")
        desk.inbox.append(mails.plain(date=desk.clock), desk.clock)
        desk.run()
        terminal.expect("respond")
        terminal.expect("q quits")
        terminal.send(key)
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == 0
    finally:
        terminal.close(force=True)
