"""Handling a case in the open: no embargo, no secrecy, while the promises to its reporter go on.

It is no announcement (``!published`` says that one is out). Where an embargo or an approved text stands, one
message is not enough: what is public cannot be taken back.
"""

from maild.core.disclosure.drafts import draft, where
from maild.core.disclosure.outward import approvers
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.stages import current
from maild.core.facts.change import SetFact
from maild.core.facts.table import EMBARGO, ENDED, OPEN, OPEN_ASKED, PREPARED, TRACK
from maild.core.letters.payloads import Draft
from maild.core.words.command import Command, Obeyed


def in_the_open(command: Command) -> Obeyed:
    """``!in-the-open REASON``: from now on the case is handled in public; the reporter is told by a draft."""
    case, reason = command.case, command.word.rest.replace(command.case.id, " ").strip()
    if current(case, command.policy.process) in PUBLIC or case.record.value(OPEN):
        return Obeyed(f"{case.id} is public already.", informed=True)
    if not reason:
        return Obeyed("!in-the-open: say why: !in-the-open REASON")
    if not case.answered:
        return Obeyed("!in-the-open: not done; the reporter has not been answered yet")
    if stands := _stands(command):
        return _asked(command, stands)
    gone = [SetFact(case.id, name, "", command.by) for name in (EMBARGO, ENDED, OPEN_ASKED)]
    opened = (SetFact(case.id, OPEN, "yes", command.by), SetFact(case.id, TRACK, "public", command.by))
    said = f"{case.id} is handled in the open now; its promises go on."
    said += f" A draft for the reporter {where(command, reason)}; !send sends it."
    return Obeyed(said, (*opened, *gone, *draft(command, Draft("in-the-open", command.private(reason)))))


def _stands(command: Command) -> str:
    """What stands against it and was not confirmed by an earlier message; empty when nothing does."""
    case, asked = command.case, command.case.record.fact(OPEN_ASKED)
    if asked and asked.value != (command.identity or command.now.isoformat()):
        return ""
    found = ["an embargo"] if case.record.embargo and case.record.embargo > command.now else []
    texts = [one for one in case.record.items(PREPARED) if approvers(case.record, one, command.policy.team)]
    return " and ".join([*found, *(f"an approval of the text for {one}" for one in texts)])


def _asked(command: Command, stands: str) -> Obeyed:
    """One message is not enough: the next one does it."""
    asked = SetFact(command.case.id, OPEN_ASKED, command.identity or command.now.isoformat(), command.by)
    said = f"!in-the-open: not done yet; {stands} stands in {command.case.id}."
    return Obeyed(f"{said} Say it again in another message if you mean it.", (asked,))


DOES = {"in-the-open": in_the_open}
"""The function of each command here (`core.words.table`)."""
