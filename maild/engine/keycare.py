"""Looking after the keys in use: listed now and then, and whoever can prolong them is told in time."""

import asyncio
from pathlib import Path

from maild import log
from maild.core.event import KeysSeen
from maild.core.values.key import KeyInUse
from maild.engine.parts import Parts
from maild.errors import MaildError
from maild.gateways.openpgp import ListedKey, list_keys

EVERY = 6 * 3600
"""Seconds between two looks."""


def keys_in_use(parts: Parts, team_home: Path) -> tuple[KeyInUse, ...]:
    """The desk's key and the members' keys with their ends; blocking."""
    file = parts.config.file
    owners = {member.fingerprint: member.name for member in file.team if member.fingerprint}
    listed: list[ListedKey] = list(list_keys(parts.config.pgp_home))
    listed += list_keys(team_home) if team_home.is_dir() else ()
    owners[file.openpgp.key] = file.desk.name
    return tuple(
        KeyInUse(key.fingerprint, owners[key.fingerprint], key.expires)
        for key in listed
        if key.fingerprint in owners
    )


async def look(parts: Parts, team_home: Path) -> None:
    """One look at the keys, and the warnings it leads to."""
    try:
        found = await asyncio.to_thread(keys_in_use, parts, team_home)
    except MaildError as error:
        log.trouble("keys", str(error))
        return
    await parts.handle(KeysSeen(found))
