"""What follows when a letter to outsiders was accepted, refused, left in doubt, or came back."""

from datetime import datetime

from maild.core.change import Change
from maild.core.decision import Decision
from maild.core.disclosure.drafts import closing_note
from maild.core.disclosure.sending import on_the_ladder
from maild.core.event import Delivery, LetterSettled
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import (
    ANNOUNCED_AT,
    HOLDS,
    PREDISCLOSED,
    PREPARED_DATE,
    SEVERITY,
    STAGE,
    TOLD_DATE,
)
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import Happening
from maild.core.words.command import Command
from maild.core.words.reading import Word
from maild.core.writing import notice


def settled(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    """Accepted, the announcement is out, and the case announced; whatever else is told at once."""
    early = event.kind == LetterKind.PREDISCLOSURE
    told = _told(event, case, policy) if early and event.delivery in (Delivery.SENT, Delivery.UNKNOWN) else []
    if event.delivery is not Delivery.SENT:
        return Decision((*told, *failed(event.letter, event.recipient, event.delivery, case, policy)))
    return Decision(tuple(told if early else _out(event, case, policy, now)))


def _told(event: LetterSettled, case: Case, policy: Policy) -> list[Change]:
    """The list knows the date that its text names, or may know it."""
    items = [one.id for one in policy.targets.predisclosure if one.to == event.recipient]
    named = [(item, case.record.value(PREPARED_DATE, item)) for item in items]
    return [
        SetFact(case.id, name, date, MAILD, item)
        for item, date in named
        if case.record.value(PREDISCLOSED, item)
        for name in (TOLD_DATE, HOLDS)
    ]


def _out(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> list[Change]:
    places = [one for one in policy.targets.mailed() if one.to == event.recipient]
    found: list[Change] = [SetFact(case.id, ANNOUNCED_AT, now.isoformat(), MAILD, one.id) for one in places]
    if case.record.value(STAGE) not in ("announced", "closed"):
        found.append(SetFact(case.id, STAGE, "announced", MAILD))
        found += _kept(case, now, MAILD, policy)
        found += _closing_note(case, policy, now)
    return found


def announced(command: Command) -> tuple[Change, ...]:
    """The case of *command* is announced: its stage, what that does to its promises, and the closing note."""
    case = command.case
    stage = SetFact(case.id, STAGE, "announced", command.by)
    return (stage, *_kept(case, command.now, command.by, command.policy), *closing_note(command))


def _kept(case: Case, now: datetime, by: str, policy: Policy) -> list[Change]:
    """What the announcement does to the promises of the case."""
    moved = clocks.applied(case, case.record.value(SEVERITY), "announced", now, policy)
    return [*moved, *clocks.of_case(case, Happening.ANNOUNCED, now, by, policy)]


def _closing_note(case: Case, policy: Policy, now: datetime) -> tuple[Change, ...]:
    """The draft of the note to the reporter, to whoever looks after the case."""
    contact = next(iter(notice.concerned(case, "", policy)), "")
    command = Command(Word("closing"), case, MAILD, case.handler, now, policy, contact=contact)
    return closing_note(command)


def failed(letter: int, recipient: str, what: str, case: Case, policy: Policy) -> list[Change]:
    """Everybody on the ladder hears, once a letter and trouble, that *recipient* did not get it."""
    places = policy.targets.at(recipient)
    facts: dict[str, Detail] = {
        "letter": letter,
        "place": " and ".join(places) or "a list that is no longer configured",
        "what": what,
    }
    name = keys.notice(NoticeKind.OUTWARD_FAILED, letter, what)
    return notice.to_people(name, case.id, NoticeKind.OUTWARD_FAILED, on_the_ladder(policy), policy, facts)
