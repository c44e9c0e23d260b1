"""After a restore the mailbox knows more than the database: nobody is to be answered twice (ruling 27).

Mail that arrived before the restore and is not in the backup may have been answered by what was lost. It
becomes cases as ever, under the same names, since all are derived from its content; but what it makes us owe
to anybody outside, and the team's copies, are parked for a person. A mark of ours in the mailbox, or the
letter itself in the Sent folder, proves that it went out. Of texts for outsiders nothing proves it: whoever
approved one before the restore looks first and approves again (`core.disclosure.preparing`).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.change import Change, Note, OweLetter
from maild.core.changes.keeping import DoubtUntil, LetterWasSent
from maild.core.decision import Decision
from maild.core.event import Arrival, DatabaseRestored, Doubt
from maild.core.journal import What
from maild.core.letters import keys, kinds
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.writing import notice

SLACK = timedelta(minutes=5)
"""How far the IMAP server's clock may differ from ours."""
PARKED = "restored from a backup: it may have gone out before"
BY_MARK = "the mailbox's mark: it was handled before the restore"
BY_HAND = "a person's word"


def restored(event: DatabaseRestored, policy: Policy, now: datetime) -> Decision:
    """The restore is told to everybody who may have to act; after a move there is nothing to doubt."""
    backup = event.taken.isoformat() if event.taken else ""
    note = Note("", What.RESTORED, {"backup": backup, "by": event.by, "moved": event.moved})
    if event.moved:
        return Decision((note,))
    coordinators = [person.contact for person in policy.team.having(Role.COORDINATOR)]
    people = [*notice.handlers(policy), *coordinators]
    kind = NoticeKind.LOST_COMMITS if event.unasked else NoticeKind.RESTORED
    facts = {"taken": backup, "at": now.isoformat()}
    told = notice.to_people(keys.notice(kind, now.isoformat()), "", kind, people, policy, facts)
    return Decision((note, DoubtUntil(now + SLACK, kinds.parked_after_restore(), PARKED), *told))


def doubted(decision: Decision, arrival: Arrival, policy: Policy) -> Decision:
    """The *decision* on a mail that may have been answered before; as it is when there is no doubt."""
    if arrival.doubt is Doubt.NONE:
        return decision
    changes = [one for change in decision.changes for one in _parked(change, arrival, policy)]
    return replace(decision, changes=tuple(changes))


def _parked(change: Change, arrival: Arrival, policy: Policy) -> list[Change]:
    if not isinstance(change, OweLetter) or change.held or _leaves(change):
        return [change]
    parked = replace(change, parked=PARKED)
    if arrival.doubt is Doubt.OPEN:
        return [parked]
    reference = ids.reference(policy.desk.secret, change.dedupe)
    return [parked, LetterWasSent(reference, arrival.at, BY_MARK)]


def _leaves(letter: OweLetter) -> bool:
    """Whether the letter goes out whatever may have gone out before: one to the team, or a test message."""
    row = kinds.row(letter.kind)
    return row.restore is kinds.Restore.SENT and (letter.internal or row.reader is not kinds.Reader.TEAM)
