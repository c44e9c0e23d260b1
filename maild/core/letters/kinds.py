"""The letters that maild writes: one row a kind says everything that is so of all letters of that kind.

A new kind of letter is a name here, a row below, what it says, and a template in ``config/letters``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class LetterKind(StrEnum):
    """The kinds by name; those with a template have it under this name in ``config/letters``."""

    RECEIPT = "receipt"
    COPY = "copy"
    ANSWER = "answer"
    ASKKEY = "askkey"
    ESCALATION = "escalation"
    REMINDER = "reminder"
    DIGEST = "digest"
    HELD = "held"
    NOTICE = "notice"
    CANARY = "canary"
    TAGGED = "canary-tagged"
    DRAFT = "draft"
    PREPARED = "prepared"
    PREDISCLOSURE = "predisclosure"
    ANNOUNCEMENT = "announcement"


class Reader(Enum):
    """Who gets a letter: the team (and guests), a reporter, somebody outside the case, the desk itself."""

    TEAM = auto()
    REPORTER = auto()
    OUTSIDE = auto()
    DESK = auto()


class Words(Enum):
    """Who speaks in a letter: maild, a member of the team, or two members who approved every word of it."""

    MAILD = auto()
    MEMBER = auto()
    APPROVED = auto()


class Seal(Enum):
    """How a letter is closed where it is not owed sealed.

    ``ANY_KEY``: to its reader's key if there is one. ``ALWAYS``: to its list's key or not at all.
    ``SIGNED``: in clear, signed by the desk. ``NONE``: in clear.
    """

    ANY_KEY = auto()
    ALWAYS = auto()
    SIGNED = auto()
    NONE = auto()


class Template(Enum):
    """Which template gives a letter its words: none, one for the kind, or one for each thing it is about."""

    NONE = auto()
    ONE = auto()
    EACH = auto()


class Restore(Enum):
    """What becomes of a letter after a restore, when it may have gone out before (ruling 27).

    ``PARKED``: it waits for a person. ``DOUBTED``: only if the mail it is about may have been handled before.
    """

    PARKED = auto()
    DOUBTED = auto()
    SENT = auto()


class Then(Enum):
    """What follows when a letter of a case was accepted, failed or came back."""

    NOTHING = auto()
    MEMBER_UNREACHABLE = auto()
    ANSWER = auto()
    RECEIPT = auto()
    OUTSIDE = auto()


AUTO_GENERATED, AUTO_REPLIED = "auto-generated", "auto-replied"
"""Auto-Submitted (RFC 3834 §5)."""
DOUBTS = 3
"""How often an automatic letter goes out though nobody knows whether it arrived: its reader may have each."""
ONCE = 1
"""Nobody gets people's own words twice."""
PATIENCE = 3
"""How often a member's copy is tried though the server refuses it: that may be a mistake of an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is so of every letter of one kind; people know it as what it is ``called``.

    ``auto`` is the Auto-Submitted word where maild speaks. ``refusals``: how often it is tried though the
    server refuses it for good. ``fails`` and ``bounces`` say what follows. ``floods``: too many of them in an
    hour are a flood (ruling 2). ``of_case``: it always belongs to a case.
    """

    called: str
    reader: Reader
    words: Words = Words.MAILD
    seal: Seal = Seal.NONE
    template: Template = Template.ONE
    auto: str = AUTO_GENERATED
    refusals: int = 1
    restore: Restore = Restore.SENT
    fails: Then = Then.NOTHING
    bounces: Then = Then.MEMBER_UNREACHABLE
    floods: bool = False
    of_case: bool = False

    @property
    def submitted(self) -> str:
        """The Auto-Submitted word; none where people speak."""
        return self.auto if self.words is Words.MAILD else ""

    @property
    def doubts(self) -> int:
        """After how many tries of which nobody knows whether they arrived a person is asked."""
        return DOUBTS if self.words is Words.MAILD else ONCE

    @property
    def waits_without_key(self) -> bool:
        """Whether it is held for a person, and not given up, when there is no key for its reader."""
        return self.words is not Words.MAILD

    @property
    def waits_if_refused(self) -> bool:
        """Whether it is held for a person, and not given up, when the server refuses it for good."""
        return self.words is Words.APPROVED


ROWS: Mapping[LetterKind, Row] = {
    LetterKind.RECEIPT: Row(
        called="acknowledgement",
        reader=Reader.REPORTER,
        seal=Seal.SIGNED,
        auto=AUTO_REPLIED,
        restore=Restore.PARKED,
        fails=Then.RECEIPT,
        bounces=Then.RECEIPT,
        of_case=True,
    ),
    LetterKind.COPY: Row(
        called="copy to a member",
        reader=Reader.TEAM,
        seal=Seal.ANY_KEY,
        template=Template.NONE,
        refusals=PATIENCE,
        restore=Restore.DOUBTED,
        fails=Then.MEMBER_UNREACHABLE,
        floods=True,
        of_case=True,
    ),
    LetterKind.ANSWER: Row(
        called="reply to the reporter",
        reader=Reader.REPORTER,
        words=Words.MEMBER,
        seal=Seal.SIGNED,
        template=Template.EACH,
        restore=Restore.PARKED,
        fails=Then.ANSWER,
        bounces=Then.ANSWER,
        of_case=True,
    ),
    LetterKind.ASKKEY: Row(
        called="request for the reporter's key", reader=Reader.REPORTER, restore=Restore.PARKED, of_case=True
    ),
    LetterKind.ESCALATION: Row(called="escalation", reader=Reader.TEAM, bounces=Then.NOTHING),
    LetterKind.REMINDER: Row(called="reminder", reader=Reader.TEAM),
    LetterKind.DIGEST: Row(called="digest", reader=Reader.TEAM),
    LetterKind.HELD: Row(called="list of the quarantine", reader=Reader.TEAM, seal=Seal.ANY_KEY),
    LetterKind.NOTICE: Row(
        called="notice to the team", reader=Reader.TEAM, template=Template.EACH, floods=True
    ),
    LetterKind.CANARY: Row(called="test message", reader=Reader.DESK, bounces=Then.NOTHING),
    LetterKind.TAGGED: Row(
        called="test message to an address with a tag", reader=Reader.DESK, bounces=Then.NOTHING
    ),
    LetterKind.DRAFT: Row(called="draft for the team", reader=Reader.TEAM, of_case=True),
    LetterKind.PREPARED: Row(
        called="text to approve",
        reader=Reader.TEAM,
        seal=Seal.ANY_KEY,
        fails=Then.MEMBER_UNREACHABLE,
        of_case=True,
    ),
    LetterKind.PREDISCLOSURE: Row(
        called="predisclosure letter",
        reader=Reader.OUTSIDE,
        words=Words.APPROVED,
        seal=Seal.ALWAYS,
        template=Template.NONE,
        restore=Restore.PARKED,
        fails=Then.OUTSIDE,
        bounces=Then.OUTSIDE,
        of_case=True,
    ),
    LetterKind.ANNOUNCEMENT: Row(
        called="announcement",
        reader=Reader.OUTSIDE,
        words=Words.APPROVED,
        seal=Seal.SIGNED,
        template=Template.NONE,
        restore=Restore.PARKED,
        fails=Then.OUTSIDE,
        bounces=Then.OUTSIDE,
        of_case=True,
    ),
}


def row(kind: str) -> Row:
    """What is so of the letters of *kind*."""
    return ROWS[LetterKind(kind)]


def outside(kind: str) -> bool:
    """Whether letters of *kind* go to somebody who takes no part in a case."""
    return row(kind).reader is Reader.OUTSIDE


def parked_after_restore() -> tuple[LetterKind, ...]:
    """The kinds that wait for a person after a restore, whatever they are about."""
    return tuple(kind for kind, one in ROWS.items() if one.restore is Restore.PARKED)


def flooding() -> tuple[LetterKind, ...]:
    """The kinds of which too many in an hour are a flood."""
    return tuple(kind for kind, one in ROWS.items() if one.floods)


def of_case() -> tuple[LetterKind, ...]:
    """The kinds that always belong to a case."""
    return tuple(kind for kind, one in ROWS.items() if one.of_case)


def asked_at_once() -> tuple[LetterKind, ...]:
    """The kinds of which a person is asked as soon as nobody knows whether one arrived: people's words."""
    return tuple(kind for kind, row in ROWS.items() if row.doubts == ONCE)


def to_outside() -> tuple[LetterKind, ...]:
    """The kinds that go to somebody who takes no part in a case."""
    return tuple(kind for kind in ROWS if outside(kind))
