"""Commands in a message: lines that begin with ``!`` at the top of a member's message to the team.

They are only read here. ``taken`` alone on a line is a command as well.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from maild.core.mail.reply import own_text
from maild.core.values.desk import Desk
from maild.core.values.duration import parse_duration
from maild.core.values.ids import TOKEN_LENGTH
from maild.core.words.row import Proof
from maild.core.words.table import NAMES, ROWS

_AROUND = " \t.,:;#*<>()[]"
_WORD = re.compile(r"!([a-z-]{1,20})(?:\s++(.{0,300}))?", re.IGNORECASE)
_TOKEN = re.compile(rf"(?=[a-z]*[2-7])[a-z2-7]{{{TOKEN_LENGTH}}}")
"""A token alone; nobody has one without a digit and takes it for a word (ids.token)."""
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


def text_below(text: str, desk: Desk) -> str:
    """What its author wrote below the words on top of *text* (ruling 19).

    Without quotes and signature, and without a line that only says which case it is about: a case number of
    the *desk*, or a token, alone or in its address.
    """
    lines = own_text(text).splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip() and not read(line)), len(lines))
    return "\n".join(line for line in lines[first:] if not _names_case(line, desk)).strip()


def _names_case(line: str, desk: Desk) -> bool:
    bare = re.sub(r"(?i)^(?:case|re)\b[\s:]*", "", line.strip(_AROUND)).strip(_AROUND)
    case_id = re.fullmatch(rf"{re.escape(desk.prefix)}-[0-9A-Z]{{6}}", bare)
    return bool(case_id or _TOKEN.fullmatch(bare) or ("@" in bare and desk.owns(bare.lower())))


def stray(text: str) -> bool:
    """Whether *text* begins like a word to maild or holds one on a line: it is not for outsiders."""
    said = (_WORD.fullmatch(line.strip()) for line in text.splitlines())
    return text.lstrip().startswith("!") or any(match and match[1].lower() in NAMES for match in said)


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
