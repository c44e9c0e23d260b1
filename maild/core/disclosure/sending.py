"""What two members approved goes out: to lists ``lead`` before the instant, to everybody at it, never before.

Nothing is sent that lacks an approval or breaks a rule of its list: people are told, once. What could not go
out at the instant (nothing ran, or the mailbox could not be read) is not sent late without asking.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from maild.core.change import Change, OweLetter
from maild.core.disclosure.listed import outside, unmet
from maild.core.disclosure.olddates import old
from maild.core.disclosure.outward import (
    UNSET,
    approvers,
    carried,
    for_this_instant,
    other_key,
    outdated,
    unapproved,
)
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import (
    ANNOUNCED_AT,
    ANNOUNCING,
    EMBARGO,
    ENDED,
    HOLDS,
    PREDISCLOSED,
    PREPARED,
    PREPARED_DATE,
    PREPARED_FOR,
    SEEN_AT,
    STAGE,
)
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind, Seal, row
from maild.core.letters.kinds import outside as outside_letter
from maild.core.letters.payloads import Detail, Prepared
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.values.targets import ANNOUNCEMENT, Announcement, Predisclosure
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice, owing

GRACE = timedelta(minutes=5)
"""How long after the instant an announcement still goes out by itself."""
BLIND, CLOCK, MOVED = "blind", "clock", "moved"
UNCERTAIN = "a time that is certain: this machine's clock and the mail server's have to agree within a minute"
"""Why nothing goes out by itself: no word of the team can be heard, nobody knows what time it is, or two have
not approved the instant that there is."""


def due(cases: Iterable[Case], policy: Policy, now: datetime, doubt: str) -> list[Change]:
    """What goes out at *now*, and who is told of what cannot; *doubt*: why nothing goes out by itself."""
    found: list[Change] = []
    for case in cases:
        if doubt != BLIND:
            found += _ahead(case, policy, now, doubt)
        found += _at_the_instant(case, policy, now, doubt)
    return found


def sends(cases: Iterable[Case], policy: Policy, now: datetime) -> bool:
    """Whether anything would go out to outsiders by itself at *now*."""
    changes = due(cases, policy, now, "")
    return any(isinstance(one, OweLetter) and outside_letter(one.kind) for one in changes)


def instants(at: datetime, policy: Policy) -> Iterator[datetime]:
    """The instants at which something of a case may have to go out that is announced *at*."""
    if policy.targets.mailed():
        yield at
    for one in policy.targets.predisclosure:
        yield at - one.lead


def coming(case: Case, policy: Policy, now: datetime) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
    """What will go out after *now* if nobody does anything more: when, what, and who has approved it."""
    at, team = case.record.embargo, policy.team
    if at is None or at <= now or over(case):
        return
    for one in policy.targets.predisclosure:
        told = case.record.value(PREDISCLOSED, one.id) == case.record.value(PREPARED, one.id) != ""
        if concerns(one, case, policy) and not told:
            yield max(now, at - one.lead), f"predisclosure {one.id}", approvers(case.record, one.id, team)
    for place in policy.targets.mailed():
        yield at, f"announcement {place.id}", approvers(case.record, ANNOUNCEMENT, team)


def over(case: Case) -> bool:
    """Whether there is nothing left to tell ahead of the public: it was announced, or its embargo ended."""
    return case.record.value(STAGE) in ("announced", "closed") or bool(case.record.value(ENDED))


def _ahead(case: Case, policy: Policy, now: datetime, doubt: str) -> Iterator[Change]:
    at = case.record.embargo
    if over(case) or (at is not None and at <= now):
        return
    for one in policy.targets.predisclosure:
        told = bool(case.record.value(HOLDS, one.id))
        if concerns(one, case, policy) and (at is None or told or now >= at - one.lead):
            yield from _to_list(one, case, policy, now, doubt)


def concerns(one: Predisclosure, case: Case, policy: Policy) -> bool:
    """Whether the list is to hear of the case: a text was prepared, or the case is one for it."""
    if case.record.value(PREPARED, one.id):
        return case.record.embargo is not None or not one.requires_date
    return case.record.embargo is not None and not outside(one, case, policy.process)


def _to_list(one: Predisclosure, case: Case, policy: Policy, now: datetime, doubt: str) -> Iterator[Change]:
    digest, at = case.record.value(PREPARED, one.id), case.record.embargo
    if digest and digest == case.record.value(PREDISCLOSED, one.id) and not outdated(case, one.id):
        return
    lacks = [*unmet(one, case, policy.process, now), *other_key(case, one)]
    lacks += unapproved(case, one.id, policy.team)
    if lacks and any(moved.item == one.id for moved in old(case)):
        return  # that the list holds an old date is said by the reminder of that (`core.due.olddates`)
    if lacks or doubt:
        when = at.isoformat() if at else digest
        name = keys.notice(NoticeKind.PREDISCLOSURE_DUE, case.id, one.id, when, *([] if lacks else [doubt]))
        lacks = lacks or [UNCERTAIN]
        facts: dict[str, Detail] = {"list": one.id, "lacks": lacks, "embargo": at.isoformat() if at else ""}
        people = notice.concerned(case, "", policy)
        yield from notice.to_people(name, case.id, NoticeKind.PREDISCLOSURE_DUE, people, policy, facts)
        return
    yield from to_list(one, case, policy)


def to_list(one: Predisclosure, case: Case, policy: Policy, why: str = "") -> Iterator[Change]:
    """The letter with the text that is prepared for a list; whoever asks has seen its approvals.

    *why* the date that the list holds is old, where the letter is about that alone.
    """
    digest = case.record.value(PREPARED, one.id)
    key = keys.predisclosure(case.id, one.id, digest)
    yield _letter(LetterKind.PREDISCLOSURE, key, one.to, one.id, case, policy, why)
    yield SetFact(case.id, PREDISCLOSED, digest, MAILD, one.id)


def _letter(
    kind: LetterKind, key: str, to: str, item: str, case: Case, policy: Policy, why: str = ""
) -> OweLetter:
    """One letter with the text of *item*: owed once for ever."""
    digest, date = case.record.value(PREPARED, item), case.record.value(PREPARED_DATE, item)
    says = Prepared(item, digest, carried(case.record, item), date=date, why=why)
    sealed = row(kind).seal is Seal.ALWAYS
    return owing.letter(kind, key, to, says, policy.desk, case_id=case.id, sealed=sealed)


def _at_the_instant(case: Case, policy: Policy, now: datetime, doubt: str) -> Iterable[Change]:
    at = case.record.embargo
    if at is None or now < at or not policy.targets.mailed():
        return ()
    lacks = unapproved(case, ANNOUNCEMENT, policy.team)
    if begun(case, policy):
        asked = left(case, policy) and (lacks or _missed(case, policy, now))
        return _asked(case, at, lacks, doubt, policy) if asked else _next(case, policy, now)
    if case.record.value(STAGE) in ("announced", "closed"):
        return ()  # people did it themselves
    if lacks or asks(case, at, now) or doubt:
        moved = "" if for_this_instant(case) else MOVED
        return () if case.record.value(ENDED) else _asked(case, at, lacks, doubt or moved, policy)
    return _next(case, policy, now)


def asks(case: Case, at: datetime, now: datetime) -> bool:
    """Whether it waits for a member's ``!announce now``.

    It is late, the embargo was ended, or two have not approved it for an instant as early as this.
    """
    return now - at > GRACE or bool(case.record.value(ENDED)) or not for_this_instant(case)


def _asked(case: Case, at: datetime, lacks: list[str], doubt: str, policy: Policy) -> list[Change]:
    """The ladder is told once that nothing was announced, and why."""
    why = "lacks" if lacks else doubt or "late"
    name = keys.notice(NoticeKind.NOT_ANNOUNCED, case.id, at.isoformat(), why)
    begins = bool(begun(case, policy))
    facts: dict[str, Detail] = {"embargo": at.isoformat(), "lacks": lacks, "why": why, "begun": begins}
    return notice.to_people(name, case.id, NoticeKind.NOT_ANNOUNCED, on_the_ladder(policy), policy, facts)


def on_the_ladder(policy: Policy) -> list[str]:
    """Where everybody of the ladder is reached, the coordinators first."""
    roles = (Role.COORDINATOR, Role.BACKUP, Role.HANDLER)
    return [member.contact for role in roles for member in policy.team.having(role)]


def overdue(kind: str, due: datetime, now: datetime) -> bool:
    """Whether a letter that was owed when the process died may not go out unasked: its time is gone."""
    return kind == LetterKind.ANNOUNCEMENT and now - due > GRACE


def begun(case: Case, policy: Policy) -> list[datetime]:
    """When the letters of the announcement were owed, as far as they were."""
    given = case.record.items(ANNOUNCING)
    return [datetime.fromisoformat(given[one.id]) for one in policy.targets.mailed() if one.id in given]


def left(case: Case, policy: Policy) -> list[Announcement]:
    """The places whose letter is not owed yet."""
    return [one for one in policy.targets.mailed() if not case.record.value(ANNOUNCING, one.id)]


def by_clock_alone(case: Case) -> bool:
    """Whether an announcement that is owed was so by the clock, no member's word, and nothing is out yet."""
    owed = [one for one in case.record.facts if one.name == ANNOUNCING]
    return all(one.by == MAILD for one in owed) and not case.record.items(ANNOUNCED_AT)


def time_unknown(case: Case, policy: Policy) -> list[Change]:
    """The ladder hears, once, that what waits to be announced does because nobody knows what time it is."""
    at = case.record.embargo
    return _asked(case, at, [], CLOCK, policy) if at else []


def _next(case: Case, policy: Policy, now: datetime, by: str = MAILD) -> Iterator[Change]:
    """The places whose turn it is: the first at once, others when the one before is out, or at their lag."""
    since = min(begun(case, policy), default=now)
    for one in left(case, policy):
        turn = _turn(one, case, since)
        if turn is not None and now >= turn:
            key = keys.announcement(case.id, one.id)
            yield _letter(LetterKind.ANNOUNCEMENT, key, one.to, ANNOUNCEMENT, case, policy)
            yield SetFact(case.id, ANNOUNCING, now.isoformat(), by, one.id)


def _turn(one: Announcement, case: Case, since: datetime) -> datetime | None:
    """When the place has its turn; ``None`` while that is not known."""
    texts = [case.record.value(name, one.after) for name in (ANNOUNCED_AT, SEEN_AT) if one.after]
    turns = [datetime.fromisoformat(text) for text in texts if text]
    turns += [since + one.max_lag] if one.max_lag is not None else []
    return min(turns, default=None) if one.after else since


def _missed(case: Case, policy: Policy, now: datetime) -> bool:
    """Whether nothing ran when a later place had its turn."""
    since = min(begun(case, policy), default=now)
    turns = (_turn(one, case, since) for one in left(case, policy))
    return any(turn is not None and now - turn > GRACE for turn in turns)


def now(command: Command) -> Obeyed:
    """``!announce now``: what two members approved goes out, late or after trouble, never too early."""
    case, policy, at = command.case, command.policy, command.case.record.embargo
    if not command.signer:
        return Obeyed("!announce now: not done; only a member can say so, in a signed message")
    if at is None or command.now < at:
        when = f"the embargo ends at {at:%Y-%m-%d %H:%M} UTC" if at else "no embargo is set"
        return Obeyed(f"!announce now: not done; {when} (!embargo moves it, !leaked and !exploited end it)")
    if not policy.targets.mailed():
        return Obeyed("!announce now: not done; no list is configured to send it to")
    if begun(case, policy) and not tuple(_next(case, policy, command.now)):
        said = f"The announcement of {case.id} has already been sent or is being sent."
        return Obeyed(said, tuple(_vouched(command)), informed=True)
    if lacks := [*unapproved(case, ANNOUNCEMENT, policy.team), *_alone(command)]:
        return Obeyed(f"!announce now: not done; missing: {'; '.join(lacks)}")
    sent = tuple(_next(case, policy, command.now, command.by))
    return Obeyed(f"The announcement of {case.id} is being sent now.", (*_vouched(command), *sent))


def _alone(command: Command) -> Iterator[str]:
    """What is missing where one member alone would announce it earlier than two have approved."""
    record = command.case.record
    set_by, approved = record.fact(EMBARGO), record.value(PREPARED_FOR, ANNOUNCEMENT)
    if for_this_instant(command.case) or set_by is None or set_by.by != command.by:
        return
    if approved in ("", UNSET) or command.now < datetime.fromisoformat(approved):
        yield "the word of another member, as the text was approved for another time than the one you set"


def _vouched(command: Command) -> Iterator[Change]:
    """A member says that it is time: what is owed by the clock alone, and waits for it, need not any more."""
    record = command.case.record
    if not record.items(ANNOUNCED_AT):
        for place, owed in record.items(ANNOUNCING).items():
            yield SetFact(command.case.id, ANNOUNCING, owed, command.by, place)


def cancelled(command: Command) -> str:
    """What the author of ``!close`` should know of an announcement that was still to come."""
    end = command.case.record.embargo
    if end is None or command.now >= end or not command.policy.targets.mailed():
        return ""
    return f" Nothing about it is announced at {end:%Y-%m-%d %H:%M} UTC while it is closed."
