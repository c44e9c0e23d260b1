"""The demo on a terminal: a timeline that grows, two tables at the end; and the timeline as a picture."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from maild.app.story import LETTERS
from maild.core.policy import Promise
from maild.demo.watch import News, Row, clock_face, keeper

_STYLES = {"quiet": "dim", "done": "green", "alarm": "bold red"}


_DRAWN = 96
"""The columns of the picture."""


def terminal() -> Console:
    """The terminal, or 120 columns of plain text where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=120)


@contextmanager
def still_waiting(say: Callable[[str], object], what: str, after: float = 5) -> Iterator[None]:
    """*say* that the block waits for *what*: after so many seconds, and then ever more rarely."""
    done = Event()

    def tell() -> None:
        pause = after
        while not done.wait(pause):
            say(f"Still waiting for {what} ...")
            pause *= 2

    teller = Thread(target=tell, name="demo waiting", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


class Screen:
    """Prints the timeline line by line; instants are UTC on the demo's clock."""

    def __init__(self, console: Console, start: datetime) -> None:
        self.console = console
        self.start = start
        self._picture = Console(
            file=io.StringIO(),
            width=_DRAWN,
            record=True,
            force_terminal=True,
            color_system="truecolor",
            highlight=False,
        )
        self._shown = ""

    def say(self, text: str, style: str = "") -> None:
        """A sentence of its own."""
        self.console.print(Text(text, style))

    def command(self, line: str) -> None:
        """A command to type; the terminal wraps it, so that it can be copied whole."""
        self.console.print(Text(f"  {line}"), soft_wrap=True)

    def drawn(self) -> str:
        """The timeline as SVG, without the font that rich would have fetched."""
        drawn = self._picture.export_svg(title="maild demo", unique_id="demo")
        return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL).replace("Fira Code, ", "")

    def person(self, at: datetime, who: str, what: str) -> None:
        """Somebody did something."""
        self._line(at, Text.assemble((who, "bold cyan"), f" {what}"))

    def did(self, at: datetime, news: Sequence[News]) -> None:
        """What maild did thereupon."""
        for one in news:
            self._line(at, Text.assemble(("  maild ", "bold"), (one.text, _STYLES[one.weight])))

    def _line(self, at: datetime, text: Text) -> None:
        """A line with its instant, which is left out where it repeats the one above."""
        stamp = f"{clock_face(at)}  +{_since(at, self.start)}"
        line = Table.grid(padding=(0, 2))
        line.add_column(width=26, no_wrap=True)
        line.add_column(ratio=1)
        line.add_row(Text("" if stamp == self._shown else stamp, "bold"), text)
        self._shown = stamp
        self._both(line)

    def _both(self, shown: RenderableType) -> None:
        """*shown* on the terminal and in the picture."""
        self.console.print(shown)
        self._picture.print(shown)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A closing table."""
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
        for column in columns:
            table.add_column(column)
        for row in rows:
            table.add_row(*(Text(str(value)) for value in row))
        self.console.print()
        self.console.print(table)


def _since(at: datetime, start: datetime) -> str:
    hours = int((at - start).total_seconds()) // 3600
    return f"{hours // 24}d {hours % 24:02}h"


def case_row(case: Row, now: datetime) -> list[str]:
    """A line of the table of cases, from ``views.show``; the newest deadline of each promise counts."""
    fates = {row["promise"]: _fate(row, now) for row in case["promises"]}
    subject = "(encrypted)" if case["subject"] == "(sealed)" else case["subject"]
    return [f"{case['case']}\n{subject}", *(fates.get(p, "-") for p in Promise)]


def _fate(clock: Row, now: datetime) -> str:
    if clock["met"]:
        return f"kept\n{clock_face(clock['met'])}\n{keeper(clock['met_by'])}"
    late = datetime.fromisoformat(clock["due"]) <= now
    return f"{'OVERDUE' if late else 'due'}\n{clock_face(clock['due'])}"


def letter_row(letter: Row) -> list[str]:
    """A line of the table of letters, from ``views.outbox``."""
    kind = LETTERS.get(letter["kind"], letter["kind"])
    return [clock_face(letter["settled"]), kind, letter["case"] or "-", letter["to"]]
