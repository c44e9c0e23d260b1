"""``maild board``: the desk live on a terminal, read from the database and never written."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
LEAVE = ("q", "Q", "\x1b")
"""The keys that end it: q, and Escape."""


@click.command()
@click.option("--once", is_flag=True, help="Show it once and exit.")
@click.option(
    "--every", type=click.FloatRange(0.2, 60), default=2.0, metavar="SECONDS", help="Between two updates [2]."
)
def board(once: bool, every: float) -> None:
    """Show the desk live: open cases by next deadline, whose turn it is, what is waiting.

    Press q to leave.
    """
    from rich.live import Live

    config, console = load(config_path()), Console()
    with boards.reading(config) as look:
        if once:
            console.print(frame(look(), config, now(), console.height))
            return
        screen = Live(console=console, screen=True, auto_refresh=False)
        with suppress(KeyboardInterrupt), keys() as pressed, screen as live:
            while True:
                seen = frame(look(), config, now(), console.height - 1)
                live.update(Group(seen, Text("q quits", style="dim")), refresh=True)
                if pressed(every) in LEAVE:
                    return


@contextmanager
def keys() -> Iterator[Callable[[float], str]]:
    """What waits so many seconds for a key, and gives it or nothing; the terminal is left as it was."""
    if not sys.stdin.isatty():
        yield _slept
        return
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        yield lambda seconds: _key(number, seconds)
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _slept(seconds: float) -> str:
    time.sleep(seconds)
    return ""


def _key(number: int, seconds: float) -> str:
    ready, _, _ = select.select([number], [], [], seconds)
    return os.read(number, 1).decode("ascii", "replace") if ready else ""


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
    cases = max(len("case"), *(row[0].cell_len for row in rows))  # what one types is never cut
    for name, width in (("case", cases), ("due", 16), ("promise", 13), ("turn", 12)):
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
    """What waits for a person, in yellow; on a second line where there is much."""
    parts = (
        (found.quarantined, "in quarantine"),
        (found.held, "waiting for proof"),
        (found.shunted, "set aside"),
        (found.stuck, "letters waiting"),
    )
    waits = [Text(f"{count} {words}", style="yellow") for count, words in parts if count]
    return Text("Waiting for a person: ").append(Text(", ").join(waits) if waits else "nothing")


def _health(found: Overview, at: datetime) -> Text:
    """Whether mail flows."""
    line = Text("Health: ")
    blind = found.read is None or at - found.read > BLIND
    read = f"{found.read:%Y-%m-%d %H:%M} UTC" if found.read else "never"
    line.append(f"mail read {read}", style="bold red" if blind else "green")
    line.append(f", {found.waiting} being handled, {found.owed} letters to send")
    if found.canary:
        line.append(f", canary {found.canary:%Y-%m-%d %H:%M} UTC")
    return line
