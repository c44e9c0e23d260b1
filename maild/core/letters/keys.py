"""The dedupe key of every letter: what makes it this letter and no other, for ever.

The same key is never owed twice, and reference and Message-ID derive from it, also after a restore. So a key
changes for no reason: a desk that is upgraded would tell everybody everything again.
"""

from datetime import date, datetime

from maild.core.letters.kinds import LetterKind
from maild.core.values import ids

_DIGITS = 24
"""Hexadecimal digits that stand for a long list."""


def receipt(case_id: str, reporter: str = "") -> str:
    """The receipt of a case; with the *reporter*, one that a person let go."""
    return _joined(LetterKind.RECEIPT, case_id, *((reporter,) if reporter else ()))


def copy(shown: str, reader: str) -> str:
    """The copy for one reader of a mail (its identity) or of an answer (its key)."""
    return _joined(LetterKind.COPY, shown, reader)


def answer(identity: str) -> str:
    """What the answers in a member's mail begin with."""
    return _joined(LetterKind.ANSWER, identity)


def sent(case_id: str, at: datetime) -> str:
    """What the answers that ``!send`` sends begin with."""
    return _joined("send", case_id, at.isoformat())


def to(begins: str, reader: str) -> str:
    """The letter to one reader of several."""
    return _joined(begins, reader)


def words(identity: str) -> str:
    """What a member is told of the words in their mail."""
    return _joined("words", identity)


def askkey(case_id: str, reporter: str, day: date) -> str:
    """One request for a key in a day."""
    return _joined(LetterKind.ASKKEY, case_id, reporter, day.isoformat())


def rules(side: str, case_id: str, address: str, until: datetime) -> str:
    """The rules for a guest (``guest``) or for somebody who may know (``told``)."""
    return _joined(side, case_id, address, until.isoformat())


def daily(kind: LetterKind, day: date, reader: str) -> str:
    """A letter that each member gets once a day."""
    return _joined(kind, day.isoformat(), reader)


def listing(kind: LetterKind, reader: str, lines: list[str], secret: bytes) -> str:
    """A letter that lists promises: a reminder or an escalation."""
    return _joined(kind, reader, ids.digest(secret, ",".join(lines)).hex()[:_DIGITS])


def canary(at: datetime, kind: LetterKind = LetterKind.CANARY) -> str:
    """The canary of this second, or the one that flies beside it to an address with a tag."""
    return _joined(kind, at.isoformat(timespec="seconds"))


def draft(case_id: str, about: str, at: datetime) -> str:
    """A draft for a member."""
    return _joined(LetterKind.DRAFT, case_id, about, at.isoformat())


def prepared(case_id: str, item: str, digest: str, at: datetime, reader: str) -> str:
    """A text for outsiders, for one member who may approve it."""
    return _joined(LetterKind.PREPARED, case_id, item, digest, at.isoformat(), reader)


def predisclosure(case_id: str, name: str, digest: str) -> str:
    """A text for a list: another one only when another text was approved."""
    return _joined(LetterKind.PREDISCLOSURE, case_id, name, digest)


def announcement(case_id: str, place: str) -> str:
    """The announcement of a case at one place."""
    return _joined(LetterKind.ANNOUNCEMENT, case_id, place)


def notice(*what: object) -> str:
    """What a notice is about, and what tells it from the next one about the same."""
    return _joined("notice", *what)


def returned(identity: str) -> str:
    """The notice to the author of an answer that could not leave as it was."""
    return notice("returned", identity)


def _joined(*parts: object) -> str:
    return ":".join(str(one) for one in parts)
