"""Words of the team that let a letter go to an outsider: a request for a key, the rules, a receipt."""

import re
from datetime import datetime

from maild.core.change import AddParticipant, Change, ClearFlag, MoveReporter, OweLetter
from maild.core.facts.change import SetFact
from maild.core.facts.table import TOLD
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Askkey, Notice, Receipt
from maild.core.promises import clocks
from maild.core.values import ids
from maild.core.values.address import ADDRESS, normal
from maild.core.values.case import Flag
from maild.core.values.desk import Mode
from maild.core.values.ids import named
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience, Side
from maild.core.values.rule import Happening
from maild.core.words import reading
from maild.core.words.command import Command, Obeyed
from maild.core.writing import asof, owing
from maild.core.writing.copying import so_far

MOST_SO_FAR = 50
"""How many messages a guest is sent at a time."""
_TELL = re.compile(r"(\S+)\s+until\s+(\S+)\s+(\S.*)", re.IGNORECASE)


def askkey(command: Command) -> Obeyed:
    """``!askkey``: the reporters are asked for a key, without a word of the case."""
    asked = tuple(
        owing.letter(
            LetterKind.ASKKEY,
            keys.askkey(command.case.id, reporter, command.now.date()),
            reporter,
            Askkey(),
            command.policy.desk,
            case_id=command.case.id,
            reporter=reporter,
        )
        for reporter in command.case.reporters
    )
    return Obeyed(
        "The reporter is being asked for a public key; the letter says nothing about the case.", asked
    )


def guest(command: Command) -> Obeyed:
    """``!guest ADDRESS until DATE``: an outsider gets the team's copies of one case, told the rules first."""
    given = reading.until(command.word.rest, command.now)
    address = normal(given[0]) if given else ""
    if given is None or not ADDRESS.fullmatch(address):
        return Obeyed("!guest: say who and how long: !guest fixer@project.org until 2026-12-24")
    desk, team = command.policy.desk, command.policy.team
    if desk.mode is not Mode.RELAY:
        return Obeyed(
            "!guest: not done; in observe mode your list delivers the messages, and maild passes nothing on"
        )
    if address in command.case.reporters or team.claimed_by(address) or desk.owns(address):
        return Obeyed(f"!guest: not done; {address} is in this case already")
    if command.policy.targets.at(address):
        return Obeyed(f"!guest: not done; {address} is a list: many people read what is sent there")
    rules = _rules(NoticeKind.GUEST, "guest", command, address, given[1])
    guest = AddParticipant(command.case.id, address, Side.GUEST, Audience.TEAM, rules.token, given[1])
    said = (
        f"{address} gets the team's copies of {command.case.id} from now until {given[1]:%Y-%m-%d %H:%M} UTC."
    )
    said += f" To send them what was said before, too: !catch-up {address} (in a signed message)."
    if command.case.sealed:
        said += " The case is encrypted: until they send us a public key, they get none of its text."
    return Obeyed(said, (guest, rules))


def catch_up(command: Command) -> Obeyed:
    """``!catch-up ADDRESS``: a guest gets the team's copies so far, those that they have not had.

    Of an encrypted case they are encrypted to the guest's key, or not sent.
    """
    address, case = normal(command.word.rest.replace(command.case.id, " ").strip().strip("<>")), command.case
    if address not in command.guests:
        return Obeyed("!catch-up: not done; let them in first: !guest ADDRESS until DATE")
    lacks = [one for one in command.passed if address not in one.readers]
    if not lacks:
        return Obeyed(f"{address} has had everything in {case.id}.", informed=True)
    sent = lacks if len(lacks) <= MOST_SO_FAR else [lacks[0], *lacks[1 - MOST_SO_FAR :]]
    said = f"{address} is being sent the first and the newest of {len(lacks)} messages of {case.id}"
    said = said if len(sent) < len(lacks) else f"{address} is being sent {_some(len(sent))} of {case.id}"
    said += (
        ", encrypted. As long as the desk has no public key of theirs, they get none of them."
        if case.sealed
        else "."
    )
    return Obeyed(said, tuple(so_far(one, address, case, command.now, command.policy.desk) for one in sent))


def _some(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def tell(command: Command) -> Obeyed:
    """``!tell ADDRESS until DATE REASON``: an outsider may know of the case until then, and gets the rules.

    He gets no copies: what he is told is what somebody writes to him. His answers go to the team. The letter
    with the rules holds nothing of the case, not even that there is an embargo, so unlike whatever holds
    some of it, it needs no second member's approval.
    """
    given = _TELL.fullmatch(command.word.rest.strip())
    until = reading.until(f"until {given[2]}", command.now) if given else None
    address = normal(given[1]) if given else ""
    if given is None or until is None or not ADDRESS.fullmatch(address):
        return Obeyed("!tell: say who, how long and why: !tell fixer@project.org until 2026-12-24 REASON")
    case, desk = command.case, command.policy.desk
    if address in case.reporters or command.policy.team.claimed_by(address) or desk.owns(address):
        return Obeyed(f"!tell: not done; {address} is in this case already")
    if command.policy.targets.at(address):
        return Obeyed(f"!tell: not done; {address} is a list: many people read what is sent there")
    if case.sealed and command.mail is None:
        return Obeyed(
            f"!tell: {case.id} is encrypted; send the command and its reason in an encrypted message"
        )
    reason = command.private(given[3])
    end = f"{until[1]:%Y-%m-%d %H:%M} UTC"
    said = f"{address} may know about {case.id} until {end}, and is being sent the rules."
    return Obeyed(
        said + " Nothing about the case is sent to them automatically.",
        _told(command, address, until[1], reason),
    )


def _told(command: Command, address: str, until: datetime, reason: str) -> tuple[Change, ...]:
    """He may know until then, for the reason kept under a keyed name of him, and is owed the rules."""
    case, desk = command.case, command.policy.desk
    rules = _rules(NoticeKind.TOLD, "told", command, address, until)
    return (
        AddParticipant(case.id, address, Side.OUTSIDE, Audience.TEAM, rules.token, until),
        SetFact(case.id, TOLD, reason, command.by, named(desk.secret, case.id, address)),
        rules,
    )


def _rules(about: NoticeKind, side: str, command: Command, address: str, until: datetime) -> OweLetter:
    """The rules for somebody who is let in or may know, until then."""
    return owing.letter(
        LetterKind.NOTICE,
        keys.rules(side, command.case.id, address, until),
        address,
        Notice(about, {"until": until.isoformat()}),
        command.policy.desk,
        case_id=command.case.id,
        guest=True,
    )


def acknowledge(command: Command) -> Obeyed:
    """``!acknowledge``: a receipt that waited for a person's word goes out, until somebody has answered."""
    case, policy = command.case, command.policy
    if case.flags.isdisjoint({Flag.FORWARDED, Flag.RECEIPT_BY_HAND}) or not case.reporters:
        return Obeyed(f"!acknowledge: nobody in {case.id} is waiting for an acknowledgement.")
    told = {one.reporter for one in case.clocks if one.met_by == asof.RECEIPT}
    waiting = [one for one in case.reporters if not (one in told or asof.heard(case, one, policy))]
    if not waiting:
        return Obeyed(f"!acknowledge: not done; the reporter of {case.id} has heard from the team already.")
    if policy.nobody_at(waiting[0]):
        return Obeyed("!acknowledge: not done; nobody reads what is sent to their address; see !reporter")
    said = f"The acknowledgement for {case.id} is being sent."
    return Obeyed(said, _receipt(command, waiting[0]))


def _receipt(command: Command, to: str) -> tuple[Change, ...]:
    """The receipt of the case to the reporter at *to*."""
    case, policy = command.case, command.policy
    last = next((one.last_id for one in command.people if one.address == to), "")
    due = clocks.next_promise(policy, case.opened)
    says = Receipt(case.opened.isoformat(), due, case.sealed, seen=True)
    receipt = owing.letter(
        LetterKind.RECEIPT,
        keys.receipt(case.id, to),
        to,
        says,
        policy.desk,
        case_id=case.id,
        reporter=to,
        in_reply_to=last,
    )
    return (receipt, ClearFlag(case.id, Flag.RECEIPT_BY_HAND))


def reporter(command: Command) -> Obeyed:
    """``!reporter ADDRESS``: from now on the case's reporter is answered there, and nowhere else (ruling 16).

    Of several reporters the old address stands first. A receipt that was not sent yet is owed at once.
    """
    case, policy, desk = command.case, command.policy, command.policy.desk
    given = [normal(one) for one in command.word.rest.replace(case.id, " ").split()]
    old, new = given if len(given) == 2 else ("".join(case.reporters[:1]), "".join(given[:1]))
    if not 1 <= len(given) <= 2 or not all(map(ADDRESS.fullmatch, given)):
        return Obeyed("!reporter: say where they are answered: !reporter rita@example.org")
    if (old not in case.reporters and case.reporters) or (len(case.reporters) > 1 and len(given) < 2):
        return Obeyed(f"!reporter: say which and where: !reporter {case.reporters[0]} NEW-ADDRESS")
    if new in case.reporters or policy.team.claimed_by(new) or desk.owns(new) or policy.nobody_at(new):
        return Obeyed(f"!reporter: not done; {new} cannot be the address of another reporter")
    token = ids.token(desk.secret, case.id, new, Audience.REPORTER)
    kept = [rule.id for rule in policy.rules if Happening.RECEIPT in rule.met_by]
    owed = case.running(*kept, reporter=old) if kept else ()
    said = f"The reporter of {case.id} is answered at {new} from now on."
    moved = MoveReporter(case.id, old, new, token, command.by)
    return Obeyed(said, (moved, *(_receipt(command, new) if owed else ())))


DOES = {
    "askkey": askkey,
    "guest": guest,
    "catch-up": catch_up,
    "tell": tell,
    "acknowledge": acknowledge,
    "reporter": reporter,
}
"""The function of each command here (`core.words.table`)."""
