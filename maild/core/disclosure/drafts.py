"""Answers that maild drafts and a member sends: to the handler first, to the reporter only by ``!send``."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from maild.core.candidates.mail import Correspondent
from maild.core.change import Change, FreeLetter, OweLetter
from maild.core.disclosure import stages
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.verdicts import IN_PUBLIC
from maild.core.facts.change import SetFact
from maild.core.facts.table import CREDIT, CVE, DRAFT, DRAFT_REASON, DRAFT_SENT, EMBARGO, LINK, tellable
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Draft, Reply, Sent, SentCopy
from maild.core.mail.answer import Answer
from maild.core.values.address import normal
from maild.core.values.case import Case
from maild.core.values.people import Audience, Member
from maild.core.words.command import Command, Obeyed
from maild.core.words.substance import substance
from maild.core.writing import answering, owing, reporter

ASK = "ask"
"""Questions about what the policy asks every report for."""
CLOSING = "closing"
"""The note with which a case ends for its reporter: thanks, how he is named, where it can be read."""
_LINK = re.compile(r"https://[^\s<>\"']{4,500}")


def draft(command: Command, given: Draft, published: bool = False) -> tuple[Change, ...]:
    """The draft of an answer, to whoever said the word; on the command line none is mailed.

    Of a sealed case the reason is not kept, unless it is *published*: its author writes it into the answer.
    The draft of one is mailed encrypted, or not at all: it says what the report was found to be.
    """
    case, about = command.case, given.about
    secret = case.sealed and not published
    says = replace(given, reason="" if secret else given.reason, tracker=_tracker(command, about))
    why = SetFact(case.id, DRAFT_REASON, says.reason, command.by)
    kept = (SetFact(case.id, DRAFT, about, command.by), why)
    if not _mailed(command):
        return kept
    key, desk, sealed = keys.draft(case.id, about, command.now), command.policy.desk, command.sealed
    letter = owing.letter(LetterKind.DRAFT, key, command.contact, says, desk, case_id=case.id, sealed=sealed)
    return (*kept, letter)


def _mailed(command: Command) -> bool:
    """Whether whoever said the word is mailed the draft: they have an address, and a key if it takes one."""
    member = command.policy.team.claimed_by(command.contact)
    return bool(command.contact) and (not command.sealed or bool(member and member.fingerprint))


def where(command: Command, reason: str = "") -> str:
    """Where the draft is, for whoever said the word, and whether it lacks their *reason*.

    Nothing is mailed to the command line, and of an encrypted case no reason is kept.
    """
    lacks = " (without your reason, as the case is encrypted: write it below !send)"
    return ("is on its way" if _mailed(command) else "is ready") + (
        lacks if reason and command.case.sealed else ""
    )


def _tracker(command: Command, about: str) -> str:
    """Where what is no secret is followed up, if it is named for what the answer is about."""
    return command.policy.process.tracker if about in (*IN_PUBLIC, "in-the-open") else ""


def ask(command: Command) -> Obeyed:
    """``!ask FIELD ...``: the questions of these fields are drafted."""
    known = {one.field: one.question for one in command.policy.asks}
    wanted = list(dict.fromkeys(command.word.rest.lower().replace(",", " ").split()))
    if not known:
        return Obeyed("!ask: no fields are configured ([[ask]] in maild.toml)")
    if not wanted or not set(wanted) <= set(known):
        return Obeyed(f"!ask: one or more of {', '.join(known)}")
    questions = "\n".join(f"- {known[name]}" for name in wanted)
    said = f"A draft of the question to the reporter of {command.case.id} {where(command)}; !send sends it."
    return Obeyed(said, draft(command, Draft(ASK, questions), published=True))


def closing(command: Command) -> Obeyed:
    """``!closing [URL ...]``: the closing note is drafted, with the links to the public advisory."""
    links = command.word.rest.split()
    if stages.current(command.case, command.policy.process) not in PUBLIC:
        return Obeyed(f"!closing: not done; {command.case.id} has not been announced yet")
    if not all(_LINK.fullmatch(one) for one in links):
        return Obeyed("!closing: the links to the public advisory, each with https://, or nothing")
    known = SetFact(command.case.id, LINK, " ".join(links), command.by)
    said = (
        f"A draft of the closing note to the reporter of {command.case.id} {where(command)}; !send sends it."
    )
    return Obeyed(said, (*((known,) if links else ()), *closing_note(command, links)))


def closing_note(command: Command, links: Sequence[str] = ()) -> tuple[Change, ...]:
    """The draft of the closing note of an announced case."""
    ending = _ending(command.case)
    return draft(command, replace(ending, links=tuple(links) or ending.links))


def _ending(case: Case) -> Draft:
    """What a closing note tells, as the team sees it; each reporter reads their own name in it only.

    How the reporters of an encrypted case are named stands in encrypted mail only.
    """
    may = {name: tellable(name, announced=True, encrypted=case.sealed) for name in (CREDIT, LINK, CVE)}
    links, cve = (case.record.value(name) if may[name] else "" for name in (LINK, CVE))
    return Draft(
        CLOSING,
        credit=reporter.credits_of(case) if may[CREDIT] else "",
        links=tuple(links.split()),
        cve=cve if cve.startswith("CVE-") else "",
    )


def send(command: Command) -> Obeyed:
    """``!send``, also ``!send anyway``: what the last look holds goes out as it is."""
    return _anyway(command) if _rest(command)[:1] == ["anyway"] else _send(command)


def _send(command: Command) -> Obeyed:
    """``!send``: the last draft goes to the reporters, or the text below the word in its place (ruling 19).

    ``!send to ADDRESS``: to that reporter only; the draft is kept for the others.
    Text that is too short for an answer (a name, a greeting, the case number) leaves the draft as it stands.
    Where there is no draft, any text is sent, and is brief as it would be in an ordinary reply.
    """
    case, about = command.case, command.case.record.value(DRAFT)
    said = _said_below(command)
    own = bool(said) and not (about and answering.brief(said, command.policy))
    if lacks := _lacks(case, about, own):
        return Obeyed(f"!send: {lacks}")
    if (people := _addressed(command)) is None:
        known = ", ".join(case.reporters)
        return Obeyed(f"!send: not done; !send alone, or !send to ADDRESS (one of {known})")
    if not own and not (people := _left(command, people)):
        return Obeyed("!send: not done; they have had this draft, and nobody gets it twice")
    if any(command.policy.nobody_at(one.address) for one in people):
        return Obeyed("!send: not done; nobody reads what is sent to the reporter's address; see !reporter")
    given = Answer(command.below, command.attached if own else ())
    if answering.private(given if own else Answer(command.below), command.policy, _author(command)):
        return Obeyed("!send: not done; the text below it holds what is for the team only")
    goes = _own(command) if own else _drafted(command, about)
    sent = answering.answers(goes, case, people, command.policy)
    return Obeyed(_sent(command, own, people, sent), (*sent, *_noted(command, own, people)))


def _lacks(case: Case, about: str, own: bool) -> str:
    """What there has to be before anything is sent, in words: something to send, and somebody to read it."""
    if not about and not own:
        return "there is no draft (!verdict and !embargo make one), and no text below it"
    return "" if case.reporters else f"not done; {case.id} has no reporter"


def _left(command: Command, people: Sequence[Correspondent]) -> tuple[Correspondent, ...]:
    """Those of *people* who were not sent the draft that there is now."""
    had = command.case.record.items(DRAFT_SENT)
    return tuple(one for one in people if had.get(_item(command, one.address)) != _made(command))


def _noted(command: Command, own: bool, people: Sequence[Correspondent]) -> list[Change]:
    """The draft is done with when every reporter has heard; until then it is kept who was sent it."""
    case, gets = command.case, {one.address for one in people}
    others = [Correspondent(one) for one in case.reporters if one not in gets]
    if not (others if own else _left(command, others)):
        return [SetFact(case.id, DRAFT, "", command.by)]
    sent = [] if own else sorted(gets)
    return [SetFact(case.id, DRAFT_SENT, _made(command), command.by, _item(command, one)) for one in sent]


def _item(command: Command, address: str) -> str:
    return reporter.item(command.case.id, address, command.policy)


def _made(command: Command) -> str:
    """When the draft was made, which tells it from others."""
    found = command.case.record.fact(DRAFT)
    return found.at.isoformat() if found else ""


def _said_below(command: Command) -> str:
    """What the text below the word says beside a greeting, a name and the case that it is about."""
    author = _author(command)
    names = (author.name, *author.addresses) if author else ()
    below, policy = command.below.replace(command.case.id, " "), command.policy
    return substance(below, policy.phrases, (*names, policy.desk.name))


def _rest(command: Command) -> list[str]:
    """What stands behind the word, without the case that may be named there."""
    return command.word.rest.lower().replace(command.case.id.lower(), " ").split()


def _anyway(command: Command) -> Obeyed:
    """``!send anyway [NUMBER]``: a member has looked at a letter that is held, and lets it go (ruling 40)."""
    numbers = [int(one) for one in _rest(command)[1:] if one.isascii() and one.isdigit()]
    waiting = ", ".join(str(one) for one in command.waiting)
    if not command.signer:
        return Obeyed("!send anyway: not done; sign your message; on the command line: maild send NUMBER")
    if not command.waiting:
        return Obeyed(f"!send anyway: no letter in {command.case.id} is waiting for a second look.")
    if len(numbers) != len(_rest(command)) - 1 or not set(numbers) <= set(command.waiting):
        return Obeyed(f"!send anyway: not done; waiting in {command.case.id}: {waiting}")
    if not numbers and len(command.waiting) > 1:
        return Obeyed(f"!send anyway: not done; say which: !send anyway NUMBER ({waiting})")
    wanted = numbers or command.waiting
    said = f"Letter {' and '.join(str(one) for one in wanted)} in {command.case.id} is being sent as it is."
    return Obeyed(said, tuple(FreeLetter(one, command.case.id, False, command.by) for one in wanted))


def _own(command: Command) -> answering.Said:
    """The text below the word, where it rests."""
    assert command.mail is not None, "text below a command is part of a message"
    brief = answering.brief(command.below, command.policy)
    says = Reply(command.mail, command.by, brief, below=True, encrypted=command.encrypted)
    return answering.Said(
        answer=keys.sent(command.case.id, command.now),
        copy=command.identity,
        says=lambda _: says,
        shows=Copy(command.mail, Audience.REPORTER.value),
        author=_author(command),
        guests=command.guests,
        encrypted=command.encrypted,
    )


def _drafted(command: Command, about: str) -> answering.Said:
    """The draft, as its template is filled now."""
    record, key = command.case.record, keys.sent(command.case.id, command.now)
    given = replace(
        _ending(command.case),
        about=about,
        reason=record.value(DRAFT_REASON),
        tracker=_tracker(command, about),
        embargo=record.value(EMBARGO),
    )
    filled = {one.name: getattr(given, one.name) for one in fields(given)}
    return answering.Said(
        answer=key,
        copy=key,
        says=lambda whose: Sent(**(filled | {"credit": whose.credit}), by=command.by),
        shows=SentCopy(**filled, by=command.by, audience=Audience.REPORTER.value),
        author=_author(command),
        guests=command.guests,
    )


def _author(command: Command) -> Member | None:
    """The member who said the word; nobody on the command line."""
    return next((one for one in command.policy.team.members if one.name == command.name), None)


def _addressed(command: Command) -> tuple[Correspondent, ...] | None:
    """The reporters that the answer goes to: all, or the one that is named; ``None`` if it names nobody."""
    rest = command.word.rest.replace(command.case.id, " ").split()
    to = normal(rest[1].strip("<>")) if len(rest) == 2 and rest[0].lower() == "to" else ""
    people = [one for one in command.case.reporters if not to or one == to]
    known = {one.address: one for one in command.people}
    wanted = tuple(known.get(one) or Correspondent(one) for one in people)
    return wanted if wanted and (to or not rest) else None


def _sent(command: Command, own: bool, people: Sequence[Correspondent], changes: Sequence[Change]) -> str:
    """What went out and to whom, for whoever said the word."""
    if any(isinstance(one, OweLetter) and one.held for one in changes):
        return f"The answer in {command.case.id} is held: {answering.HELD_NO_KEY}; !askkey asks for one."
    to = f"to {' and to '.join(one.address for one in people)} in {command.case.id}"
    if own:
        return f"Your text is being sent {to}."
    said = f"The draft is being sent {to}, as it stands."
    if len(_left(command, [Correspondent(one) for one in command.case.reporters])) > len(people):
        said += " It is kept for the other reporters."
    left = [*(["the text below !send, too short for an answer,"] if command.below else []), *_files(command)]
    return f"{said} Not sent with it: {' and '.join(left)}." if left else said


def _files(command: Command) -> list[str]:
    return [f"{len(command.attached)} attached file(s)"] if command.attached else []


DOES = {"send": send, "closing": closing, "ask": ask}
"""The function of each command here (`core.words.table`)."""
