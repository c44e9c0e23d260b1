"""Who a command is: as root, the owner of the state folder (ruling 31).

What root makes there, a database's side file or an agent of gpg, the daemon could not use.
"""

import os
import tomllib
from pathlib import Path


def become_owner(state: Path) -> None:
    """As root, be the owner of the folder *state* from now on; nothing changes when it is not there."""
    if os.geteuid() != 0 or not state.is_dir():
        return
    owner = state.stat()
    if owner.st_uid:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def state_of(path: Path) -> Path | None:
    """The state folder that the configuration at *path* names, before it is checked; ``None`` without one."""
    try:
        desk = tomllib.loads(path.read_text("utf-8")).get("desk")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    name = desk.get("state", "/var/lib/maild") if isinstance(desk, dict) else None
    return path.absolute().parent / name if isinstance(name, str) else None
