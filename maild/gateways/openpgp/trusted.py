"""Trusted work with python-gnupg: listing our own and the team's keys, writing a public key out.

Only for homes that hold keys we put there: its reading of gpg's answers is not made for hostile text, so
nothing mailed comes near it. Blocking: call it from a thread.
"""

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import gnupg

from maild.core.mail.armor import PUBLIC_KEY, dearmor
from maild.core.mail.packets import scan_key
from maild.errors import PermanentError, TemporaryError

# At DEBUG it writes every line gpg says, at ERROR the traceback of what is raised here as our own.
logging.getLogger("gnupg").setLevel(logging.CRITICAL)

SECONDS = 20.0
"""How long one run may take."""

_ALGORITHMS = {"1": "RSA", "16": "Elgamal", "17": "DSA", "18": "ECDH", "19": "ECDSA", "22": "EdDSA"}


_GONE = ("e", "r", "d")
"""What ``trust`` says of a key that is expired, revoked or disabled."""


class _Part(TypedDict, total=False):
    """What the library reads from a line of ``gpg --with-colons``: texts, empty where gpg says nothing."""

    fingerprint: str
    algo: str
    length: str
    curve: str
    date: str
    expires: str
    cap: str
    trust: str


class _Row(_Part, total=False):
    """A primary key with its names, and what it read of the subkeys."""

    uids: list[str]
    subkey_info: dict[str, _Part]


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One primary key: fingerprint, algorithm in words, its times, what the whole key can do.

    ``expires`` is the earliest end of the primary key or of the subkeys that encrypt while they are the
    only ones; ``None`` when there is none. ``usable`` is false for expired, revoked or disabled keys.
    """

    fingerprint: str
    algorithm: str
    created: datetime
    expires: datetime | None
    can_encrypt: bool
    can_sign: bool
    secret: bool
    usable: bool
    names: tuple[str, ...] = field(default=(), repr=False)


def list_keys(home: Path, secret: bool = False) -> tuple[ListedKey, ...]:
    """The keys in *home*, only those with a secret half when *secret*.

    Raises ``TemporaryError`` when gpg cannot be used.
    """
    return tuple(_listed(row, secret) for row in bounded(home).list_keys(secret))


def gpg_version(home: Path) -> tuple[int, ...]:
    """The version of the gpg at hand. Raises ``TemporaryError`` when it cannot be used."""
    return tuple(int(part) for part in bounded(home).version)


def export_public(home: Path, fingerprint: str) -> bytes:
    """The public key *fingerprint* of *home*, armored and cut down to what others need.

    Raises ``PermanentError`` when it is not there.
    """
    armored = bounded(home).export_keys(fingerprint, minimal=True)
    if not armored:
        raise PermanentError("the key to export is not in the desk's home")
    return armored.encode("ascii") if isinstance(armored, str) else bytes(armored)


def weak_signatures(home: Path, fingerprint: str) -> int:
    """How many names and subkeys the key *fingerprint* of *home* binds by MD5, SHA-1 or RIPEMD-160.

    Raises ``PermanentError`` when it is not there.
    """
    return scan_key(dearmor(export_public(home, fingerprint), PUBLIC_KEY)).weak


def bounded(home: Path) -> gnupg.GPG:
    """The library's gpg on *home*, each run bounded. Raises ``TemporaryError`` when it cannot be used."""
    if not home.is_dir():
        raise TemporaryError(f"key folder {home} does not exist")
    try:
        tool = _Bounded(gnupghome=str(home), options=["--no-options", "--no-auto-check-trustdb"])
    except (OSError, RuntimeError, ValueError):
        raise TemporaryError("gpg cannot be started") from None
    tool.encoding = "utf-8"
    return tool


class _Bounded(gnupg.GPG):  # type: ignore[misc]  # the library has no types
    """The library's gpg, which never waits for ever: a run that hangs is killed."""

    def _open_subprocess(self, args: list[str], passphrase: bool = False) -> Any:
        process = super()._open_subprocess(args, passphrase)
        timer = threading.Timer(SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        return process


def _listed(row: _Row, secret: bool) -> ListedKey:
    subkeys = [info for info in row.get("subkey_info", {}).values() if "e" in info.get("cap", "")]
    alive = [info for info in subkeys if info.get("trust", "") not in _GONE]
    own_end = _time(row.get("expires"))
    ends = [end for info in alive if (end := _time(info.get("expires")))]
    last = max(ends) if alive and len(ends) == len(alive) else None
    return ListedKey(
        fingerprint=row.get("fingerprint", ""),
        algorithm=_algorithm(row),
        created=_time(row.get("date")) or datetime.fromtimestamp(0, UTC),
        expires=min((end for end in (own_end, last) if end), default=None),
        can_encrypt="E" in row.get("cap", ""),
        can_sign="S" in row.get("cap", ""),
        secret=secret,
        usable=row.get("trust", "") not in (*_GONE, "i"),
        names=tuple(row.get("uids", ())),
    )


def _algorithm(row: _Part) -> str:
    curve = row.get("curve", "")
    name = _ALGORITHMS.get(row.get("algo", ""), "unknown")
    return f"{name} {curve}" if curve else f"{name} {row.get('length', '')}"


def _time(text: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if text and text.isdigit() else None
