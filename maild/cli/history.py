"""The commands for what comes after: what happened, how cases go, what to learn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from maild.app import history
from maild.cli import casepage, completing, listing, output, sheet
from maild.cli.context import CASE, as_json, desk
from maild.cli.ledger import DAY
from maild.core.mail.text import disarmed
from maild.store import timeline as kept


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
def timeline(case: str, as_json: bool, as_csv: bool) -> None:
    """Show what happened in CASE, oldest first, without any text of its messages."""
    with desk() as opened:
        found = history.told(opened, case)
        sentences = history.story(opened, case)
    if as_csv:
        sheet.write(found, kept.COLUMNS)
        return
    if as_json:
        click.echo(output.encoded(found))
    else:
        listing.printed(list(casepage.story(sentences, listing.width())))


@click.command()
@click.option("--since", type=DAY, metavar="DATE", help="Only cases that were opened on this day or later.")
@as_json
def statistics(since: datetime | None, as_json: bool) -> None:
    """Show how long cases take, in median hours from the report to each step, and which promises are kept.

    Also by severity; then the verdicts by reason, and by month how many reports were confirmed.
    Spam and cases joined to another are left out.
    """
    with desk() as opened:
        begin = since.replace(tzinfo=opened.policy.zone) if since else None
        found = history.figures(opened, begin)
    if as_json:
        click.echo(output.encoded(found))
        return
    tables(found)


def tables(found: Mapping[str, Any]) -> None:
    """The figures for eyes."""
    click.echo("Cases, and the median hours from the report to each step:")
    output.rows(found["cases"], False, "No cases.", "statistics")
    click.echo("\nPromises to reporters:")
    output.rows(found["promises"], False, "No promises were kept or missed yet.", "kept promises")
    for key, title in (("verdicts", "Verdicts, by the policy's reasons"), ("months", "Reports, by month")):
        if found.get(key):
            click.echo(f"\n{title}:")
            output.rows(found[key], False, "")


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
def postmortem(case: str) -> None:
    """Print the skeleton of a post-mortem of CASE in Markdown: its timeline, and questions to answer.

    It says nothing about the content of an encrypted case.
    """
    with desk() as opened:
        click.echo(disarmed(history.postmortem(opened, case)), nl=False)
