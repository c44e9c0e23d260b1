"""The shapes of trouble.

A foreseen fact is a value and never an exception. Trouble outside is a ``TemporaryError`` or a
``PermanentError``, raised by gateways and caught in the engine. Any other exception is a bug.
"""

import traceback
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256


class MaildError(Exception):
    """Base of every error that maild raises on purpose; its text is for people."""


class TemporaryError(MaildError):
    """Trouble outside that may pass; ``delay`` is how long to wait at least, if the other side said."""

    def __init__(self, text: str, delay: timedelta | None = None) -> None:
        super().__init__(text)
        self.delay = delay


class StoreError(TemporaryError):
    """Nothing can be stored now: the disk is full or read-only, or another program holds the database."""


class Deposed(Exception):  # noqa: N818 - what happened; no MaildError, as nothing here may go on after it
    """Another host works for the desk since: this daemon stops what it does and stands by."""


class PermanentError(MaildError):
    """Trouble outside that will not pass by waiting."""


class Refused(MaildError):  # noqa: N818 - what happened, in an except clause
    """An operator's command that cannot be carried out; nothing was changed."""


MISSING = "missing"
"""Stands for the value of a key that is not there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the configuration: the key, its value (or ``MISSING``), what is expected, and the line."""

    key: str
    value: str
    wanted: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return where + sentence(self.key, self.value, self.wanted)


FILE = "file"
"""Stands for a key where the whole file is at fault."""
KNOWN_KEY = "a known key"
"""What is expected of a key that nobody knows; its value is told to nobody."""
_TOML = {"True": "true", "False": "false"}


def sentence(key: str, value: str, wanted: str) -> str:
    """A fault as a sentence: ``inbox.poll is not a duration: '1 minute'; write "60s" or "5m"``."""
    value = _TOML.get(value, value)
    noun, such_as, examples = wanted.partition(" such as ")
    if value == MISSING:
        return f"{key} is missing; expected {wanted}"
    if key == FILE:
        return f"it is not {wanted}: {value}"
    if wanted.startswith(KNOWN_KEY):
        return f"{key} is not {wanted}"
    if such_as:
        return f"{key} is not {noun.rstrip(',')}: {value}; write {examples}"
    return f"{key} is {value}; expected {wanted}"


class ConfigError(MaildError):
    """The configuration cannot be used; ``problems`` holds every fault found, not only the first.

    *said* is the whole text where there is a better one than the list of faults.
    """

    def __init__(self, source: str, problems: tuple[Problem, ...], said: str = "") -> None:
        lines = "\n".join(f"  {problem}" for problem in problems)
        faults = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
        super().__init__(said or f"{source}: {faults} in the configuration\n{lines}")
        self.problems = problems


def fingerprint(error: BaseException) -> str:
    """The kind of *error* and where it arose, without its text, which may hold words of a mail."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "|".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    last = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {last} ({sha256(where.encode()).hexdigest()[:8]})"
