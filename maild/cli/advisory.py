"""The command that renders an advisory."""

from pathlib import Path

import click

from maild.app import advisory as advisories
from maild.cli import completing
from maild.cli.context import CASE, desk
from maild.cli.kept import writing
from maild.core.mail.text import disarmed
from maild.errors import Refused


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option(
    "--format", "form", type=click.Choice(list(advisories.FORMS)), default="text", show_default=True
)
@click.option(
    "--draft", is_flag=True, help="Write every format into the state folder, before the announcement."
)
@click.option("--skeleton", is_flag=True, help="Print a FILE to begin with, from what was recorded.")
@click.option("--output", type=click.Path(path_type=Path), help="A new file, readable only by you.")
def advisory(
    case: str, file: Path | None, form: str, draft: bool, skeleton: bool, output: Path | None
) -> None:
    """Render the advisory of CASE, written in FILE (TOML), for people and for machines.

    Refused until CASE is announced and its embargo is over. --draft writes into a folder that only the
    desk can read. --skeleton prints a FILE to fill in.
    """
    if skeleton:
        _begin(case, output)
        return
    if file is None:
        raise click.UsageError(
            f"name the FILE of the advisory; `maild advisory {case} --skeleton` prints one"
        )
    if draft and output:
        raise Refused("a draft is written into the state folder only; leave out --output")
    if output:
        with writing(output) as out, desk() as opened:
            out.write(advisories.written(opened, case, file, form).encode())
        return
    with desk() as opened:
        if draft:
            click.echo(f"drafts are in {advisories.drafted(opened, case, file)}")
        else:
            click.echo(advisories.written(opened, case, file, form), nl=False)


def _begin(case: str, output: Path | None) -> None:
    """The file to begin with, into a new file or on standard output."""
    if output:
        with writing(output) as out, desk() as opened:
            out.write(advisories.begun(opened, case).encode())
        return
    with desk() as opened:
        click.echo(disarmed(advisories.begun(opened, case)), nl=False)
