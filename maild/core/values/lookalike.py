"""Addresses that only look like another: what tells them apart, in words.

A few letters of Cyrillic, Greek, Armenian and Cherokee look in most fonts as Latin ones do, as small capitals
do, and some pairs of plain letters look as a third does (Unicode Technical Standard #39).
"""
# ruff: noqa: RUF001 - letters that look alike are the matter

import unicodedata
from collections.abc import Iterable

from maild.core.values.address import normal

TWINS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈаеорсухіјѕԁһкмтвнӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρτυᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢᎪᏴᎬᎻᏦᎷᏢᏚᎢᎳᏃᏀᏞᏟᎠᏙᎡᎫ",
    "ABEKMHOPCTYXSIJaeopcyxijsdhkmtbhlABEZHIKMNOPTYXoavikptuabcdefghijklmnoprstuvwyzABEHKMPSTWZGLCDVRJ",
)
_MORE = str.maketrans("ѵԛԝɡıɩօոսհց01", "vqwgiionuhgol")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
MOST_NAMED = 4


def spelled(address: str) -> str:
    """Which letters of *address* are not plain ones, by their numbers; empty where all are."""
    odd = [letter for letter in dict.fromkeys(address) if not letter.isascii()]
    named = ", ".join(f"{letter} is U+{ord(letter):04X}" for letter in odd[:MOST_NAMED])
    return named + (f" and {len(odd) - MOST_NAMED} more" if len(odd) > MOST_NAMED else "")


def told_apart(address: str) -> str:
    """*address*, and beside it what only looks like a plain letter in it."""
    named = spelled(address) if "@" in address else ""
    return f"{address} ({named})" if named else address


def like(address: str, others: Iterable[str]) -> str:
    """The first of *others* that is another address and looks like *address*; empty when none does."""
    mine, seen = normal(address), _skeleton(address)
    return next((one for one in others if normal(one) != mine and _skeleton(one) == seen), "")


def _skeleton(address: str) -> str:
    """What an eye takes *address* for; equal for two that look alike."""
    apart = unicodedata.normalize("NFKD", address).translate(TWINS).casefold()
    plain = "".join(one for one in apart if not unicodedata.combining(one)).translate(TWINS).translate(_MORE)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain
