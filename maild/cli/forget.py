"""The command for a person who asks what is kept about them, and that it is deleted."""

import click

from maild.app import operator
from maild.cli import output
from maild.cli.context import desk


@click.command()
@click.argument("address")
@click.option(
    "--yes", is_flag=True, help="Do it. Without it, only show what would be deleted and what stays."
)
def forget(address: str, yes: bool) -> None:
    """Delete what is kept about ADDRESS; of its closed cases only the record of what was done stays."""
    with desk() as opened:
        output.told(operator.forget(opened, address, yes))
    output.tell(
        "Done." if yes else f"Nothing was changed. If this is what you want: maild forget {address} --yes"
    )
