"""Answers that maild drafts and a member sends: to the handler first, to the reporter only by ``!send``."""

import re
from collections.abc import Mapping, Sequence

from maild.core import ids
from maild.core.cases.order import Obeyed, Order
from maild.core.cases.people import Audience
from maild.core.change import Change, LetterKind, OweLetter
from maild.core.disclosure import stages
from maild.core.disclosure.change import SetFact
from maild.core.disclosure.record import CREDIT, CVE, EMBARGO, LINK, Disclosure
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.verdicts import IN_PUBLIC

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
    """``!send``: the last draft goes to the reporters, or the text below the word in its place.

    It is the member's answer, in the desk's voice.
    """
    about, case = order.case.record.value(DRAFT), order.case
    if not about and not order.edited:
        return Obeyed("!send: there is no draft; !verdict and !embargo make one")
    facts: dict[str, object] = {"by": order.by}
    if order.edited:
        facts |= {"envelope": order.mail, "below": True}
    else:
        tracker = order.policy.process.tracker if about in IN_PUBLIC else ""
        reason, embargo = case.record.value(REASON), case.record.value(EMBARGO)
        facts |= {"about": about, "reason": reason, "tracker": tracker, "embargo": embargo}
        facts |= _ending(case.record, case.sealed)
    last = {one.address: one for one in order.people}
    letters = tuple(
        OweLetter(
            dedupe=f"send:{case.id}:{order.now.isoformat()}:{reporter}",
            kind=LetterKind.ANSWER,
            case_id=case.id,
            recipient=reporter,
            token=ids.token(order.policy.desk.secret, case.id, reporter, Audience.REPORTER),
            facts=facts,
            sealed=case.sealed or (reporter in last and last[reporter].seals),
            reporter=reporter,
            in_reply_to=last[reporter].last_id if reporter in last else "",
        )
        for reporter in case.reporters
    )
    return Obeyed(
        f"The draft goes to the reporter of {case.id}.", (*letters, SetFact(case.id, DRAFT, "", order.by))
    )
