"""Mail providers as data: ``[inbox] provider`` lays what is known of one beneath the operator's file.

Every value stands in ``config/providers`` with its source. The file's own keys win.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from maild.config.fields import is_loopback
from maild.config.oauth import Grant
from maild.config.presets import Layered, Table, merged, paths
from maild.config.share import shipped
from maild.errors import Problem

SECTIONS = ("inbox", "smtp", "desk", "trust", "oauth")
"""The tables of a provider that lie beneath the file; the other is for people."""
OWN = "self-hosted"


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of one: its name for people, what logs in there, and what the operator has to do.

    ``passwords``: whether its servers take them; ``grants``: how a token can be had, the best first.
    """

    key: str
    name: str
    login: str
    todo: tuple[str, ...]
    below: Table
    passwords: bool = True
    grants: tuple[Grant, ...] = ()


def names() -> tuple[str, ...]:
    """The providers that are shipped."""
    return tuple(sorted(path.stem for path in (shipped("config") / "providers").glob("*.toml")))


@cache
def provider(key: str) -> Provider:
    """The provider *key*, one of ``names``."""
    table = tomllib.loads((shipped("config") / "providers" / f"{key}.toml").read_text("utf-8"))
    about = table["provider"]
    below = {name: table[name] for name in SECTIONS if name in table}
    ways = about.get("passwords", True), tuple(about.get("grants", ()))
    return Provider(key, about["name"], about["login"], tuple(about["todo"]), below, *ways)


def laid(layers: Layered) -> Layered:
    """*layers* over the provider that ``[inbox] provider`` names; as they are where it names none."""
    wanted = _table(layers.raw, "inbox").get("provider", "")
    if wanted == "":
        return layers
    if not isinstance(wanted, str) or wanted not in names():
        fault = Problem("inbox.provider", repr(wanted), f"one of {', '.join(names())}")
        return replace(layers, problems=(*layers.problems, fault))
    raw = _with_login(layers.raw, wanted)
    below = _with_results(provider(wanted).below, raw)
    from_provider = dict.fromkeys(paths(below), f"provider {wanted}")
    as_inbox = dict.fromkeys(paths(raw), "as inbox")
    return replace(layers, raw=merged(below, raw), origins={**as_inbox, **from_provider, **layers.origins})


def _with_login(raw: Table, wanted: str) -> Table:
    """*raw* where ``[smtp]`` logs in as ``[inbox]`` does, unless it says how: none sends without."""
    inbox, smtp = _table(raw, "inbox"), _table(raw, "smtp")
    secrets = ("password_file", "token_file")
    if wanted == OWN or smtp.get("username") or any(smtp.get(key) for key in secrets):
        return raw
    login = {key: inbox[key] for key in secrets if inbox.get(key)}
    user = inbox.get("username") or _table(raw, "desk").get("address")
    kept = {key: value for key, value in smtp.items() if key not in secrets}
    return {**raw, "smtp": {**kept, **login, **({"username": user} if user else {})}}


def _with_results(below: Table, raw: Table) -> Table:
    """The host of the inbox is the authserv-id of a server of one's own, unless another is named."""
    host, trust = _table(raw, "inbox").get("host"), below.get("trust", {})
    if "authserv_id" in trust or not isinstance(host, str) or is_loopback(host):
        return below
    return {**below, "trust": {**trust, "authserv_id": host}}


def _table(raw: Table, name: str) -> dict[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}
