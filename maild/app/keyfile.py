"""A file that is a key and no message: what it holds, for ``maild explain``."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from maild.core.mail.armor import PRIVATE_KEY, PUBLIC_KEY
from maild.core.mail.packets import is_binary, scan_key
from maild.errors import MaildError
from maild.gateways.openpgp import Runner, examine

_BEGINNINGS = tuple(f"-----BEGIN PGP {label}-----".encode() for label in (PUBLIC_KEY, PRIVATE_KEY))


def is_key(raw: bytes) -> bool:
    """Whether *raw* is OpenPGP key material, armored or not, and nothing else before it."""
    return raw.lstrip()[:64].startswith(_BEGINNINGS) or (is_binary(raw) and scan_key(raw).primary > 0)


def described(raw: bytes, loop: asyncio.Runner) -> dict[str, Any] | None:
    """The key in *raw*, or why maild would not take it; ``None`` where *raw* is no key."""
    if not is_key(raw):
        return None
    try:
        key = loop.run(examine(Runner(), raw))
    except MaildError as error:
        return {"refused": str(error)}
    if key.refused:
        return {"refused": key.refused}
    return {
        "refused": None,
        "fingerprint": key.fingerprint,
        "names": list(key.names),
        "expires": datetime.fromtimestamp(key.expires, UTC).isoformat() if key.expires else None,
        "can_encrypt": key.can_encrypt,
        "revoked": key.revoked,
    }
