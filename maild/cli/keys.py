"""The commands about keys."""

import click

from maild.app import keys as care
from maild.cli import output
from maild.cli.context import as_json, configured


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def keys(context: click.Context, as_json: bool) -> None:
    """List the keys in use: whose they are, what for, and until when."""
    if context.invoked_subcommand is None:
        output.rows(care.listed(configured()), as_json, "No key is configured.", "keys")


@keys.command()
def export() -> None:
    """Write the desk's public key to standard output, for the policy page."""
    click.echo(care.exported(configured()).decode("ascii"), nl=False)
