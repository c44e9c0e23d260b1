"""Files that a killed command leaves behind: half a backup, restore or copy. They hold texts too."""

import os
import re
from contextlib import suppress
from pathlib import Path

RESTORING = "restoring.db"
"""The backup that is being put back, while it is looked at."""
MOVING = "moving.db"
"""What a desk in PostgreSQL is copied into, until it is whole."""
_PART = re.compile(r"\.[^/]+\.(?P<pid>\d{1,10})\.part(-journal|-wal|-shm)?")
_ALONE = re.compile(r"(restoring|moving)\..*|maild\.db\.before-.*-journal")
"""What only a command writes that has the state folder for itself."""
_BEGINS = (b"SQLite format 3\0", bytes.fromhex("d9d505f920a163d7"))
"""A database, or a journal of one (sqlite.org/fileformat.html); with other words it is somebody else's."""


def part_of(target: Path) -> Path:
    """Where the backup *target* grows until it is whole; what killed backups left beside it is removed."""
    if target.parent.is_dir():
        sweep(target.parent)
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def remove(path: Path) -> None:
    """The file *path* with all that stands beside it under its name."""
    for one in list(path.parent.glob("*")):
        if one.name.startswith(f"{path.stem}."):
            one.unlink(missing_ok=True)


def found(folder: Path, alone: bool = False) -> list[Path]:
    """What killed commands left in *folder*, by name; nothing of a backup that still runs.

    *alone*: no other command has the state folder for itself now, so that half a restore is one that died.
    """
    return [one for one in sorted(folder.iterdir()) if _is_left(one, alone)]


def sweep(folder: Path, alone: bool = False) -> list[Path]:
    """Remove what ``found`` finds; what was removed. What cannot be removed stays."""
    gone = []
    for one in found(folder, alone):
        with suppress(OSError):
            one.unlink()
            gone.append(one)
    return gone


def _is_left(path: Path, alone: bool) -> bool:
    if part := _PART.fullmatch(path.name):
        return not Path(f"/proc/{part['pid']}").exists() and _is_ours(path)
    return alone and bool(_ALONE.fullmatch(path.name))


def _is_ours(path: Path) -> bool:
    """Whether it is empty, or holds what SQLite writes."""
    try:
        with path.open("rb") as file:
            begin = file.read(16)
    except OSError:
        return False
    return not begin or begin.startswith(_BEGINS)
