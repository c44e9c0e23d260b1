"""The file with the desk's token: JSON, for its owner alone, replaced whole or not at all."""

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from maild.core.values.token import Token
from maild.errors import PermanentError, TemporaryError

AUTHORIZE = "`maild token authorize` gets one"
_TIMES = ("obtained", "expires", "again", "refused")


def read(path: Path) -> Token | None:
    """The token at *path*, ``None`` when there is none. ``PermanentError`` when it cannot be read."""
    try:
        return _token(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PermanentError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PermanentError(f"{path} does not hold a token; {AUTHORIZE}") from None


def access(path: Path, now: datetime) -> str:
    """What the desk logs in with *now*. ``TemporaryError`` while there is no token that a server takes."""
    try:
        token = read(path)
    except PermanentError as error:
        raise TemporaryError(str(error)) from None
    if token is None:
        raise TemporaryError(f"there is no OAuth token yet; {AUTHORIZE}")
    if token.expired(now):
        say = f"the OAuth token expired at {token.expires:%Y-%m-%d %H:%M} UTC"
        todo = "authorize again: maild token authorize" if token.refused else "maild token refresh says why"
        raise TemporaryError(f"{say}; {todo}")
    return token.access


def write(path: Path, token: Token) -> None:
    """Put *token* at *path*, mode 0600. ``TemporaryError`` when it cannot be written; the old one stays."""
    values = {name: getattr(token, name) for name in Token.__slots__}
    text = json.dumps({key: _plain(value) for key, value in values.items()}, indent=1)
    new = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise TemporaryError(f"{path}: {error.strerror}") from None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _token(found: dict[str, Any]) -> Token:
    values = {name: found[name] for name in Token.__slots__ if name in found}
    for name in _TIMES:
        values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
    if not isinstance(values["access"], str) or values["obtained"] is None or values["expires"] is None:
        raise ValueError
    return Token(**values)
