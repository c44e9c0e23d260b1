"""Saying that mail itself is down: one line of JSON to a unix stream socket (ruling 30).

Whoever listens there (``config/maild-alert.socket``) runs the operator's own command with the line on its
standard input. The line holds names and instants only, no content.
"""

import json
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Alert:
    """``event`` is what happened, to ``what``, since when (aware UTC), at the desk with this prefix."""

    event: str
    what: str
    since: datetime
    desk: str

    def line(self) -> bytes:
        """The line, with its end."""
        told = {"event": self.event, "what": self.what, "since": self.since.isoformat(), "desk": self.desk}
        return json.dumps(told).encode("ascii") + b"\n"


class AlertSocket:
    """The socket at *path*; without one (``None``) every alert counts as told."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def tell(self, alert: Alert) -> bool:
        """Hand the alert over; whether that worked. Never waits (a line fits any buffer), never raises."""
        if self.path is None:
            return True
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
                sock.setblocking(False)
                sock.connect(str(self.path))
                return sock.send(alert.line()) == len(alert.line())
        except (OSError, ValueError):  # nobody there, too many waiting; a path that no socket can have
            return False
