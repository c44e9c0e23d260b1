"""Where each setting of the mailbox comes from: the file, the provider, or a default."""

from collections.abc import Iterator
from typing import Any

from maild.app.policy import written
from maild.config import Config
from maild.config.providers import provider

DESK = ("address", "aliases", "mode", "subaddress", "own_lists")
"""What of ``[desk]`` is about the mailbox."""


def values(config: Config) -> list[dict[str, str]]:
    """Key, value as an operator writes it, and where it comes from."""
    file = config.file
    rows = [(f"desk.{key}", getattr(file.desk, key)) for key in DESK]
    for name, section in (("inbox", file.inbox), ("smtp", file.smtp), ("trust", file.trust)):
        rows += _section(name, section)
    rows += _section("oauth", file.oauth) if file.oauth.grant else ()
    return [
        {"key": key, "value": written(value), "from": config.origins.get(key, "default")}
        for key, value in rows
    ]


def todo(config: Config) -> tuple[str, ...]:
    """What the operator has to do at their provider."""
    key = config.file.inbox.provider
    return provider(key).todo if key else ()


def _section(name: str, section: Any) -> Iterator[tuple[str, Any]]:
    yield from ((f"{name}.{key}", value) for key, value in section)
