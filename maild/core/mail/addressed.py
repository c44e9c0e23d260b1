"""For whom a message in a shared mailbox is: the desk, or somebody else who has their messages there."""

from maild.core.mail.address import MAX_ADDRESSES, addresses
from maild.core.mail.headers import Headers
from maild.core.mail.text import MAX_HEADER

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
"""Fields that name whom a message was written or delivered to."""


def others(headers: Headers, ours: tuple[str, ...], subaddress: str) -> tuple[str, ...]:
    """The other addresses of the domains of *ours* that a message names, where it names none of *ours*.

    Empty where it is for us, or may be: a message that names nobody of these domains (a blind copy, a list)
    is taken, because a report that is left alone would be lost. So is one that names more than are read.
    """
    found = addresses(headers, *RECIPIENTS)
    if len(found) >= MAX_ADDRESSES or any(
        len(one) > MAX_HEADER for name in RECIPIENTS for one in headers.all(name)
    ):
        return ()
    named = {bare(one.address, subaddress) for one in found}
    domains = {one.rpartition("@")[2] for one in ours}
    if not ours or named & set(ours):
        return ()
    return tuple(sorted(one for one in named if one.rpartition("@")[2] in domains))


def bare(address: str, subaddress: str) -> str:
    """*address* without what stands behind the separator."""
    local, _, domain = address.rpartition("@")
    return f"{local.split(subaddress)[0] if subaddress else local}@{domain}"
