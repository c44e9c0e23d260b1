"""Whether a database is sound in itself, and how much room it takes: each engine is asked in its own way."""

from typing import Protocol

from sqlalchemy import Connection


class Sound(Protocol):
    """What an engine knows of its database, without a look at what maild keeps in it."""

    guards: int
    """How many triggers keep the journal append-only."""

    def damage(self, connection: Connection, most: int) -> list[str]:
        """What is wrong with its storage, at most so much; nothing when it is whole."""

    def quickly(self, connection: Connection) -> str:
        """The first fault that a quick look finds, or nothing."""

    def risks(self, connection: Connection) -> list[tuple[str, str]]:
        """Settings that may lose what was committed, each with what to do; nothing where maild sets them."""

    def orphans(self, connection: Connection) -> list[tuple[str, str]]:
        """Tables with rows that name a row of the second table that is not there, once for each row."""

    def guarded(self, connection: Connection) -> int:
        """How many of the journal's guards are there and in force."""

    def used(self, connection: Connection) -> int:
        """The bytes that hold something."""


class _Sqlite:
    guards = 2

    def damage(self, connection: Connection, most: int) -> list[str]:
        rows = connection.exec_driver_sql(f"PRAGMA integrity_check({most})").scalars()
        return [row for row in rows if row != "ok"]

    def quickly(self, connection: Connection) -> str:
        found = str(connection.exec_driver_sql("PRAGMA quick_check").scalar())
        return "" if found == "ok" else found

    def risks(self, connection: Connection) -> list[tuple[str, str]]:  # noqa: ARG002 - PostgreSQL's has it
        return []

    def orphans(self, connection: Connection) -> list[tuple[str, str]]:
        rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [(table, parent) for table, _, parent, _ in rows]

    def guarded(self, connection: Connection) -> int:
        guards = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_no_%'"
        return int(connection.exec_driver_sql(guards).scalar_one())

    def used(self, connection: Connection) -> int:
        """Its pages without those that it would write to next."""
        pages, free, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size


class _Postgresql:
    """It keeps the links of rows itself, and `pg_amcheck` is its owner's tool for the files below."""

    guards = 3

    def damage(self, connection: Connection, most: int) -> list[str]:  # noqa: ARG002 - as SQLite's
        return []

    def quickly(self, connection: Connection) -> str:  # noqa: ARG002 - as SQLite's
        return ""

    def risks(self, connection: Connection) -> list[tuple[str, str]]:
        """What its owner set, and a replica that may lag behind when it is promoted."""
        show = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
        names = ["fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names"]
        found = {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(show, (names,))}
        off = [name for name in names[:3] if found.get(name) == "off"]
        risks = [(f"{name} is off: a crash may lose what was stored", f"set {name} = on") for name in off]
        replicas = connection.exec_driver_sql("SELECT count(*) FROM pg_stat_replication").scalar_one()
        if replicas and not found.get("synchronous_standby_names"):
            text = "no replica is synchronous: a failover may lose what was stored in the last moments"
            risks.append((text, "set synchronous_standby_names, or accept it ([[accepted]])"))
        elif found.get("synchronous_commit") == "local" and found.get("synchronous_standby_names"):
            text = "synchronous_commit is local: a failover may lose what was stored in the last moments"
            risks.append((text, "set synchronous_commit = on, or accept it ([[accepted]])"))
        return risks

    def orphans(self, connection: Connection) -> list[tuple[str, str]]:  # noqa: ARG002 - as SQLite's
        return []

    def guarded(self, connection: Connection) -> int:
        guards = (
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'journal'::regclass AND tgenabled IN ('O', 'A') "
            "AND starts_with(tgname, 'journal_no_')"
        )
        return int(connection.exec_driver_sql(guards).scalar_one())

    def used(self, connection: Connection) -> int:
        """Its tables with their indexes and long values, free room in them included."""
        sizes = (
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return int(connection.exec_driver_sql(sizes).scalar_one())


_ENGINES: dict[str, Sound] = {"sqlite": _Sqlite(), "postgresql": _Postgresql()}


def of(connection: Connection) -> Sound:
    """The engine of *connection*."""
    return _ENGINES[connection.dialect.name]
