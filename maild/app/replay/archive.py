"""The mail of an archive, each with the instant at which it was received."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from maild.app.explain import mails
from maild.core.mail.address import sender
from maild.core.mail.headers import MAX_BLOCK, Headers, parse_headers
from maild.core.values.people import Team
from maild.errors import Refused

FIRST_YEAR = 1990
"""An older date is a machine's that did not know the time."""


@dataclass(frozen=True, slots=True)
class Past:
    """One mail of the past: when it was received (aware UTC), its name in the archive, and how to read it.

    ``sent``: the team sent it; it lay in a folder of sent mail, or it is an answer in a member's name.
    """

    at: datetime
    name: str
    sent: bool
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Archive:
    """The mail, oldest first, and the names of those that no believable date was found in."""

    mails: tuple[Past, ...]
    undated: tuple[str, ...] = ()


def read(inbox: Iterable[Path], sent: Iterable[Path], team: Team, now: datetime) -> Archive:
    """The mail at *inbox* and *sent* (mbox, Maildir, folder, message); ``Refused`` when none has a date."""
    found: list[Past] = []
    undated: list[str] = []
    for by_team, paths in ((False, inbox), (True, sent)):
        for name, reader in _everything(paths):
            headers = parse_headers(reader()[:MAX_BLOCK])
            at = _received(headers, now)
            if at is None:
                undated.append(name)
            else:
                found.append(Past(at, name, by_team or _answers(headers, team), reader))
    if not found:
        raise Refused("no message with a date was found there")
    return Archive(tuple(sorted(found, key=lambda one: (one.at, one.sent))), tuple(undated))


def _everything(paths: Iterable[Path]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for path in paths:
        for name, reader in mails(path):
            yield f"{path.name}/{name}" if path.is_dir() else name, reader


def _received(headers: Headers, now: datetime) -> datetime | None:
    """When the last server took it (the topmost Received, RFC 5321 §4.4), else the date that it bears."""
    trace = (one.rpartition(";")[2] for one in headers.all("Received")[:1])
    dates = (_instant(text, now) for text in (*trace, headers.get("Date")))
    return next((at for at in dates if at), None)


def _instant(text: str, now: datetime) -> datetime | None:
    """An instant of the past; a date without a zone counts as UTC."""
    try:
        found = parsedate_to_datetime(text)
        at = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return at if at.year >= FIRST_YEAR and at <= now else None


def _answers(headers: Headers, team: Team) -> bool:
    """Whether it is an answer in a member's name: nothing in an old archive proves who wrote."""
    author = sender(headers)
    return bool(author and team.claimed_by(author.address) and headers.get("In-Reply-To").strip())
