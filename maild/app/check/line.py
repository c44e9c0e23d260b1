"""What ``maild check`` says about one thing."""

from collections.abc import Iterable
from dataclasses import dataclass

from maild.config.model import AcceptedSection
from maild.errors import MaildError

OK = "ok"
WARNING = "warning"
FAULT = "fault"
ACCEPTED = "accepted"
"""A warning that the configuration accepts, with a reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at: what was found, and how to fix it when something is wrong."""

    what: str
    state: str
    text: str
    mend: str = ""


def ok(what: str, text: str) -> Line:
    """It is as it should be."""
    return Line(what, OK, text)


def warning(what: str, text: str, mend: str) -> Line:
    """It works, and somebody should look at it."""
    return Line(what, WARNING, text, mend)


def fault(what: str, text: str, mend: str) -> Line:
    """It does not work."""
    return Line(what, FAULT, text, mend)


def accepted(one: Line, found: Iterable[AcceptedSection]) -> Line:
    """*one*, accepted with its reason if it is a warning that the configuration names."""
    for entry in found:
        if one.state == WARNING and entry.what == one.what and entry.text.lower() in one.text.lower():
            return Line(one.what, ACCEPTED, f"{one.text} (accepted: {entry.reason})")
    return one


def from_error(what: str, error: MaildError, mend: str) -> Line:
    """The program's errors say what happened and, after a semicolon, what to do; *mend* when they do not."""
    text, _, way_out = str(error).partition("; ")
    return fault(what, text, way_out or mend)
