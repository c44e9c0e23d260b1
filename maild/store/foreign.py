"""Whether the schema of a database is maild's own, word by word: a backup may come from a stranger."""

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from maild.store import migrate

OBJECTS = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
_BETWEEN = re.compile(r"[\s\"`]+")
_PARTS = re.compile(r"[,()]+")
Schema = dict[tuple[str, str], tuple[str, str]]


def differing(raw: sqlite3.Connection, migrations: Path) -> list[str]:
    """What differs between the schema of *raw* and maild's own of the same version, by kind and name.

    Nothing of a version that is not known here: that is said where it is opened.
    """
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    version = str(row[0]) if row else ""
    if not version.isalnum() or not list(migrations.glob(f"versions/{version}_*.py")):
        return []
    found = _schema(raw.execute(OBJECTS))
    wanted = _schema(migrate.made(migrations, version, OBJECTS))
    names = sorted(found.keys() | wanted.keys())
    return [f"{kind} {name}" for kind, name in names if found.get((kind, name)) != wanted.get((kind, name))]


def _schema(rows: Iterable[Any]) -> Schema:
    """Every table, index, trigger and view with its words; blanks and quotation marks apart."""
    return {(kind, name): (table, _words(kind, words)) for kind, name, table, words in rows}


def _words(kind: str, words: str) -> str:
    """The words of one of them; of a table sorted, as a migration writes its constraints in any order."""
    bare = _BETWEEN.sub("", words)
    return " ".join(sorted(_PARTS.split(bare))) if kind == "table" else bare
