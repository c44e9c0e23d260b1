"""Speaking to systemd's journal with fields (systemd.journal-fields(7)), where standard error leads there.

``journalctl -u maild MAILD_CASE=EX-7KQ2M9`` then finds everything about one case. The protocol is a datagram
of ``KEY=value`` lines; a value with line feeds goes behind its length.
"""

import os
import socket
import struct
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, TextIO

SOCKET = "/run/systemd/journal/socket"
PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3}


def leads_there(stream: TextIO) -> bool:
    """Whether *stream* is the one that systemd says is connected to the journal ($JOURNAL_STREAM)."""
    with suppress(OSError, ValueError):
        device, _, inode = os.environ.get("JOURNAL_STREAM", "").partition(":")
        found = os.fstat(stream.fileno())
        return (int(device), int(inode)) == (found.st_dev, found.st_ino)
    return False


class Journal:
    """What structlog writes to. A journal that does not take a line gets it by way of *fallback*."""

    def __init__(self, fallback: TextIO, path: str = SOCKET) -> None:
        self._fallback = fallback
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def msg(self, **event: Any) -> None:
        """One event."""
        try:
            self._socket.sendto(datagram(event), self._path)
        except OSError:
            line = f"<{PRIORITY.get(str(event.get('level')), 6)}>{message(event)}\n"
            self._fallback.write(line)
            self._fallback.flush()

    debug = info = warning = error = msg

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()


def as_keywords(_: object, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[()], dict[str, Any]]:
    """The last processor: the event goes on as it is."""
    return (), dict(event)


def datagram(event: Mapping[str, Any]) -> bytes:
    """The fields of one event."""
    fields = {
        "MESSAGE": message(event),
        "PRIORITY": str(PRIORITY.get(str(event.get("level")), 6)),
        "SYSLOG_IDENTIFIER": "maild",
        **{f"MAILD_{key.upper()}": _text(value) for key, value in event.items() if key != "level"},
    }
    return b"".join(_field(key, value.encode("utf-8", "replace")) for key, value in fields.items())


def message(event: Mapping[str, Any]) -> str:
    """The line that people read."""
    rest = [f"{key}={_text(value)}" for key, value in event.items() if key not in ("event", "level")]
    return " ".join([str(event.get("event", "")), *rest])


def _field(key: str, value: bytes) -> bytes:
    if b"\n" in value:
        return key.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
    return key.encode() + b"=" + value + b"\n"


def _text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
