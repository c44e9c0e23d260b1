"""Answers that maild drafts and a member sends: to the handler first, to the reporter only by ``!send``."""

import re
from collections.abc import Iterator, Mapping, Sequence

from maild.core import ids
from maild.core.candidates import Correspondent
from maild.core.cases.order import Obeyed, Order
from maild.core.cases.people import Audience
from maild.core.change import Change, OweLetter
from maild.core.disclosure import stages
from maild.core.disclosure.change import SetFact
from maild.core.disclosure.record import CREDIT, CVE, EMBARGO, LINK, Disclosure
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.verdicts import IN_PUBLIC
from maild.core.letters import answering
from maild.core.letters.kinds import LetterKind
from maild.core.mail.answer import Answer

DRAFT, REASON = "draft", "draft-reason"
CLOSING = "closing"
"""The note with which a case ends for its reporter: thanks, how he is named, where it can be read."""
_LINK = re.compile(r"https://[^\s<>\"']{4,500}")


def draft(
    order: Order, about: str, reason: str, facts: Mapping[str, object] | None = None
) -> tuple[Change, ...]:
    """The draft of an answer *about* something, to whoever said the word; on the command line none is mailed.

    Of a sealed case the *reason* is not kept: its author writes it into the answer himself.
    """
    tracker = order.policy.process.tracker if about in IN_PUBLIC else ""
    given = {
        "about": about,
        "reason": "" if order.case.sealed else reason,
        "tracker": tracker,
        **(facts or {}),
    }
    why = SetFact(order.case.id, REASON, str(given["reason"]), order.by)
    kept = (SetFact(order.case.id, DRAFT, about, order.by), why)
    if not order.contact:
        return kept
    at = order.now.isoformat()
    letter = OweLetter(
        dedupe=f"draft:{order.case.id}:{about}:{at}",
        kind=LetterKind.DRAFT,
        case_id=order.case.id,
        recipient=order.contact,
        token=ids.token(order.policy.desk.secret, order.case.id, order.contact, Audience.TEAM),
        facts=given,
        internal=True,
    )
    return (*kept, letter)


def closing(order: Order) -> Obeyed:
    """``!closing [URL ...]``: the closing note is drafted, with the links to the public advisory."""
    links = order.word.rest.split()
    if stages.current(order.case, order.policy.process) not in PUBLIC:
        return Obeyed(f"!closing: not done; {order.case.id} is not announced")
    if not all(_LINK.fullmatch(one) for one in links):
        return Obeyed("!closing: the links to the public advisory, each with https://, or nothing")
    known = SetFact(order.case.id, LINK, " ".join(links), order.by)
    said = f"A draft of the closing note to the reporter of {order.case.id} is on its way; !send sends it."
    return Obeyed(said, (*((known,) if links else ()), *closing_note(order, links)))


def closing_note(order: Order, links: Sequence[str] = ()) -> tuple[Change, ...]:
    """The draft of the closing note of an announced case."""
    facts = _ending(order.case.record, order.case.sealed)
    return draft(order, CLOSING, "", facts | ({"links": list(links)} if links else {}))


def _ending(record: Disclosure, sealed: bool) -> dict[str, object]:
    """What a closing note tells; how the reporter of a sealed case is named stands in a sealed mail only."""
    cve = record.value(CVE)
    return {
        "credit": "" if sealed else record.value(CREDIT),
        "links": record.value(LINK).split(),
        "cve": cve if cve.startswith("CVE-") else "",
    }


def send(order: Order) -> Obeyed:
    """``!send``: the last draft goes to the reporters, or the text below the word in its place (ruling 19).

    Text that is too short for an answer (a name, a greeting, the case number) leaves the draft as it stands.
    Where there is no draft, any text is sent, and is brief as it would be in an ordinary reply.
    """
    case, about = order.case, order.case.record.value(DRAFT)
    own = bool(order.below) and not (about and answering.brief(order.below, order.policy))
    if not about and not own:
        return Obeyed("!send: there is no draft; !verdict and !embargo make one")
    if not case.reporters:
        return Obeyed(f"!send: not done; {case.id} has no reporter")
    given = Answer(order.below, order.attached if own else ())
    if answering.private(given if own else Answer(order.below), order.policy):
        return Obeyed("!send: not done; the text below it holds what is for the team only")
    reply = _reply(order, _own(order) if own else _drafted(order, about), own)
    sent = answering.answers(reply, case, _reporters(order), order.policy)
    return Obeyed(_sent(order, own, sent), (*sent, SetFact(case.id, DRAFT, "", order.by)))


def _own(order: Order) -> dict[str, object]:
    """The text below the word, where it rests."""
    return {"envelope": order.mail, "below": True}


def _drafted(order: Order, about: str) -> dict[str, object]:
    """What the template of the draft is filled with."""
    record = order.case.record
    return {
        "about": about,
        "reason": record.value(REASON),
        "tracker": order.policy.process.tracker if about in IN_PUBLIC else "",
        "embargo": record.value(EMBARGO),
        **_ending(record, order.case.sealed),
    }


def _reply(order: Order, says: Mapping[str, object], own: bool) -> answering.Reply:
    name = f"send:{order.case.id}:{order.now.isoformat()}"
    return answering.Reply(
        answer=name,
        copy=order.identity if own else name,
        says=says,
        by=order.by,
        brief=own and answering.brief(order.below, order.policy),
        author=next((one for one in order.policy.team.members if one.name == order.name), None),
        guests=order.guests,
    )


def _reporters(order: Order) -> Iterator[Correspondent]:
    """Every reporter of the case, as answers need them."""
    known = {one.address: one for one in order.people}
    return (known.get(one) or Correspondent(one) for one in order.case.reporters)


def _sent(order: Order, own: bool, changes: Sequence[Change]) -> str:
    """What went out, for whoever said the word."""
    if any(isinstance(one, OweLetter) and one.held for one in changes):
        return f"The answer in {order.case.id} is held: {answering.HELD_NO_KEY}; !askkey asks for one."
    if own:
        return f"Your text goes to the reporter of {order.case.id}."
    said = f"The draft goes to the reporter of {order.case.id} as it stands."
    left = [*(["the text below !send, too short for an answer,"] if order.below else []), *_files(order)]
    return f"{said} Not sent with it: {' and '.join(left)}." if left else said


def _files(order: Order) -> list[str]:
    return [f"{len(order.attached)} attached file(s)"] if order.attached else []


DOES = {"send": send, "closing": closing}
"""The function of each command here (`core.words.table`)."""
