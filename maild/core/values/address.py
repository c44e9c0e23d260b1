"""Mail addresses as texts: how one looks, and when two are the same."""

import re

_LETTERS = r'[^\s<>,;:"()@\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+'
ADDRESS = re.compile(f"{_LETTERS}@{_LETTERS}")
"""What could move a cursor or turn a line round is no letter of any address (RFC 6531 §3.3, RFC 5892)."""


def normal(address: str) -> str:
    """*address* as maild compares it: trimmed, lower case."""
    return address.strip().lower()
