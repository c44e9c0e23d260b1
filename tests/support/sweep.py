"""Looking for a word in bytes, in every dress it may wear."""

import re
from base64 import b64encode
from pathlib import Path

_SOFT_BREAK = re.compile(rb"=\r?\n")
_BREAK = re.compile(rb"[\r\n]+[ \t]*")


def forms(word: str) -> dict[str, bytes]:
    """The ways *word* may be written, by name; all in lower case but base64."""
    plain = word.encode()
    found = {
        "plain": plain.lower(),
        "hex": plain.hex().encode(),
        "hex of capitals": plain.upper().hex().encode(),
        "UTF-16 (little)": word.lower().encode("utf-16-le"),
        "UTF-16 (big)": word.lower().encode("utf-16-be"),
        "every byte quoted": "".join(f"={byte:02x}" for byte in plain).encode(),
        "every byte escaped": "".join(f"\\x{byte:02x}" for byte in plain).encode(),
        "percent": "".join(f"%{byte:02x}" for byte in plain).encode(),
    }
    return found | {f"base64 at {shift}": _base64(plain, shift) for shift in range(3)}


def _base64(plain: bytes, shift: int) -> bytes:
    """What stays the same in the base64 of any text that holds *plain* at this offset of three bytes."""
    whole = (shift + len(plain)) // 3 * 4
    return b64encode(bytes(shift) + plain)[[0, 2, 3][shift] : whole]


def traces(word: str, content: bytes) -> set[str]:
    """The names of the forms of *word* found in *content*, line breaks of any encoding left aside."""
    views = (content, _SOFT_BREAK.sub(b"", content), _BREAK.sub(b"", content))
    both = [(view, view.lower()) for view in dict.fromkeys(views)]
    return {
        name
        for name, form in forms(word).items()
        for view, lower in both
        if form in (view if name.startswith("base64") else lower)
    }


def sweep(word: str, *folders: Path) -> dict[str, set[str]]:
    """The files below *folders* that hold *word* in any form, or are named after it."""
    found = {}
    for file in (one for folder in folders for one in folder.rglob("*") if one.is_file()):
        if marks := traces(word, file.read_bytes() + b"\n" + str(file).encode()):
            found[str(file)] = marks
    return found
