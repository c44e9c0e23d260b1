"""``maild verify``: whether the desk's database, or a backup of it, is whole."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from maild.app.desk import become_owner, place_of
from maild.config import Config
from maild.config.share import shipped
from maild.errors import PermanentError, Refused, StoreError
from maild.store import foreign, migrate
from maild.store.database import Database, get_setting, open_read_only, reading
from maild.store.verify import FAULT, OK, RESTORE, SOME, WARNING, Finding, findings

__all__ = ["FAULT", "Finding", "verify"]


def verify(config: Config, file: Path | None = None) -> list[Finding]:
    """Every line about the database of the desk, or about the backup *file*; nothing is changed."""
    file = file.absolute() if file else None
    become_owner(config)
    try:
        database = _opened(config, file)
    except StoreError as error:
        return [Finding("file", FAULT, str(error))]
    try:
        version = database.call(migrate.version_in)
        if version != migrate.HEAD:
            return [_schema(version)]
        return [_schema(version), *_strange(database), *database.call(_findings, config)]
    except StoreError as error:  # it could not be opened or read: that says nothing about what is in it
        return [Finding("file", FAULT, str(error))]
    except (SQLAlchemyError, PermanentError) as error:
        found = getattr(error, "orig", None) or error
        return [Finding("file", FAULT, f"{database.place} cannot be read: {found}; {RESTORE}")]
    finally:
        database.close()


def _opened(config: Config, file: Path | None) -> Database:
    """The backup *file*, or the desk's database, for looking; ``Refused`` where there is none."""
    place = place_of(config)
    if not (file.exists() if file else place.exists()):
        raise Refused(f"{file or place}: no such database")
    return open_read_only(file) if file else place.open_read_only()


def _schema(found: str) -> Finding:
    if found == migrate.HEAD:
        return Finding("schema", OK, f"version {found}, as this maild needs it")
    if not found:
        return Finding("schema", FAULT, f"this is not a database of maild; {RESTORE}")
    later = "upgrade maild" if found > migrate.HEAD else "maild upgrades it when it starts; then verify again"
    return Finding("schema", WARNING, f"version {found}, but this maild needs {migrate.HEAD}: {later}")


def _strange(database: Database) -> list[Finding]:
    """What stands in the schema of a file that maild did not put there, or is missing from it."""
    if not database.path.is_file():
        return []
    with closing(reading(database.path)) as raw:
        found = foreign.differing(raw, shipped("migrations"))
    text = f"somebody changed the schema: {', '.join(found[:SOME])}; {RESTORE}"
    return [Finding("schema", FAULT, text)] if found else []


def _findings(connection: Connection, config: Config) -> list[Finding]:
    secret = get_setting(connection, "secret")
    return findings(connection, config.policy(bytes.fromhex(secret)))
