"""The commands that write the desk's memory out, put it back, and look whether it is whole."""

from pathlib import Path

import click

from maild.app import backup as backups
from maild.app import verify as verifying
from maild.cli import output
from maild.cli.context import as_json, config_path
from maild.config import load
from maild.errors import Refused

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, force: bool) -> None:
    """Write the database to FILE, whole and consistent, also while the desk runs."""
    size = backups.write(load(config_path()), file, force)
    click.echo(f"{file}: {size} bytes. Keep it as safe as the desk itself; it holds every mail as received.")
    click.echo("Not in it: maild.toml, the secrets, and the desk's key (its GNUPGHOME). Keep them too.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--moved", is_flag=True, help="The desk stood still since the backup: nothing was lost.")
def restore(file: Path, moved: bool) -> None:
    """Put FILE, a backup, in the place of the database; the desk must not run.

    Mail newer than the backup is taken in again, and what it makes the desk owe is parked, so that nobody is
    answered twice.
    """
    config = load(config_path())
    try:
        given = file.open("rb")
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    with given:
        done = backups.restore(config, given, moved)
    click.echo(f"restored{f' as of {output.shown(done.taken.isoformat())}' if done.taken else ''}.")
    if done.kept:
        click.echo(f"The database before it is kept: {done.kept}")
    if not moved:
        click.echo(
            "Letters that may have gone out before will be parked: see `maild outbox` after the next run."
        )


@click.command()
@click.argument("file", type=FILE, required=False)
@as_json
def verify(file: Path | None, as_json: bool) -> None:
    """Check that the database (or FILE, a backup) is whole; say what is wrong and what to do."""
    found = verifying.verify(load(config_path()), file)
    rows = [{"what": one.what, "state": one.state, "text": one.text} for one in found]
    output.rows(rows, as_json, "")
    if any(one.state == verifying.FAULT for one in found):
        click.get_current_context().exit(1)
