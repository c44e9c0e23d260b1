"""How a case ends: one way for ``!close`` and ``!spam`` in a mail and for ``maild close`` (ruling 12)."""

from datetime import datetime

from maild.core.candidates.mail import Correspondent
from maild.core.change import CaseClosed
from maild.core.disclosure.answered import told_since, told_verdict
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.sending import begun, cancelled
from maild.core.disclosure.stages import current
from maild.core.disclosure.verdicts import VULNERABILITY
from maild.core.due import olddates
from maild.core.facts.table import ANNOUNCED_AT, OPEN, SEEN_AT, STAGE, VERDICT
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.values.case import Case, CaseState, Flag
from maild.core.words.command import Command, Obeyed

UNREACHABLE, UNANNOUNCED = "unreachable", "unannounced"
"""What ``!close`` may begin with: how a case ends although something is still owed."""


def spam(command: Command) -> Obeyed:
    """It was no report, so nobody has to be answered first; a confirmed vulnerability was one."""
    case = command.case
    if case.state is CaseState.OPEN and case.record.value(VERDICT) == VULNERABILITY:
        why = "is a confirmed vulnerability; if that was wrong, say !verdict spam first"
        return Obeyed(f"!spam: not done; {case.id} {why}")
    return _closed(command, "spam")


def close(command: Command) -> Obeyed:
    """A case ends after its reporters were answered, and were told the verdict or the announcement.

    ``!close unreachable``: they cannot be reached. ``!close unannounced REASON``: a confirmed vulnerability
    ends without its announcement, or without the reporter hearing of it.
    """
    how, _, reason = command.word.rest.strip().partition(" ")
    how = how.lower().rstrip(":")
    if how not in (UNREACHABLE, UNANNOUNCED):
        how, reason = "", command.word.rest
    if command.case.state is CaseState.OPEN and (why := _owed(command, how, reason.strip())):
        return Obeyed(f"!close: not done; {why}")
    private = command.private(reason.strip())
    return _closed(command, ": ".join(one for one in (how, private) if one) or "done")


def _owed(command: Command, how: str, reason: str) -> str:
    """What the case still waits for; empty when nothing."""
    case, policy = command.case, command.policy
    if how == UNREACHABLE:
        return _reachable(command) or _unfinished(case, policy, told=False)
    if clocks.owes_answer(case, policy):
        return "nobody has answered the reporter yet; answer first, or close it as spam"
    if not told_verdict(case, policy):
        return "the reporter has not been told the verdict yet; tell them first"
    if how == UNANNOUNCED:
        return "" if reason else "say why: !close unannounced REASON"
    return _unfinished(case, policy, told=True)


def _unfinished(case: Case, policy: Policy, told: bool) -> str:
    """What a confirmed vulnerability still lacks: its announcement, and (*told*) that its reporters heard."""
    if case.record.value(VERDICT) != VULNERABILITY or case.record.value(OPEN):
        return ""
    otherwise = "; to close it all the same, say why: !close unannounced REASON"
    if current(case, policy.process) not in PUBLIC:
        return f"it is a confirmed vulnerability and has not been announced{otherwise}"
    if silent := _not_out(case, policy):
        return f"the announcement has not gone out to {', '.join(silent)}{otherwise}"
    stage = case.record.fact(STAGE)
    if told and stage and not told_since(case, stage.at, policy):
        heard = "the reporter has not been told of the announcement yet (!send sends the closing note)"
        return f"{heard}{otherwise}"
    return ""


def _not_out(case: Case, policy: Policy) -> list[str]:
    """The places whose letter was owed and is not known to be out."""
    places = policy.targets.mailed() if begun(case, policy) else ()
    return [
        one.id
        for one in places
        if not (case.record.value(ANNOUNCED_AT, one.id) or case.record.value(SEEN_AT, one.id))
    ]


def _reachable(command: Command) -> str:
    """Why the reporters cannot be called unreachable yet; empty when they can.

    Of several each has to be: one whose letters come back says nothing of another.
    """
    case, process = command.case, command.policy.process
    if not case.reporters or (len(case.reporters) == 1 and Flag.REPORTER_UNREACHABLE in case.flags):
        return ""
    known = {one.address: one for one in command.people}
    asks, time = process.unreachable_asks, process.unreachable_after
    if all(_gone(known.get(one), asks, command.now - time) for one in case.reporters):
        return ""
    return f"no letter to the reporter came back, nor were they asked {asks} times over {time.days} days"


def _gone(one: Correspondent | None, asks: int, before: datetime) -> bool:
    """Whether letters to a reporter came back, or were sent often enough, the first of them before then."""
    if one is None or one.came_back:
        return one is not None
    return len(one.asked) >= asks and min(one.asked) <= before


def _closed(command: Command, reason: str) -> Obeyed:
    """The case is closed; whoever says so hears of an announcement that does not go out."""
    if command.case.state is CaseState.CLOSED:
        return Obeyed(f"{command.case.id} is already closed.")
    stopped = clocks.ended(command.case, command.now, command.by, command.policy, "closed")
    ended = CaseClosed(command.case.id, command.now, reason, command.by)
    gone = olddates.ended(command)
    return Obeyed(f"{command.case.id} is closed.{cancelled(command)}", (*stopped, *gone, ended))


DOES = {"spam": spam, "close": close}
"""The function of each command here (`core.words.table`)."""
