"""A desk's database in PostgreSQL: the same tables and the same promises as the file of SQLite.

Every transaction begins by locking one row, the twin of SQLite's ``BEGIN IMMEDIATE``: load-decide-record is
one step between processes and hosts too. psycopg is loaded only by desks that have a ``[database] url``.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from maild.errors import Deposed, PermanentError, StoreError
from maild.store import headfile, journal, lease, migrate
from maild.store.database import Database
from maild.store.headfile import Head
from maild.store.pgconnect import LINE, TIMELINE, WROTE, connecting, patient
from maild.store.pgtrouble import in_words
from maild.store.place import Server

_COLLATIONS = ("C", "POSIX", "C.UTF-8", "C.utf8")
"""Orders of text by code point, which is SQLite's: listings and limits of length stay the same."""
_MARK, _KNOWN = "maild:transaction", "maild:known"
_UPGRADE = 0x6D61696C64
"""The advisory lock under which a schema is migrated ("maild" in ASCII)."""


class PostgresDatabase(Database):
    """The open database of one desk in PostgreSQL."""

    shared = True

    def __init__(self, engine: Engine, state: Path, place: str) -> None:
        super().__init__(engine, state / "postgresql", place)

    def begins(self, connection: Connection) -> None:
        """Lock the row; ``Deposed`` when this daemon's term is over, or the server lost what it had stored.

        It can only have lost something where the connection is another one.
        """
        connection.info[WROTE] = False
        if (row := connection.exec_driver_sql(lease.LOCK).one_or_none()) is None:
            lease.made(connection)
            row = connection.exec_driver_sql(lease.LOCK).one()
        connection.info[_MARK] = row[0]
        lease.begins(connection, self.lease)
        if self.lease:
            self.lease.checked(row[1])
        if _KNOWN not in connection.info:
            self.lost = not headfile.contained(connection, headfile.read(self.folder))
            connection.info[_KNOWN] = True
        if self.lost and self.lease:
            raise Deposed

    def saw(self, head: Head | None) -> None:
        """Remember how far the journal goes; not while what was lost has not been dealt with."""
        if head and not self.lost:
            headfile.write(self.folder, head)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction in this thread.

        ``StoreError`` when the server cannot be reached or another transaction takes too long;
        ``PermanentError`` when the database is damaged. A connection that is lost while a transaction commits
        leaves open what became of it: the server is asked.
        """
        mark: _Mark | None = None
        head: Head | None = None
        sure = 0.0
        try:
            with self.engine.connect() as connection, connection.begin() as under_way:
                yield connection
                sure = self._renewed(connection)
                if not connection.info.get(WROTE):
                    under_way.rollback()  # a COMMIT would wait for the disk, as the row's lock has a number
                    return
                head = journal.written(connection)
                mark = _Mark(connection.info.get(_MARK, ""), connection.info.get(LINE, ""), head)
        except DBAPIError as error:
            if mark is None or not error.connection_invalidated or not self._took(mark):
                raise self.in_words(error) from error
        self.saw(head)
        if self.lease:
            self.lease.sure = max(self.lease.sure, sure)

    def _renewed(self, connection: Connection) -> float:
        """Until when the lease is sure after a transaction that renews it; 0 where it need not yet.

        Work that takes long keeps the daemon from its other transactions, that which renews it among them;
        while it has the row nobody else works, and to end it is as good a sign of life.
        """
        if self.lease is None or not lease.term_of(connection) or not self.lease.due():
            return 0.0
        sent = self.lease.uptime()
        lease.renew(connection)
        return sent + lease.LENGTH.total_seconds()

    def in_words(self, error: DBAPIError) -> Exception:
        """Trouble with the server in our words; anything else is a bug of ours."""
        return in_words(self.place, error)

    def be_patient(self) -> None:
        """Wait half a minute for the row from now on: a person waits for the daemon, not the other way."""
        self.engine.dispose()
        event.listen(self.engine, "connect", patient)

    def unhurried(self, connection: Connection) -> None:
        """As the file's; the server ends others that rest for too long."""
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))

    def size(self) -> int:
        """The bytes of the whole database."""
        with self.transaction() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    def _took(self, mark: "_Mark") -> bool:
        """Whether a transaction took effect whose COMMIT was never answered.

        Asked until the server answers, half a minute at most. After a failover nobody can say it (the numbers
        of transactions begin anew where the old server's ended): then it counts as one that did not, and what
        is done again finds what is there.
        """
        again = threading.Event()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if (status := self._status(mark)) != "in progress":
                    return status == "committed"
            except DBAPIError:
                pass  # the server is not back yet
            again.wait(0.2)
        return False

    def _status(self, mark: "_Mark") -> str:
        """What the server says of the transaction; ``DBAPIError`` while it cannot be reached."""
        try:
            with closing(self.engine.raw_connection()) as raw:
                cursor = raw.cursor()
                cursor.execute(TIMELINE)
                if cursor.fetchone()[0] != mark.timeline:  # type: ignore[index]
                    return "unknown"
                cursor.execute("SELECT pg_xact_status(%s::xid8)", (mark.number,))
                status = str(cursor.fetchone()[0])  # type: ignore[index]
                return "another's" if status == "committed" and not _stands(cursor, mark.head) else status
        except Exception as error:
            raise DBAPIError("", None, error) from error  # raw connections speak the driver's errors


def _stands(cursor: DBAPICursor, head: Head | None) -> bool:
    """Whether the journal has *head*: a server that crashed gives the numbers of what it lost away again."""
    if head is None:
        return True
    cursor.execute("SELECT chain FROM journal WHERE id = %s", (head.row,))
    return cursor.fetchone() == (head.chain,)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A transaction by its number, the server's history that it belongs to, and its row of the journal."""

    number: str
    timeline: str
    head: Head | None = None


def open_server(server: Server, state: Path, migrations: Path) -> PostgresDatabase:
    """The database of *server*, its tables made or migrated when needed; *state* is the desk's folder.

    ``PermanentError`` when its schema is newer than this maild or it sorts by other rules; ``StoreError``
    when the server cannot be reached.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        state.chmod(0o700)
    except OSError as error:
        raise StoreError(f"state folder {state} cannot be used: {error.strerror}") from None
    return opened(server, state, lambda engine: _bring_up(engine, server.name, migrations))


def opened(server: Server, state: Path, prepare: Callable[[Engine], None]) -> PostgresDatabase:
    """The database of *server* after *prepare*. ``StoreError`` when it cannot be reached."""
    engine = connecting(server)
    with ExitStack() as unless_it_opens:
        unless_it_opens.callback(engine.dispose)
        try:
            prepare(engine)
        except DBAPIError as error:
            raise in_words(server.name, error) from error
        unless_it_opens.pop_all()
    database = PostgresDatabase(engine, state, server.name)
    event.listen(engine, "begin", database.begins)
    return database


def open_read_only(server: Server, state: Path) -> PostgresDatabase:
    """The same for those who only look: one moment of it a transaction, waiting for nobody."""
    engine = connecting(server, isolation_level="REPEATABLE READ", read_only=True)
    return PostgresDatabase(engine, state, server.name)


def there(server: Server, state: Path) -> bool:
    """Whether the database has maild's tables. ``StoreError`` when the server cannot be reached."""
    database = open_read_only(server, state)
    try:
        return bool(database.call(migrate.version_in))
    finally:
        database.close()


def _bring_up(engine: Engine, place: str, migrations: Path) -> None:
    """Make or migrate the schema, one process at a time."""
    if migrate.version(engine) == migrate.HEAD:
        return
    with upgrading(engine) as connection:
        found = migrate.version_in(connection)
        if found == migrate.HEAD:
            return
        migrate.refuse_newer(found, place, migrations)
        if not found:
            right_order(connection, place)
        elif who := lease.holder(connection):
            raise PermanentError(f"an older maild runs on {who}: stop it before the upgrade")
        migrate.to(connection, migrations, migrate.HEAD)


@contextmanager
def upgrading(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else changes the schema."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE})
        yield connection


def right_order(connection: Connection, place: str) -> None:
    """``PermanentError`` where the database has other characters than UTF-8, or another order than theirs."""
    query = "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database "
    query += "WHERE datname = current_database()"
    encoding, collation = connection.execute(text(query)).one()
    if encoding != "UTF8" or collation not in _COLLATIONS:
        raise PermanentError(
            f"database {place} is {encoding} and sorts by {collation}; maild needs UTF8 and C: "
            "CREATE DATABASE maild OWNER maild TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        )
