"""Orders about several held mails, in words that a member can type: ``release 12-40``, ``!spam the rest``.

They count in an answer to the daily list only: whoever writes one has that letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.core.values.address import normal

_RELEASE, _REJECT = ("release",), ("reject", "spam")
REST = "the rest"
MOST_PARTS = 100
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """Release, or else reject: mails by their numbers (*ranges*), those of a *sender*, or the *rest*."""

    release: bool
    ranges: tuple[tuple[int, int], ...] = ()
    sender: str = field(default="", repr=False)
    rest: bool = False

    def means(self, mail: int, sender: str) -> bool:
        """Whether it is about this mail of this sender."""
        numbered = any(first <= mail <= last for first, last in self.ranges)
        by_domain = self.sender.startswith("@") and sender.endswith(self.sender)
        return numbered or bool(self.sender and (by_domain or sender == self.sender))


@dataclass(frozen=True, slots=True)
class HeldList:
    """The daily list that a mail answers: what its lines stand for, and the sender of all held mail."""

    lines: Mapping[int, tuple[int, ...]]
    senders: Mapping[int, str] = field(repr=False)

    @property
    def shown(self) -> frozenset[int]:
        """Every mail that the list stands for."""
        return frozenset(self.lines) | frozenset(one for others in self.lines.values() for one in others)

    def picked(self, orders: tuple[HeldOrder, ...]) -> dict[int, bool]:
        """What *orders* do: ``True`` releases; of two that contradict each other the release wins."""
        found: dict[int, bool] = {}
        for mail, sender in self.senders.items():
            said = [order.release for order in orders if order.means(mail, sender)]
            found |= {mail: any(said)} if said else {}
        return found

    def rest(self, orders: tuple[HeldOrder, ...], picked: Mapping[int, bool]) -> dict[int, bool]:
        """What *the rest* means: all that the list shows and that nothing else was said of."""
        if not any(order.rest for order in orders):
            return {}
        return {one: False for one in self.senders if one in self.shown and one not in picked}


def read(line: str) -> HeldOrder | None:
    """The order in one line; ``None`` when it is none."""
    verb, _, what = line.strip().lower().removeprefix("!").partition(" ")
    what = " ".join(what.split())
    if verb not in (*_RELEASE, *_REJECT) or not what:
        return None
    release = verb in _RELEASE
    if what == REST:
        return None if release else HeldOrder(release, rest=True)
    if what.startswith("from "):
        return _from(release, what.removeprefix("from ").strip(" <>"))
    ranges = [_range(part) for part in what.replace(",", " ").split()[: MOST_PARTS + 1]]
    known = tuple(one for one in ranges if one)
    return HeldOrder(release, known) if len(known) == len(ranges) <= MOST_PARTS else None


def _from(release: bool, sender: str) -> HeldOrder | None:
    one_word = "@" in sender and not sender.endswith("@") and " " not in sender
    return HeldOrder(release, sender=normal(sender)) if one_word else None


def _range(part: str) -> tuple[int, int] | None:
    """``12`` or ``12-40``."""
    first, dash, last = part.partition("-")
    if not _number(first) or (dash and not _number(last)):
        return None
    return int(first), int(last) if dash else int(first)


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
