"""The operator's words that change something: each goes through the same handler as mail and deadlines."""

import getpass
import re

from maild.app.desk import Desk
from maild.app.run import is_running
from maild.core.event import (
    Event,
    ForgetPerson,
    LetLetterGo,
    MemberSaid,
    OperatorSaid,
    RejectMail,
    RetryMail,
)
from maild.core.values.address import normal
from maild.core.words.reading import Word
from maild.core.words.row import Typed
from maild.core.words.table import ROWS
from maild.engine import handler
from maild.errors import Refused
from maild.store import cases, envelopes, folders, leftovers

_COMMAND = re.compile(r"!([a-z-]+)")
_CLOSE = re.compile(r"!close ([a-z]+ REASON)")
"""In a shell its reason is an option."""


def close(desk: Desk, case_id: str, reason: str, spam: bool) -> str:
    """Close a case; what that means, in words. ``Refused`` while its reporter waits for an answer."""
    return say(desk, case_id, "spam", "") if spam else say(desk, case_id, "close", reason)


def reject(desk: Desk, mail: int) -> None:
    """A person looked at a quarantined mail and calls it spam; it is kept."""
    handled(desk, RejectMail(mail, who()))


def release(desk: Desk, mail: int) -> None:
    """A quarantined mail is a report after all: promises count from its arrival, the receipt is owed."""
    desk.ask(handler.release, mail, desk.policy, desk.clock())


def open_mail(desk: Desk, mail: int) -> str:
    """Send the team what a mail quotes or forwards encrypted; the sentence that tells what it did."""
    case = desk.ask(cases.by_envelope, mail)
    if case is None:
        raise Refused(f"message {mail} belongs to no case; `maild mail` lists the messages")
    return say(desk, case.id, "open", str(mail))


def retry(desk: Desk, mail: int) -> None:
    """Have the next round handle a mail once more that was set aside."""
    handled(desk, RetryMail(mail, who()))


def raw_mail(desk: Desk, mail: int) -> bytes:
    """A kept mail as it was received, still sealed if it came so."""
    found = desk.ask(envelopes.get, mail)
    if found is None:
        raise Refused(f"there is no message {mail}")
    if found.purged:
        raise Refused(f"the text of message {mail} was deleted as [retention] says; only its journal is left")
    return found.content


def forget(desk: Desk, address: str, sure: bool) -> str:
    """Give up what is kept of a person; what goes and what stays, in words. Not *sure*: it is only told.

    What a killed backup or restore left in the state folder goes too.
    """
    said = handled(desk, ForgetPerson(normal(address), who(), sure))
    if sure:
        leftovers.sweep(desk.config.state, alone=not is_running(desk.config))
    return said


def adopt(desk: Desk, backlog: int | None) -> int:
    """Have the next run take in one mail of the backlog, or all of it; how many."""
    return desk.ask(folders.adopt, backlog)


def say(desk: Desk, case_id: str, word: str, rest: str) -> str:
    """One of the team's words about a case; the sentence that tells what it did."""
    case_id = case_id.upper()
    return handled(desk, OperatorSaid(case_id, Word(word, rest), who()), case_id)


def of_member(desk: Desk, member: str, word: str, rest: str = "") -> str:
    """A word about a member (away, back); the sentence that tells what it did."""
    return handled(desk, MemberSaid(member, Word(word, rest), who()), member)


def send(desk: Desk, letter: int, in_clear: bool, was_sent: bool = False) -> None:
    """Let a held or parked letter go, unsealed if the operator says so; or say that it went out before."""
    handled(desk, LetLetterGo(letter, in_clear, who(), was_sent))


def handled(desk: Desk, event: Event, about: str = "CASE") -> str:
    """*event* through the one handler; what it did, in words. ``Refused`` with why it did nothing.

    The words are those of the shell, for the case or member that the command is *about*.
    """
    decision = desk.ask(handler.handle, event, desk.policy, desk.clock())
    if decision.refusal:
        raise Refused(in_a_shell(decision.refusal, about))
    return in_a_shell(decision.said, about)


def in_a_shell(text: str, about: str) -> str:
    """*text* with its commands as a shell takes them: ``maild pause CASE …`` instead of ``!pause …``."""
    text = re.sub(r"\A!([a-z-]+)(?=[: ])", lambda found: _named(found, found[1]), text)
    text = _CLOSE.sub(rf'maild close {about} --reason "\1"', text)
    return _COMMAND.sub(lambda found: _named(found, f"maild {found[1]} {about}"), text)


def _named(found: re.Match[str], typed: str) -> str:
    """What is *typed* for a command that was *found*; one that only a member can give by mail stays."""
    row = ROWS.get(found[1])
    return typed if row and row.typed is not Typed.NEVER and row.name != "send" else found[0]


def who() -> str:
    """The authority of whoever gives the command."""
    return f"operator:{getpass.getuser()}"
