"""Commands in a message: lines that begin with ``!`` at the top of a member's message to the team.

They are only read here. ``taken`` alone on a line is a command as well.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from maild.core.mail.answer import written
from maild.core.values.desk import Desk
from maild.core.values.duration import parse_duration
from maild.core.values.ids import TOKEN_LENGTH
from maild.core.values.invisible import INVISIBLE
from maild.core.values.phrases import Phrases
from maild.core.words.row import Proof
from maild.core.words.table import NAMES, ROWS

DUPLICATE = "duplicate"
_AROUND = " \t.,:;#*<>()[]"
_WORD = re.compile(r"!([a-z-]{1,20})(?:\s++(.{0,300}))?", re.IGNORECASE)
_TOKEN = re.compile(rf"(?=[a-z]*[2-7])[a-z2-7]{{{TOKEN_LENGTH}}}")
"""A token alone; nobody has one without a digit and takes it for a word (ids.token)."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_MARKS = re.compile(r"^(?:\d{1,2}[.)]\s|[^\w!])+")
_ALIKE = re.compile(r"!\s?([a-z-]{3,20})[\s`*_]*(?:$|(?<=[\s`*_])(?=[\w@]))", re.IGNORECASE)
LIKE = 0.8
"""How alike an unknown command and a known one are (`difflib`) for it to be proposed."""
_LONG = 4
"""Letters from which on a name is known again though one of them is wrong."""
MOST_SIGNED = 9
"""Lines that a signature has at most, its ``--`` among them."""
MOST_LINES, MOST_SHOWN = 10_000, 200
_UNTIL = re.compile(r"\buntil\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A command as it was given: its name in lower case, and the rest of its line."""

    name: str
    rest: str = ""

    @property
    def free(self) -> bool:
        """Whether an authenticated From is enough for it."""
        row = ROWS.get(self.name)
        return row is not None and (row.proof is Proof.ADDRESS or self.rest.lower() in row.unsigned)

    @property
    def own(self) -> bool:
        """Whether it is about its author and not about a case."""
        row = ROWS.get(self.name)
        return row is not None and row.proof is Proof.OWN


def read(text: str) -> tuple[Word, ...]:
    """The words on top of *text*, up to its first other line."""
    found: list[Word] = []
    for line in text.splitlines():
        bare = line.strip()
        match = _WORD.fullmatch(bare)
        if match:
            found.append(Word(match[1].lower(), (match[2] or "").strip()))
        elif bare.lower() == "taken":
            found.append(Word("taken"))
        elif bare:
            break
    return tuple(found)


def other_case(said: Iterable[Word], desk: Desk) -> str:
    """The case that ``!duplicate`` among the words *said* names; empty where it names none, or several do.

    Only the command itself names it: below it stands what others wrote, too.
    """
    number = re.compile(rf"{re.escape(desk.prefix)}-\w{{6}}(?![\w-])", re.IGNORECASE)
    named = [number.match(word.rest) for word in said if word.name == DUPLICATE]
    found = {match[0].upper() if match else "" for match in named}
    return found.pop() if len(found) == 1 else ""


def text_below(text: str, desk: Desk, phrases: Phrases, shown: str = "", names: Iterable[str] = ()) -> str:
    """What its author wrote below the words on top of *text* (ruling 19).

    *shown* and *names* are as in ``core.mail.answer``. Without quotes and signature, and without a line that
    only says which case it is about: a case number of the *desk*, or a token, alone or in its address.
    """
    lines = written(text, phrases, shown, names).splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip() and not read(line)), len(lines))
    below = _unsigned(lines[first:], desk)
    return "\n".join(line for line in below if not _names_case(line, desk)).strip()


def _unsigned(lines: list[str], desk: Desk) -> list[str]:
    """*lines* without a signature at their end that says which case they are about."""
    ends = (i for i in range(len(lines) - 1, -1, -1) if lines[i].rstrip() == "--")
    at = next(ends, len(lines))
    named = re.compile(rf"{re.escape(desk.prefix)}-[0-9A-Z]{{6}}")
    short = len(lines) - at <= MOST_SIGNED and any(named.search(line) for line in lines[at:])
    return lines[:at] if short else lines


def _names_case(line: str, desk: Desk) -> bool:
    bare = re.sub(r"(?i)^(?:case|re)\b[\s:]*", "", line.strip(_AROUND)).strip(_AROUND)
    case_id = re.fullmatch(rf"{re.escape(desk.prefix)}-[0-9A-Z]{{6}}", bare)
    return bool(case_id or _TOKEN.fullmatch(bare) or ("@" in bare and desk.owns(bare.lower())))


def stray(text: str) -> bool:
    """Whether *text* begins like a word to maild or holds one on a line: it is not for outsiders."""
    said = (_WORD.fullmatch(line.strip()) for line in text.splitlines())
    return text.lstrip().startswith("!") or any(match and match[1].lower() in NAMES for match in said)


def disguised(text: str) -> str:
    """The first line of *text* that looks as if it was meant as a command, and would not be read as one.

    In code marks or behind a bullet, with a full-width ``!`` or something invisible, or one letter wrong.
    """
    for line in text.splitlines()[:MOST_LINES]:
        bare = _MARKS.sub("", _UNSEEN.sub("", unicodedata.normalize("NFKC", line[:MOST_SHOWN])))
        match = _ALIKE.match(bare)
        if match and any(_near(match[1].lower(), name) for name in NAMES):
            return line.strip()[:MOST_SHOWN]
    return ""


def meant(name: str) -> str:
    """The commands that are called nearly *name*, or all that there are."""
    near = [f"!{one}" for one in get_close_matches(name, NAMES, cutoff=LIKE)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"the commands are {', '.join('!' + one for one in NAMES)}"


def _near(given: str, name: str) -> bool:
    """Whether *given* is *name*, or a longer name with one letter wrong, missing, too much or two swapped."""
    if given == name or len(name) < _LONG:
        return given == name
    pairs = enumerate(zip(given, name, strict=False))
    start = next((at for at, (one, other) in pairs if one != other), min(len(given), len(name)))
    rest, other = given[start:], name[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other or rest == other[1:] or rest[1:] == other[1:]


def until(rest: str, now: datetime) -> tuple[str, datetime] | None:
    """What stands before *until*, and the instant after it: a date (its end, UTC), or a duration from *now*.

    ``None`` when there is no such instant, or it has passed.
    """
    found = _UNTIL.search(rest)
    if not found:
        return None
    at = _instant(rest[found.end() :].rstrip(), now)
    return (rest[: found.start()].rstrip(), at) if at and at > now else None


def _instant(text: str, now: datetime) -> datetime | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        try:
            return now + parse_duration(text)
        except ValueError:
            return None
    return day + timedelta(days=1)
