"""Whether a member's good signature was made now, for this message and for this desk (ruling 14).

What a member once signed for others, or long ago, is still well signed when somebody sends it with a new
outer head. Nothing but the signed part counts here.
"""

import re
from datetime import timedelta

from maild.core.cases import readers, vouched
from maild.core.cases.authority import Proved, signer
from maild.core.cases.incoming import Incoming
from maild.core.mail.address import addresses
from maild.core.mail.facts import FolderRole
from maild.core.mail.headers import Headers
from maild.core.mail.opened import OTHER_AUTHOR
from maild.core.values.case import Case
from maild.core.values.desk import Mode
from maild.core.words import reading

STALE = "its signature was made at another time"
CONTRADICTS = "its signed header fields are not those outside"
NOT_MEANT = "nothing in its signed part names the case"
SEVERAL = "its signed part names another case"
LOST = "it was signed before a backup was restored, and may have been used then"
NOT_HERE = "nothing in its signed part names this desk"

TOLERANCE = timedelta(minutes=10)

_OBSCURED = frozenset({"", "...", "[...]", "encrypted message", "encrypted subject"})
_TAGGED = re.compile(r"^(?:[a-z]{2,4} ?: ?)*\[[a-z0-9-]{1,40}\] ?(?=\.\.\.$)")
"""What stands before the dots in an answer to a letter of ours."""
_ID = re.compile(r"<[^<>\s]{1,250}>")


def doubt(mail: Incoming) -> str:
    """Why a member's signature, or our exchanger's word, counts for nothing here; empty when it counts."""
    if mail.author.proved is Proved.EXCHANGER:
        return vouched.doubt(mail)
    by_key = signer(mail.event.opened, mail.policy) is not None
    if not by_key or mail.facts.role is FolderRole.SENT:
        return ""
    if not fresh(mail):
        return STALE
    if mail.known.maybe_used:
        return LOST
    if _contradicts(mail):
        return CONTRADICTS
    return "" if vouched.holds(mail) else _unnamed(mail)


def fresh(mail: Incoming) -> bool:
    """Whether its signature was made in the week before *mail* came, and not before its case was there."""
    made, came, case = mail.facts.signed_at, mail.event.arrival.at, mail.thread.case
    if made is None or not came - vouched.OLDEST <= made <= came + TOLERANCE:
        return False
    return case is None or mail.known.opens or made >= case.opened - TOLERANCE


def named(mail: Incoming, case: Case) -> bool:
    """Whether the text of *mail* names *case*, by a number or by the token that led to it."""
    token = mail.thread.token
    by_token = token is not None and token.token in mail.facts.text
    return by_token or any(one in mail.facts.text for one in _numbers(mail, case))


def _numbers(mail: Incoming, case: Case) -> frozenset[str]:
    """The numbers that what was signed may call *case*: those of cases joined to it too, from then on."""
    made, joined = mail.facts.signed_at, mail.known.joined
    later = (one for one, since in joined if made is not None and made >= since.replace(microsecond=0))
    return frozenset({case.id, *later})


def _unnamed(mail: Incoming) -> str:
    """Why it is not told which case was signed for; empty when it is: by a token, or by its number alone.

    A case that is only mentioned is not the one that commands are for. Words of no case name the desk.
    """
    opened, case, token = mail.event.opened, mail.thread.case, mail.thread.token
    inside = "\n".join((mail.facts.text, *(opened.protected.values() if opened else ())))
    if case is None:
        return _not_here(mail, inside.lower())
    if token and token.token and token.token in inside:
        return ""
    theirs = _numbers(mail, case)
    if not any(one in inside for one in theirs):
        return "" if _answers(mail, case) else NOT_MEANT
    return "" if _about(mail, opened.protected.get("subject", "") if opened else "") <= theirs else SEVERAL


def _answers(mail: Incoming, case: Case) -> bool:
    """Whether it answers the reporter's own message where a list delivers, which names no case.

    A command names it all the same.
    """
    watches = mail.policy.desk.mode is Mode.OBSERVE and not reading.read(mail.facts.text)
    return watches and readers.answers_inside(mail, case)


def _not_here(mail: Incoming, inside: str) -> str:
    """Why it is not told for which of a member's desks their words about themselves were signed."""
    if not any(word.own for word in reading.read(mail.facts.text)):
        return ""
    desk = mail.policy.desk
    return "" if any(one in inside for one in (desk.address, *desk.aliases)) else NOT_HERE


def _about(mail: Incoming, subject: str) -> set[str]:
    """The cases that its signed part is about, by the surest place that names any.

    The signed *subject*; the block of a copy that is quoted, and lines that hold nothing else; then all words
    but those of commands. A stranger may have written what is quoted, and a block of their own: it never
    outdoes such a line.
    """
    number = rf"\b{re.escape(mail.policy.desk.prefix)}-[0-9A-Z]{{6}}\b"
    lines = [line.lstrip("> |\t") for line in mail.facts.text.splitlines()]
    places = (
        [subject],
        [line for line in lines if line.startswith("Case:") or re.fullmatch(number, line.strip(" .:[]()"))],
        [line for line in lines if not line.startswith("!")],
    )
    named = (set(re.findall(number, "\n".join(place))) for place in places)
    return next((one for one in named if one), set())


def _contradicts(mail: Incoming) -> bool:
    """Whether a field that was signed says something else than the one outside."""
    opened = mail.event.opened
    inner = opened.protected if opened else {}
    outer = mail.facts.headers
    if opened and OTHER_AUTHOR in opened.reasons:
        return True
    if "subject" in inner and not _same_subject(inner["subject"], outer.text("Subject")):
        return True
    if ("to" in inner or "cc" in inner) and not _own(mail, outer) <= _own(mail, _fields(inner)):
        return True
    answered = [set(_ID.findall(one)) for one in (inner.get("in-reply-to", ""), outer.get("In-Reply-To"))]
    return all(answered) and answered[0].isdisjoint(answered[1])


def _same_subject(inner: str, outer: str) -> bool:
    """An obscured subject contradicts nothing, also in answer to ours; a list may put its tag in front."""
    shown, signed = (" ".join(one.lower().split()) for one in (outer, inner))
    return _TAGGED.sub("", shown) in _OBSCURED or shown.endswith(signed)


def _own(mail: Incoming, headers: Headers) -> set[str]:
    """The desk's own addresses, tokens and all, that a mail is addressed to."""
    found = addresses(headers, "To", "Cc")
    return {one.address for one in found if mail.policy.desk.owns(one.address)}


def _fields(inner: dict[str, str]) -> Headers:
    return Headers(tuple((name, inner[name]) for name in ("to", "cc") if name in inner))
