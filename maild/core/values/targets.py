"""Who outside hears of a case: lists that are told before the instant, and where it is announced."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ANNOUNCEMENT = "announcement"
"""The name of the one text that goes to every place of announcement; no list is called so."""


class Kind(StrEnum):
    """What an announcement goes to. The first two are mailed by maild; the others are a person's work."""

    LIST = "list"
    OSS_SECURITY = "oss-security"
    BLOG = "blog"
    CVE = "cve"


MAILED = (Kind.LIST, Kind.OSS_SECURITY)
_SERVICE = re.compile(
    r"\+|-(?:(?:un)?subscribe|join|leave|confirm|get|bounces?)(?:[+=-]|\Z)"
    r"|-(?:request|owners?|admin|editor|approval|help|info|faq|index|digest)\Z"
)
"""With what begins, behind a list's name, where its program is spoken to, or a tag."""


@dataclass(frozen=True, slots=True)
class Predisclosure:
    """A list that is told ``lead`` before the instant, sealed to its ``key`` (a file, named as configured).

    ``tracks`` and ``done``: only cases on one of these tracks, with each of these steps of the checklist
    done. ``readers``: how many people outside read it, 0 when nobody knows. ``fingerprint``: that of the key
    as the file had it when the configuration was read.
    """

    id: str
    to: str
    key: str = ""
    lead: timedelta = timedelta(hours=72)
    max_window: timedelta = timedelta(days=14)
    min_severity: str = ""
    tracks: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    subject_tag: str = ""
    requires_date: bool = True
    tlp: str = "AMBER"
    terms: str = ""
    readers: int = 0
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where a case is announced. ``after`` is the id of the one that has to be out first, empty: none.

    ``max_lag``: how long after that at most. ``marks`` tell a copy of it in the inbox (a List-Id or an
    address among its recipients), ``subject`` is what such a copy's subject contains.
    """

    id: str
    kind: Kind
    to: str = ""
    after: str = ""
    max_lag: timedelta | None = None
    marks: tuple[str, ...] = ()
    subject: str = ""

    @property
    def mailed(self) -> bool:
        """Whether maild itself sends it."""
        return self.kind in MAILED


@dataclass(frozen=True, slots=True)
class Targets:
    """Everybody outside who hears of a case; ``announcement`` in the order of the file."""

    predisclosure: tuple[Predisclosure, ...] = ()
    announcement: tuple[Announcement, ...] = ()

    def listed(self, name: str) -> Predisclosure | None:
        """The predisclosure list of this id."""
        return next((one for one in self.predisclosure if one.id == name), None)

    def at(self, address: str) -> list[str]:
        """The ids of what is mailed to *address*, or to the list that has it for a tag or a service."""
        ways = set(_ways(address))
        lists = [one.id for one in self.predisclosure if _delivered(one.to) in ways]
        return lists + [one.id for one in self.mailed() if _delivered(one.to) in ways]

    def mailed(self) -> Sequence[Announcement]:
        """The announcements that maild sends, in order."""
        return [one for one in self.announcement if one.mailed]


def _ways(address: str) -> Iterator[str]:
    """The lists that mail to *address* may lead to: ``user%host@relay`` and ``host!user@relay`` may too."""
    local, _, domain = address.rpartition("@")
    (user, _, host), (first, _, rest) = local.rpartition("%"), local.partition("!")
    for name, place in ((local, domain), (user, host), (rest, first)):
        yield _delivered(f"{name}@{place}")
        yield _delivered(f"{_SERVICE.split(name.removeprefix('owner-'), 1)[0]}@{place}")


def _delivered(address: str) -> str:
    """*address* as mail servers see it: other scripts' dots and letters are the same in a name (RFC 3490)."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}".lower()
    except UnicodeError:
        return address
