"""Connections to PostgreSQL: how they log in, how long they wait, and what is noted of them."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from maild.errors import PermanentError
from maild.store import dialect  # noqa: F401 - what it teaches SQLAlchemy
from maild.store.clean import clean, clean_text
from maild.store.place import Server

PATIENCE = 5
"""Seconds that a transaction waits for the one before it; the commands wait longer."""
TIMELINE = "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"
LINE = "maild:timeline"
"""What is noted of a connection: the history of the server that numbers of its transactions belong to."""
WROTE = "maild:wrote"
"""And whether the transaction under way has changed anything."""
_READS = ("SELECT", "SHOW")
"""How statements begin that change nothing."""


def connecting(server: Server, isolation_level: str = "READ COMMITTED", read_only: bool = False) -> Engine:
    """What connects to *server*. ``PermanentError`` where the driver is not installed."""
    try:
        import psycopg  # noqa: F401 - whether it is there
    except ImportError:
        raise PermanentError(
            "[database] url needs psycopg, which is not installed: pip install 'maild[postgres]'"
        ) from None
    options = {"preserve_rowcount": True, "postgresql_readonly": read_only}
    engine = create_engine(
        server.address,
        isolation_level=isolation_level,
        connect_args=manners(server),
        execution_options=options,
        json_serializer=lambda value: json.dumps(clean(value)),
    )
    event.listen(engine, "do_connect", lambda _dialect, _record, _args, named: _let_in(server, named))
    event.listen(engine, "connect", _connected)
    event.listen(engine, "before_cursor_execute", _noted)
    return engine


def _noted(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    """Whether the transaction changes anything."""
    if not statement.startswith(_READS):
        connection.info[WROTE] = True


def manners(server: Server) -> dict[str, Any]:
    """How connections behave: a dead server, or a stopped process of ours, holds nobody up for long."""
    found: dict[str, Any] = {
        "application_name": "maild",
        "connect_timeout": 10,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "target_session_attrs": "read-write",
        "options": f"-c lock_timeout={PATIENCE}s -c idle_in_transaction_session_timeout=15s -c timezone=UTC",
    }
    if server.remote:
        found |= {"sslmode": "verify-full", "sslrootcert": server.ca_file or "system"}
    return found


def _let_in(server: Server, named: dict[str, Any]) -> None:
    if password := server.password():
        named["password"] = password


def _connected(raw: Any, record: Any) -> None:
    """No NUL and no half of a surrogate pair gets as far as the server, which would refuse them."""
    from psycopg.types.string import StrDumper

    class CleanDumper(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(clean_text(obj))

    raw.adapters.register_dumper(str, CleanDumper)
    with raw.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE (" + TIMELINE + ") END")
        record.info[LINE] = cursor.fetchone()[0]
    raw.rollback()


def patient(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    """A new connection waits half a minute for the row."""
    with raw.cursor() as cursor:
        cursor.execute("SET lock_timeout = '30s'")
    raw.commit()
