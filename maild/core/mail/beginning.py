"""What is kept of a mail that is too long to be kept whole."""

import re

FIRST_WINDOW = 128 * 1024
"""Bytes of a mail that are looked at first: nearly every mail is shorter."""
KEPT_BODY = 64 * 1024
"""Bytes kept after the headers of a mail that is longer than the cap."""


def beginning(raw: bytes, cap: int) -> bytes:
    """The headers of *raw* and 64 KiB after them; never more than *cap* bytes, nor than the first window."""
    first = raw[: min(FIRST_WINDOW, cap)]
    blank = re.search(rb"\r?\n\r?\n", first)
    return first[: blank.end() + KEPT_BODY] if blank else first
