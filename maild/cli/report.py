"""``maild report``: the figures of a quarter, for a terminal or as one page of HTML."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from maild.app import report as reporting
from maild.cli import output
from maild.cli.context import as_json, desk
from maild.cli.kept import writing
from maild.cli.ledger import DAY
from maild.config.reportpage import html

PARTS = (
    ("inflow", "Messages received, by kind"),
    ("times", "Hours from the report to the first answer and to the fix"),
    ("promises", "Promises to reporters, by the month in which they were due"),
    ("handlers", "Who handled the cases"),
    ("open", "Open cases by age"),
)


as_page = click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write one page of HTML, a new file.",
)


@click.command()
@click.option("--since", type=DAY, metavar="DATE", help="Only what began on this day or later.")
@as_page
@as_json
def report(since: datetime | None, page: Path | None, as_json: bool) -> None:
    """Show how the desk did: messages received, times to answer and fix, promises kept, open cases.

    It holds figures and the names of members, and nothing that a report says.
    """
    if page:
        with writing(page) as out, desk() as opened:
            out.write(html(opened.policy.desk.name, _figures(opened, since), PARTS).encode())
        click.echo(f"Written: {page}")
        return
    with desk() as opened:
        found = _figures(opened, since)
    if as_json:
        click.echo(output.encoded(found))
        return
    for number, (key, title) in enumerate(PARTS):
        click.echo(f"{chr(10) if number else ''}{title}:")
        output.rows(found[key], False, "None.")


def _figures(opened: Any, since: datetime | None) -> dict[str, Any]:
    return reporting.figures(opened, since.replace(tzinfo=opened.policy.zone) if since else None)
