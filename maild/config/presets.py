"""Published policies as data: a preset is the lowest layer of the configuration, under the file."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from maild.config.share import shipped
from maild.core.values.duration import parse_length
from maild.core.values.targets import MAILED
from maild.errors import Problem

DEFAULT = "rust-2015"
HELD_MAIL = "quarantine"
OUTSIDE = ("predisclosure", "announcement")
"""Who outside hears of a case."""
TAKEN_OUT = ("promise", *OUTSIDE, "ask", "not_a_bug")
"""What of a preset ``policy.without`` takes out by name."""
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layered:
    """The file laid over its preset, where each value comes from (by dotted path), and what is wrong."""

    raw: Table
    origins: dict[str, str]
    problems: tuple[Problem, ...] = ()


def names() -> tuple[str, ...]:
    """The presets that are shipped."""
    return tuple(sorted(path.stem for path in (shipped("config") / "presets").glob("*.toml")))


def layered(raw: Table) -> Layered:
    """*raw*, an operator's file that may be malformed anywhere, over the preset that it names."""
    given = raw.get("policy")
    section = given if isinstance(given, dict) else {}
    wanted, dropped = section.get("preset", DEFAULT), section.get("without", [])
    known = isinstance(wanted, str) and wanted in names()
    name = wanted if known else DEFAULT
    lower = _awake(_without(_preset(name), dropped), raw)
    upper = _short_form(raw, lower)
    laid: Table = merged(lower, upper)
    origins = dict.fromkeys(paths(lower), f"preset {name}") | dict.fromkeys(paths(upper), "file")
    laid, hurried = _hurried(laid, origins)
    origins |= dict.fromkeys(hurried, "half of acknowledge")
    problems = [] if known else [Problem("policy.preset", repr(wanted), f"one of {', '.join(names())}")]
    return Layered(laid, origins, (*problems, *_idle(laid, raw), *_not_there(dropped, _preset(name))))


@cache
def _preset(name: str) -> Table:
    return tomllib.loads((shipped("config") / "presets" / f"{name}.toml").read_text("utf-8"))


def _without(lower: Table, dropped: object) -> Table:
    """The preset without the promises, places, questions and reasons that the operator takes out by name."""
    gone = dropped if isinstance(dropped, list) else []
    kept = {key: [one for one in lower.get(key, []) if _name(one) not in gone] for key in TAKEN_OUT}
    return {**lower, **kept}


def _awake(lower: Table, raw: Table) -> Table:
    """The preset without the lists that *raw* names no address of: a preset alone tells nobody outside.

    What people publish comes after a list, so it is there once the file names any place of announcement.
    """
    own = {key: {_name(one) for one in _tables(raw.get(key))} for key in OUTSIDE}
    lists = [one for one in lower["predisclosure"] if one["id"] in own["predisclosure"]]
    places = [
        one
        for one in lower["announcement"]
        if one["id"] in own["announcement"] or (own["announcement"] and one["kind"] not in MAILED)
    ]
    given = {"predisclosure": lists, "announcement": places}
    return {key: value for key, value in (lower | given).items() if value or key not in OUTSIDE}


def _tables(value: object) -> list[Table]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _short_form(raw: Table, lower: Table) -> Table:
    """*raw* with ``[promises]`` written as ``[[promise]]``, which wins where a file has both.

    A promise that the preset does not know is the seed's.
    """
    short, own = raw.get("promises"), raw.get("promise", [])
    if not isinstance(short, dict) or not isinstance(own, list):
        return raw
    tables = {one.get("id"): one for one in own if isinstance(one, dict) and isinstance(one.get("id"), str)}
    added = []
    seed = {one["id"]: one for one in _preset(DEFAULT)["promise"]}
    below = {one["id"] for one in lower["promise"]}
    for name, limit in short.items():
        if name in seed and _is_length(limit) and name not in tables:
            added.append({**({} if name in below else seed[name]), "id": name, "limit": limit})
    filled = [_with_limit(one, short) for one in own]
    return {**raw, "promise": [*filled, *added]}


def _with_limit(one: object, short: Table) -> object:
    """The operator's ``[[promise]]``, its limit from the short form if it has none of its own."""
    if not isinstance(one, dict) or "limit" in one or not isinstance(one.get("id"), str):
        return one
    limit = short.get(one["id"])
    return {**one, "limit": limit} if _is_length(limit) else one


def _is_length(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(parse_length(value))
    except ValueError:
        return False


def merged(lower: Any, upper: Any) -> Any:
    """*upper* over *lower*, key by key; tables of a list are the same when they bear the same name.

    The operator's tables come first and keep their numbers, which faults are told by.
    """
    if isinstance(lower, dict) and isinstance(upper, dict):
        return {**lower, **{k: merged(lower[k], v) if k in lower else v for k, v in upper.items()}}
    if isinstance(lower, list) and isinstance(upper, list) and all(_name(one) for one in lower):
        below = {_name(one): one for one in lower}
        over = [merged(below.get(_name(one), {}), one) for one in upper]
        own = {_name(one) for one in upper}
        return [*over, *(one for one in lower if _name(one) not in own)]
    return upper


def _name(one: object) -> str:
    table = one if isinstance(one, dict) else {}
    found = next((table[key] for key in ("id", "name", "field", "reason") if key in table), "")
    return found if isinstance(found, str) else ""


def _hurried(laid: Table, origins: dict[str, str]) -> tuple[Table, tuple[str, ...]]:
    """A preset's time for held mail that a shorter *acknowledge* overtook is half of that; which were so."""
    tables = laid.get("promise")
    limits = {_name(one): _elapsed(one) for one in tables} if isinstance(tables, list) else {}
    looked, first = limits.get(HELD_MAIL), limits.get("acknowledge")
    path = f"promise.{HELD_MAIL}.limit"
    if not looked or not first or looked < first or origins.get(path) == "file":
        return laid, ()
    half = f"{max(int(first.total_seconds()) // 120, 1)}m"
    hurried = [{**one, "limit": half} if _name(one) == HELD_MAIL else one for one in laid["promise"]]
    return {**laid, "promise": hurried}, (path,)


def _elapsed(one: object) -> timedelta | None:
    """The limit of a promise, where there is a readable one in elapsed time."""
    limit = one.get("limit") if isinstance(one, dict) else None
    return parse_length(str(limit)).elapsed if _is_length(limit) else None


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The dotted path of each value; in lists of named tables by name: ``promise.respond.limit``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and value and all(_name(one) for one in value):
        for one in value:
            yield from paths(one, f"{path}.{_name(one)}")
    else:
        yield path


def _idle(laid: Table, raw: Table) -> Iterator[Problem]:
    """``backup_after`` belongs to the seed's ladder: beside another default ladder it would do nothing."""
    given, ladders = raw.get("escalation"), laid.get("ladder")
    if not isinstance(given, dict) or "backup_after" not in given or not isinstance(ladders, list):
        return
    if "default" in {_name(one) for one in ladders}:
        wanted = 'no value, because the [[ladder]] called "default" (yours or the preset\'s) sets it'
        yield Problem("escalation.backup_after", repr(given["backup_after"]), wanted)


def _not_there(dropped: object, preset: Table) -> Iterator[Problem]:
    ids = [_name(one) for key in TAKEN_OUT for one in preset.get(key, [])]
    for name in dropped if isinstance(dropped, list) else []:
        if name not in ids:
            yield Problem("policy.without", repr(name), f"a name in the preset: {', '.join(ids)}")
