"""A machine of its own: real systemd as process 1, on a throw-away copy of a tree, cut off from every network."""

import os
import shlex
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import await_that

BOOT = """
set -e
umask 022
mount -t tmpfs -o size=3g,mode=755 trial {folder}
mkdir {folder}/upper {folder}/work {folder}/root
mount -t overlay -o lowerdir={tree},upperdir={folder}/upper,workdir={folder}/work trial {folder}/root
echo {id} >{folder}/root/etc/machine-id
exec systemd-nspawn --quiet --directory={folder}/root --machine=maild-trial-{pid} --register=no --keep-unit \\
    --private-network {binds} --boot --console=read-only
"""
"""A machine id has to be there: without it systemd takes the boot for the first, and enables every unit."""


class CannotBootError(Exception):
    """This machine does not let us boot another one in it."""


class Machine:
    """A booted machine; ``leader`` is its process 1, seen from outside."""

    def __init__(self, leader: int) -> None:
        self.leader = leader

    def run(self, command: str, *, feed: str = "", check: bool = True) -> str:
        """What the shell *command* prints when root types it there; it must succeed when *check*."""
        done = self.tried(command, feed=feed)
        assert not check or done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout

    def tried(self, command: str, *, feed: str = "") -> subprocess.CompletedProcess[str]:
        """The same with its exit status, standard error among the output."""
        inside = ["env", "-i", *ENVIRONMENT, "bash", "-c", command]
        return subprocess.run(
            [*self.into("-m", "-u", "-i", "-n", "-p"), *inside],
            input=feed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )

    def into(self, *rooms: str) -> list[str]:
        """The command that enters *rooms* (namespaces, in nsenter's letters) of this machine."""
        return ["nsenter", "-t", str(self.leader), *rooms]

    def shows(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return self.run(f"systemctl show --value -p {name} {unit}").strip()


PROGRAMS = ("debootstrap", "systemd-nspawn", "unshare", "nsenter", "setpriv")
ENVIRONMENT = (
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LC_ALL=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
    "PIP_NO_INDEX=1",
    "PIP_FIND_LINKS=/wheels",
    "PIP_DISABLE_PIP_VERSION_CHECK=1",
)


@contextmanager
def booted(tree: Path, folder: Path, wheels: Path) -> Iterator[Machine]:
    """The *tree* booted; *wheels* are seen in it as /wheels. What it writes lives in memory, and goes with it."""
    binds = f"--bind-ro={shlex.quote(str(wheels))}:/wheels"
    script = BOOT.format(folder=folder, tree=tree, id=uuid.uuid4().hex, pid=os.getpid(), binds=binds)
    command = [
        "setpriv",
        "--pdeathsig",
        "KILL",
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "bash",
        "-c",
        script,
    ]
    folder.mkdir()
    with folder.with_name("console").open("wb") as console:
        nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
    try:
        leader = await_that(lambda: _child(nspawn), "systemd-nspawn starts its process 1", 30)
        machine = Machine(leader)
        await_that(lambda: _is_up(machine), "systemd is up", 60)
        yield machine
    finally:
        nspawn.send_signal(signal.SIGTERM)
        try:
            nspawn.wait(20)
        except subprocess.TimeoutExpired:
            nspawn.kill()
            nspawn.wait()


def missing() -> str:
    """Why this machine cannot boot another one, as a sentence; empty when it can be tried."""
    if os.environ.get("MAILD_TREE"):
        return "this is a bare tree itself (tests/run --on): the machine that holds it boots the trial on each release"
    if os.geteuid() != 0:
        return "only root can boot a container"
    gone = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"not on this machine: {', '.join(gone)}" if gone else ""


def _child(nspawn: subprocess.Popen[bytes]) -> int:
    """Process 1 of the container: the child of systemd-nspawn called systemd; 0 while there is none."""
    if nspawn.poll() is not None:
        raise CannotBootError(f"systemd-nspawn ended with {nspawn.returncode}")
    listed = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text().split()
    names = {int(one): Path(f"/proc/{one}/comm").read_text().strip() for one in listed}
    return next((one for one, name in names.items() if name == "systemd"), 0)


def _is_up(machine: Machine) -> bool:
    return machine.tried("systemctl is-system-running").stdout.strip() in ("running", "degraded")
