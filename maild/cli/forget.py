"""The command for a person who asks what is kept of him, and that it goes."""

import click

from maild.app import operator
from maild.cli.context import desk


@click.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do it; without, only what would go and what stays is told.")
def forget(address: str, yes: bool) -> None:
    """Give up what is kept of ADDRESS: of closed cases everything but the record of what was done."""
    with desk() as opened:
        click.echo(operator.forget(opened, address, yes))
    click.echo(
        "Done." if yes else f"Nothing was changed. If this is what you want: maild forget {address} --yes"
    )
