"""A text for outsiders: what exactly it says and to whom, and the digest that two members approve."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from maild.core.disclosure.verdicts import VULNERABILITY
from maild.core.facts.record import Disclosure
from maild.core.facts.table import (
    ANNOUNCED_AT,
    APPROVED,
    ENDED,
    HOLDS,
    PREDISCLOSED,
    PREPARED,
    PREPARED_AT,
    PREPARED_DATE,
    PREPARED_FOR,
    PREPARED_KEY,
    PREPARED_TEXT,
    VERDICT,
)
from maild.core.values.case import Case, CaseState
from maild.core.values.people import Member, Team
from maild.core.values.targets import ANNOUNCEMENT, Predisclosure, Targets

IN_MAIL = "mail:"
EYES = 2
"""How many members approve a text before it goes out."""
UNSET = "none"
"""Stands for the instant of a text that was prepared before there was one."""
_SUBJECT = "subject:"


@dataclass(frozen=True, slots=True)
class Terms:
    """What two approve beside the words: the list's key, the instant (ISO), and when it was prepared.

    The last makes each preparation another: an approval of an earlier one names another digest.
    """

    key: str = ""
    instant: str = ""
    prepared: str = ""

    @property
    def lines(self) -> str:
        """As they stand in what is approved; nothing of a text from before maild asked for them."""
        if not self.prepared:
            return ""
        at = None if self.instant == UNSET else datetime.fromisoformat(self.instant)
        when = f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "none set"
        key = self.key or "none, it is sent unencrypted"
        return f"key: {key}\ninstant: {when}\nprepared: {self.prepared}\n"


@dataclass(frozen=True, slots=True)
class Outward:
    """A letter to outsiders as it is approved; ``item`` is a list's id, or ``ANNOUNCEMENT``.

    ``files``: a line for each file that goes along (`core.disclosure.files`).
    """

    case_id: str
    item: str
    to: tuple[str, ...]
    subject: str = field(repr=False)
    text: str = field(repr=False)
    terms: Terms = Terms()
    files: tuple[str, ...] = ()

    @property
    def exact(self) -> str:
        """What the digest is made of, in lines that end in LF."""
        head = f"case: {self.case_id}\nfor: {self.item}\nto: {', '.join(self.to)}\n{self.terms.lines}"
        files = "".join(f"file: {one}\n" for one in self.files)
        return f"{head}{files}subject: {self.subject}\n\n{self.text}\n"

    @property
    def digest(self) -> str:
        """SHA-256 of ``exact`` in UTF-8, in hexadecimal digits."""
        return sha256(self.exact.encode("utf-8", "surrogatepass")).hexdigest()


def terms(record: Disclosure, item: str) -> Terms:
    """What the prepared text of *item* is approved with."""
    return Terms(*(record.value(name, item) for name in (PREPARED_KEY, PREPARED_FOR, PREPARED_AT)))


def outward(
    case_id: str,
    item: str,
    source: str,
    frame: str,
    targets: Targets,
    terms: Terms = Terms(),
    files: tuple[str, ...] = (),
) -> Outward | None:
    """The letter made of *source* (its first line may be ``Subject: …``) and *frame*, approved with *terms*.

    Its *files* go to a list only: an announcement has none. ``None`` when *item* is no list any more.
    """
    subject, text = split(source)
    whole = f"{text}\n\n{frame}".strip() if frame else text
    if item == ANNOUNCEMENT:
        return Outward(case_id, item, tuple(one.to for one in targets.mailed()), subject, whole, terms)
    listed = targets.listed(item)
    if listed is None:
        return None
    subject = f"{listed.subject_tag} {subject}".strip()
    return Outward(case_id, item, (listed.to,), subject, whole, terms, files)


def split(source: str) -> tuple[str, str]:
    """Subject and text of what somebody wrote; the subject is empty without a first line that names it."""
    first, _, rest = source.strip().partition("\n")
    if not first.lower().startswith(_SUBJECT):
        return "", source.strip()
    return " ".join(first[len(_SUBJECT) :].split()), rest.strip()


def approvers(record: Disclosure, item: str, team: Team) -> tuple[str, ...]:
    """The members, still of the team and with a key, who approved the text of *item* as it is now."""
    digest = record.value(PREPARED, item)
    signing = [member for member in team.members if digest and member.fingerprint]
    stand = (m.name for m in signing if record.value(APPROVED, f"{item}/{m.name}") == stands(digest, m))
    return tuple(dict.fromkeys(stand))


def stands(digest: str, member: Member) -> str:
    """What is kept of a member's approval; one by a key that is his no more counts no more."""
    return f"{digest} {member.fingerprint}"


def goes_at(record: Disclosure, item: str, targets: Targets, now: datetime) -> datetime | None:
    """When the text of *item* goes out by itself once it is approved; ``None``: at once, or by a command."""
    at, listed = record.embargo, targets.listed(item)
    if at is None or record.value(ENDED) or (listed and record.value(HOLDS, item)):
        return None  # who holds another date is told at once
    due = at - listed.lead if listed else at
    return due if due > now else None


def unapproved(case: Case, item: str, team: Team) -> list[str]:
    """What the text of *item* still lacks before it may go out, in words; empty when nothing."""
    word = "!announce" if item == ANNOUNCEMENT else f"!predisclose {item}"
    if not case.record.value(PREPARED, item):
        return [f"a text ({word}, and the text below it)"]
    if outdated(case, item):
        return [f"a text with the new date ({word} again)"]
    if judged := judged_since(case, item):
        return [f"a text prepared after the verdict {judged} ({word} again)"]
    given = approvers(case.record, item, team)
    if len(given) >= EYES:
        return []
    so_far = f"; {' and '.join(given)} approved it" if given else ""
    digest, left = case.record.value(PREPARED, item), EYES - len(given)
    return [
        f"approval by {left}{' more' if given else ''} member{'s' * (left > 1)} (!approve {digest}){so_far}"
    ]


def judged_since(case: Case, item: str) -> str:
    """The verdict that was given after the text was prepared, where it says that it is no vulnerability."""
    given, prepared = case.record.fact(VERDICT), case.record.fact(PREPARED, item)
    if given is None or prepared is None or given.value in (VULNERABILITY, "already-public"):
        return ""
    return given.value if given.at > prepared.at else ""


def approval(case: Case, team: Team) -> Iterator[str]:
    """One line a prepared text: what it is for, and what it still lacks; nothing of a closed case is sent."""
    if case.state is CaseState.CLOSED:
        return
    for item in case.record.items(PREPARED):
        so_far = "sent" if _sent(case, item) else "approved"
        yield f"  text for {item}: {'; '.join(unapproved(case, item, team)) or so_far}"


def _sent(case: Case, item: str) -> bool:
    """Whether the prepared text went out, to a list ahead of the announcement or as the announcement."""
    return bool(case.record.items(ANNOUNCED_AT)) if item == ANNOUNCEMENT else not unsent(case, item)


def unsent(case: Case, item: str) -> bool:
    """Whether a text for the list *item* is prepared that was not handed over for it."""
    return case.record.value(PREDISCLOSED, item) != case.record.value(PREPARED, item) != ""


def outdated(case: Case, item: str) -> bool:
    """Whether the prepared text names an instant that is not the one of the announcement any more.

    An announcement that names a date is out of date when the instant moves later; when it ended earlier
    (``!leaked``), what two approved may still be sent by a member's word.
    """
    date = case.record.value(PREPARED_DATE, item)
    at = case.record.embargo
    if item == ANNOUNCEMENT:
        return bool(date) and at is not None and at > datetime.fromisoformat(date)
    return bool(date) and (at is None or date != at.isoformat())


def other_key(case: Case, one: Predisclosure) -> list[str]:
    """What the text for a list lacks when its key is not the one that was approved; empty when nothing."""
    approved = case.record.value(PREPARED_KEY, one.id)
    changed = bool(approved) and approved != one.fingerprint
    return [f"a text for the list's present key (!predisclose {one.id} again)"] if changed else []


def for_this_instant(case: Case) -> bool:
    """Whether the announcement was approved for the instant that there is, or for an earlier one."""
    approved, at = case.record.value(PREPARED_FOR, ANNOUNCEMENT), case.record.embargo
    return approved not in ("", UNSET) and at is not None and at >= datetime.fromisoformat(approved)


def carried(record: Disclosure, item: str) -> int | None:
    """The mail that the text of *item* rests in, by its envelope; ``None`` when it rests elsewhere."""
    rests = record.value(PREPARED_TEXT, item)
    return int(rests.removeprefix(IN_MAIL)) if rests.startswith(IN_MAIL) else None
