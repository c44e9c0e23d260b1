"""Whether what our exchanger vouches for was written now, for this message and for this desk (ruling 14).

What DKIM signed stays signed: a member's message to others, or to the desk, can be sent again into any
thread, with other fields wherever theirs were not signed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from maild.core.cases import readers
from maild.core.cases.incoming import Incoming
from maild.core.mail.address import addresses
from maild.core.mail.dkim import Covered
from maild.core.mail.facts import references
from maild.core.mail.headers import Headers
from maild.core.values.case import Case
from maild.core.values.desk import Mode

OLD_POST = "it is dated long ago, and addressed to others"
OLD_WORDS = "it is dated long ago, and nothing in it names the case"
TWO_DATES = "it has two dates, one of them long ago"
PARTLY = "the signature of its mail server does not cover all of it"
ELSEWHERE = "nothing that its mail server signed names the case or this desk"

OLDEST = timedelta(days=7)
"""How long a member's message may have been on its way."""
OFF = timedelta(days=1)
"""How far the clock of a member's computer may be behind."""
_MOST_DATES, _LONGEST = 5, 100
"""Date fields that are read, and characters of each."""


def holds(mail: Incoming) -> bool:
    """Whether our exchanger vouches for the very member who wrote it, and for its being written for this."""
    return mail.vouched and not doubt(mail)


def doubt(mail: Incoming) -> str:
    """Why our exchanger's word counts for nothing here; empty when it counts."""
    signed = readers.covered_by(mail.facts)
    if why := _old(mail, signed):
        return why
    found = mail.facts.authentication
    if found.handed_in or found.logged_in:
        return ""  # the author's own server brought it just now
    # A signature is what makes a message good for another time.
    return _elsewhere(mail, signed) if signed else ""


def lately(mail: Incoming) -> bool:
    """Whether it is dated in the week before it came, once."""
    dates, since = list(_dates(mail.facts.headers)), mail.event.arrival.at - OLDEST
    return len(mail.facts.headers.all("Date")) == 1 and bool(dates) and dates[0] >= since


def _elsewhere(mail: Incoming, signed: Covered) -> str:
    """Why what was *signed* may have been written for others."""
    if not signed.whole:
        return PARTLY
    case = _joined(mail)
    if case is None or _names(mail, case, signed) or readers.to_reporters(mail, case, signed):
        return ""
    return "" if {"to", "date", "message-id"} <= signed.fields and _to_us(mail) else ELSEWHERE


def _old(mail: Incoming, signed: Covered | None) -> str:
    """Why it may be one from more than a week before it came, or from before its case was there.

    The date alone says little, as a computer's clock may be years behind. Nobody honest has two.
    """
    came, case = mail.event.arrival.at, _joined(mail)
    since = came - OLDEST
    if case:
        since = max(since, min(case.opened, came) - OFF)
    if not any(one < since for one in _dates(mail.facts.headers)):
        return ""
    if len(mail.facts.headers.all("Date")) > 1:
        return TWO_DATES
    if not _to_us(mail):
        return OLD_POST
    if case is None or _names(mail, case, signed):
        return ""
    return OLD_WORDS if _signs(signed, "to") else OLD_POST


def _joined(mail: Incoming) -> Case | None:
    """The case that it belongs to, where it did not open it."""
    return None if mail.known.opens else mail.thread.case


def _to_us(mail: Incoming) -> bool:
    """Whether its one To field names the desk, a list of ours, a member, or an outsider of its case."""
    headers, case, policy = mail.facts.headers, mail.thread.case, mail.policy
    theirs = {*(case.reporters if case else ()), *mail.guests}
    return len(headers.all("To")) == 1 and any(
        policy.desk.owns(one)
        or one in theirs
        or {one, one.replace("@", ".")} & set(policy.desk.own_lists)
        or policy.team.claimed_by(one) is not None
        for one in (to.address for to in addresses(headers, "To"))
    )


def _names(mail: Incoming, case: Case, signed: Covered | None) -> bool:
    """Whether what was signed names *case*: its subject or text by a number, its one To field by a token.

    Where a list delivers, members answer what others sent, which bears neither: there it is the message that
    it answers, or the words of that.
    """
    numbers = {case.id, *(one for one, _ in mail.known.joined)}
    subject = mail.facts.subject if _signs(signed, "subject") else ""
    token = mail.thread.token
    to = mail.facts.headers.all("To") if _signs(signed, "to") else ()
    by_token = token is not None and len(to) == 1 and token.token in to[0].lower()
    if by_token or any(one in place for one in numbers for place in (subject, mail.facts.text)):
        return True
    watches = mail.policy.desk.mode is Mode.OBSERVE
    return watches and (_answers(mail, signed) or bool(readers.asked(mail)))


def _answers(mail: Incoming, signed: Covered | None) -> bool:
    """Whether it was signed that it answers a message of its case, and goes to us.

    Others may send their own under the same Message-ID to other places, and be answered there.
    """
    there = mail.facts.headers.all("In-Reply-To")
    told = _signs(signed, "in-reply-to") and _signs(signed, "to") and len(there) == 1
    answered = set(references(Headers((("In-Reply-To", there[0]),)))) if told else set()
    return bool(answered & mail.known.answers) and _to_us(mail)


def _signs(signed: Covered | None, name: str) -> bool:
    """Whether a field was signed, where there is a signature."""
    return signed is None or name in signed.fields


def _dates(headers: Headers) -> Iterator[datetime]:
    """The dates of a head, of which a signature may cover any; what is no date says nothing."""
    for value in headers.all("Date")[:_MOST_DATES]:
        try:
            found = parsedate_to_datetime(value[:_LONGEST])
            yield found if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
