"""Text that stands in a letter as base64 or uuencoded lines, without any header that says so."""

import re
from binascii import Error, a2b_base64, a2b_uu

from maild.core.mail.charset import decode_bytes

MOST = 50
"""Such blocks of one text that are decoded."""
MOST_CODED = 200_000
"""Characters of one uuencoded block that are looked at."""
_BASE64 = re.compile(
    r"[A-Za-z0-9+/]{40,}+={0,2}(?:[ \t]*+\r?\n[ \t>|]*+[A-Za-z0-9+/]++={0,2}(?=[ \t]*+\r?$))*+", re.MULTILINE
)
"""A long run of its letters, with the lines below it that hold nothing else."""
_OTHER = re.compile(r"[^A-Za-z0-9+/]+")
_BEGIN = re.compile(r"^[ \t>|]*+begin [0-7]{3,4} \S", re.MULTILINE)


def blocks(text: str) -> list[str]:
    """What the coded lines in *text* say; what is no text, or was never coded, comes out as nonsense."""
    coded = [_bytes(match[0]) for match, _ in zip(_BASE64.finditer(text), range(MOST), strict=False)]
    begun = [match.end() for match, _ in zip(_BEGIN.finditer(text), range(MOST), strict=False)]
    return [decode_bytes(one) for one in (*coded, *(_uu(text, at) for at in begun)) if one]


def _bytes(coded: str) -> bytes:
    bare = _OTHER.sub("", coded)
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return a2b_base64(bare + "=" * (-len(bare) % 4))


def _uu(text: str, at: int) -> bytes:
    """The uuencoded lines below the one in which *at* lies."""
    found: list[bytes] = []
    for line in text[at : at + MOST_CODED].partition("\n")[2].splitlines():
        bare = line.lstrip("> |") if line.startswith((">", "|")) else line
        if bare.strip() in ("`", "end", ""):
            break
        try:
            found.append(a2b_uu(bare))
        except Error:
            break
    return b"".join(found)
