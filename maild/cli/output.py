"""Printing for people (tables) and for programs (JSON)."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from maild.app.desk import now
from maild.cli import listing
from maild.cli.columns import LISTINGS, Column, Kind
from maild.cli.listing import shown
from maild.core.mail.text import escaped


def rows(
    found: Sequence[Mapping[str, Any]], as_json: bool, empty: str, name: str = "", paged: bool = True
) -> None:
    """A listing: one JSON array, or the columns of the listing *name* for eyes, or the sentence *empty*.

    *paged*: a long one waits in a pager, but not where another command is to follow (``maild check && ...``).
    """
    if as_json:
        click.echo(encoded(list(found)))
        return
    if not found:
        click.echo(empty)
        return
    columns = LISTINGS[name] if name else [_column(key, found) for key in found[0]]
    listing.printed(listing.laid(found, columns, now(), listing.width()), paged)


def stream(found: Iterable[Mapping[str, Any]]) -> None:
    """The same array as ``rows`` prints, row by row as they come, so that few are in memory."""
    before = "["
    for row in found:
        inside = encoded(row).replace("\n", "\n  ")
        click.echo(f"{before}\n  {inside}", nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def _column(key: str, found: Sequence[Mapping[str, Any]]) -> Column:
    """A column of figures that is declared nowhere: numbers stand to the right, everything else folds."""
    numbers = all(isinstance(row[key], int | float | None) for row in found)
    return Column(key, Kind.NUMBER if numbers else Kind.TEXT)


def record(found: Mapping[str, Any], as_json: bool) -> None:
    """One thing: a JSON object, or for eyes its keys and values; what belongs together stands indented."""
    if as_json:
        click.echo(encoded(found))
        return
    listing.printed([line for name, value in found.items() for line in _told(name, value)])


def _told(name: str, value: object) -> Iterator[Text]:
    """One value of a record, folded to the terminal."""
    heading = f"{name.replace('_', ' ')}:"
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield Text(heading)
        for item in value:
            known = [f"{key.replace('_', ' ')} {shown(inner)}" for key, inner in item.items() if _said(inner)]
            yield from _folded(", ".join(known), 2)
    elif isinstance(value, Mapping):
        yield Text(heading)
        for key, inner in value.items():
            if _said(inner):
                yield from _folded(f"{key.replace('_', ' ')}: {shown(inner)}", 2)
    else:
        yield from _folded(f"{heading} {shown(value)}", 0)


def _said(value: object) -> bool:
    return value is not None and value not in ("", [])


def _folded(text: str, indent: int) -> Iterator[Text]:
    width = max(listing.width() - indent - 2, listing.NARROW)
    for number, part in enumerate(listing.folded(Text(text), width)):
        yield Text(" " * (indent if number == 0 else indent + 2)).append_text(part)


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


def tell(text: str, mark: str = "", error: bool = False) -> None:
    """Print a paragraph behind *mark*, folded between words; where there is no terminal, on one line.

    *error*: on standard error.
    """
    text = f"{mark}{text}"
    if (sys.stderr if error else sys.stdout).isatty() and len(text) > listing.width():
        rest = " " * len(mark)
        text = fill(
            text, listing.width(), subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
        )
    click.echo(text, err=error)


def told(text: str, error: bool = False) -> None:
    """Print what a command answers, or what is wrong (*error*), each line of it folded as it is indented."""
    for line in text.splitlines():
        tell(line.strip(), " " * (len(line) - len(line.lstrip())), error)


def counted(number: int, noun: str) -> str:
    """``1 message``, ``3 messages``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
