"""Bodies in uuencode, as some old programs still send them; no standard of mail knows it."""

import binascii

ENCODINGS = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
"""What they call it in Content-Transfer-Encoding."""


def unuuencoded(body: bytes) -> bytes:
    """The bytes that *body* stands for, between its ``begin`` and ``end``; as it is where it has none."""
    found: list[bytes] = []
    begun = False
    for line in body.splitlines():
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            found.append(_line(line))
    return b"".join(found) if begun else body


def _line(line: bytes) -> bytes:
    """One line; of one with trailing garbage as much as it says that it holds."""
    if not line:
        return b""  # which Python would read as 32 zeros
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        groups = -(-((line[0] - 32) & 63) // 3)
        try:
            return binascii.a2b_uu(line[: 1 + 4 * groups])
        except binascii.Error:
            return b""
