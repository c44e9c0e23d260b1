"""The commands about promises: what became of them, and what will if nobody does anything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import click

from maild.app import forecast
from maild.cli import completing, output, sheet
from maild.cli.context import CASE, as_json, desk
from maild.cli.times import span
from maild.store import ledger as kept

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--since", type=DAY, metavar="DATE", help="Only promises that started on this day or later.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@click.pass_context
def ledger(context: click.Context, since: datetime | None, as_json: bool, as_csv: bool) -> None:
    """List every promise made to a reporter: when it was due, and when it was kept or how late."""
    if context.invoked_subcommand is not None:
        return
    with desk() as opened:
        begin = since.replace(tzinfo=opened.policy.zone) if since else None
        found = opened.ask(kept.ledger, opened.clock(), begin)
    if as_csv:
        sheet.write(found, kept.COLUMNS)
        return
    output.rows(found if as_json else [_late(row) for row in found], as_json, "No promises yet.", "ledger")


def _late(row: Mapping[str, Any]) -> dict[str, Any]:
    """A promise with its delay for eyes."""
    seconds = row["late_seconds"]
    return {**row, "late": span(timedelta(seconds=seconds)) if seconds else None}


@ledger.command()
@as_json
def verify(as_json: bool) -> None:
    """Check that nobody has changed the journal, and that every promise agrees with it.

    Keep the last hash elsewhere: with it you can later prove that nothing was removed from the end.
    """
    with desk() as opened, output.busy("verifying"):
        found = opened.ask(kept.verify)
    told = {"journal_rows": found.rows, "promises": found.promises, "last_hash": found.head}
    output.record({**told, "fault": found.fault or None}, as_json)
    if found.fault:
        click.get_current_context().exit(1)


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases, required=False, default="")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=60, show_default=True, help="How far to look ahead."
)
@as_json
def when(case: str, days: int, as_json: bool) -> None:
    """Show what will happen, and when, if nobody does anything: in CASE, or in all cases."""
    with desk() as opened:
        output.rows(forecast.coming(opened, case.upper(), days), as_json, "Nothing will happen.", "when")
