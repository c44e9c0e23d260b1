"""The commands that prepare texts for outsiders; members approve and send them by signed mail."""

from pathlib import Path

import click

from maild.app.publishing import prepared
from maild.cli.context import desk
from maild.core.values.targets import ANNOUNCEMENT

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("case")
@click.argument("file", type=FILE)
def announce(case: str, file: Path) -> None:
    """Prepare the announcement of CASE from the advisory in FILE (TOML), to go out at the embargo's instant.

    Not before two members have approved the exact text, each by !approve in a signed mail.
    """
    with desk() as opened:
        click.echo(prepared(opened, case, ANNOUNCEMENT, file))


@click.command()
@click.argument("case")
@click.argument("name", metavar="LIST")
@click.argument("file", type=FILE)
def predisclose(case: str, name: str, file: Path) -> None:
    """Prepare the letter of CASE to a predisclosure LIST from the advisory in FILE (TOML).

    It goes out, sealed, once two members have approved the exact text, each by !approve in a signed mail.
    """
    with desk() as opened:
        click.echo(prepared(opened, case, name, file))
