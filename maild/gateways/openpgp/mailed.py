"""Keys that came by mail or from a file: examined in a scratch home before anything else sees them."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from maild.core.mail.armor import PRIVATE_KEY, PUBLIC_KEY, blocks
from maild.core.mail.charset import decode_bytes
from maild.core.mail.packets import KeyScan, scan_key
from maild.core.mail.text import harmless
from maild.errors import PermanentError
from maild.gateways.openpgp.homes import scratch_home, want_room
from maild.gateways.openpgp.runner import Finished, Runner
from maild.gateways.openpgp.status import count, parse_status

MAX_KEY = 256 * 1024
"""Bytes of one key, armor off."""
MAX_NAMES = 20
MAX_SUBKEYS = 20
MAX_SIGNATURES = 1000
NO_KEY = "no usable key"
ROOM = 64 * 1024
"""Bytes that gpg wants for a keyring beside the key itself."""


@dataclass(frozen=True, slots=True)
class MailedKey:
    """One examined public key: its primary fingerprint, user ids (never proof), minimal bytes; or why not.

    ``refused`` is empty when the key may be kept.
    """

    refused: str = ""
    fingerprint: str = ""
    names: tuple[str, ...] = field(default=(), repr=False)
    expires: int = 0
    can_encrypt: bool = False
    revoked: bool = False
    minimal: bytes = field(default=b"", repr=False)


async def examine(runner: Runner, data: bytes, known: bytes = b"") -> MailedKey:
    """The key in *data* (armored or not), looked at within caps and cut down to what is needed.

    *known* is a copy of the same key that is kept already: both are merged, so that an older copy takes
    nothing back. Then *data* may hold no more than a revocation of it. A refusal is a value; raises
    ``TemporaryError`` for trouble outside.
    """
    packets, refused = await asyncio.to_thread(_within_caps, data, bool(known))
    if refused:
        return MailedKey(refused)
    with scratch_home(runner.scratch) as home:
        want_room(home, ROOM + 2 * len(packets) + 2 * len(known))
        kept: set[str] = set()
        if known:
            kept = _imported(await runner.run(home, "--no-autostart", "--import", feed=known))
        done = await runner.run(home, "--no-autostart", "--import", feed=packets)
        lines = parse_status(done.status)
        # Of a bare revocation gpg does not say whose it is: the kept key is listed as revoked then, or not.
        imported = _imported(done) or (kept if scan_key(packets).primary == 0 else set())
        if len(imported) != 1 or done.killed or count(lines, "FAILURE", "ERROR"):
            return MailedKey(NO_KEY)
        fingerprint = imported.pop()
        minimal = await runner.run(
            home, "--no-autostart", "--export-options", "export-minimal", "--export", fingerprint
        )
        listed = await runner.run(home, "--no-autostart", "--with-colons", "--list-keys", fingerprint)
    return _read(listed.output, minimal.output)


def _within_caps(data: bytes, revocation: bool) -> tuple[bytes, str]:
    """The bare key in *data*, and why it is refused before gpg sees it."""
    packets, refused = _bare(data)
    return packets, refused or _over_caps(packets, revocation)


def _imported(done: Finished) -> set[str]:
    """The fingerprints of the keys that an import took."""
    return {line.argument(1) for line in parse_status(done.status) if line.keyword == "IMPORT_OK"}


def _bare(data: bytes) -> tuple[bytes, str]:
    if len(data) > 2 * MAX_KEY:
        return b"", "key too large"
    if data[:1] and data[0] & 0x80:
        return data, ""
    found = blocks(decode_bytes(data))
    if any(block.label == PRIVATE_KEY for block in found):
        return b"", "secret key"
    keys = [block.packets for block in found if block.label == PUBLIC_KEY]
    return (keys[0], "") if len(keys) == 1 else (b"", "more than one key" if keys else NO_KEY)


def _over_caps(packets: bytes, revocation: bool) -> str:
    seen: KeyScan = scan_key(packets)
    if seen.secret:
        return "secret key"
    if len(packets) > MAX_KEY:
        return "key too large"
    if seen.primary != 1 and not (revocation and seen.primary == 0 and seen.signatures == 1):
        return "more than one key" if seen.primary else NO_KEY
    if seen.names > MAX_NAMES or seen.subkeys > MAX_SUBKEYS or seen.signatures > MAX_SIGNATURES:
        return "key with too many parts"
    return ""


def _read(listing: bytes, minimal: bytes) -> MailedKey:
    """The key in the one colon *listing* (gnupg ``doc/DETAILS``), split on line feeds alone."""
    rows = [line.split(b":") for line in listing.split(b"\n")]
    primary = [row for row in rows if row[0] == b"pub" and len(row) > 11]
    prints = [row[9].decode("ascii", "replace") for row in rows if row[0] == b"fpr" and len(row) > 9]
    if len(primary) != 1 or not prints or not minimal:
        return MailedKey(NO_KEY)
    expires = primary[0][6]
    names = [row[9] for row in rows if row[0] == b"uid" and len(row) > 9]
    return MailedKey(
        fingerprint=prints[0],
        names=tuple(harmless(decode_bytes(name)) for name in names),
        expires=int(expires) if expires.isdigit() else 0,
        can_encrypt=b"E" in primary[0][11] and b"D" not in primary[0][11],
        revoked=primary[0][1] == b"r",
        minimal=minimal,
    )


def key_file(path: Path) -> bytes:
    """What is in the key file *path*; ``PermanentError`` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise PermanentError(f"key file cannot be read: {error.strerror}") from None
