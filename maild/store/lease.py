"""One daemon a desk works, the others stand by: a row says which, until when, and in which term.

The row is locked at the start of every transaction, so it serialises writers, and who works checks its term:
a holder that was overtaken writes nothing any more. Times are the database's own, read after the row is
locked. Nothing of this is in a file of SQLite, whose folder one daemon holds locked.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, text, true

from maild.errors import Deposed

LENGTH = timedelta(seconds=10)
"""How long a holder that says nothing keeps the desk; it says it anew in a third of the time."""
ROW = "lease"
HOST = "host:"
"""How the settings begin that say what each host does."""
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_MAKE = text(
    "INSERT INTO setting (name, value) SELECT :name, json_build_object('term', greatest("
    "(SELECT max(term) FROM letter), (SELECT max(term) FROM journal), 0), 'holder', '', 'until', 0)::text "
    "ON CONFLICT DO NOTHING"
)
LOCK = f"SELECT pg_current_xact_id()::text, value FROM setting WHERE name = '{ROW}' FOR UPDATE"  # noqa: S608
_TAKE = text(
    "UPDATE setting SET value = json_build_object('term', (value::json ->> 'term')::bigint + 1, "  # noqa: S608
    f"'holder', CAST(:holder AS text), 'until', {_NOW} + CAST(:length AS bigint))::text WHERE name = :name "
    f"AND ((value::json ->> 'until')::bigint < {_NOW} OR value::json ->> 'holder' = :holder) "
    "RETURNING (value::json ->> 'term')::bigint"
)
_RENEW = text(
    "UPDATE setting SET value = json_build_object('term', (value::json ->> 'term')::bigint, "  # noqa: S608
    "'holder', value::json ->> 'holder', "
    f"'until', CASE WHEN CAST(:length AS bigint) = 0 THEN 0 ELSE {_NOW} + CAST(:length AS bigint) END)::text "
    "WHERE name = :name"
)
_SEEN = text(
    "INSERT INTO setting (name, value) VALUES (:name, json_build_object("  # noqa: S608
    f"'seen', {_NOW}, 'works', CAST(:works AS boolean), 'version', CAST(:version AS text), "
    "'config', CAST(:config AS text))::text) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_HOSTS = text(
    f"SELECT name, value, {_NOW} AS now FROM setting WHERE starts_with(name, :begin) ORDER BY name"  # noqa: S608
)
_CLOCK = text(f"SELECT {_NOW}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TERM = "maild:term"
_GRACE = timedelta(days=7)
"""A host that was not seen for so long is not listed."""


@dataclass
class Lease:
    """What this process holds: its term (0: none), and until when it is sure of it by the time since boot.

    ``sure`` counts from before the renewal was sent, so it ends before the row says so.
    """

    holder: str
    uptime: Callable[[], float]
    term: int = 0
    sure: float = 0.0

    def holds(self) -> bool:
        """Whether nobody else can have the desk yet."""
        return self.uptime() < self.sure

    def due(self) -> bool:
        """Whether a third of the time is over since it was renewed last."""
        return self.uptime() > self.sure - LENGTH.total_seconds() * 2 / 3

    def checked(self, value: str) -> None:
        """``Deposed`` when the locked row, as *value*, has another term, or another holder in the same one.

        After a failover that lost a term, the next holder has its number.
        """
        if not self.term:
            return
        row = json.loads(value)
        if (row["term"], row["holder"]) != (self.term, self.holder):
            raise Deposed


def begins(connection: Connection, lease: "Lease | None") -> None:
    """The transaction that begins is one of this term; of none without a *lease*."""
    connection.info[_TERM] = lease.term if lease else None


def term_of(connection: Connection) -> int | None:
    """The term of the transaction; ``None`` for a command, and where no lease says who works."""
    return connection.info.get(_TERM)


def earlier(connection: Connection, term: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Whether what was done in *term* is of an earlier one than the transaction; without terms it is."""
    mine = term_of(connection)
    return true() if mine is None else func.coalesce(term, 0) < mine


def made(connection: Connection) -> None:
    """There is a row, held by nobody, where there was none."""
    connection.execute(_MAKE, {"name": ROW})


def take(connection: Connection, lease: Lease) -> int:
    """The new term when nobody holds the desk any more, or 0; in a transaction that has the row."""
    about = {"name": ROW, "holder": lease.holder, "length": _microseconds(LENGTH)}
    return int(connection.execute(_TAKE, about).scalar() or 0)


def renew(connection: Connection) -> None:
    """Its holder keeps the desk for as long as the lease is good."""
    connection.execute(_RENEW, {"name": ROW, "length": _microseconds(LENGTH)})


def give_up(connection: Connection) -> None:
    """Anybody may have the desk at once; the transaction is the last of this term."""
    connection.info[_TERM] = 0
    connection.execute(_RENEW, {"name": ROW, "length": 0})


def seen(connection: Connection, host: str, works: bool, version: str, config: str = "") -> None:
    """*host* says that it is there, whether it works or stands by, and the digest of its configuration."""
    about = {"works": works, "version": version, "config": config}
    connection.execute(_SEEN, {"name": HOST + host, **about})


@dataclass(frozen=True, slots=True)
class Host:
    """A host as it was seen last: *works* or stands by, and how long ago, by the database's clock.

    *config*: the digest of its configuration, empty where it did not say.
    """

    name: str
    works: bool
    ago: timedelta
    version: str
    config: str = ""

    @property
    def there(self) -> bool:
        """Whether it runs now, as far as anybody can tell."""
        return self.ago < LENGTH


def hosts(connection: Connection) -> list[Host]:
    """Every host that ran a daemon for the desk lately, by name; none for a file of SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    found = (
        _host(row.name, json.loads(row.value), row.now) for row in connection.execute(_HOSTS, {"begin": HOST})
    )
    return [one for one in found if one.ago < _GRACE]


def _host(name: str, value: Mapping[str, Any], now: int) -> Host:
    ago = timedelta(microseconds=now - value["seen"])
    works = value["works"] and ago < LENGTH
    return Host(name.removeprefix(HOST), works, ago, value["version"], value.get("config", ""))


def configured_otherwise(connection: Connection, config: str) -> list[str]:
    """The hosts that run now with another configuration than that with the digest *config*, by name."""
    return [one.name for one in hosts(connection) if one.there and one.config not in ("", config)]


def clock(connection: Connection) -> datetime:
    """What time it is by the database, in a transaction that waits for nobody any more (aware UTC)."""
    return _EPOCH + timedelta(microseconds=connection.execute(_CLOCK).scalar_one())


def holder(connection: Connection) -> str:
    """Who holds the desk now, in a transaction that has the row; empty for nobody."""
    query = "SELECT value::json ->> 'holder' FROM setting WHERE name = :name "
    query += f"AND (value::json ->> 'until')::bigint >= {_NOW}"
    return connection.execute(text(query), {"name": ROW}).scalar() or ""


def terms(connection: Connection) -> int:
    """How many terms there were, in any engine."""
    value = connection.execute(text("SELECT value FROM setting WHERE name = :name"), {"name": ROW}).scalar()
    return int(json.loads(value)["term"]) if value else 0


def free_after(term: int) -> str:
    """The row's value when nobody holds the desk, and the next term is the one after *term*."""
    return json.dumps({"term": term, "holder": "", "until": 0})


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
