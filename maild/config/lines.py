"""On which line of the file a fault stands: the nearest key, or the table that it is missing from."""

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s-]+?)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def lines(text: str) -> dict[str, int]:
    """The line (from 1) of each table and key of a TOML *text* by its dotted path: ``promise.2.limit``.

    Tables of a list are numbered from 0. What looks like a key inside a long value is taken for one.
    """
    found: dict[str, int] = {}
    seen: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = _path(re.sub(r"\s", "", header[2]), header[1] == "[[", seen)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{table}.{key[1]}".lstrip("."), number)
    return found


def nearest(key: str, known: dict[str, int]) -> int | None:
    """The line of *key*, else of the nearest thing around it; ``None`` when nothing of it is in the file."""
    while key and key not in known:
        key = key.rpartition(".")[0]
    return known.get(key)


def _path(name: str, is_list: bool, seen: Counter[str]) -> str:
    """The path of a header, its lists numbered: the second ``[[ladder.rung]]`` is ``ladder.0.rung.1``."""
    path = ""
    parts = name.split(".")
    for at, part in enumerate(parts):
        path = f"{path}.{part}".lstrip(".")
        if at == len(parts) - 1 and is_list:
            seen[path] += 1
        if seen[path]:
            path = f"{path}.{seen[path] - 1}"
    return path
