"""The command that moves the desk's database between the file and PostgreSQL."""

from dataclasses import asdict

import click

from maild.cli import output
from maild.cli.context import as_json, configured


@click.command("migrate-database")
@click.argument("url", metavar="URL")
@as_json
def migrate_database(url: str, as_json: bool) -> None:
    """Copy the database to URL and compare every row; stop the service first.

    URL names a database in PostgreSQL as [database] url does, or is "sqlite:" for the file in the state
    folder. The old database stays as it is. If the command is interrupted, run it again, and it continues.
    """
    from maild.app.moving import move

    config = configured()
    with output.busy("copying and comparing"):
        done = move(config, url)
    if as_json:
        output.rows([asdict(one) for one in done.sums], as_json, "")
        return
    rows = output.counted(sum(one.rows for one in done.sums), "row")
    click.echo(f"copied from {done.source} to {done.target}: {rows}, all equal; the journal is complete.")
    click.echo("Now change maild.toml and start maild:\n")
    click.echo(f'[database]\nurl = "{done.url}"\n')
    if done.kept:
        click.echo(f"The database file that was there is kept: {done.kept}")
    click.echo("The old database is unchanged. It contains every message: delete it when you are sure.")
