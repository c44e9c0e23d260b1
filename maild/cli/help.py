"""``maild help``: a page of the handbook, the team's commands from their table, or a shell command's help."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from textwrap import wrap

import click
from rich.text import Text

from maild.cli import handbook, listing
from maild.cli.folder import publish
from maild.core.words.row import Proof, Row
from maild.core.words.table import TABLE

LISTS = ("commands", "words")
"""Both name the list of the team's commands."""
INTRODUCTION = """\
Write commands at the top of a message to the team, one on each line. Sign the
message, and mention the case number in its text. DATE is a day (2026-12-24) or
a length of time (5d); INSTANT is a day, a time and a zone (2026-12-01 16:00
UTC)."""
WIDTH = 79
_PROOFS = {
    Proof.SIGNATURE: "",
    Proof.ADDRESS: "no signature needed",
    Proof.OWN: "no case needed",
}


@click.command("help")
@click.argument("topic", nargs=-1, metavar="[TOPIC|COMMAND]")
@click.option(
    "--html",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the whole handbook into DIR as pages of HTML.",
)
@click.pass_context
def help_(context: click.Context, topic: tuple[str, ...], folder: Path | None) -> None:
    """Show a page of the handbook, or the help of COMMAND.

    Without TOPIC: the commands of maild, and the pages there are. "maild help commands" lists the commands
    that the team gives by mail.
    """
    if folder:
        pages = handbook.site(markdown())
        publish(folder, pages, lambda: pages)
        click.echo(f"Written: {folder / 'index.html'} and {len(pages) - 1} more pages.")
    elif len(topic) == 1 and topic[0] in LISTS:
        _paged("\n".join(listed()))
    elif len(topic) == 1 and topic[0] in handbook.NAMES:
        handbook.show(topic[0])
    else:
        _show_command(context.find_root(), topic)


def _show_command(here: click.Context, names: tuple[str, ...]) -> None:
    """The help of the command with these *names*; without any, maild's own and the handbook's contents."""
    for name in names:
        here = _inside(here, name)
    _paged(here.get_help() + ("" if names else f"\n\n{handbook.contents()}"))


def _paged(text: str) -> None:
    """Print *text*, in a pager where it is longer than the terminal."""
    listing.printed([Text(line) for line in text.splitlines()])


def _inside(context: click.Context, name: str) -> click.Context:
    """The context of the command *name* of a group."""
    group = context.command
    found = group.get_command(context, name) if isinstance(group, click.Group) else None
    if found is None:
        known = [
            *(group.list_commands(context) if isinstance(group, click.Group) else ()),
            *(name for name, _ in handbook.TOPICS),
        ]
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean '{near[0]}'? " if near else ""
        raise click.UsageError(f"no command or topic '{name}'; {meant}`maild help` lists both")
    return click.Context(found, parent=context, info_name=name)


def listed() -> Iterator[str]:
    """The team's commands by group, for a terminal."""
    yield INTRODUCTION
    for group, rows in groupby(TABLE, lambda row: row.group):
        yield f"\n{group.capitalize()}"
        for row in rows:
            yield f"  {row.usage}"
            yield from (f"      {line}" for line in wrap(explained(row), WIDTH - 6))


def markdown() -> str:
    """The same as a page of the handbook."""
    parts = ["# Commands by mail", " ".join(INTRODUCTION.split())]
    for group, rows in groupby(TABLE, lambda row: row.group):
        parts += [f"## {group.capitalize()}", "\n".join(f"- `{row.usage}`: {explained(row)}" for row in rows)]
    return "\n\n".join(parts) + "\n"


def explained(row: Row) -> str:
    """The help of a command, and what it needs when that is not the usual signature."""
    proof = _PROOFS[row.proof] or " or ".join(
        f"no signature needed for !{row.name} {one}" for one in sorted(row.unsigned)
    )
    return f"{row.help.rstrip('.')} ({proof})." if proof else row.help
