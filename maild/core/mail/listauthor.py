"""The author behind a list or a forwarder that puts itself into From (ruling 14: named, never proved).

Lists rewrite From where the author's domain forbids them to send in its name (DMARC). FIELDS is where they
put the author instead: Google Groups (X-Original-From, X-Original-Sender), Sympa (X-Original-From), Sietima
(Original-From, RFC 5703 §6), Mailman 3 (X-MailFrom, and Reply-To, or Cc where replies go to the list: its
page "DMARC Mitigations"), Mailman 2, LISTSERV, FreeLists and groups.io (Reply-To). schleuder names the author
in its text only.
"""

import re
from dataclasses import dataclass

from maild.core.mail.address import Address, addresses, sender
from maild.core.mail.headers import Headers
from maild.core.mail.lists import key, managed_by, named
from maild.core.mail.robots import answers_nobody
from maild.core.values.address import ADDRESS, normal
from maild.core.values.desk import Desk
from maild.core.values.phrases import Phrases

FIELDS = ("X-Original-From", "Original-From", "X-Original-Sender", "X-MailFrom", "Reply-To")
"""Where lists name the author. Cc is asked only where none of these names anybody."""
ENVELOPE = ("X-MailFrom", "X-Original-Sender")
"""Those that may hold the sender of the envelope, a mailer's return path among them."""
FORWARDERS = (
    "X-SimpleLogin-Original-From",
    "X-AnonAddy-Original-From-Header",
    "Duck-Original-From",
    "X-Original-From",
)
"""Where services of aliases name whose address they wrote anew (``rita_at_reporter.example_x@…``).

The IETF's lists (``rita=40reporter.example@dmarc.…``) and b4's relay (``devnull+rita.reporter.example@…``)
do so too.
"""
BESIDE = ("X-SimpleLogin-Envelope-From", "X-AnonAddy-Original-Sender", "Resent-From")
"""Where they name somebody who counts only if From says the same: it may be a return path, or a colleague.

Resent-From is Firefox Relay's: ``"rita@reporter.example [via Relay]" <mask@mozmail.com>``.
"""
_VIA = re.compile(r"\bvia\b|\bon behalf of\b", re.IGNORECASE)
_ANEW = re.compile(r"(?:[0-9a-f]{6,24}-dmarc-request|dmarc-noreply)@", re.IGNORECASE)
"""Addresses that LISTSERV makes, and FreeLists has, for authors whose domain forbids their own."""
_PIECES = re.compile(r"[-+.=]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a mail, as far as its outside tells: ``None`` when nobody is named, or several are.

    ``behind``: somebody else stands in From. ``own``: that is the desk's own address.
    """

    author: Address | None
    behind: bool = False
    own: bool = False


def origin(headers: Headers, desk: Desk, phrases: Phrases) -> Origin:
    """The author that *headers* name: From, unless a list or a forwarder wrote itself there."""
    shown = sender(headers)
    if shown is None:
        return Origin(None)
    lists = named(headers) | {key(name) for name in desk.own_lists}
    own = desk.owns(shown.address)
    if own or key(shown.address) in lists:
        return Origin(_only(_candidates(headers, desk, lists, phrases)), behind=True, own=own)
    anew = _ANEW.match(shown.address) or managed_by(shown.address) & lists
    if anew or (named(headers) and _VIA.search(shown.name)):
        found = _fields(headers, desk, lists | _senders(headers), phrases) or _within(shown)
        if found or anew:
            return Origin(_only(found), behind=True)
    forwarded = _forwarded(headers, shown, phrases)
    return Origin(forwarded or shown, behind=forwarded is not None)


def _within(shown: Address) -> list[Address]:
    """The author whose address the one in From holds: ``rita=reporter.example@groups.io``."""
    user, _, domain = shown.address.rpartition("@")[0].partition("=")
    whole = ADDRESS.fullmatch(f"{user}@{domain}") if "." in domain else None
    return [Address(normal(whole[0]), shown.name)] if whole else []


def _senders(headers: Headers) -> set[str]:
    """The list as Sender, for LISTSERV names itself nowhere else."""
    return {key(one.address) for one in addresses(headers, "Sender")}


def _candidates(headers: Headers, desk: Desk, lists: set[str], phrases: Phrases) -> list[Address]:
    """Everybody whom the fields of a list name, or else Cc, without the list, the desk and return paths."""
    found = _fields(headers, desk, lists, phrases)
    copied = [one for one in addresses(headers, "Cc") if _person(one, desk, lists, "Cc", phrases)]
    return found or _distinct(copied)


def _fields(headers: Headers, desk: Desk, lists: set[str], phrases: Phrases) -> list[Address]:
    named_in = [(name, one) for name in FIELDS for one in addresses(headers, name)]
    return _distinct([one for name, one in named_in if _person(one, desk, lists, name, phrases)])


def _distinct(found: list[Address]) -> list[Address]:
    """*found*, each address once and under its first name."""
    return list({one.address: one for one in reversed(found)}.values())


def _person(one: Address, desk: Desk, lists: set[str], name: str, phrases: Phrases) -> bool:
    if desk.owns(one.address) or key(one.address) in lists or answers_nobody(one.address, phrases):
        return False
    return name not in ENVELOPE or not _returns_to(one.address)


def _returns_to(address: str) -> bool:
    """Whether *address* is a return path that a mailer made, and nobody's own (VERP, SRS)."""
    local = address.rpartition("@")[0].lower()
    made = "=" in local or local.startswith(("srs0", "srs1"))
    return made or not {"bounce", "bounces"}.isdisjoint(_PIECES.split(local))


def _only(found: list[Address]) -> Address | None:
    return found[0] if len(found) == 1 else None


def _forwarded(headers: Headers, shown: Address, phrases: Phrases) -> Address | None:
    """The author whom a service of aliases names, where From was made of theirs, or is nobody's."""
    named_by = _distinct([one for name in FORWARDERS for one in addresses(headers, name)])
    if answers_nobody(shown.address, phrases) and len(named_by) == 1:
        return None if answers_nobody(named_by[0].address, phrases) else named_by[0]
    made = _letters(f"{shown.name} {shown.address}".replace("=40", "@").replace("(a)", "@"))
    beside = [one for name in BESIDE for one in addresses(headers, name)]
    found = [one for one in _distinct([*named_by, *beside]) if _made_of(one, made)]
    author = _only(found)
    return author if author and author.address != shown.address else None


def _made_of(one: Address, made: str) -> bool:
    """Whether the letters *made* hold the address *one*, with or without a word for its ``@``."""
    user, _, domain = one.address.rpartition("@")
    return any(_letters(form) in made for form in (f"{user}at{domain}", f"{user}{domain}"))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
