"""The commands that prepare texts for outsiders; members approve and send them by signed mail."""

from pathlib import Path

import click

from maild.app.publishing import prepared
from maild.cli import completing
from maild.cli.context import CASE, desk
from maild.core.values.targets import ANNOUNCEMENT

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@click.argument("file", type=FILE)
def announce(case: str, file: Path) -> None:
    """Prepare the announcement of CASE from the advisory in FILE (TOML), for the end of the embargo.

    It is sent only after two members have approved the exact text, each with !approve in a signed message.
    """
    with desk() as opened:
        click.echo(prepared(opened, case, ANNOUNCEMENT, file))


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@click.argument("name", metavar="LIST")
@click.argument("file", type=FILE)
def predisclose(case: str, name: str, file: Path) -> None:
    """Prepare the letter about CASE to a predisclosure LIST from the advisory in FILE (TOML).

    It is sent, encrypted, only after two members have approved the exact text, each with !approve in a signed
    message.
    """
    with desk() as opened:
        click.echo(prepared(opened, case, name, file))
