"""The command that renders an advisory."""

from pathlib import Path

import click

from maild.app import advisory as advisories
from maild.cli import completing
from maild.cli.context import desk
from maild.cli.kept import writing
from maild.errors import Refused


@click.command()
@click.argument("case", shell_complete=completing.cases)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(list(advisories.FORMS)), default="text", show_default=True
)
@click.option(
    "--draft", is_flag=True, help="Write every format into the state folder, before the announcement."
)
@click.option("--output", type=click.Path(path_type=Path), help="A new file, readable only by you.")
def advisory(case: str, file: Path, form: str, draft: bool, output: Path | None) -> None:
    """Render the advisory of CASE, written in FILE (TOML), for people and for machines.

    Refused until CASE is announced and its embargo is over. --draft writes into a folder that only the
    desk can read.
    """
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
