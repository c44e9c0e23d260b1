"""What stands in a letter as base64, hexadecimal or uuencoded lines, without any header that says so."""

import re
from binascii import Error, a2b_base64, a2b_uu
from itertools import islice

MOST = 1000
"""Such blocks of one text that are decoded."""
MOST_CODED = 200_000
"""Characters of one uuencoded block that are looked at."""
_BASE64 = re.compile(
    r"[A-Za-z0-9+/]{40,}+={0,2}(?:[ \t]*+\r?\n[ \t>|]*+[A-Za-z0-9+/]++={0,2}(?=[ \t]*+\r?$))*+", re.MULTILINE
)
"""A long run of its letters, with the lines below it that hold nothing else."""
_LINES = re.compile(
    r"^[ \t>|]*+(?:[A-Za-z0-9+/]{8,}+={0,2}[ \t]*+\r?\n[ \t>|]*+){3,}+[A-Za-z0-9+/]*+={0,2}", re.MULTILINE
)
"""Short lines of its letters, below one another."""
_DUMP = re.compile(
    r"^[ \t>|]*+[0-9a-fA-F]{4,16}:?[ \t]{1,4}((?:[0-9a-fA-F]{2}[ \t]{0,2}){1,15}[0-9a-fA-F]{2})", re.MULTILINE
)
"""A line of a dump in hexadecimal, at most sixteen bytes behind their place."""
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_OTHER = re.compile(r"[^A-Za-z0-9+/]+")
_BEGIN = re.compile(r"^[ \t>|]*+begin [0-7]{3,4} \S", re.MULTILINE)


def blocks(text: str) -> list[bytes]:
    """What the coded lines in *text* hold; what was never coded comes out as nonsense."""
    coded = [match[0] for one in (_BASE64, _LINES) for match in islice(one.finditer(text), MOST)]
    begun = [match.end() for match in islice(_BEGIN.finditer(text), MOST)]
    dumped = "".join(match[1] for match in islice(_DUMP.finditer(text), MOST_CODED))
    found = [
        *(_bytes(one) for one in coded),
        *(_digits(one) for one in (*coded, dumped)),
        *(_uu(text, at) for at in begun),
    ]
    return [one for one in dict.fromkeys(found) if one]


def _bytes(coded: str) -> bytes:
    bare = _OTHER.sub("", coded)
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return a2b_base64(bare + "=" * (-len(bare) % 4))


def _digits(coded: str) -> bytes:
    """Its bytes where it is hexadecimal, else none."""
    bare = _OTHER.sub("", coded)
    return bytes.fromhex(bare) if _HEX.fullmatch(bare) else b""


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
