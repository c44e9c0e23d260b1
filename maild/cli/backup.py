"""The commands that write the desk's memory out, put it back, and look whether it is whole."""

from pathlib import Path

import click

from maild.app import backup as backups
from maild.app import verify as verifying
from maild.cli import output
from maild.cli.context import as_json, config_path
from maild.cli.listing import shown
from maild.config import load
from maild.errors import Refused

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, force: bool) -> None:
    """Write the database to FILE, complete and consistent, also while the service runs."""
    size = backups.write(load(config_path()), file, force)
    output.tell(
        f"{file}: {size} bytes. Keep it as safe as the desk itself: it contains every message as received."
    )
    output.tell(
        "It does not contain maild.toml, the secrets or the desk's key (GNUPGHOME). Back them up too."
    )


@click.command()
@click.argument("file", type=FILE)
@click.option("--moved", is_flag=True, help="Nothing happened since the backup; the desk was stopped.")
def restore(file: Path, moved: bool) -> None:
    """Replace the database with FILE, a backup; stop the service first.

    Messages newer than the backup are read again. Letters about them are parked, so that nobody is answered
    twice.
    """
    config = load(config_path())
    try:
        given = file.open("rb")
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    with given:
        done = backups.restore(config, given, moved)
    click.echo(f"restored{f' as of {shown(done.taken.isoformat())}' if done.taken else ''}.")
    if done.kept:
        click.echo(f"The database it replaced is kept: {done.kept}")
    if not moved:
        output.tell(
            "Letters that may have been sent before will be parked: see `maild outbox` after the next run."
        )


@click.command()
@click.argument("file", type=FILE, required=False)
@as_json
def verify(file: Path | None, as_json: bool) -> None:
    """Check that the database, or a backup in FILE, is intact; say what is wrong and what to do."""
    found = verifying.verify(load(config_path()), file)
    rows = [{"what": one.what, "state": one.state, "text": one.text} for one in found]
    output.rows(rows, as_json, "", "check", paged=False)
    if any(one.state == verifying.FAULT for one in found):
        click.get_current_context().exit(1)
