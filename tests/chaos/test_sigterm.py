"""Asked to end in the middle of something: out within ten seconds, nothing lost, nothing doubled."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.chaos.books import balance
from tests.chaos.feed import one
from tests.chaos.steps import Aim
from tests.chaos.world import World
from tests.support.ports import await_that
from tests.support.smtpsink import STALL

pytestmark = pytest.mark.dovecot
SECONDS = 10.0


def end(world: World, pid: int) -> None:
    """SIGTERM: it ends in good order, in time."""
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    status = world.lives.ended(3 * SECONDS)
    took = time.monotonic() - began
    if status is None:
        os.kill(pid, signal.SIGKILL)
        world.lives.ended(SECONDS)
    assert status == 0, world.log.read_text()
    assert took < SECONDS, f"it took {took:.1f} s"


def nothing_lost_nothing_doubled(world: World, excused: bool = True) -> None:
    """The next life finishes what was begun, and the books balance; *excused* is a letter under way."""
    if excused:
        world.excused.update(world.being_sent())
    world.once()
    world.once()
    books = balance(world.fed, world.folder / "state", world.sink.letters, world.excused)
    assert not [fault for fault in books.faults if "two steps" not in fault], str(books)


@pytest.mark.parametrize("stage", ["DATA", "TEXT", "DOT"])
def test_in_the_middle_of_a_letter(world: Callable[..., World], stage: str) -> None:
    """While the server says nothing, before the letter, in it and after its dot."""
    made = world()
    made.once()
    made.put(one(0, "plain", made.kit))
    made.sink.commands.clear()
    made.sink.always(stage, STALL)
    pid = made.begin()
    await_that(lambda: "DATA" in made.sink.commands, "a letter is begun")
    end(made, pid)
    made.sink.always(stage, "")
    nothing_lost_nothing_doubled(made)


def test_when_the_server_has_taken_a_letter(world: Callable[..., World]) -> None:
    """It is written down that it went out, however slowly the server says goodbye: it goes out once."""
    made = world()
    made.once()
    made.put(one(0, "plain", made.kit))
    made.sink.commands.clear()
    made.sink.always("QUIT", STALL)
    pid = made.begin()
    await_that(lambda: "QUIT" in made.sink.commands, "the connection ends")
    end(made, pid)
    made.sink.always("QUIT", "")
    nothing_lost_nothing_doubled(made, excused=False)


@pytest.fixture
def slow_gpg(tmp_path: Path) -> dict[str, str]:
    """A gpg that takes half a minute to open a mail, says when it begins, and otherwise is the real one."""
    folder = tmp_path / "stub"
    folder.mkdir()
    slow = f'case "$*" in *--no-armor*--decrypt*) touch {folder}/begun; exec /bin/sleep 30;; esac'
    (folder / "gpg").write_text(f'#!/bin/sh\n{slow}\nexec {shutil.which("gpg")} "$@"\n')
    (folder / "gpg").chmod(0o700)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_in_the_middle_of_opening(
    world: Callable[..., World], tmp_path: Path, slow_gpg: dict[str, str]
) -> None:
    """Gpg is given up; the mail has its case and its receipt and is opened at the next start."""
    made = world()
    made.once()
    made.put(one(0, "sealed", made.kit))
    pid = made.lives.begin(made.path, environment=slow_gpg)
    await_that((tmp_path / "stub/begun").exists, "decryption begins")
    end(made, pid)
    nothing_lost_nothing_doubled(made)


@pytest.mark.parametrize("step", ["4 handle", "8 settle"])
def test_in_the_middle_of_a_commit(world: Callable[..., World], tmp_path: Path, step: str) -> None:
    """A transaction that takes its time is finished or was never there."""
    made = world()
    made.once()
    made.put(one(0, "plain", made.kit))
    held = tmp_path / "held"
    pid = made.begin(aim=Aim(f"{step}, commit", hold=1.5, held=str(held)))
    await_that(held.exists, "a step is held")
    end(made, pid)
    nothing_lost_nothing_doubled(made)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process holds the database for writing."""
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        yield


def test_while_somebody_else_holds_the_database(world: Callable[..., World]) -> None:
    """What cannot be written down now is given up, and done at the next start."""
    made = world()
    made.once()
    made.put(one(0, "plain", made.kit))
    pid = made.begin()
    reporter = (made.fed[0].author,)
    await_that(lambda: [one for one in made.sink.letters if one.recipients == reporter], "a receipt")
    with locked(made.folder / "state/maild.db"):
        made.put(one(1, "plain", made.kit))
        time.sleep(0.5)  # long enough to fetch it and to want to write
        end(made, pid)
    nothing_lost_nothing_doubled(made)
