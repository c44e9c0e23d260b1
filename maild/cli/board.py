"""``maild board``: the desk live on a terminal, read from the database and never written."""

import time
from contextlib import suppress
from datetime import datetime, timedelta

import click
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from maild.app import board as boards
from maild.app.desk import now
from maild.cli.context import config_path
from maild.cli.listing import shown
from maild.cli.times import until, urgency
from maild.config import Config, load
from maild.store.overview import Overview, Row

AROUND = 8
"""Lines of the screen that are not cases."""
BLIND = timedelta(minutes=15)


@click.command()
@click.option("--once", is_flag=True, help="Show it once and exit.")
@click.option("--every", type=click.FloatRange(0.2, 60), default=2.0, help="Seconds between two updates [2].")
def board(once: bool, every: float) -> None:
    """Show the desk live: open cases by next deadline, whose turn it is, what is waiting."""
    from rich.live import Live

    config, console = load(config_path()), Console()
    with boards.reading(config) as look:
        if once:
            console.print(frame(look(), config, now(), console.height))
            return
        with suppress(KeyboardInterrupt), Live(console=console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(frame(look(), config, now(), console.height), refresh=True)
                time.sleep(every)


def frame(found: Overview, config: Config, at: datetime, height: int) -> RenderableType:
    """One picture of the desk at *at* (aware UTC), for a terminal of so many lines."""
    room = max(1, height - AROUND)
    members = {address: one.name for one in config.file.team for address in (*one.addresses, one.contact)}
    rows = [_case(row, members, at) for row in found.cases[:room]]
    more = len(found.cases) - len(rows)
    return Group(
        Text(f"{at:%Y-%m-%d %H:%M:%S} UTC  {config.file.desk.name}", style="bold", no_wrap=True),
        Text(),
        _table(rows) if rows else Text("No open cases.", style="green"),
        Text(f"and {more} more (maild cases)" if more else ""),
        _waiting(found),
        _health(found, at),
    )


def _table(rows: list[tuple[Text, ...]]) -> Table:
    table = Table(box=None, header_style="bold", expand=True, padding=(0, 1, 0, 0))
    for name, width in (("case", 12), ("due", 16), ("promise", 13), ("turn", 12)):
        table.add_column(name, width=width, no_wrap=True, overflow="ellipsis")
    table.add_column("subject", ratio=1, no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*row)
    return table


def _case(row: Row, members: dict[str, str], at: datetime) -> tuple[Text, ...]:
    late = row.due is not None and row.due <= at
    turn = members.get(row.turn, row.turn)
    return (
        Text(row.case_id),
        Text(until(row.due, at), style=urgency(row.due, at)),
        Text(row.promise),
        Text(turn, style="bold" if late else ""),
        Text(shown(row.subject)),
    )


def _waiting(found: Overview) -> Text:
    """What waits for a person, in yellow where it does."""
    parts = (
        (found.quarantined, "in quarantine"),
        (found.held, "waiting for proof"),
        (found.shunted, "set aside"),
        (found.stuck, "letters waiting"),
    )
    line = Text("Waiting for a person: ", no_wrap=True, overflow="ellipsis")
    for number, (count, words) in enumerate(parts):
        line.append(", " if number else "").append(f"{count} {words}", style="yellow" if count else "")
    return line


def _health(found: Overview, at: datetime) -> Text:
    """Whether mail flows."""
    line = Text("Health: ", no_wrap=True, overflow="ellipsis")
    blind = found.read is None or at - found.read > BLIND
    read = f"{found.read:%Y-%m-%d %H:%M} UTC" if found.read else "never"
    line.append(f"mail read {read}", style="bold red" if blind else "green")
    line.append(f", {found.waiting} being handled, {found.owed} letters owed")
    if found.canary:
        line.append(f", canary {found.canary:%Y-%m-%d %H:%M} UTC")
    return line
