"""What a case that is joined to another brings with it, and what the team is asked then."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from maild.core.change import Change
from maild.core.facts.change import SetFact
from maild.core.facts.record import Fact
from maild.core.facts.row import Joined
from maild.core.facts.table import (
    APPROVED,
    CREDIT,
    EMBARGO,
    HOLDS,
    PREPARED,
    REPORTER_DATE,
    STAGE,
    row_of,
)
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.words.command import Command
from maild.core.writing import notice, reporter


def joined(command: Command, other: Case) -> tuple[Change, ...]:
    """What follows from joining the case of *command* to *other*, beside the join itself."""
    gone = (SetFact(command.case.id, HOLDS, "", command.by, one) for one in command.case.record.items(HOLDS))
    goes_on = (*_carried(command, other), *_credits(command, other), *_void(command.case, command.by))
    return (*goes_on, *gone, *_told(command, other), *_asked(command, other))


def _told(command: Command, other: Case) -> list[Change]:
    """The handlers of both cases hear which of them goes on, except whoever said so."""
    case, team = command.case, command.policy.team.members
    names = {case.handler, other.handler} - {command.name, ""}
    people = [one.contact for one in team if one.name in names]
    name = keys.notice(NoticeKind.JOINED, other.id, case.id)
    facts: dict[str, Detail] = {"joined": case.id, "was": case.handler, "handler": other.handler}
    return notice.to_people(name, other.id, NoticeKind.JOINED, people, command.policy, facts)


def differences(command: Command, other: Case) -> list[str]:
    """Where the two cases differ in what was promised or approved, and what comes of it, a sentence each."""
    case = command.case
    return [
        *_secrecy(case, other),
        *_dates(case, other, EMBARGO, "embargo"),
        *_dates(case, other, REPORTER_DATE, "reporter's date"),
        *_readers(command, other),
        *_approved(case, other),
        *_named(case, other),
    ]


def _secrecy(case: Case, other: Case) -> Iterator[str]:
    if case.sealed == other.sealed:
        return
    closed, clear = (case, other) if case.sealed else (other, case)
    yield (
        f"{closed.id} is encrypted and {clear.id} is not: all of {other.id} counts as encrypted from now on,"
        " its subject and what people worded about it are deleted, and whoever has no key gets no text."
    )


def _dates(case: Case, other: Case, name: str, called: str) -> Iterator[str]:
    """The dates differ, or only one of the cases has one."""
    here, there = case.record.value(name), other.record.value(name)
    if here == there:
        return
    both = {one.id: _said(given) for one, given in ((case, here), (other, there))}
    earlier = bool(here and there) and row_of(name).joined is Joined.EARLIER
    kept = min(here, there, key=_at) if earlier else there or here
    yield (
        f"The {called} of {case.id} is {both[case.id]}, that of {other.id} is {both[other.id]}:"
        f" {_said(kept)} holds. Tell the reporters if that is not what they were told."
    )


def _said(text: str) -> str:
    return f"{_at(text):%Y-%m-%d %H:%M} UTC" if text else "not set"


def _readers(command: Command, other: Case) -> Iterator[str]:
    """Guests of the other case read on there, and nobody of the team may think of it."""
    if command.other_guests:
        yield (
            f"{', '.join(command.other_guests)} gets the team's copies in {other.id}, and so reads what the"
            f" reporter of {command.case.id} writes from now on."
        )


def _approved(case: Case, other: Case) -> Iterator[str]:
    for item in case.record.items(PREPARED):
        count = sum(name.startswith(f"{item}/") for name in case.record.items(APPROVED))
        yield (
            f"The text for {item} in {case.id} ({count} approved it) is not sent; only what is prepared and"
            f" approved in {other.id} is."
        )


def _named(case: Case, other: Case) -> Iterator[str]:
    """Reporters' wishes: how they are credited."""
    here, there = (
        bool(case.record.items(CREDIT) or case.record.value(CREDIT)),
        bool(other.record.items(CREDIT) or other.record.value(CREDIT)),
    )
    if here != there:
        lacks = other.id if here else case.id
        yield f"How the reporter of {lacks} wants to be credited is not known: !credit NAME for ADDRESS."


def _void(case: Case, by: str) -> list[Change]:
    """Approvals in a case that is joined lead nowhere any more, so none is shown."""
    return [SetFact(case.id, APPROVED, "", by, name) for name in case.record.items(APPROVED)]


def _carried(command: Command, other: Case) -> list[Change]:
    """What goes on in the *other* case, as the rows of the facts have it."""
    return [
        SetFact(other.id, one.name, one.value, command.by, one.item)
        for one in command.case.record.facts
        if one.value != "none" and _goes_on(one, other)
    ]


def _credits(command: Command, other: Case) -> list[Change]:
    """How each reporter of both cases wants to be named, as theirs alone from now on."""
    if other.sealed:
        return []
    given = {
        address: reporter.credit(one, address, command.policy)
        for one in (command.case, other)
        for address in one.reporters
    }
    items = {address: reporter.item(other.id, address, command.policy) for address in given}
    return [SetFact(other.id, CREDIT, name, command.by, items[one]) for one, name in given.items() if name]


def _goes_on(one: Fact, other: Case) -> bool:
    row, there = row_of(one.name, one.item), other.record.value(one.name, one.item)
    if other.sealed and row.free_text:
        return False
    match row.joined:
        case Joined.CARRIED:
            return not there
        case Joined.EARLIER:
            return not there or _at(one.value) < _at(there)
        case Joined.WITHOUT_EMBARGO:
            return not other.record.value(EMBARGO)  # nothing goes out unasked there either
        case Joined.STAYS | Joined.WITH_PERSON | Joined.WITH_REPORTER:
            return False
        case _:
            assert_never(row.joined)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _asked(command: Command, other: Case) -> list[Change]:
    """Two people found it by themselves, so a third may: the team is asked about the embargo."""
    case, end = command.case, other.record.embargo or command.case.record.embargo
    if end is None or end <= command.now or other.record.value(STAGE) in ("announced", "closed"):
        return []
    if not other.reporters or set(case.reporters) <= set(other.reporters):
        return []
    name = keys.notice(NoticeKind.SECOND_REPORT, other.id, case.id)
    people = notice.concerned(other, command.by, command.policy)
    facts = {"joined": case.id, "embargo": end.isoformat()}
    return notice.to_people(name, other.id, NoticeKind.SECOND_REPORT, people, command.policy, facts)
