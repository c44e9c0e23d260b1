"""Answers that maild drafts and a member sends: to the handler first, to the reporter only by ``!send``."""

from collections.abc import Mapping

from maild.core import ids
from maild.core.cases.order import Obeyed, Order
from maild.core.cases.people import Audience
from maild.core.change import Change, LetterKind, OweLetter
from maild.core.disclosure.change import SetFact
from maild.core.disclosure.record import EMBARGO
from maild.core.disclosure.verdicts import IN_PUBLIC

DRAFT, REASON = "draft", "draft-reason"


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
