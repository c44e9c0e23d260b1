"""The commands about keys."""

from pathlib import Path

import click

from maild.app import keys as care
from maild.app import wkd as directory
from maild.cli import output
from maild.cli.context import as_json, config_path, configured
from maild.cli.folder import publish
from maild.config import load


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


@keys.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def wkd(folder: Path) -> None:
    """Write a Web Key Directory into DIR, from which mail programs fetch the desk's key.

    Let your web server serve DIR as it is: it holds a folder .well-known, for the domain of the desk's
    address or for the host openpgpkey in it. Run the command again when the key has changed.
    """
    config = load(config_path())
    for file in publish(
        folder, directory.places(config.file.desk.address), lambda: directory.directory(config)
    ):
        click.echo(str(file))
