"""Where a desk's database is: the file in its state folder, or a server of PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from maild.store import database
from maild.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy import URL

SOCKETS = "/var/run/postgresql"
"""Where a server on this machine has its socket, as Debian and most others have it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A database of PostgreSQL: *url* as in ``[database]``; *password* is read anew for every connection.

    ``remote``: the connection leaves this machine, so it is encrypted, and *ca_file* (empty: the system's
    authorities) says that the server is who it claims to be.
    """

    url: str
    password: Callable[[], str] = field(repr=False)
    ca_file: str = ""
    remote: bool = False

    @property
    def address(self) -> "URL":
        """The URL with its driver, and with the socket's folder where it names no host."""
        from sqlalchemy import make_url

        url = make_url(self.url).set(drivername="postgresql+psycopg")
        return url if url.host or "host" in url.query else url.update_query_dict({"host": SOCKETS})

    @property
    def name(self) -> str:
        """The database as people are told of it."""
        return self.url.replace("+psycopg", "")


@dataclass(frozen=True, slots=True)
class Place:
    """The state folder of a desk, and the *server* that has its database; without one it is in the folder."""

    state: Path
    server: Server | None = None

    def __str__(self) -> str:
        return self.server.name if self.server else str(self.state / database.FILE)

    def open(self, migrations: Path) -> Database:
        """The database, made or migrated when needed.

        ``PermanentError`` when its schema is newer than this maild;
        ``StoreError`` when nothing can be stored.
        """
        if self.server:
            from maild.store import postgres

            return postgres.open_server(self.server, self.state, migrations)
        return database.open_database(self.state, migrations)

    def open_read_only(self) -> Database:
        """The database for those who only look; it is neither made nor migrated."""
        if self.server:
            from maild.store import postgres

            return postgres.open_read_only(self.server, self.state)
        return database.open_read_only(self.state / database.FILE)

    def exists(self) -> bool:
        """Whether there is a database yet. ``StoreError`` when its server cannot be reached."""
        if self.server:
            from maild.store import postgres

            return postgres.there(self.server, self.state)
        return (self.state / database.FILE).exists()
