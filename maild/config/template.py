"""The commented ``maild.toml`` filled in: values in their places, every comment kept."""

import json
import re
from collections.abc import Mapping, Sequence

Value = str | int | bool | Sequence[str]


class Beneath(str):
    """A value that is not written but left to what lies beneath the file; it is shown in a comment."""

    __slots__ = ()


Values = Mapping[str, Value]
"""By ``section.key``."""

_HEADER = re.compile(r"\[+([a-z_]+)\]+\s*")
_KEY = re.compile(r"#?([a-z_]+) = .*")


def filled(text: str, values: Values, team: Sequence[Mapping[str, Value]] = ()) -> str:
    """*text* with each of *values* in its line, and *team*, if given, in place of its ``[[team]]`` tables.

    ``KeyError`` for a key that the file does not have.
    """
    lines, left = [], dict(values)
    for section, line in _sections(text.splitlines()):
        match = _KEY.fullmatch(line)
        name = f"{section}.{match.group(1)}" if match else ""
        lines.append(_line(name, left.pop(name)) if name in left else line)
    if left:
        raise KeyError(", ".join(left))
    return _with_team("\n".join(lines) + "\n", team) if team else "\n".join(lines) + "\n"


def _line(name: str, value: Value) -> str:
    """The line of one key."""
    return f"{'#' if isinstance(value, Beneath) else ''}{name.partition('.')[2]} = {written(value)}"


def _sections(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Each line with the section that it stands in."""
    found, section = [], ""
    for line in lines:
        if header := _HEADER.fullmatch(line):
            section = header.group(1)
        found.append((section, line))
    return found


def _with_team(text: str, team: Sequence[Mapping[str, Value]]) -> str:
    """The first ``[[team]]`` table keeps its comments, which explain all; the others are only keys."""
    before, *tables = text.split("[[team]]\n")
    explained, after = tables[0].split("\n[", 1)[0], tables[-1].split("\n[", 1)[1]
    first = filled(f"[team]\n{explained}", {f"team.{key}": value for key, value in team[0].items()})
    others = ["".join(f"{key} = {written(value)}\n" for key, value in one.items()) for one in team[1:]]
    tables = [first.removeprefix("[team]\n").rstrip("\n") + "\n", *others]
    return before + "\n".join(f"[[team]]\n{table}" for table in tables) + "\n[" + after


def written(value: Value) -> str:
    """*value* as TOML (basic strings are JSON's, but for DEL)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(written(one) for one in value) + "]"
