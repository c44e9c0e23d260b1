"""Mail addresses as texts: how one looks, and when two are the same."""

import re

from maild.core.values.invisible import INVISIBLE

_LETTERS = rf'[^\s<>,;:"()@\x00-\x1f\x7f-\x9f{INVISIBLE}]'
ADDRESS = re.compile(f"(?<!{_LETTERS}){_LETTERS}++@{_LETTERS}++")
"""What could move a cursor, or is not seen, is no letter of any address (RFC 6531 §3.3, RFC 5892)."""


def normal(address: str) -> str:
    """*address* as maild compares it: trimmed, lower case, without the dot that ends a name in the DNS."""
    return address.strip().lower().removesuffix(".")
