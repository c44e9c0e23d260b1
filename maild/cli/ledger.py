"""The commands about promises: what became of them, and what will if nobody does anything."""

from datetime import datetime

import click

from maild.app import ahead
from maild.cli import output, sheet
from maild.cli.context import as_json, desk
from maild.store import ledger as kept

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--since", type=DAY, metavar="DATE", help="Only promises that began on this day or later.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@click.pass_context
def ledger(context: click.Context, since: datetime | None, as_json: bool, as_csv: bool) -> None:
    """List every promise made to a reporter: when it was due, when it was kept, or by how much missed."""
    if context.invoked_subcommand is not None:
        return
    with desk() as opened:
        begin = since.replace(tzinfo=opened.policy.zone) if since else None
        found = opened.ask(kept.ledger, opened.clock(), begin)
    if as_csv:
        sheet.write(found, kept.COLUMNS)
        return
    output.rows(found, as_json, "Nothing was promised yet.")


@ledger.command()
@as_json
def verify(as_json: bool) -> None:
    """Check that the journal's chain is whole and that every promise is as the journal tells it.

    Keep the last hash elsewhere: with it you can prove later that nothing was cut off at the end.
    """
    with desk() as opened, output.busy("verifying"):
        found = opened.ask(kept.verify)
    told = {"journal_rows": found.rows, "promises": found.promises, "last_hash": found.head}
    output.record({**told, "fault": found.fault or None}, as_json)
    if found.fault:
        click.get_current_context().exit(1)


@click.command()
@click.argument("case", required=False, default="")
@click.option("--days", type=click.IntRange(1, 3650), default=60, show_default=True, help="How far to look.")
@as_json
def when(case: str, days: int, as_json: bool) -> None:
    """Show what will happen, and when, if nobody does anything: to CASE, or to all cases."""
    with desk() as opened:
        output.rows(ahead.coming(opened, case.upper(), days), as_json, "Nothing will happen.")
