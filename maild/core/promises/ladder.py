"""Who is told that a promise slipped, in order, each step once (ruling 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core import ids
from maild.core.candidates import DueClock, Rung
from maild.core.cases.case import Clock
from maild.core.cases.people import Member
from maild.core.decision import Change, Escalate, LetterKind, OweLetter
from maild.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Step:
    """One rung for one clock."""

    clock: Clock
    rung: int


def climb(
    due: tuple[DueClock, ...], blind_since: datetime | None, policy: Policy, now: datetime
) -> list[Change]:
    """The rungs to climb at *now* for clocks past *due*: one letter a person, oldest first."""
    told: dict[str, list[Step]] = {}
    for late in sorted(due, key=lambda d: d.clock.due):
        rung = next_rung(late, policy, now)
        if rung is None:
            continue
        for person in on_rung(rung, policy):
            told.setdefault(person.contact, []).append(Step(late.clock, rung))
    return [change for who, steps in told.items() for change in _tell(who, steps, blind_since, policy)]


def next_rung(late: DueClock, policy: Policy, now: datetime) -> int | None:
    """The number of the rung that is due for this clock, or ``None`` while there is time or nobody left."""
    rungs = policy.rungs()
    number = len(late.rungs)
    if number >= len(rungs):
        return None
    after = rungs[number][1]
    since = late.clock.due if number == 0 else _told(late.rungs[-1], after)
    return number if since is not None and now >= since + after else None


def on_rung(number: int, policy: Policy) -> tuple[Member, ...]:
    """The people of rung *number*."""
    return policy.team.having(policy.rungs()[number][0])


def _told(rung: Rung, after: timedelta) -> datetime | None:
    """From when the next rung counts: the letter's acceptance; one that came to nothing hurries the next."""
    return rung.settled - after if rung.failed and rung.settled else rung.settled


def _tell(contact: str, steps: list[Step], blind_since: datetime | None, policy: Policy) -> list[Change]:
    """The letter that lists every step of one person, and the steps it takes."""
    name = ",".join(f"{s.clock.id}:{s.clock.due.isoformat()}:{s.rung}" for s in steps)
    dedupe = f"escalation:{contact}:{ids.digest(policy.desk.secret, name).hex()[:24]}"
    case_id = steps[0].clock.case_id
    letter = OweLetter(
        dedupe=dedupe,
        kind=LetterKind.ESCALATION,
        case_id=case_id,
        recipient=contact,
        token=ids.token(policy.desk.secret, case_id, contact, "team"),
        facts={
            "lapsed": [_line(step) for step in steps],
            "blind_since": blind_since.isoformat() if blind_since else "",
        },
    )
    climbed = [Escalate(s.clock.id, s.clock.case_id, s.clock.due, s.rung, contact, dedupe) for s in steps]
    return [letter, *climbed]


def _line(step: Step) -> dict[str, object]:
    return {
        "case": step.clock.case_id,
        "promise": step.clock.promise.value,
        "started": step.clock.started.isoformat(),
        "due": step.clock.due.isoformat(),
        "rung": step.rung,
    }
