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
from maild.core.facts.table import CREDIT, CVE, DRAFT, DRAFT_REASON, EMBARGO, LINK, tellable
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Draft, Reply, Sent, SentCopy
from maild.core.mail.answer import Answer
from maild.core.mail.robots import answers_nobody
from maild.core.values.address import normal
from maild.core.values.case import Case
from maild.core.values.people import Audience, Member
from maild.core.words.meat import meat
from maild.core.words.order import Obeyed, Order
from maild.core.writing import answering, owing, reporter

ASK = "ask"
"""Questions about what the policy asks every report for."""
CLOSING = "closing"
"""The note with which a case ends for its reporter: thanks, how he is named, where it can be read."""
_LINK = re.compile(r"https://[^\s<>\"']{4,500}")


def draft(order: Order, given: Draft, published: bool = False) -> tuple[Change, ...]:
    """The draft of an answer, to whoever said the word; on the command line none is mailed.

    Of a sealed case the reason is not kept, unless it is *published*: its author writes it into the answer.
    """
    case, about = order.case, given.about
    secret = case.sealed and not published
    says = replace(given, reason="" if secret else given.reason, tracker=_tracker(order, about))
    why = SetFact(case.id, DRAFT_REASON, says.reason, order.by)
    kept = (SetFact(case.id, DRAFT, about, order.by), why)
    if not order.contact:
        return kept
    key = keys.draft(case.id, about, order.now)
    letter = owing.letter(LetterKind.DRAFT, key, order.contact, says, order.policy.desk, case_id=case.id)
    return (*kept, letter)


def where(order: Order, reason: str = "") -> str:
    """Where the draft is, for whoever said the word, and whether it lacks their *reason*.

    Nothing is mailed to the command line, and of an encrypted case no reason is kept.
    """
    lacks = " (without your reason, as the case is encrypted: write it below !send)"
    return ("is on its way" if order.contact else "is ready") + (
        lacks if reason and order.case.sealed else ""
    )


def _tracker(order: Order, about: str) -> str:
    """Where what is no secret is followed up, if it is named for what the answer is about."""
    return order.policy.process.tracker if about in (*IN_PUBLIC, "in-the-open") else ""


def ask(order: Order) -> Obeyed:
    """``!ask FIELD ...``: the questions of these fields are drafted."""
    known = {one.field: one.question for one in order.policy.asks}
    wanted = list(dict.fromkeys(order.word.rest.lower().replace(",", " ").split()))
    if not known:
        return Obeyed("!ask: no fields are configured ([[ask]] in maild.toml)")
    if not wanted or not set(wanted) <= set(known):
        return Obeyed(f"!ask: one or more of {', '.join(known)}")
    questions = "\n".join(f"- {known[name]}" for name in wanted)
    said = f"A draft of the question to the reporter of {order.case.id} {where(order)}; !send sends it."
    return Obeyed(said, draft(order, Draft(ASK, questions), published=True))


def closing(order: Order) -> Obeyed:
    """``!closing [URL ...]``: the closing note is drafted, with the links to the public advisory."""
    links = order.word.rest.split()
    if stages.current(order.case, order.policy.process) not in PUBLIC:
        return Obeyed(f"!closing: not done; {order.case.id} is not announced")
    if not all(_LINK.fullmatch(one) for one in links):
        return Obeyed("!closing: the links to the public advisory, each with https://, or nothing")
    known = SetFact(order.case.id, LINK, " ".join(links), order.by)
    said = f"A draft of the closing note to the reporter of {order.case.id} {where(order)}; !send sends it."
    return Obeyed(said, (*((known,) if links else ()), *closing_note(order, links)))


def closing_note(order: Order, links: Sequence[str] = ()) -> tuple[Change, ...]:
    """The draft of the closing note of an announced case."""
    ending = _ending(order.case)
    return draft(order, replace(ending, links=tuple(links) or ending.links))


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


def send(order: Order) -> Obeyed:
    """``!send``, also ``!send anyway``: what the last look holds goes out as it is."""
    return _anyway(order) if _rest(order)[:1] == ["anyway"] else _send(order)


def _send(order: Order) -> Obeyed:
    """``!send``: the last draft goes to the reporters, or the text below the word in its place (ruling 19).

    ``!send to ADDRESS``: to that reporter only; the draft is kept for the others.
    Text that is too short for an answer (a name, a greeting, the case number) leaves the draft as it stands.
    Where there is no draft, any text is sent, and is brief as it would be in an ordinary reply.
    """
    case, about = order.case, order.case.record.value(DRAFT)
    said = _said_below(order)
    own = bool(said) and not (about and answering.brief(said, order.policy))
    if not about and not own:
        return Obeyed("!send: there is no draft (!verdict and !embargo make one), and no text below it")
    if not case.reporters:
        return Obeyed(f"!send: not done; {case.id} has no reporter")
    if (people := _addressed(order)) is None:
        known = ", ".join(case.reporters)
        return Obeyed(f"!send: not done; !send alone, or !send to ADDRESS (one of {known})")
    if any(answers_nobody(one.address) for one in people):
        return Obeyed("!send: not done; nobody reads what is sent to the reporter's address; see !reporter")
    given = Answer(order.below, order.attached if own else ())
    if answering.private(given if own else Answer(order.below), order.policy, _author(order)):
        return Obeyed("!send: not done; the text below it holds what is for the team only")
    goes = _own(order) if own else _drafted(order, about)
    sent = answering.answers(goes, case, people, order.policy)
    done = () if len(people) < len(case.reporters) else (SetFact(case.id, DRAFT, "", order.by),)
    return Obeyed(_sent(order, own, people, sent), (*sent, *done))


def _said_below(order: Order) -> str:
    """What the text below the word says beside a greeting, a name and the case that it is about."""
    author = _author(order)
    names = (author.name, *author.addresses) if author else ()
    return meat(order.below.replace(order.case.id, " "), (*names, order.policy.desk.name))


def _rest(order: Order) -> list[str]:
    """What stands behind the word, without the case that may be named there."""
    return order.word.rest.lower().replace(order.case.id.lower(), " ").split()


def _anyway(order: Order) -> Obeyed:
    """``!send anyway [NUMBER]``: a member has looked at a letter that is held, and lets it go (ruling 40)."""
    numbers = [int(one) for one in _rest(order)[1:] if one.isascii() and one.isdigit()]
    waiting = ", ".join(str(one) for one in order.waiting)
    if not order.signer:
        return Obeyed("!send anyway: not done; sign your message; on the command line: maild send NUMBER")
    if not order.waiting:
        return Obeyed(f"!send anyway: no letter in {order.case.id} is waiting for a second look.")
    if len(numbers) != len(_rest(order)) - 1 or not set(numbers) <= set(order.waiting):
        return Obeyed(f"!send anyway: not done; waiting in {order.case.id}: {waiting}")
    if not numbers and len(order.waiting) > 1:
        return Obeyed(f"!send anyway: not done; say which: !send anyway NUMBER ({waiting})")
    wanted = numbers or order.waiting
    said = f"Letter {' and '.join(str(one) for one in wanted)} in {order.case.id} is being sent as it is."
    return Obeyed(said, tuple(FreeLetter(one, order.case.id, False, order.by) for one in wanted))


def _own(order: Order) -> answering.Said:
    """The text below the word, where it rests."""
    assert order.mail is not None, "text below a command is part of a message"
    says = Reply(order.mail, order.by, answering.brief(order.below, order.policy), below=True)
    return answering.Said(
        answer=keys.sent(order.case.id, order.now),
        copy=order.identity,
        says=lambda _: says,
        shows=Copy(order.mail, Audience.REPORTER.value),
        author=_author(order),
        guests=order.guests,
    )


def _drafted(order: Order, about: str) -> answering.Said:
    """The draft, as its template is filled now."""
    record, key = order.case.record, keys.sent(order.case.id, order.now)
    given = replace(
        _ending(order.case),
        about=about,
        reason=record.value(DRAFT_REASON),
        tracker=_tracker(order, about),
        embargo=record.value(EMBARGO),
    )
    filled = {one.name: getattr(given, one.name) for one in fields(given)}
    return answering.Said(
        answer=key,
        copy=key,
        says=lambda whose: Sent(**(filled | {"credit": whose.credit}), by=order.by),
        shows=SentCopy(**filled, by=order.by, audience=Audience.REPORTER.value),
        author=_author(order),
        guests=order.guests,
    )


def _author(order: Order) -> Member | None:
    """The member who said the word; nobody on the command line."""
    return next((one for one in order.policy.team.members if one.name == order.name), None)


def _addressed(order: Order) -> tuple[Correspondent, ...] | None:
    """The reporters that the answer goes to: all, or the one that is named; ``None`` if it names nobody."""
    rest = order.word.rest.replace(order.case.id, " ").split()
    to = normal(rest[1].strip("<>")) if len(rest) == 2 and rest[0].lower() == "to" else ""
    people = [one for one in order.case.reporters if not to or one == to]
    known = {one.address: one for one in order.people}
    wanted = tuple(known.get(one) or Correspondent(one) for one in people)
    return wanted if wanted and (to or not rest) else None


def _sent(order: Order, own: bool, people: Sequence[Correspondent], changes: Sequence[Change]) -> str:
    """What went out and to whom, for whoever said the word."""
    if any(isinstance(one, OweLetter) and one.held for one in changes):
        return f"The answer in {order.case.id} is held: {answering.HELD_NO_KEY}; !askkey asks for one."
    to = f"to {' and to '.join(one.address for one in people)} in {order.case.id}"
    if own:
        return f"Your text goes {to}."
    said = f"The draft goes {to} as it stands."
    if len(people) < len(order.case.reporters):
        said += " It is kept for the other reporters."
    left = [*(["the text below !send, too short for an answer,"] if order.below else []), *_files(order)]
    return f"{said} Not sent with it: {' and '.join(left)}." if left else said


def _files(order: Order) -> list[str]:
    return [f"{len(order.attached)} attached file(s)"] if order.attached else []


DOES = {"send": send, "closing": closing, "ask": ask}
"""The function of each command here (`core.words.table`)."""
