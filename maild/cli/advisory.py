"""The command that renders an advisory."""

from pathlib import Path

import click

from maild.app import advisory as advisories
from maild.cli.context import desk


@click.command()
@click.argument("case")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(list(advisories.FORMS)), default="text", show_default=True
)
@click.option("--draft", is_flag=True, help="Every form, into the state folder, before the announcement.")
def advisory(case: str, file: Path, form: str, draft: bool) -> None:
    """Render the advisory of CASE, written in FILE (TOML), for people and for machines.

    Refused before CASE is announced; --draft writes into a folder that only the desk can read.
    """
    with desk() as opened:
        if draft:
            click.echo(f"drafts are in {advisories.drafted(opened, case, file)}")
        else:
            click.echo(advisories.written(opened, case, file, form), nl=False)
