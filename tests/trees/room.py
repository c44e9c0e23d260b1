"""A throw-away copy of a tree with its own processes: what is installed or left in it goes with it."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.trees.tree import cache

_ENVIRONMENT = (
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
    "PIP_DISABLE_PIP_VERSION_CHECK=1",
)
_PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL")
"""How this machine reaches the registries, if it has a way of its own."""
_ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_NAMESPACES = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child")
_ENTER = """
set -e
root={root}
mount -t overlay -o lowerdir={tree},upperdir={upper},workdir={work} maild-tree $root
mount -t proc proc $root/proc
for one in dev sys; do mount --rbind /$one $root/$one; mount --make-rslave $root/$one; done
mkdir -p $root/root/.cache/pip
mount --bind {pip} $root/root/.cache/pip
exec chroot $root env -i {environment} {command}
"""


@dataclass(frozen=True, slots=True)
class Room:
    """The copy of *tree* whose changes lie in *folder*."""

    tree: Path
    folder: Path

    def run(self, command: str, log: Path, *, user: str = "root", seconds: float) -> int:
        """The exit status of the shell line *command*, typed by *user* in their home; its words go to *log*.

        All that it started ends with it. After *seconds* it is ended, and the status is 124.
        """
        words = ["bash", "-c", f"cd && {command}"]
        if user != "root":
            words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words]
        home = "/root" if user == "root" else f"/home/{user}"
        script = self._script([f"HOME={home}", f"USER={user}"], words)
        with log.open("ab") as out:
            try:
                return subprocess.run(
                    [*_ENDS_WITH_US, *_NAMESPACES, "bash", "-c", script],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    timeout=seconds,
                    check=False,
                ).returncode
            except subprocess.TimeoutExpired:
                return 124

    def put(self, files: list[Path], base: Path, target: str) -> None:
        """Copy *files*, all below *base*, into the folder *target* of the room, readable by everybody."""
        for file in files:
            there = self.folder / "upper" / target / file.relative_to(base)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, there, follow_symlinks=False)

    def _script(self, own: list[str], words: list[str]) -> str:
        passed = [f"{name}={os.environ[name]}" for name in _PASSED_ON if name in os.environ]
        pip = cache() / "pip"
        pip.mkdir(parents=True, exist_ok=True)
        return _ENTER.format(
            root=self.folder / "root",
            tree=self.tree,
            upper=self.folder / "upper",
            work=self.folder / "work",
            pip=pip,
            environment=shlex.join([*_ENVIRONMENT, *own, *passed]),
            command=shlex.join(words),
        )


@contextmanager
def room(tree: Path) -> Iterator[Room]:
    """A room on *tree*; what was written in it is deleted in the end. Only root can make one."""
    folder = Path(tempfile.mkdtemp(prefix="room-", dir=cache()))
    try:
        for name in ("upper", "work", "root"):
            (folder / name).mkdir(mode=0o755)
        yield Room(tree, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
