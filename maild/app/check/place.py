"""Where maild lives: its state folder, the room on the disk, the socket for alerts."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import become_owner
from maild.app.run import is_running
from maild.config import Config
from maild.store import leftovers
from maild.store.database import on_read_only_disk

FULL = 0.02
"""Share of the disk that is left when it counts as full, or less than ``LEAST`` bytes."""
LEAST = 64 * 1024 * 1024
TIGHT = 0.10


def look(config: Config) -> Iterator[Line]:
    """The state folder first: without it nothing else can be looked at."""
    become_owner(config)
    yield from _state(config.state)
    yield from _room(config.state)
    if config.file.alert.socket:
        yield _alert(config.beside(config.file.alert.socket))
    yield from _left(config)


def _state(state: Path) -> Iterator[Line]:
    if not state.exists():
        yield ok("place", f"{state} will be created at the first start")
        return
    found = state.stat()
    if not stat.S_ISDIR(found.st_mode):
        yield fault("place", f"{state} is not a folder", "move it away, or set desk.state to a folder")
    elif on_read_only_disk(state):
        mend = "look in the system's log why (dmesg), then mount it writable; until then maild can only look"
        yield fault("place", f"{state} is on a read-only file system", mend)
    elif not os.access(state, os.R_OK | os.W_OK | os.X_OK):
        mend = f"chown -R USER {state}, where USER runs maild; chmod 700 {state}"
        yield fault("place", f"{state} is not writable", mend)
    elif found.st_mode & 0o077:
        yield fault("place", f"{state} is open to others", f"chmod 700 {state}")
    else:
        yield ok("place", str(state))


def _room(state: Path) -> Iterator[Line]:
    """Full means that no report can be kept any more."""
    there = next(path for path in (state, *state.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    left = f"{usage.free / 2**20:,.0f} MiB ({usage.free / usage.total:.0%}) free on the disk of {there}"
    mend = "delete other files, or enlarge the disk; `maild status` shows how much maild itself uses"
    if usage.free < max(LEAST, usage.total * FULL):
        yield fault("disk", left, mend)
    elif usage.free < usage.total * TIGHT:
        yield warning("disk", left, mend)
    else:
        yield ok("disk", left)


def _left(config: Config) -> Iterator[Line]:
    """What a killed backup or restore left: a copy of the texts that nobody counts on."""
    if config.state.is_dir():
        for one in leftovers.found(config.state, alone=not is_running(config)):
            mend = "maild removes it at its next start; or delete it"
            yield warning("place", f"{one} is left of a backup or restore that was killed", mend)


def _alert(path: Path) -> Line:
    """Whether somebody listens; nothing is said to it."""
    try:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as sock:
            sock.settimeout(2)
            sock.connect(str(path))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        mend = "start it (systemctl enable --now maild-alert.socket), or leave alert.socket empty"
        return fault("alert", f"nothing is listening on {path}: {why}", mend)
    return ok("alert", f"something is listening on {path}")
