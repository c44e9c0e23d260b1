"""A flood of strangers' mail does not become a flood of letters to the team (ruling 2, in spirit).

Nothing is left out for good: letters about new reports wait for their turn, and of a sender who goes on and
on in one case the team hears how many messages there were.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Change, OpenCase, OweLetter
from maild.core.decision import Decision
from maild.core.event import MailArrived, MailOpened
from maild.core.letters import keys, kinds
from maild.core.letters.budget import Rank
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail, Notice
from maild.core.mail.opened import SignatureStatus
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import notice

HOUR = timedelta(hours=1)
MOST_LISTED = 50
_ABOUT_LIMITS = frozenset({NoticeKind.RECEIPT_CAP, NoticeKind.RECEIPTS_DELAYED})
"""What tells of a limit waits for none; it is told once a day."""


def rank(event: MailArrived | MailOpened, known: MailCandidates, score: float) -> Rank:
    """How likely a mail is a report: its *score* speaks for one, its author is proved or takes part already.

    Of an encrypted mail nothing is read for this; that somebody encrypted it speaks for it.
    """
    opened = event.opened
    signed = opened is not None and opened.signature.status is SignatureStatus.GOOD
    known_person = known.author_known or (signed and bool(known.known_key or known.their_key))
    proved, speaks = bool(event.facts.authentication.author), event.facts.sealed or score < 0
    return Rank.SURE if known_person or (proved and speaks) else Rank(int(proved or speaks))


def within_limits(
    event: MailArrived | MailOpened, decision: Decision, known: MailCandidates, policy: Policy, now: datetime
) -> Decision:
    """*decision* on a stranger's mail with its letters to the team as the limits of an hour allow.

    What a person released, the team's own mail and words about held mail wait for nothing.
    """
    author = event.facts.author
    if event.released or decision.chosen or (author and policy.team.claimed_by(author.address)):
        return decision
    if not _follows_up(decision, known):
        return _by_turns(event, decision, known)
    if known.followups < policy.limits.followups_hour:
        return decision
    return _bundled(event, decision, policy, now)


def _follows_up(decision: Decision, known: MailCandidates) -> bool:
    """Whether the mail belongs to a case that an earlier one opened."""
    opens = known.opens or any(isinstance(change, OpenCase) for change in decision.changes)
    return not opens and bool(known.current or (decision.kept and decision.kept.case_id))


def _by_turns(event: MailArrived | MailOpened, decision: Decision, known: MailCandidates) -> Decision:
    """Its letters to the team wait for their turn, when the hour has too many."""
    score = decision.kept.score if decision.kept else 0.0
    how, domain = rank(event, known, score), event.facts.author.domain if event.facts.author else ""
    changes = tuple(
        replace(c, pace=how, share=domain) if isinstance(c, OweLetter) and _to_team(c) else c
        for c in decision.changes
    )
    return replace(decision, changes=changes)


def _bundled(event: MailArrived | MailOpened, decision: Decision, policy: Policy, now: datetime) -> Decision:
    """No copy of one message too many; its readers hear at the end of the hour how many there were."""
    copies = [c for c in decision.changes if isinstance(c, OweLetter) and c.kind is LetterKind.COPY]
    if not copies:
        return decision
    case_id = copies[0].case_id
    author = event.facts.author.address if event.facts.author else ""
    start = now.replace(minute=0, second=0, microsecond=0)
    who = ids.named(policy.desk.secret, case_id, author)
    name = keys.notice(NoticeKind.MORE_MAIL, case_id, who, start.isoformat())
    members = [member for c in copies if (member := policy.team.claimed_by(c.recipient))]
    told = notice.to_people(
        name,
        case_id,
        NoticeKind.MORE_MAIL,
        [member.contact for member in members],
        policy,
        {"who": who, "since": start.isoformat()},
    )
    later = [replace(one, after=start + HOUR) for one in told if isinstance(one, OweLetter)]
    return replace(decision, changes=(*(c for c in decision.changes if c not in copies), *later))


def _to_team(letter: OweLetter) -> bool:
    of_limit = isinstance(letter.says, Notice) and letter.says.about in _ABOUT_LIMITS
    return kinds.row(letter.kind).floods and not of_limit


def listed(carried_later: tuple[str, ...], policy: Policy, now: datetime) -> list[Change]:
    """Once an hour the handlers are told which new cases they have no copy of yet."""
    if not carried_later:
        return []
    name = keys.notice(NoticeKind.FLOOD, f"{now:%Y-%m-%dT%H}")
    facts: dict[str, Detail] = {
        "cases": list(carried_later[:MOST_LISTED]),
        "more": max(0, len(carried_later) - MOST_LISTED),
    }
    return notice.tell(name, "", NoticeKind.FLOOD, policy, facts)
