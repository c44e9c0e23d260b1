"""What stands right above the block of a copy and says who wrote it, in any mail program's way.

The block is certainly quoted, so that a program's way to say so need not be known by its words: it names an
address or a time, in a line that ends in a colon or dashes, or line by line behind labels.
"""

# ruff: noqa: RUF001 - dashes and colons of many programs

import re

MAX_LINE = 300
_WHEN = re.compile(
    r"\S@\S|\b\d{1,2}[:.]\d{2}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}年"
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?:\s?[AP]M)?$", re.IGNORECASE)
_ENDS = (":", "：", "---", ">>>", "__")
_LABEL = re.compile(r"[* ]{0,4}[^\W\d_][\w .-]{0,24}\*?\s?[:：]\*?\s?\S")
_RULE = re.compile(r"[-‐‑–—=_]{6,}+|[-‐‑–—=_]{3,}+[^-‐‑–—=_]{1,60}+[-‐‑–—=_]{3,}+")
_ADDRESS = re.compile(r"\S@\S")


def lines_above(lines: list[str]) -> int:
    """How many of *lines*, at their end, say who wrote the block below them."""
    shown = [line.replace("\xa0", " ").lstrip("> ").rstrip()[:MAX_LINE] for line in lines]
    count = _head(shown) or _sentence(shown)
    return ruled(shown, count) if count else int(_is_rule(shown))


def ruled(lines: list[str], count: int) -> int:
    """*count*, and the line that a program draws above the last *count* of *lines*."""
    above = lines[-count - 1].strip("> ")[:MAX_LINE] if 0 < count < len(lines) else ""
    return count + 1 if _RULE.fullmatch(above) else count


def ends(line: str) -> bool:
    """Whether *line* ends as programs end one that says who wrote a quote."""
    return line.replace("\xa0", " ").rstrip().endswith(_ENDS) or bool(_LABEL.match(line))


def names_address(lines: list[str]) -> bool:
    """Whether an address stands in *lines*: programs put one there, people hardly do."""
    return any(_ADDRESS.search(line) for line in lines)


def _head(shown: list[str]) -> int:
    """The lines behind labels: two at least, and an address or a time in one of them."""
    count = 0
    while count < len(shown) and count < 8 and _LABEL.match(shown[-count - 1]):
        count += 1
    named = count > 1 and any(_WHEN.search(line) for line in shown[-count:])
    return count if named else 0


def _sentence(shown: list[str]) -> int:
    """One line that ends as such lines do, or two of which the second is a word of saying."""
    if not shown:
        return 0
    if not shown[-1].endswith(_ENDS):  # Nextcloud: "Rita" rita@reporter.example, 2 March 2026 10:30
        return int(bool(_ADDRESS.search(shown[-1]) and _CLOCK.search(shown[-1])))
    if _WHEN.search(shown[-1]):
        return 1
    return 2 if len(shown[-1].split()) <= 3 and names_address(shown[-2:-1]) else 0


def _is_rule(shown: list[str]) -> bool:
    return bool(shown) and bool(_RULE.fullmatch(shown[-1]))
