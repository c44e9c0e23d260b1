"""The bounded runner: whatever gpg does or does not do, a run ends, and ends within its limits."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

import pytest

from maild.core.mail.opened import Decryption
from maild.core.mail.packets import scan
from maild.errors import TemporaryError
from maild.gateways.openpgp import Limits, OpenPGP, Runner
from maild.gateways.openpgp.runner import memory_file
from tests.openpgp.craft import anonymous, bomb, flooded_inside, packet
from tests.openpgp.kit import Kit
from tests.support.ports import PATIENCE
from tests.support.processes import running


@pytest.fixture
def fake(tmp_path: Path) -> "Fake":
    """A program that stands in for gpg."""
    return Fake(tmp_path)


class Fake:
    """Writes a shell script; ``$S`` in it is the number of the status pipe's descriptor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def runner(self, script: str, **limits: float) -> Runner:
        """A runner that starts *script* in place of gpg."""
        path = self.folder / "gpg"
        find = 'while [ "$1" != --status-fd ]; do shift; done; S=$2\n'
        path.write_text(f"#!/bin/sh\n{find}{script}\n")
        path.chmod(0o700)
        return Runner(str(path), Limits(**limits))  # type: ignore[arg-type] - floats are fine for both


async def test_gpg_that_hangs_is_killed_with_its_children(fake: Fake, tmp_path: Path) -> None:
    """A hanging gpg ends at the wall clock limit, its whole process group with it, as temporary trouble."""
    mark = tmp_path / "pids"
    runner = fake.runner(f"sleep 600 & echo $$ $! > {mark}; wait", timeout=3)
    with pytest.raises(TemporaryError, match="in time"):
        await runner.run(tmp_path)
    end = time.monotonic() + PATIENCE  # a signal that was sent takes its moment
    while left := [pid for pid in mark.read_text().split() if running(int(pid))]:
        assert time.monotonic() < end, left
        await asyncio.sleep(0.01)


async def test_missing_gpg_is_temporary_trouble(kit: Kit) -> None:
    """Without gpg the mail waits: TemporaryError, not a verdict on the mail."""
    pgp = OpenPGP(kit.desk, kit.desk_key, runner=Runner("/nonexistent/gpg"))
    with pytest.raises(TemporaryError, match="cannot be started"):
        await pgp.decrypt(kit.encrypt())


@pytest.mark.parametrize(
    "script",
    [
        "exit 2",
        "echo '[GNUPG:] BEGIN_DECRYPTION' > /proc/self/fd/$S; kill -KILL $$",
        "echo '[GNUPG:] BEGIN_DECRYPTION' > /proc/self/fd/$S; kill -TERM $$",
    ],
)
async def test_gpg_that_did_not_look_is_temporary_trouble(
    fake: Fake, kit: Kit, pgp: OpenPGP, script: str
) -> None:
    """A gpg that gives up before it reads, or that the kernel ends, says nothing about the mail: it waits."""
    (key_id,) = set(scan(sealed := kit.encrypt()).key_ids) & await pgp.key_ids()
    row = f"sec:u:255:18:{key_id}:1:::u:::e:::+:::cv25519:::0:"
    listing = f'case "$*" in *--list-secret-keys*) echo "{row}"; exit;; esac\n'
    with pytest.raises(TemporaryError, match=r"gpg (was ended|gave up)"):
        await OpenPGP(kit.desk, kit.desk_key, runner=fake.runner(listing + script)).decrypt(sealed)


async def test_unreachable_agent_is_temporary_trouble(kit: Kit) -> None:
    """Where the agent cannot run gpg says *no secret key*, but the mail is not called foreign: it waits."""
    home = kit.root / ("x" * 110)
    home.mkdir(mode=0o700)
    kit.gpg(home, "--import", feed=kit.public(kit.desk, kit.desk_key), check=False)
    with pytest.raises(TemporaryError, match="secret key"):
        await OpenPGP(home, kit.desk_key).decrypt(kit.encrypt())


async def test_an_agent_lost_on_the_way_is_temporary_trouble(kit: Kit, pgp: OpenPGP, fake: Fake) -> None:
    """When our key was listed a moment ago and is then said to be missing, the agent died: the mail waits."""
    sealed = kit.encrypt()
    (key_id,) = set(scan(sealed).key_ids) & await pgp.key_ids()
    row = f"sec:u:255:18:{key_id}:1:::u:::e:::+:::cv25519:::0:"
    listing = f'case "$*" in *--list-secret-keys*) echo "{row}"; exit;; esac\n'
    said = f"echo '[GNUPG:] NO_SECKEY {key_id}' > /proc/self/fd/$S"
    with pytest.raises(TemporaryError, match="did not use"):
        await OpenPGP(kit.desk, kit.desk_key, runner=fake.runner(listing + said)).decrypt(sealed)


async def test_locked_home_is_temporary_trouble(kit: Kit) -> None:
    """A team home that somebody holds locked makes an import wait and fail for now, not for ever."""
    team = kit.home("locked")
    kit.copy(kit.people, team, kit.stranger)
    mine = team / f".#lk0x1.{os.uname().nodename}.{os.getpid()}"
    mine.write_text(f"{os.getpid():10d}\n{os.uname().nodename}\n")
    os.link(mine, team / "pubring.kbx.lock")
    pgp = OpenPGP(kit.desk, kit.desk_key, team_home=team, runner=Runner(limits=Limits(timeout=1)))
    with pytest.raises(TemporaryError):
        await pgp.import_team_key(kit.public(kit.people, kit.member))


async def test_no_room_is_temporary_trouble(kit: Kit, pgp: OpenPGP, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk keeps no verdict from being made later: TemporaryError."""

    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(TemporaryError, match="No space"):
        await pgp.verify(b"x", kit.detached(kit.member))


async def test_too_much_output_kills_the_run(fake: Fake, tmp_path: Path) -> None:
    """Output beyond the cap ends the run, and nothing of it is kept."""
    done = await fake.runner("exec cat /dev/zero", output=100_000).run(tmp_path)
    assert (done.killed, len(done.output)) == ("output", 0)


async def test_too_many_status_lines_kill_the_run(fake: Fake, tmp_path: Path) -> None:
    """A flood of status lines ends the run."""
    done = await fake.runner("cat /dev/zero > /proc/self/fd/$S").run(tmp_path)
    assert (done.killed, len(done.status)) == ("status", 0)


async def test_gpg_that_reads_nothing_is_no_fault(fake: Fake, tmp_path: Path) -> None:
    """A gpg that ends without reading its input gives its answer, not a broken pipe."""
    done = await fake.runner("echo '[GNUPG:] NODATA 1' > /proc/self/fd/$S; exit 2").run(
        tmp_path, feed=b"x" * 5_000_000
    )
    assert done.status == b"[GNUPG:] NODATA 1\n"


async def test_text_for_people_is_never_status(fake: Fake, tmp_path: Path) -> None:
    """Status lines count only from their own pipe: the same words on the other outputs are not status."""
    done = await fake.runner("echo '[GNUPG:] GOODSIG 1' >&2; echo '[GNUPG:] GOODSIG 1'").run(tmp_path)
    assert done.status == b""


async def test_the_environment_says_nothing(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run inherits neither the daemon's environment nor any descriptor but its own."""
    monkeypatch.setenv("MAILD_TEST_WORD", "do not tell")
    done = await fake.runner("env; ls /proc/self/fd").run(tmp_path)
    assert b"do not tell" not in done.output
    assert len(done.output.split(b"\n")) < 14


async def test_at_most_two_run_at_once(fake: Fake, tmp_path: Path) -> None:
    """Of many calls at once only two gpg live at the same time."""
    script = f"touch {tmp_path}/run.$$; ls {tmp_path} | grep -c run. ; sleep 0.02; rm {tmp_path}/run.$$"
    runner = fake.runner(script)
    done = await asyncio.gather(*(runner.run(tmp_path) for _ in range(6)))
    assert max(int(one.output) for one in done) <= 2


async def test_a_bomb_ends_within_seconds(kit: Kit, tmp_path: Path) -> None:
    """A sealed bomb is given up at the cap, within two seconds, as *could not open* with its reason."""
    sealed = bomb(kit, 200 * 1024 * 1024, tmp_path)
    pgp = OpenPGP(kit.desk, kit.desk_key, runner=Runner(limits=Limits(output=4 * 1024 * 1024)))
    begin = time.monotonic()
    decrypted = await pgp.decrypt(sealed)
    assert (decrypted.decryption, decrypted.reason) == (Decryption.FAILED, "output too large")
    assert decrypted.plaintext == b""
    assert time.monotonic() - begin < 2


async def test_a_flood_of_hidden_recipients_never_reaches_gpg(kit: Kit) -> None:
    """5,000 nameless recipients are refused from outside: no gpg is started (there is none here)."""
    pgp = OpenPGP(kit.desk, kit.desk_key, runner=Runner("/nonexistent/gpg"))
    decrypted = await pgp.decrypt(anonymous(5000) + packet(18, b"\x01" + bytes(40)))
    assert (decrypted.decryption, decrypted.reason) == (Decryption.REFUSED, "too many hidden recipients")


async def test_a_flood_hidden_inside_is_stopped(kit: Kit, pgp: OpenPGP) -> None:
    """A flood that waits inside an honest-looking message is stopped before it costs the agent's time."""
    begin = time.monotonic()
    decrypted = await pgp.decrypt(flooded_inside(kit, 3000))
    assert (decrypted.decryption, decrypted.reason) == (Decryption.FAILED, "too many packets")
    assert time.monotonic() - begin < 5


async def test_memory_files_leave_nothing_on_disk() -> None:
    """What gpg reads as a second input is anonymous memory: readable by descriptor, under no path."""
    with memory_file(b"words") as descriptor:
        assert os.read(descriptor, 10) == b"words"
        assert os.readlink(f"/proc/self/fd/{descriptor}").startswith("/memfd:")


async def test_a_sandbox_without_memfd_takes_its_run_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where memfd_create is forbidden the file is a nameless one in the service's folder in memory, or there is none."""

    def forbidden(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "memfd_create", forbidden)
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    with pytest.raises(TemporaryError, match="no anonymous memory"), memory_file(b"words"):
        pass
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    with memory_file(b"words") as descriptor:
        assert os.read(descriptor, 10) == b"words"
        assert os.listdir(tmp_path) == []
