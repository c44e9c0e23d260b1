"""Faults that no single key shows: placeholders, a ladder that names nobody, addresses claimed twice."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from maild.core.values.address import normal
from maild.errors import KNOWN_KEY, Problem

_PLACEHOLDER = re.compile(
    r"\s*(some ?one( else)?|change[ _-]?me|fix[ _-]?me|todo|tbd|xxx+|\.\.\.|<[^<>]*>|your[ _-].*|0{40})\s*"
    r"|.*\b(change-?me)\b.*",
    re.IGNORECASE,
)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINES = ("policy.", "disclosure.checklist.")
"""Where a text may have several lines; anywhere else it would break a header, a command or a table."""

_URL = "database.url"
_WANTED = {
    "missing": "a value",
    "extra_forbidden": "a known key (is it misspelt?)",
    "string_type": "text in quotes",
    "finite_number": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "tuple_type": "a list in square brackets",
    "list_type": "a list in square brackets",
    "bool_type": "true or false",
    "model_type": "a table",
}


def names(section: type[BaseModel]) -> Iterator[str]:
    """The keys of *section* and of the sections below it."""
    for name, field in section.model_fields.items():
        yield name
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from names(inner)


def _unknown(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, list(known), n=1)
    return f"{KNOWN_KEY}; did you mean {near[0]}?" if near else _WANTED["extra_forbidden"]


def from_pydantic(error: ValidationError, known: Iterable[str] = ()) -> Iterator[Problem]:
    """Each fault that pydantic found, in the words of an operator; *known* are the keys that there are."""
    for fault in error.errors(include_url=False):
        key = ".".join(str(step) for step in fault["loc"]) or "file"
        text = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        # An unknown key may be a password in the wrong place, and a URL may hold one: that is never repeated.
        untold = {"missing": "missing", "extra_forbidden": "(not shown)"}
        value = untold.get(fault["type"]) or ("(not shown)" if key == _URL else _shown(fault["input"]))
        unknown = fault["type"] == "extra_forbidden"
        wanted = _unknown(str(fault["loc"][-1]), known) if unknown else _WANTED.get(fault["type"], text)
        yield Problem(key, value, wanted)


def across(raw: dict[str, Any]) -> Iterator[Problem]:
    """The faults of the file as a whole; *raw* may be malformed anywhere."""
    for key, text in _texts("", raw):
        yield from _text_faults(key, text)
    members = [m for m in _list(raw.get("team")) if isinstance(m, dict)]
    yield from _ladder(members)
    yield from _claimed_twice(members)
    yield from _desk_is_nobody(raw, members)


def _texts(key: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{key}.{name}".lstrip("."), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(f"{key}.{number}", inner)
    elif isinstance(value, str):
        yield key, value


def _text_faults(key: str, text: str) -> Iterator[Problem]:
    if _PLACEHOLDER.fullmatch(text):
        yield Problem(key, _shown(text), "a real value in place of the placeholder")
    if _CONTROL.search(text) or ("\n" in text and not key.startswith(_LINES)):
        yield Problem(key, _shown(text), "a text on one line, without control characters")


def _ladder(members: list[dict[str, Any]]) -> Iterator[Problem]:
    """Fewer than two people, or a rung that names nobody, and a promise could slip unseen (policy item 5)."""
    named = {
        role: {_who(m) for m in members if role in _list(m.get("roles"))}
        for role in ("coordinator", "backup")
    }
    for role, who in named.items():
        if not who:
            yield Problem(
                "team.roles",
                "missing",
                f'somebody with the role "{role}", to be told when a promise is overdue',
            )
    people = named["coordinator"] | named["backup"]
    if len(people) < 2:
        yield Problem(
            "team",
            f"{len(people)} to escalate to",
            "at least two different people, a coordinator and a backup",
        )


def _claimed_twice(members: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, member in enumerate(members):
        for address in {normal(a) for a in _list(member.get("addresses")) if isinstance(a, str)}:
            if address in seen and seen[address] != number:
                yield Problem(
                    f"team.{number}.addresses", _shown(address), "an address that only one member has"
                )
            seen.setdefault(address, number)
    yield from _one_each(members, "name")
    yield from _one_each(members, "fingerprint")


def _one_each(members: list[dict[str, Any]], key: str) -> Iterator[Problem]:
    """Two members of one name or key would be one who approves for two, or neither known by his word."""
    given = ["".join(str(member.get(key) or "").split()).lower() for member in members]
    for number, value in enumerate(given):
        if value and value in given[:number]:
            yield Problem(
                f"team.{number}.{key}", _shown(members[number][key]), f"a {key} that only one member has"
            )


def _desk_is_nobody(raw: dict[str, Any], members: list[dict[str, Any]]) -> Iterator[Problem]:
    """A member at the desk's own address would be paged into the inbox that nobody reads."""
    desk = raw.get("desk") if isinstance(raw.get("desk"), dict) else {}
    own = (
        {normal(a) for a in [desk.get("address"), *_list(desk.get("aliases"))] if isinstance(a, str)}
        if desk
        else set()
    )
    for number, member in enumerate(members):
        for key, given in (
            ("addresses", _list(member.get("addresses"))),
            ("contact", [member.get("contact")]),
        ):
            if any(isinstance(a, str) and normal(a) in own for a in given):
                yield Problem(
                    f"team.{number}.{key}", "the desk's own address", "an address that reaches this person"
                )


def _who(member: dict[str, Any]) -> str:
    contact = member.get("contact") or next(iter(_list(member.get("addresses"))), "") or member.get("name")
    return normal(str(contact))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
