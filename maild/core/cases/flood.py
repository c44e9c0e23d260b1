"""A flood of strangers' mail does not become a flood of letters to the team (ruling 2, in spirit)."""

from dataclasses import replace

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Change, OweLetter, SetFlag
from maild.core.decision import Decision
from maild.core.event import MailArrived, MailOpened
from maild.core.letters import keys, kinds
from maild.core.policy import Policy
from maild.core.values.about import About
from maild.core.values.case import Flag
from maild.core.writing import notice


def dammed(
    event: MailArrived | MailOpened, decision: Decision, known: MailCandidates, policy: Policy
) -> Decision:
    """*decision* on a mail, without its letters to the team when too many went out in the last hour.

    Only mail of no known thread is concerned, not what a person released, and no word about held mail.
    The case says so by its flag, its clocks run and its ladder is climbed; the handlers hear of the flood
    once a day.
    """
    held_back = [change for change in decision.changes if _to_team(change)]
    if not held_back or decision.chosen or not _floods(event, known, policy):
        return decision
    kept = tuple(change for change in decision.changes if not _to_team(change))
    day = event.arrival.at.date().isoformat()
    case_id = decision.kept.case_id if decision.kept else known.current.id if known.current else ""
    flag = (SetFlag(case_id, Flag.NOT_CARRIED),) if case_id else ()
    told = notice.tell(keys.notice(About.FLOOD, day), case_id, About.FLOOD, policy)
    return replace(decision, changes=(*kept, *flag, *told))


def _to_team(change: Change) -> bool:
    return isinstance(change, OweLetter) and kinds.row(change.kind).floods


def _floods(event: MailArrived | MailOpened, known: MailCandidates, policy: Policy) -> bool:
    """Whether this mail is one too many, or was when it arrived."""
    if event.released:
        return False
    if known.current:
        return isinstance(event, MailOpened) and Flag.NOT_CARRIED in known.current.flags
    in_thread = known.by_token or known.by_reference
    return not in_thread and known.told_hour >= policy.limits.team_hour
