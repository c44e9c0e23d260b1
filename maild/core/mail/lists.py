"""The marks that mailing lists leave on a mail, and whose list it was."""

import re
from dataclasses import dataclass

from maild.core.mail.address import addresses
from maild.core.mail.headers import Headers
from maild.core.values.address import normal

_ID = re.compile(r"<\s*([^<>\s]{1,250})\s*>")
_MAILTO = re.compile(r"mailto:([^\s<>?]{1,320})", re.IGNORECASE)
_MANAGER = re.compile(r"owner-(.+)|(.+)-(?:owner|request|bounces?|admin)", re.IGNORECASE)
_MAILING = re.compile(
    r"\blist ([^\s;<>]{1,250}@[^\s;<>]{1,250})|contact ([^\s;<>@]{1,250})-help(@[^\s;<>]{1,250})"
)
"""Mailing-List as Google and groups.io write it (the list itself), and as ezmlm does (its help address)."""


@dataclass(frozen=True, slots=True)
class ListMarks:
    """``foreign``: marks of lists that are not ours, as (phrase, found) rows; ``own``: ours carried it."""

    foreign: tuple[tuple[str, bool], ...] = ()
    own: bool = False


def list_marks(headers: Headers, own_lists: tuple[str, ...]) -> ListMarks:
    """The marks of lists in *headers*; the lists in *own_lists* (List-Ids or addresses) leave none."""
    ours = {key(name) for name in own_lists if name.strip()}
    there = named(headers)
    sender = addresses(headers, "Sender")
    if ours & (there | {name for one in sender for name in managed_by(one.address)}):
        return ListMarks(own=True)
    managed = bool(sender) and bool(_MANAGER.fullmatch(sender[0].address.rpartition("@")[0]))
    return ListMarks(
        (
            ("list header", bool(there) or headers.has("List-Id")),
            ("precedence list", headers.get("Precedence").strip().lower() == "list"),
            ("sent by a list manager", managed),
        )
    )


def named(headers: Headers) -> set[str]:
    """The lists that the fields name (RFC 2919 §3, RFC 2369 §3.4; X-BeenThere and Mailing-List are older)."""
    ids = [_last(_ID.findall(value), value) for value in headers.all("List-Id")]
    posts = [address for value in headers.all("List-Post") for address in _MAILTO.findall(value)]
    return {key(name) for name in (*ids, *posts, *_seen(headers)) if name.strip()}


def posts(headers: Headers) -> set[str]:
    """The addresses that the lists in *headers* say one posts to."""
    named = [address for value in headers.all("List-Post") for address in _MAILTO.findall(value)]
    return {normal(name) for name in (*named, *_seen(headers))}


def _seen(headers: Headers) -> list[str]:
    """The lists in fields older than RFC 2369."""
    said = [found for value in headers.all("Mailing-List") for found in _MAILING.findall(value)]
    fields = addresses(headers, "X-BeenThere", "Mailing-List", "X-Mailing-List")
    return [*(name or local + domain for name, local, domain in said), *(one.address for one in fields)]


def by_schleuder(headers: Headers) -> bool:
    """Whether schleuder passed the message on, which names its author in the encrypted text only.

    Its List-Help is a page of the project, and its List-Owner asks for the list's key.
    """
    said = f"{headers.get('List-Help')} {headers.get('List-Owner')}".lower()
    return "schleuder" in said or "(use list's public key)" in said


def managed_by(address: str) -> set[str]:
    """The lists that *address* may be of, or manage: LISTSERV names the list, Majordomo its manager."""
    local, _, domain = address.rpartition("@")
    managed = _MANAGER.fullmatch(local)
    names = [address, *([f"{managed[1] or managed[2]}@{domain}"] if managed else [])]
    return {key(name) for name in names}


def _last(found: list[str], otherwise: str) -> str:
    return found[-1] if found else otherwise


def key(name: str) -> str:
    """One form for ``security@lists.example`` and the List-Id ``security.lists.example``."""
    return normal(name).strip("<>").replace("@", ".")
