"""The values of the SMTP gateway: where letters are handed in, and what became of one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from maild.gateways.tls import Tls

Stage = Literal["connect", "tls", "login", "mail", "rcpt", "data"]
Kind = Literal["sent", "temporary", "permanent", "unknown"]


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where letters are handed in.

    ``password`` and ``token`` (OAuth 2.0) are texts or functions asked at every login; no
    ``username``, no login. ``ca_file`` empty means the system's authorities. ``timeout`` in seconds, for
    connecting and for the answer to each command.
    """

    host: str
    port: int
    tls: Tls
    ca_file: str = ""
    username: str = ""
    password: str | Callable[[], str] = field(default="", repr=False)
    token: str | Callable[[], str] | None = field(default=None, repr=False)
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter.

    ``sent``: the server took it, for every recipient but those ``refused``; of these the ones in
    ``deferred`` were refused for now only. ``temporary``: it does not have it, later may be better.
    ``permanent``: it will not have it. ``unknown``: the connection was lost after the final dot.
    ``code`` is the server's reply code, 0 when it gave none. ``text`` is for people: our words, no
    address and nothing that the server said. ``stage`` is how far it came.
    """

    kind: Kind
    stage: Stage
    code: int = 0
    text: str = ""
    refused: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
