"""The keys in use, for people."""

import asyncio
from typing import Any

from maild.app.desk import become_owner, import_team, open_pgp
from maild.config import Config
from maild.errors import Refused
from maild.gateways.openpgp import ListedKey, export_public, list_keys


def listed(config: Config) -> list[dict[str, Any]]:
    """The desk's key and the members' keys, with algorithm, use and end (instants as ISO texts, UTC)."""
    pgp = open_pgp(config)
    if pgp is None or pgp.team_home is None:
        return []
    become_owner(config)
    asyncio.run(import_team(config, pgp))
    owners = {member.fingerprint: member.name for member in config.file.team if member.fingerprint}
    desk = [key for key in list_keys(config.pgp_home, secret=True) if key.fingerprint == pgp.fingerprint]
    team = [key for key in list_keys(pgp.team_home) if key.fingerprint in owners]
    return [_row(key, config.file.desk.name) for key in desk] + [
        _row(key, owners[key.fingerprint]) for key in team
    ]


def exported(config: Config) -> bytes:
    """The desk's public key, armored."""
    if not config.file.openpgp.key:
        raise Refused("no key is configured: set openpgp.key to the fingerprint of the desk's key")
    become_owner(config)
    return export_public(config.pgp_home, config.file.openpgp.key)


def _row(key: ListedKey, owner: str) -> dict[str, Any]:
    uses = [word for word, can in (("encrypt", key.can_encrypt), ("sign", key.can_sign)) if can]
    return {
        "owner": owner,
        "fingerprint": key.fingerprint,
        "algorithm": key.algorithm,
        "use": uses,
        "expires": key.expires.isoformat() if key.expires else None,
        "usable": key.usable,
        "secret": key.secret,
    }
