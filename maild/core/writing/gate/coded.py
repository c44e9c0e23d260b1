"""What stands coded in a letter, without any header that says so: base64, 32, 85, numbers, uuencoding."""

import re
from base64 import a85decode, b32decode, b32hexdecode, b85decode
from binascii import Error, a2b_base64, a2b_uu
from collections.abc import Iterator
from itertools import islice

MOST = 10_000
"""Such blocks of one text that are decoded; a text with more of one kind waits for a person."""
MOST_CODED = 200_000
"""Characters of one uuencoded block that are looked at, and lines of a dump."""
_BASE64 = re.compile(
    r"[A-Za-z0-9+/]{40,}+={0,2}(?:[ \t]*+\r?\n[ \t>|]*+[A-Za-z0-9+/]++={0,2}(?=[ \t]*+\r?$))*+", re.MULTILINE
)
"""A long run of its letters, with the lines below it that hold nothing else."""
_LINES = re.compile(
    r"^[ \t>|]*+(?:[A-Za-z0-9+/]{8,}+={0,2}[ \t]*+\r?\n[ \t>|]*+){3,}+[A-Za-z0-9+/]*+={0,2}", re.MULTILINE
)
"""Short lines of its letters, below one another."""
_DUMP = re.compile(
    r"^[ \t>|]*+(?:0x)?[0-9a-fA-F]{4,16}:?[ \t]{1,4}((?:[0-9a-fA-F]{2}[ \t]{0,2}){1,15}[0-9a-fA-F]{2})",
    re.MULTILINE,
)
"""A line of a dump in hexadecimal, at most sixteen bytes behind their place."""
_QUOTED = r"(?:[>|]?[ \t]+)*+"
_SOLID = re.compile(
    rf"^{_QUOTED}(?:[!-~]{{16,}}+[ \t]*+(?:\r?\n{_QUOTED}|$))++(?:[!-~]{{4,}}+)?", re.MULTILINE
)
"""Lines without any blank, which may be quoted; the last may be a short one."""
_QUOTE = re.compile(_QUOTED)
_ONE = r"(?:0[xob])?[0-9a-fA-F]{2,8}+"
_NUMBERS = re.compile(rf"(?<![0-9a-zA-Z])(?:{_ONE}[\s,;:]{{1,3}}+){{15,}}+(?:{_ONE})?")
"""Sixteen numbers and more in a row, in any base."""
_NUMBER = re.compile(r"(?:0[xob])?([0-9a-fA-F]+)")
_BASES = (10, 8, 16, 2)
_HIGHEST = 0x10FFFF
SHORTEST = 40
"""Letters of base85 that say anything."""
_ADOBE = str.maketrans("", "", "~")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_OTHER = re.compile(r"[^A-Za-z0-9+/]+")
_LINKS = str.maketrans("-_", "+/")
_PATCH = re.compile(r"^[ \t>|]*+(?:literal|delta) \d{1,12}(?:\r?\n[A-Za-z][!-~]{5,65}+)++", re.MULTILINE)
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
        *(_patched(match[0]) for match in islice(_PATCH.finditer(text), MOST)),
        *(made for one in coded for made in _base32(one)),
        *(made for match in islice(_SOLID.finditer(text), MOST) for made in _base85(match[0])),
        *(made for match in islice(_NUMBERS.finditer(text), MOST) for made in _numbers(match[0])),
    ]
    return [one for one in dict.fromkeys(found) if one]


def too_many(text: str) -> bool:
    """Whether *text* holds more such blocks than are decoded."""
    return any(True for one in (_BASE64, _SOLID, _NUMBERS) for _ in islice(one.finditer(text), MOST, None))


def for_links(text: str) -> str:
    """*text* with the two letters of base64 for links as the usual ones (RFC 4648 §5)."""
    return text.translate(_LINKS) if "-" in text or "_" in text else text


def _patched(lines: str) -> bytes:
    """The file of a binary patch of Git: base85 in lines that begin with their length."""
    try:
        return b"".join(b85decode(one.strip()[1:]) for one in lines.splitlines()[1:])
    except ValueError:
        return b""


def _bytes(coded: str) -> bytes:
    bare = _OTHER.sub("", coded)
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return a2b_base64(bare + "=" * (-len(bare) % 4))


def _base32(coded: str) -> Iterator[bytes]:
    """Its bytes in both alphabets of base32 (RFC 4648 §6, §7), where it has no other letters."""
    bare = _OTHER.sub("", coded).upper()
    whole = bare + "=" * (-len(bare) % 8)
    for decode in (b32decode, b32hexdecode):
        try:
            yield decode(whole)
        except Error:
            continue


def _base85(lines: str) -> Iterator[bytes]:
    """Its bytes as Ascii85 and as Git's base85."""
    bare = "".join(_QUOTE.sub("", line, count=1).strip() for line in lines.splitlines())
    if len(bare) < SHORTEST:
        return
    for decode, coded in (
        (a85decode, bare.removeprefix("<~").translate(_ADOBE).removesuffix(">")),
        (b85decode, bare),
    ):
        try:
            yield decode(coded)
        except ValueError:
            continue


def _numbers(row: str) -> Iterator[bytes]:
    """Its letters by their numbers, in each base that all of them fit."""
    digits = _NUMBER.findall(row)
    for base in _BASES:
        try:
            found = [int(one, base) for one in digits]
        except ValueError:
            continue
        if max(found) < 0x100:
            yield bytes(found)
        if max(found) <= _HIGHEST:
            yield "".join(map(chr, found)).encode("utf-8", "replace")


def _digits(coded: str) -> bytes:
    """Its bytes where it is hexadecimal, else none."""
    bare = _OTHER.sub("", coded).removeprefix("0x").removeprefix("x")
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
        except ValueError:  # a letter that no coding has is one too
            break
    return b"".join(found)
