"""Printing for people (tables) and for programs (JSON)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from maild.core.mail.text import disarmed, escaped


def rows(found: Sequence[Mapping[str, Any]], as_json: bool, empty: str) -> None:
    """A listing: one JSON array, or a table, or the sentence *empty*."""
    if as_json:
        click.echo(encoded(list(found)))
        return
    if not found:
        click.echo(empty)
        return
    table = Table(box=None, header_style="bold")
    for name in found[0]:
        table.add_column(name.replace("_", " "))
    for row in found:
        # Text, not markup: a subject may hold square brackets.
        table.add_row(*(Text(shown(value)) for value in row.values()))
    Console(width=None if Console().is_terminal else 200).print(table)


def record(found: Mapping[str, Any], as_json: bool) -> None:
    """One thing: a JSON object, or its keys and values, lists as indented lines."""
    if as_json:
        click.echo(encoded(found))
        return
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            click.echo(f"{name.replace('_', ' ')}:")
            for item in value:
                click.echo(
                    "  "
                    + "  ".join(f"{key}={shown(inner)}" for key, inner in item.items() if inner is not None)
                )
        else:
            click.echo(f"{name.replace('_', ' ')}: {shown(value)}")


def encoded(value: object, indent: int | None = 2) -> str:
    """JSON that people may look at on a terminal, too."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent))


@contextmanager
def busy(what: str) -> Iterator[None]:
    """On a terminal, a sign of life on standard error while *what* takes its time; else nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} ..."):
        yield


def counted(number: int, noun: str) -> str:
    """``1 message``, ``3 messages``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown(value: object) -> str:
    """A value for eyes; instants to the minute, with their zone. Mail may have put anything into it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value) or "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(one)}" for key, one in value.items()) or "-"
    text = disarmed(str(value))
    if isinstance(value, str) and text.endswith("+00:00") and text[10:11] == "T":
        return f"{text[:10]} {text[11:16]} UTC"
    return text
