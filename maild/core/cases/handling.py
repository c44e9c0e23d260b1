"""Who handles a case: ``!handler`` says it, ``taken`` says it of oneself and lets escalation wait."""

from maild.core.cases import taking
from maild.core.change import Change, SetHandler
from maild.core.changes.promises import TakeClocks
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.promises import clocks
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import Happening
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice


def _handler(command: Command) -> Obeyed:
    wanted = command.name if command.word.rest.lower() in ("me", "") else command.word.rest
    member = command.policy.team.meant(wanted)
    if member is None:
        return Obeyed(f"!handler: {command.policy.team.unknown(wanted or 'me')}")
    return Obeyed(f"{member.name} is handling {command.case.id}.", _looks_after(command, member.name))


def _handed_over(command: Command, name: str) -> list[Change]:
    """The new handler and the one before are told, except whoever says so themselves."""
    case, team = command.case, command.policy.team.members
    if case.handler == name:
        return []
    people = [one.contact for one in team if one.name in {name, case.handler} - {command.name}]
    next_one = min(case.running(), key=lambda clock: clock.due, default=None)
    facts: dict[str, Detail] = {
        "handler": name,
        "was": case.handler,
        "by": command.name,
        "promise": next_one.promise if next_one else "",
        "due": next_one.due.isoformat() if next_one and next_one.due > command.now else "",
    }
    key = keys.notice(NoticeKind.HANDED_OVER, case.id, name, command.now.isoformat())
    return notice.to_people(key, case.id, NoticeKind.HANDED_OVER, people, command.policy, facts)


def _taken(command: Command) -> Obeyed:
    if not command.name:  # the desk's own account says nobody's name
        return Obeyed("taken: not done; say who: !handler NAME")
    until = command.now + taking.TAKEN
    taken = TakeClocks(command.case.id, until, command.by)
    said = f"{command.case.id} is yours; its escalation is paused until {until:%Y-%m-%d %H:%M} UTC."
    return Obeyed(said, (*_looks_after(command, command.name), taken))


def _looks_after(command: Command, name: str) -> tuple[Change, ...]:
    """The handler is set, which may keep a promise of its own."""
    case, now, by = command.case, command.now, command.by
    met = (clocks.happened(case, Happening.HANDLER, one, now, by, command.policy) for one in case.reporters)
    kept = (change for changes in met for change in changes)
    return (SetHandler(case.id, name), *kept, *_handed_over(command, name))


DOES = {"handler": _handler, "taken": _taken}
"""The function of each command here (`core.words.table`)."""
