"""``maild replay``: what past mail would have looked like under this policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from maild.app import replay as replaying
from maild.app.desk import now
from maild.app.replay import Played
from maild.cli import output
from maild.cli.context import as_json, config_path
from maild.cli.kept import writing
from maild.cli.ledger import DAY
from maild.cli.report import as_page
from maild.config import load
from maild.config.reportpage import html

FIGURES = (
    ("months", "Messages received, by month"),
    ("times", "Hours from the report to the first answer and to the fix"),
    ("kept", "The promises"),
    ("promises", "Promises to reporters, by the month in which they were due"),
)
LISTED = (
    ("missed", "Promises that would have been missed"),
    ("told", "Who would have been told that a promise was missed"),
)
HELD = (("held", "Messages that would have waited for a look by a person"),)

sent_option = click.option(
    "--sent",
    multiple=True,
    metavar="MAIL",
    type=click.Path(path_type=Path),
    help="Mail that the team sent: an mbox, a Maildir, a folder. May be given more than once.",
)


@click.command()
@click.argument("mail", nargs=-1, required=True, metavar="MAIL...", type=click.Path(path_type=Path))
@sent_option
@click.option("--since", type=DAY, metavar="DATE", help="Count only what was received on this day or later.")
@as_page
@as_json
def replay(
    mail: tuple[Path, ...], sent: tuple[Path, ...], since: datetime | None, page: Path | None, as_json: bool
) -> None:
    """Show what the mail at MAIL would have looked like under this policy; nothing is sent or changed.

    MAIL is an mbox, a Maildir, a folder or a message, such as last year's inbox. Each message counts at the
    time when it was received. An answer in a member's name counts as that member's. Encrypted messages stay
    closed. A case whose last message is the team's needs no further update.
    """
    if page:
        with writing(page) as out, played(mail, sent) as desk:
            found = _figures(desk, since)
            told = [{**row, "people": ", ".join(row["people"])} for row in found["told"]]
            out.write(html(desk.desk.policy.desk.name, {**found, "told": told}, FIGURES + LISTED).encode())
        return
    with output.busy("replaying"), played(mail, sent) as desk:
        found = _figures(desk, since)
    click.echo(output.encoded(found)) if as_json else _shown(found)


@contextmanager
def played(mail: tuple[Path, ...], sent: tuple[Path, ...]) -> Iterator[Played]:
    """The desk of the configuration after it has taken in this mail, in memory."""
    config = load(config_path())
    archive = replaying.read(mail, sent, config.policy(b"").team, now())
    with replaying.playing(config, archive) as (desk, names):
        yield Played(desk, names, archive.undated)


def _figures(found: Played, since: datetime | None) -> dict[str, Any]:
    return replaying.figures(found, since.replace(tzinfo=found.desk.policy.zone) if since else None)


def _shown(found: dict[str, Any]) -> None:
    for key, title in FIGURES:
        click.echo(f"{title}:")
        output.rows(found[key], False, "None.", paged=False)
        click.echo()
    for key, title in LISTED + HELD:
        click.echo(f"{title}:")
        output.rows(found[key], False, "None.", f"replay {key}", paged=False)
        click.echo()
    if undated := len(found["undated"]):
        click.echo(f"Left out, without a date to believe: {output.counted(undated, 'message')}.")
