"""What a shell offers after a command: case numbers, members, and the words of the policy.

Looking writes nothing, and whatever is wrong with the desk, completion only offers less.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import click

from maild.app.desk import place_of
from maild.config import Config, find, load
from maild.core.disclosure.recording import TRACKS
from maild.core.disclosure.verdicts import VERDICTS
from maild.core.policy import Policy
from maild.errors import MaildError
from maild.store import views

Offers = Callable[[click.Context, click.Parameter, str], list[str]]
AFTER: dict[str, Callable[[Policy], Iterable[str]]] = {
    "verdict": lambda _: VERDICTS,
    "ask": lambda policy: (one.field for one in policy.asks),
    "not-a-bug": lambda policy: policy.process.reasons,
    "severity": lambda policy: policy.process.severities,
    "track": lambda _: TRACKS,
    "stage": lambda policy: (one.name for one in policy.process.stages),
    "branch": lambda policy: policy.process.branches,
    "done": lambda policy: policy.process.checklist,
    "handler": lambda policy: (member.name for member in policy.team.members),
}
"""What the first argument after the case may be, by command."""


def cases(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """The open cases whose number begins like that."""
    return _matching(_numbers(context), begun.upper())


def members(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """The members whose name begins like that."""
    config = _config(context)
    return _matching((one.name for one in config.file.team) if config else (), begun)


def after(name: str) -> Offers:
    """What may follow the case in the command *name*."""

    def offers(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
        config = _config(context)
        if config is None or name not in AFTER or context.params.get("rest"):
            return []
        return _matching(AFTER[name](config.policy(b"")), begun)

    return offers


def _config(context: click.Context) -> Config | None:
    try:
        return load(_path(context))
    except (MaildError, OSError):
        return None


def _path(context: click.Context) -> Path:
    return find(context.find_root().params.get("config_file"))


def _numbers(context: click.Context) -> list[str]:
    config = _config(context)
    place = place_of(config) if config else None
    try:
        if place is None or not place.exists():
            return []
        with closing(place.open_read_only()) as database:
            return [str(row["case"]) for row in database.call(views.cases)]
    except (MaildError, OSError):
        return []


def _matching(names: Iterable[str], begun: str) -> list[str]:
    return [name for name in names if name.lower().startswith(begun.lower())]
