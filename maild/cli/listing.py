"""Listings laid out for eyes: they fit the terminal, and what has to be typed again is never cut."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from maild.cli.columns import Column, Kind
from maild.cli.times import LATE_STYLE, SOON_STYLE, instant, minute, since, until, urgency
from maild.core.mail.text import disarmed
from maild.core.values.address import ADDRESS
from maild.core.values.lookalike import told_apart

Row = Mapping[str, Any]
Cell = list[Text]
GAP = 2
NARROW = 20
"""Free text is never folded to less than this; before, its column goes below the row."""
LONG = 60
"""A word up to this long (an address, a fingerprint) is not cut in free text either."""
STYLES = {
    **dict.fromkeys(("missed", "fault", "failed", "bounced"), LATE_STYLE),
    **dict.fromkeys(("warning", "held", "parked"), SOON_STYLE),
    "ok": "green",
}
"""Words that stand out."""
SEALED = "(sealed)", "(encrypted)"
_CONSOLE = Console(width=1000)
_WORD = re.compile(r"\S+\s*")
_ABSENT: tuple[object, ...] = (None, "", [], {})


def laid(rows: Sequence[Row], columns: Sequence[Column], at: datetime, width: int) -> list[Text]:
    """*rows* as lines of at most *width* cells, at *at* (aware UTC), under a line of headings.

    A column without any value is left out. What does not fit beside the rest stands below its row. Only an
    address, number or day that is itself longer than a line makes one longer.
    """
    used = [one for one in columns if any(row.get(one.key) not in _ABSENT for row in rows)]
    beside, below = used, list[Column]()
    for tall in (False, True):
        cells = [{one.key: _cell(row.get(one.key), one, at, tall) for one in used} for row in rows]
        widths = {one.key: _width(one, cells, narrow=tall) for one in used}
        beside, below = _split(used, widths, width) if tall else (used, [])
        if _total(beside, widths) <= width:
            break
    _widen(beside, cells, widths, width)
    lines = [_joined([Text(one.heading, "bold") for one in beside], beside, widths)]
    for row in cells:
        lines += [*_row(row, beside, widths), *_below(row, below, width)]
    return lines


def _cell(value: object, one: Column, at: datetime, tall: bool) -> Cell:
    """The lines of one cell before anything is folded."""
    kind = one.kind
    then = instant(value) if kind in (Kind.DUE, Kind.WHEN, Kind.DAY) else None
    if then is None:
        several = [one.words.get(str(part), part) for part in (value if isinstance(value, list) else [value])]
        said = shown(several if isinstance(value, list) else several[0])
        return [Text(said, STYLES.get(said, "") if kind is Kind.WORD else "")]
    if kind is Kind.DAY:
        return [Text(minute(then))]
    told = (until if kind is Kind.DUE else since)(then, at)
    style = urgency(then, at) if kind is Kind.DUE else ""
    lines = [told, minute(then)] if tall else [f"{told}, {minute(then)}"]
    return [Text(line, style if number == 0 else "") for number, line in enumerate(lines)]


def _width(one: Column, cells: Sequence[Mapping[str, Cell]], narrow: bool) -> int:
    lines = [line.plain for row in cells for line in row[one.key]]
    longest = max(map(cell_len, lines))
    if narrow and one.kind is Kind.TEXT:
        words = max((cell_len(word) for line in lines for word in line.split()), default=0)
        longest = min(longest, max(NARROW, min(words, LONG)))
    return max(cell_len(one.heading), longest)


def _total(columns: Sequence[Column], widths: Mapping[str, int]) -> int:
    return sum(widths[one.key] for one in columns) + GAP * (len(columns) - 1)


def _split(
    columns: Sequence[Column], widths: Mapping[str, int], width: int
) -> tuple[list[Column], list[Column]]:
    """What stands beside each other, and what goes below because there is no room: the last ones first."""
    beside, below = list(columns), list[Column]()
    while len(beside) > 1 and _total(beside, widths) > width:
        below.insert(0, beside.pop())
    return beside, below


def _widen(
    beside: Sequence[Column], cells: Sequence[Mapping[str, Cell]], widths: dict[str, int], width: int
) -> None:
    """Give the room that is left to free text, from the left."""
    for one in beside:
        if one.kind is Kind.TEXT:
            room = width - _total(beside, widths)
            wanted = _width(one, cells, narrow=False) - widths[one.key]
            widths[one.key] += max(0, min(room, wanted))


def _row(row: Mapping[str, Cell], beside: Sequence[Column], widths: Mapping[str, int]) -> Iterator[Text]:
    folded = [_folded(row[one.key], one, widths[one.key]) for one in beside]
    for number in range(max(map(len, folded))):
        yield _joined([cell[number] if number < len(cell) else Text() for cell in folded], beside, widths)


def _folded(cell: Cell, one: Column, width: int) -> Cell:
    if one.kind is not Kind.TEXT:
        return cell
    return [part for line in cell for part in folded(line, width)]


def _joined(parts: Sequence[Text], beside: Sequence[Column], widths: Mapping[str, int]) -> Text:
    line = Text()
    for part, one in zip(parts, beside, strict=True):
        room = " " * max(0, widths[one.key] - cell_len(part.plain))
        number = one.kind is Kind.NUMBER
        line.append_text(Text.assemble(*((room, part) if number else (part, room)), " " * GAP))
    line.rstrip()
    return line


def _below(row: Mapping[str, Cell], below: Sequence[Column], width: int) -> Iterator[Text]:
    for one in below:
        text = Text(", ").join(row[one.key])
        if text.plain == "-":
            continue
        line = Text.assemble((f"{one.heading}: ", "dim"), text)
        for part in folded(line, width - 2) if one.kind is Kind.TEXT else [line]:
            yield Text.assemble("  ", part)


def folded(text: Text, width: int) -> Iterator[Text]:
    """*text* on lines of *width* cells; an address or a fingerprint is not broken, whatever room there is."""
    words = max((cell_len(word) for word in text.plain.split()), default=0)
    whole = text.split("\n", allow_blank=True)
    lines = (
        text.wrap(_CONSOLE, width)
        if words > LONG
        else [part for line in whole for part in line.divide(_breaks(line.plain, width))]
    )
    for line in lines:
        line.rstrip()
        yield line


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where *text* is broken, always before a word."""
    used = 0
    for word in _WORD.finditer(text):
        if used and used + cell_len(word[0].rstrip()) > width:
            yield word.start()
            used = 0
        used += cell_len(word[0])


def shown(value: object) -> str:
    """A value for eyes; instants to the minute, with their zone. Mail may have put anything into it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        told = [shown(one) for one in value]
        return (" " if all(one.endswith(".") for one in told) else ", ").join(told) or "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(one)}" for key, one in value.items()) or "-"
    text = SEALED[1] if value == SEALED[0] else disarmed(str(value))
    if isinstance(value, str) and text.endswith("+00:00") and text[10:11] == "T":
        return f"{text[:10]} {text[11:16]} UTC"
    return told_apart(text) if ADDRESS.fullmatch(text) else text


def printed(lines: Sequence[Text], paged: bool = True) -> None:
    """Print *lines*, if *paged* through a pager on a terminal too small; in colour unless NO_COLOR is set."""
    console = Console(highlight=False, soft_wrap=True)
    if paged and console.is_terminal and sys.stdin.isatty() and len(lines) >= console.height:
        with console.pager(styles=not console.no_color):
            _print(console, lines)
    else:
        _print(console, lines)


def width() -> int:
    """How many cells a line may have: as many as the terminal; $COLUMNS or 80 where there is none."""
    return Console().width


def _print(console: Console, lines: Sequence[Text]) -> None:
    for line in lines:
        line.rstrip()
        console.print(line)
