"""``maild show CASE`` for eyes: who has to act and by when, the people, what happened, the letters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from maild.app.story import LETTERS, Told, person
from maild.cli import flags
from maild.cli.listing import folded, shown
from maild.cli.times import instant, minute, since, until, urgency
from maild.core.letters.kinds import LetterKind
from maild.core.mail.text import disarmed

Found = Mapping[str, Any]
STAMP = 22
"""Where the text begins beside an instant."""
SENT = "sent"


@dataclass(frozen=True, slots=True)
class Act:
    """What has to be done next: the promise, when it is due (aware UTC), and whose turn it is."""

    promise: str
    due: datetime | None
    turn: str


def page(found: Found, act: Act | None, told: Sequence[Told], at: datetime, width: int) -> list[Text]:
    """A case as lines of at most *width* cells, at *at* (aware UTC)."""
    parts = (
        ("", _head(found, act, at, width)),
        ("Recorded", _recorded(found, width)),
        ("People", _people(found, width)),
        ("What happened", story([one for one in told if not one.minor], width)),
        ("Letters", _letters(found["letters"], width)),
    )
    lines: list[Text] = []
    for title, part in parts:
        inside = list(part)
        if inside:
            lines += [Text(), Text(title, "bold"), *inside] if title else inside
    return lines


def story(told: Iterable[Told], width: int) -> Iterator[Text]:
    """Sentences, each beside its minute."""
    for one in told:
        yield from _beside(Text(minute(one.at), "dim"), Text(disarmed(one.text)), width)


def _head(found: Found, act: Act | None, at: datetime, width: int) -> Iterator[Text]:
    yield from folded(Text.assemble((found["case"], "bold"), "  ", shown(found["subject"])), width)
    opened, closed = instant(found["opened"]), instant(found["closed"])
    assert opened
    who = f"handled by {shown(found['handler'])}" if found["handler"] else "nobody handles it yet"
    answered = "answered" if found["answered"] else "not answered yet"
    yield from folded(Text(f"Received {minute(opened)} ({since(opened, at)}); {who}; {answered}."), width)
    if closed:
        yield Text(f"Closed {minute(closed)}: {shown(found['close_reason'])}.")
    elif act and act.due:
        late = act.due <= at
        told = f"{until(act.due, at)} ({minute(act.due)})"
        style = urgency(act.due, at)
        yield Text.assemble(
            ("Overdue: " if late else "Next: ", "bold"), f"{act.promise} ", (told, style), f"; {act.turn}."
        )
    else:
        yield Text("No deadline is running.")
    marks = ", ".join(flags.WORDS.get(one) or shown(one) for one in found["flags"])
    alike = shown(found["alike"]) if found["alike"] else ""
    known = found.get("known") or ""
    for name, value in (
        ("Author", known),
        ("Marks", marks),
        ("Related", found["related"] or ""),
        ("Alike", alike),
    ):
        if value:
            yield from folded(Text(f"{name}: {value}"), width)


def _recorded(found: Found, width: int) -> Iterator[Text]:
    for one in found["disclosure"]:
        name = f"{one['what'].replace('-', ' ')} {one['item'] or ''}".strip()
        yield from _folded(f"{name}: {shown(one['value'])}{_by(one)}", width)


def _by(one: Found) -> str:
    who, then = person(one["by"]), instant(one["at"])
    told = ", ".join(part for part in (who, minute(then) if then else "") if part)
    return f" ({told})" if told else ""


def _people(found: Found, width: int) -> Iterator[Text]:
    sides: dict[str, list[str]] = {}
    for one in found["participants"]:
        sides.setdefault(one["address"], []).append(one["side"])
    reporters = [address for address, side in sides.items() if "reporter" in side]
    for address, side in sides.items():
        several = len(reporters) > 1 and address in reporters
        number = f" {reporters.index(address) + 1}" if several else ""  # letters call them so
        yield from _folded(f"{', '.join(dict.fromkeys(side))}{number}: {disarmed(address)}", width)


def _letters(letters: Sequence[Found], width: int) -> Iterator[Text]:
    """Each letter; the copies that were sent are counted, the others stand alone with what is wrong."""
    copies = Counter(
        str(one["settled"])[:16] for one in letters if one["kind"] == LetterKind.COPY and one["state"] == SENT
    )
    seen = set()
    for one in letters:
        then = instant(one["settled"] if one["state"] == SENT else one["owed"])
        stamp, kind = Text(minute(then) if then else "", "dim"), LETTERS.get(one["kind"], one["kind"])
        group = str(one["settled"])[:16]
        if one["kind"] == LetterKind.COPY and one["state"] == SENT:
            if group not in seen:
                number = copies[group]
                copied = "copy to a member" if number == 1 else f"{number} copies to members"
                yield from _beside(stamp, Text(copied), width)
            seen.add(group)
        else:
            yield from _beside(stamp, _letter(one, kind), width)


def _letter(one: Found, kind: str) -> Text:
    line = Text(f"{kind.partition(' to ')[0]} to {disarmed(str(one['to']))}")
    if one["state"] != SENT:
        line.append(f": {one['state']} (letter {one['letter']})", "yellow")
        line.append(f"; {disarmed(one['trouble'])}" if one["trouble"] else "")
    return line


def _beside(stamp: Text, text: Text, width: int) -> Iterator[Text]:
    """*text* beside *stamp*, folded within its own column."""
    for number, part in enumerate(folded(text, width - STAMP - 2)):
        left = stamp.copy() if number == 0 else Text()
        yield Text.assemble("  ", left, " " * (STAMP - len(left.plain)), part)


def _folded(text: str, width: int) -> Iterator[Text]:
    for number, part in enumerate(folded(Text(text), width - 4)):
        yield Text.assemble("  " if number == 0 else "    ", part)
