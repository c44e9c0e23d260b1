"""``[database]``: a server in the place of the file in the state folder."""

from typing import Annotated
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic import AfterValidator

from maild.config.fields import Section, is_loopback

SCHEMES = ("postgresql", "postgresql+psycopg")
WANTED = (
    'a URL such as "postgresql://maild@db.example.org/maild", without a password (password_file) and with no '
    "other parameters than host and port"
)


def checked(value: str) -> str:
    """A URL of PostgreSQL that names role and database; how it is encrypted is not the URL's to say.

    ``ValueError`` with what is wanted for any other.
    """
    if not value:
        return value
    try:
        parts = urlsplit(value)
        known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} <= {"host", "port"}
        sound = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError(WANTED) from None
    database = parts.path.strip("/")
    named = bool(parts.username and database and "/" not in database and not parts.fragment)
    if parts.scheme not in SCHEMES or parts.password is not None or not (known and sound and named):
        raise ValueError(WANTED)
    return value


class DatabaseSection(Section):
    """``[database]``. Without a ``url`` the database is the file in the state folder."""

    url: Annotated[str, AfterValidator(checked)] = ""
    password_file: str = ""
    ca_file: str = ""

    @property
    def remote(self) -> bool:
        """Whether a connection leaves this machine: a Unix socket is as good as the loopback interface."""
        return any(not (host.startswith("/") or is_loopback(host)) for host in _hosts(urlsplit(self.url)))


def _hosts(parts: SplitResult) -> list[str]:
    """Every host that is named; none stands for the socket of this machine. A port may follow in a query."""
    found = [parts.hostname] if parts.hostname else []
    for name, value in parse_qsl(parts.query):
        if name == "host":
            found += [one if one.startswith("/") else _without_port(one) for one in value.split(",")]
    return found


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host
