"""The commands that run the desk or look whether it could run."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from maild.app import check as checking
from maild.app import run as running
from maild.app.init import rest
from maild.cli import output
from maild.cli.context import as_json, configured
from maild.errors import TemporaryError


@click.command()
@click.option("--once", is_flag=True, help="Take in everything, sweep, send everything owed, and exit.")
def run(once: bool) -> None:
    """Run the desk in the foreground; SIGTERM ends it in good order."""
    config = configured()
    if not once:
        running.forever(config)
        return
    with output.busy("reading, deciding, sending"):
        done = running.once(config)
    click.echo(f"taken in: {done.taken}; letters sent: {done.sent}; left in the backlog: {done.backlog}")
    if done.trouble:
        raise TemporaryError(done.trouble)


@click.command()
@as_json
def check(as_json: bool) -> None:
    """Check configuration, database, keys, IMAP and SMTP; say what is wrong and how to mend it."""
    config = configured()
    with output.busy("checking"):
        lines = checking.check(config)
        rest(config)
    status = told(lines, as_json)
    click.get_current_context().exit(status)


def told(lines: Sequence[checking.Line], as_json: bool) -> int:
    """Print the lines of a check; the exit status that the worst of them asks for."""
    output.rows([{"what": line.what, "state": line.state, "text": line.text} for line in lines], as_json, "")
    return os.EX_UNAVAILABLE if checking.FAULT in {line.state for line in lines} else os.EX_OK


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Leave configuration, database and mails in DIR.",
)
def demo(keep: Path | None) -> None:
    """Play the main job on embedded servers, five days in under a minute."""
    try:
        from maild.demo import play
    except ImportError as error:
        raise click.ClickException(
            f"the demo needs the extra packages: pip install 'maild[demo]' ({error.name})"
        ) from None
    play(keep)
