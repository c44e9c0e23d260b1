"""What is given up in time, and for a person who asks: texts go, the record of what was done stays.

A tombstone stays of every mail, the keyed name it is known by: a mailbox that is read anew answers nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.candidates.said import Person
from maild.core.candidates.times import Purgeable
from maild.core.change import Change, Note
from maild.core.changes.keeping import Forget, PurgeCase, PurgeMail
from maild.core.decision import Decision
from maild.core.event import CaseExported, ForgetPerson
from maild.core.journal import What
from maild.core.policy import Policy
from maild.core.values import ids

STAYS = (
    "What is kept: the journal and the ledger (case numbers, times, names of promises; no address and no "
    "text), and a keyed hash of each message, so that it is not acknowledged again. What maild cannot "
    "delete: messages in the mailbox and in the mailboxes of the team, backups, and old databases."
)


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Closed before then, or called spam before then: given up. ``None``: kept for ever."""

    closed: datetime | None
    spam: datetime | None


def cutoffs(policy: Policy, now: datetime) -> Cutoffs:
    """The instants that *policy* draws at *now*."""
    return Cutoffs(_before(policy.keep_closed, now), _before(policy.keep_spam, now))


def _before(length: timedelta | None, now: datetime) -> datetime | None:
    return now - length if length is not None else None


def purge(known: Purgeable) -> Decision:
    """The texts whose time is over."""
    cases: list[Change] = [PurgeCase(case_id) for case_id in known.cases]
    return Decision((*cases, *(PurgeMail(mail) for mail in known.mails)))


def forget(event: ForgetPerson, known: Person, policy: Policy) -> Decision:
    """A person asked to be forgotten: everything of his closed cases goes but the record of what was done."""
    if policy.team.claimed_by(event.address) or policy.desk.owns(event.address):
        return Decision(refusal=f"{event.address} is an address of the team; remove it from maild.toml first")
    if not (known.closed or known.open or known.mails):
        return Decision(refusal=f"nothing is known about {event.address}")
    said = _said(known)
    if not event.sure:
        return Decision(said=said)
    name = ids.digest(policy.desk.secret, "forgotten", event.address).hex()[:16]
    changes: list[Change] = [PurgeCase(case_id) for case_id in known.closed]
    changes += [PurgeMail(mail) for mail in known.mails]
    instead, author = f"forgotten-{name}@forgotten.invalid", ids.author(policy.desk.secret, event.address)
    changes.append(Forget(event.address, instead, known.closed, not known.open, author))
    changes += [Note(case_id, What.PERSON_FORGOTTEN, {"by": event.by}) for case_id in known.closed]
    return Decision((*changes, Note("", What.PERSON_FORGOTTEN, {"person": name, "by": event.by})), said=said)


def _said(known: Person) -> str:
    """What goes and what stays, in plain words."""
    closed, mails = ", ".join(known.closed) or "none", len(known.mails)
    lines = [
        "What is deleted: their address, their key, the subjects and texts of all messages and letters of "
        f"their closed cases ({closed}), and of {mails} message{'' if mails == 1 else 's'} without a case.",
    ]
    if known.open:
        lines.append(
            f"What is kept for now: open cases ({', '.join(known.open)}), in which promises to them are "
            "running. Close these cases, then run the command again."
        )
    return "\n".join((*lines, STAYS))


def exported(event: CaseExported) -> Decision:
    """Whoever takes everything about a case out of the desk stands in its journal."""
    beside = {"anyway": True} if event.anyway else {}
    return Decision((Note(event.case_id, What.EXPORTED, {"to": event.to, "by": event.by, **beside}),))
