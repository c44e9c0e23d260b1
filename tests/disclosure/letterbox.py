"""Every letter of a story as its addressee reads it, in ``letters/STORY/READER.txt``.

Whatever is another in each run is written alike: the days of the story begin on Monday 2 November 2026, keys,
digests, tokens and case numbers are numbered in the order in which they come, and the canary is *parser*.
"""

import os
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from tests.support.relaying import header, letter_text, plain_text, read_by
from tests.support.sealing import SAM
from tests.support.smtpsink import Letter
from tests.support.story import Story
from tests.support.storydesk import DISTROS, Sent

FOLDER = Path(__file__).parent / "letters"
FIRST = datetime(2026, 11, 2)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_LONG = re.compile(rf"(?:({'|'.join(_DAYS)}) )?(\d\d?) ({'|'.join(_MONTHS)}) (\d{{4}})")
_SHORT = re.compile(r"\b(\d{4}-\d\d-\d\d)(?!\d)")
_NAMES = (
    ("case", re.compile(r"\b[A-Z]+-[A-HJ-NP-Z2-9]{6}\b")),
    ("digest", re.compile(r"\b[0-9a-f]{64}\b")),
    ("token", re.compile(r"(?<=\+)[\w-]{10,}(?=@)")),
    ("key", re.compile(r"\b(?:[0-9A-F]{40}|(?:[0-9A-F]{4} ){9}[0-9A-F]{4})\b")),
)


def assert_as_read(story: Story, name: str) -> None:
    """Each reader's letters are those of the golden files; ``GOLDEN=write`` writes them anew."""
    boxes, folder = _boxes(story), FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.txt"):
            old.unlink()
        for reader, text in boxes.items():
            (folder / f"{reader}.txt").write_text(text, "utf-8")
    assert {one.stem for one in folder.glob("*.txt")} == set(boxes)
    for reader, text in boxes.items():
        known = (folder / f"{reader}.txt").read_text("utf-8")
        assert _unwrapped(text) == _unwrapped(known), f"{name}: {reader}"


def _unwrapped(text: str) -> str:
    """*text* with each paragraph on one line: where lines end depends on how long the days of today's story are."""
    return re.sub(r"(?<=\S)\n(?=\S)", " ", text)


def _boxes(story: Story) -> dict[str, str]:
    """What each reader got, oldest first, by address."""
    found: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    for one in story.desk.sent:
        found[one.to].append((one.at, *_read(story, one)))
    known: dict[str, str] = {}
    return {
        to.replace("@", "-at-"): "\n\n\n".join(
            f"{72 * '-'}\n{_alike(_page(at, subject, text), story, known)}".rstrip()
            for at, subject, text in sorted(letters)
        )
        + "\n"
        for to, letters in sorted(found.items())
    }


def _page(at: datetime, subject: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"{at:%Y-%m-%d %H:%M}\nSubject: {subject}\n\n{lines}"


def _read(story: Story, one: Sent) -> tuple[str, str]:
    """Subject and text, opened with the reader's key if the letter is encrypted."""
    letter: Letter = one.letter
    key = {**story.keys, SAM: story.kit.stranger, DISTROS: story.list_key}.get(one.to)
    if b"multipart/encrypted" not in letter.raw:
        return header(letter, "Subject"), letter_text(letter)
    opened = read_by(story.kit, letter, key or "")
    return f"{opened.protected.get('subject', '')} (encrypted)", plain_text(opened)


def _alike(text: str, story: Story, known: dict[str, str]) -> str:
    """*text* as it is in every run."""
    text = text.replace(story.canary, "parser").replace(story.canary.lower(), "parser")
    text = _LONG.sub(lambda found: _moved(found, story), text)
    text = _SHORT.sub(lambda found: _day(story, datetime.fromisoformat(found[1])).strftime("%Y-%m-%d"), text)
    for name, pattern in _NAMES:
        text = pattern.sub(lambda found, name=name: _numbered(name, found[0], known), text)
    return text


def _moved(found: re.Match[str], story: Story) -> str:
    day = _day(story, datetime(int(found[4]), _MONTHS.index(found[3]) + 1, int(found[2])))
    weekday = f"{_DAYS[day.weekday()]} " if found[1] else ""
    return f"{weekday}{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _day(story: Story, day: datetime) -> datetime:
    begun = story.desk.start.replace(hour=0, minute=0, tzinfo=None)
    return FIRST + (day - begun)


def _numbered(name: str, value: str, known: dict[str, str]) -> str:
    count = sum(one.startswith(name) for one in known.values()) + 1
    return known.setdefault(value, f"{name}-{count}")
