"""The desk's own key: made, or taken over from a file; and the end of an agent that nobody needs any more.

Trusted work, by python-gnupg; for the set-up of a desk. Blocking.
"""

import contextlib
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from maild.errors import PermanentError
from maild.gateways.openpgp.homes import prepare_home, scratch_home
from maild.gateways.openpgp.trusted import ListedKey, bounded, list_keys

LIFE = "2y"
"""How long a new key lasts; ``check`` and the team's letters say in time when it ends."""

ALGORITHMS = {
    "key_type": "eddsa",
    "key_curve": "ed25519",
    "key_usage": "sign",
    "subkey_type": "ecdh",
    "subkey_curve": "cv25519",
    "subkey_usage": "encrypt",
}
"""Of a new key that signs, and of its subkey that encrypts."""
PREFERENCES = "AES256 AES192 AES SHA512 SHA384 SHA256 ZLIB BZIP2 ZIP"
"""Named, so that no version adds its own: gpg 2.3 and later would ask for a packet that few others write."""


def make_key(home: Path, name: str, address: str, passphrase: str) -> str:
    """A new key for *name* at *address* in *home*: it signs, its subkey encrypts; its fingerprint.

    The random *passphrase* has to be strong. Raises ``PermanentError`` when gpg makes none.
    """
    prepare_home(home, strong=True)
    tool = bounded(home)
    wanted = tool.gen_key_input(
        **ALGORITHMS,
        name_real=name,
        name_email=address,
        expire_date=LIFE,
        preferences=PREFERENCES,
        passphrase=passphrase,
    )
    made = tool.gen_key(wanted)
    if not made.fingerprint:
        raise PermanentError(f"gpg could not create a key ({made.status or 'no reason given'})")
    return str(made.fingerprint)


def import_secret(home: Path, data: bytes, passphrase: str | None, now: datetime) -> str:
    """The secret key in *data* taken into *home*; its fingerprint.

    Raises ``PermanentError`` when it is not exactly one, cannot encrypt, or is over at *now* (aware).
    """
    prepare_home(home)
    done = bounded(home).import_keys(data, passphrase=passphrase, extra_args=["--pinentry-mode", "loopback"])
    prints = {str(row["fingerprint"]) for row in done.results if row.get("fingerprint")}
    found = [key for key in list_keys(home, secret=True) if key.fingerprint in prints]
    if len(found) != 1:
        raise PermanentError(
            f"the file contains {len(found)} secret keys instead of one (gpg --export-secret-keys)"
        )
    if amiss := unfit(found[0], now):
        raise PermanentError(f"the desk's key {found[0].fingerprint}: {amiss}")
    return found[0].fingerprint


def try_secret(data: bytes, passphrase: str | None, now: datetime) -> None:
    """Raises ``PermanentError`` where ``import_secret`` would, or when *passphrase* does not open the key."""
    with scratch_home() as home:
        try:
            name = import_secret(home, data, passphrase, now)
            options = ["--pinentry-mode", "loopback"]
            signed = bounded(home).sign(b"", keyid=name, passphrase=passphrase, extra_args=options)
        finally:
            end_agent(home)
    if not signed:
        wrong = "this passphrase does not open the key" if passphrase else "the key has a passphrase"
        raise PermanentError(wrong)


def unfit(key: ListedKey, now: datetime) -> str:
    """Why nobody can seal to *key* at *now*; empty when everybody can."""
    if not key.can_encrypt:
        return "it cannot encrypt (no usable subkey for it, or expired)"
    if not key.usable or (key.expires and key.expires <= now.astimezone(UTC)):
        return "it has expired or was revoked"
    return ""


def end_agent(home: Path) -> None:
    """Ends the agent of *home*, if one runs; the next that is needed starts inside the service."""
    command = ["gpg-connect-agent", "--no-autostart", "--homedir", str(home), "KILLAGENT", "/bye"]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=10)
