"""Gpg cannot be asked: the mail waits, the receipt goes out, somebody is told once; later it is opened."""

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from os import geteuid, getpid, link, uname
from pathlib import Path
from typing import Any

import pytest

from maild.engine.arriving import Arriving
from maild.engine.opening import TRY_AGAIN, Opening
from maild.errors import Deposed, StoreError
from maild.gateways.openpgp import runner, trusted
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, signed, text
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.sealing import MIA, SAM, SealedDesk, head, key_file, report
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
Break = Callable[[SealedDesk, pytest.MonkeyPatch], AbstractContextManager[None]]


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit, home: Path
) -> SealedDesk:
    """A desk with a key folder of its own."""
    return SealedDesk(tmp_path, inbox, sink, certificate, kit, home)


@contextmanager
def missing(desk: SealedDesk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gpg is not installed."""
    with patch.context() as gone:
        gone.setenv("PATH", str(desk.folder))
        yield


@contextmanager
def hanging(desk: SealedDesk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gpg never answers; it gets half a second, not twenty."""
    stub = desk.folder / "stub"
    stub.mkdir()
    (stub / "gpg").write_text(f"#!/bin/sh\necho $$ >> {stub}/pids\nexec /bin/sleep 30\n")
    (stub / "gpg").chmod(0o700)
    with patch.context() as instead:
        instead.setenv("PATH", str(stub))
        instead.setattr(runner, "Limits", functools.partial(runner.Limits, timeout=0.5))
        instead.setattr(trusted, "SECONDS", 0.5)
        yield


@contextmanager
def agent_dead(desk: SealedDesk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The agent ended and does not start any more: something stands where its socket goes."""
    asked = ["gpgconf", "--homedir", str(desk.home), "--list-dirs", "agent-socket"]
    socket = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    desk.kit.end(desk.home)
    socket.unlink(missing_ok=True)
    (socket / "in the way").mkdir(parents=True)
    yield
    shutil.rmtree(socket)


@contextmanager
def home_away(desk: SealedDesk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The key folder cannot be reached (not mounted, another owner's)."""
    away = desk.home.with_name("away")
    desk.kit.end(desk.home)
    desk.home.rename(away)
    yield
    away.rename(desk.home)


@contextmanager
def no_space(desk: SealedDesk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """No room for a scratch keyring: a file system of four pages, mounted where scratch folders go."""
    if geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = Path(tempfile.mkdtemp(prefix="fs", dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k,nr_inodes=9", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("no file system can be mounted here")
    try:
        with patch.context() as instead:
            instead.setattr(tempfile, "tempdir", str(folder))
            yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


TROUBLES = [missing, hanging, agent_dead, home_away, no_space]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)
def test_the_mail_waits_and_is_opened_later(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch, trouble: Break
) -> None:
    """Not opened yet: receipt at once, one notice however often it is tried, opened when gpg is back."""
    mail = report(kit, 1, key_file(kit.public(kit.people, kit.stranger)))
    with trouble(desk, monkeypatch):
        desk.inbox.append(mail)
        for _ in range(3):
            desk.run()
            desk.wait(TRY_AGAIN)
        assert (desk.states(), desk.flags() & {"not-opened-yet", "unreadable"}) == (
            ["to-open"],
            {"not-opened-yet"},
        )
        assert len(desk.to(SAM)) == 1
        assert (
            len([sent for sent in desk.notices("waiting to be decrypted") if sent.recipients == (MIA,)]) == 1
        )
        assert desk.known_key() == ""
    desk.wait(TRY_AGAIN)
    desk.run()
    assert (desk.states(), desk.flags() & {"not-opened-yet", "unreadable"}) == (["done"], set())
    assert desk.known_key() == kit.stranger
    assert len(desk.to(SAM)) == 1


def test_it_is_tried_again_after_a_minute_and_not_before(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run within the minute leaves the mail alone, even if gpg is back; one after it opens it."""
    desk.inbox.append(report(kit))
    with missing(desk, monkeypatch):
        desk.run()
    desk.wait(TRY_AGAIN - timedelta(seconds=1))
    desk.run()
    assert desk.states() == ["to-open"]
    desk.wait(timedelta(seconds=1))
    desk.run()
    assert desk.states() == ["done"]


def test_one_that_waits_holds_up_nobody(desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """While gpg is gone a plain report behind it is a case with its receipt, and deadlines are looked at."""
    desk.inbox.append(report(kit))
    desk.inbox.append(text("It crashes.\n", head=head(2, "rita@reporter.example", "Crash in the parser")))
    with missing(desk, monkeypatch):
        desk.run()
        assert desk.states() == ["to-open", "done"]
        assert len(desk.to("rita@reporter.example")) == 1
        desk.wait(timedelta(days=3))
        desk.run()
        assert desk.to("carl@phone.example")


def test_a_full_disk_is_no_verdict_on_a_key(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attached key that gpg has no room to look at is not called useless: the mail waits for room."""
    offer = multipart(
        "mixed", text("x\n"), key_file(kit.public(kit.people, kit.stranger)), head=head(1, subject="Crash")
    )
    desk.inbox.append(offer)
    with no_space(desk, monkeypatch):
        desk.run()
        assert desk.states() == ["to-open"]
    desk.wait(TRY_AGAIN)
    desk.run()
    assert (desk.states(), desk.known_key()) == (["done"], kit.stranger)


def test_the_teams_signed_mail_waits_too_and_is_told_once_a_day(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without gpg nobody's signature is judged: three such mails wait, one letter says so."""
    as_mia = f"Mia <{MIA}>"
    inside = text("Please have a look at this.\n")
    proof = kit.detached(kit.member, text=inside)
    with missing(desk, monkeypatch):
        for number in (1, 2, 3):
            desk.inbox.append(signed(inside, proof, head=head(number, as_mia, f"Crash {number}")))
            desk.run()
        assert desk.states() == ["to-open"] * 3
        assert (desk.cases(), len(desk.notices("Messages from the team are waiting"))) == ([], 1)
    desk.wait(TRY_AGAIN)
    desk.run()
    assert {m["authority"] for one in desk.cases() for m in one["messages"] if m["mail"]} == {"team:Mia"}
    assert desk.states() == ["done"] * 3


def test_locks_of_others_keep_no_mail_closed(desk: SealedDesk, kit: Kit) -> None:
    """A keyring that another process holds locked is still read: the mail opens."""
    for folder in (desk.home, desk.folder / "state" / "team"):
        mine = folder / f".#lk0x1.{uname().nodename}.{getpid()}"
        mine.write_text(f"{getpid():10d}\n{uname().nodename}\n")
        link(mine, folder / "pubring.kbx.lock")
    desk.inbox.append(report(kit))
    desk.run()
    assert (desk.states(), desk.flags() & {"not-opened-yet", "unreadable"}) == (["done"], set())


def test_four_starts_while_gpg_is_gone_set_nothing_aside(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting kills nobody: however often maild starts meanwhile, the mail is not taken for poison."""
    desk.inbox.append(report(kit))
    with missing(desk, monkeypatch):
        for _ in range(6):
            desk.run()
            desk.wait(TRY_AGAIN)
    desk.run()
    assert (desk.states(), desk.view("shunted")) == (["done"], [])


def test_without_gpg_nothing_is_left_behind(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hanging runs are ended: no process, and no scratch folder, outlives the trouble."""
    scratch = desk.folder / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    desk.inbox.append(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    with hanging(desk, monkeypatch):
        desk.run()
        started = (desk.folder / "stub" / "pids").read_text().split()
    assert started
    assert not [pid for pid in started if (Path("/proc") / pid / "exe").exists()]
    assert list(scratch.iterdir()) == []


def test_a_mail_that_the_database_interrupted_is_the_next_again(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection was lost while it was opened: that is told of nobody's mail, and it waits for nothing."""
    with monkeypatch.context() as lost:
        lost.setattr(Opening, "look_inside", raising(StoreError("the connection is lost")))
        desk.inbox.append(report(kit), desk.clock)
        desk.run()
    assert (desk.states(), desk.notices("waiting to be decrypted")) == (["to-open"], [])
    desk.run()
    assert desk.states() == ["done"]


def test_who_was_overtaken_calls_no_mail_a_bug(
    desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another host has the desk by now: the daemon stops, and its log blames neither of two mails."""
    for where in ((Arriving, "together"), (Opening, "look_inside")):
        with monkeypatch.context() as overtaken, pytest.raises(Deposed):
            overtaken.setattr(*where, raising(Deposed()))
            desk.inbox.append(report(kit, len(desk.states())), desk.clock)
            desk.run()
    assert "shunted" not in desk.log.getvalue()


def raising(error: Exception) -> Callable[..., Any]:
    """A step that ends in *error*."""

    async def step(*_about: object) -> None:
        raise error

    return step
