"""For whom a message in a shared mailbox is: the desk, or somebody else who has their messages there."""

from maild.core.mail.address import addresses
from maild.core.mail.headers import Headers

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
"""Fields that name whom a message was written or delivered to."""


def others(headers: Headers, ours: tuple[str, ...], subaddress: str) -> tuple[str, ...]:
    """The other addresses of the domains of *ours* that a message names, where it names none of *ours*.

    Empty where it is for us, or may be: a message that names nobody of these domains (a blind copy, a list)
    is taken, because a report that is left alone would be lost.
    """
    named = {bare(one.address, subaddress) for one in addresses(headers, *RECIPIENTS)}
    domains = {one.rpartition("@")[2] for one in ours}
    if not ours or named & set(ours):
        return ()
    return tuple(sorted(one for one in named if one.rpartition("@")[2] in domains))


def bare(address: str, subaddress: str) -> str:
    """*address* without what stands behind the separator."""
    local, _, domain = address.rpartition("@")
    return f"{local.split(subaddress)[0] if subaddress else local}@{domain}"
