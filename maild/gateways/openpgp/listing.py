"""Keys as gpg lists them, read from its colon listing on line feeds alone."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from maild.gateways.openpgp.runner import Runner


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One secret (sub)key at hand: its id (16 upper-case hex digits), creation (Unix time), what it does."""

    key_id: str
    created: int
    can_encrypt: bool
    expired: bool


async def secret_keys(runner: Runner, home: Path) -> tuple[SecretKey, ...]:
    """The secret keys in *home* that the agent holds; none too when the agent cannot be reached."""
    done = await runner.run(home, "--with-colons", "--list-secret-keys")
    rows = [line.decode("latin-1").split(":") for line in done.output.split(b"\n")]
    return tuple(_key(row) for row in rows if row[0] in ("sec", "ssb") and len(row) > 14 and row[14] != "#")


def _key(row: list[str]) -> SecretKey:
    """One row of the colon listing (gnupg ``doc/DETAILS``); small letters are the key's own uses."""
    created = int(row[5]) if row[5].isdigit() else 0
    return SecretKey(row[4].upper(), created, "e" in row[11], row[1] == "e")


async def public_keys(runner: Runner, home: Path) -> frozenset[str]:
    """The fingerprints (upper-case hex) of the primary keys in *home*."""
    done = await runner.run(home, "--no-autostart", "--with-colons", "--list-keys")
    rows = [line.decode("latin-1").split(":") for line in done.output.split(b"\n")]
    pairs = pairwise(rows)
    return frozenset(
        after[9].upper() for row, after in pairs if row[0] == "pub" and after[0] == "fpr" and len(after) > 9
    )
