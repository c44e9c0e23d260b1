"""The morning digest: one letter a member and day that says what is open, and only when something is."""

from datetime import UTC, date, datetime, time, timedelta

from maild.core.candidates.times import Board, OpenCase
from maild.core.change import Change, OweLetter
from maild.core.changes.team import DayTold
from maild.core.journal import What
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail, Digest, Due, Named
from maild.core.policy import Policy
from maild.core.promises import handover
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member
from maild.core.writing import notice, owing
from maild.core.writing.lateness import span

MOST = 50
"""Cases that one list of the letter names; the rest is counted."""
MORNING = time(8)
"""When idle cases are offered on a desk without a digest."""


def day(policy: Policy, now: datetime) -> date | None:
    """The day, in the desk's zone, whose digest is due by *now*; ``None`` before its hour, or without one.

    A desk without a digest has such a day too when idle cases are to be offered.
    """
    here, at = now.astimezone(policy.zone), policy.digest_at or (policy.process.idle_after and MORNING)
    return here.date() if at and here.time() >= at else None


def following(daily: time | None, policy: Policy, now: datetime) -> datetime | None:
    """When a letter that goes out *daily* is due next after *now* (aware UTC); ``None``: never."""
    if daily is None:
        return None
    today = now.astimezone(policy.zone).date()
    days = (today + timedelta(days=number) for number in range(3))
    instants = (datetime.combine(one, daily, policy.zone).astimezone(UTC) for one in days)
    return next(instant for instant in instants if instant > now)


def end_of_day(policy: Policy, now: datetime) -> datetime:
    """The midnight that ends the day of *now* in the desk's zone (aware UTC)."""
    tomorrow = now.astimezone(policy.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), policy.zone).astimezone(UTC)


def tell(board: Board, policy: Policy, now: datetime) -> list[Change]:
    """The digests of the day: a letter to everybody who is there, if there is anything to say; idle cases.

    That the day had its digest is recorded even when nobody had to be written to.
    """
    today = day(policy, now)
    if today is None or board.told == today.isoformat():
        return []
    wanted = policy.digest_at is not None and _says(board) and not _too_new(board, today, policy)
    people = [member for member in policy.team.members if not member.absent(now)] if wanted else []
    told = DayTold(What.DIGEST, today, {"letters": len(people)})
    letters = (_letter(person, board, today, policy, now) for person in people)
    return [told, *letters, *(ask for one in board.open for ask in _asked(one, policy, now))]


def _asked(one: OpenCase, policy: Policy, now: datetime) -> list[OweLetter]:
    """Of a case on which nobody works the next handler is asked to take it: another each time that passes.

    What the reporter writes meanwhile is no work on it.
    """
    after = policy.process.idle_after
    if after is None or one.worked is None or now < one.worked + after:
        return []
    people = handover.others(one.handler, policy, now)
    if not people:
        return []
    times = (now - one.worked) // after
    person = people[(times - 1) % len(people)]
    facts: dict[str, Detail] = {
        "handler": one.handler,
        "since": one.worked.isoformat(),
        "after": span(after),
        "again": len(people) == 1,
    }
    name = keys.notice(NoticeKind.IDLE, one.case_id, one.worked.isoformat(), times, person.contact)
    return [notice.to_one(name, one.case_id, NoticeKind.IDLE, person.contact, policy, facts)]


def _too_new(board: Board, today: date, policy: Policy) -> bool:
    """Whether the desk began after the hour of *today*: its first digest waits for the next one."""
    if board.told or board.begun is None or policy.digest_at is None:
        return False
    return board.begun > datetime.combine(today, policy.digest_at, policy.zone)


def _says(board: Board) -> bool:
    return bool(board.open or board.quarantined or board.held or board.letters or board.shunted)


def _letter(person: Member, board: Board, today: date, policy: Policy, now: datetime) -> OweLetter:
    """Counts, case numbers, names of promises and instants; never a word of a report (ruling 33)."""
    yours = [one.case_id for one in board.open if one.handler == person.name]
    waiting = [one.case_id for one in board.open if not one.answered]
    stale = [one.case_id for one in board.open if _stale(one, policy, now)]
    says = Digest(
        today.isoformat(),
        _named([one.case_id for one in board.open]),
        _named(yours),
        _named(waiting),
        _named(stale),
        _due(board, now),
        more_due=max(0, len(board.due) - MOST),
        quarantined=board.quarantined,
        held=board.held,
        letters=board.letters,
        shunted=board.shunted,
        kept=board.kept,
    )
    key = keys.daily(LetterKind.DIGEST, today, person.contact)
    return owing.letter(LetterKind.DIGEST, key, person.contact, says, policy.desk)


def _stale(one: OpenCase, policy: Policy, now: datetime) -> bool:
    """Whether nobody stirred in the case for as long as makes one of its severity stale."""
    after = policy.process.handled(one.severity).stale_after
    return after is not None and one.stirred is not None and one.stirred + after <= now


def _named(cases: list[str]) -> Named:
    """How many there are, and the numbers of the first of them."""
    return Named(len(cases), tuple(cases[:MOST]), max(0, len(cases) - MOST))


def _due(board: Board, now: datetime) -> tuple[Due, ...]:
    return tuple(
        Due(one.case_id, one.promise, one.due.isoformat(), one.due <= now) for one in board.due[:MOST]
    )
