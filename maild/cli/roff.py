"""Text for man (roff(7), man(7)): safe whatever it holds, and the Markdown of the handbook."""

import re
from collections.abc import Iterator

_BLOCK = re.compile(r"(?:^|\n)```\w*\n(.*?)\n```(?:\n|$)", re.DOTALL)


def escaped(text: str) -> str:
    """*text* for roff, in ASCII: no escapes of its own, no line taken for a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    text = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in text)
    return rf"\&{text}" if text.startswith((".", "'")) else text


def written(page: str) -> Iterator[str]:
    """The lines of roff for a page of Markdown: its title a section, its headings below it."""
    for number, piece in enumerate(_BLOCK.split(page)):
        if number % 2:
            yield from (".PP", ".nf", *(f"    {escaped(line)}" for line in piece.splitlines()), ".fi")
        else:
            for part in re.split(r"\n{2,}", piece.strip("\n")):
                yield from _part(part)


def _part(part: str) -> Iterator[str]:
    """A heading, a list, a table or a paragraph."""
    if part.startswith("## "):
        yield f".SS {_plain(part)}"
    elif part.startswith("# "):
        yield f".SH {_plain(part).upper()}"
    elif part.startswith("- "):
        for item in re.split(r"\n(?=- )", part[2:]):
            yield from (r".IP \(bu 2", _plain(item.removeprefix("- ")))
    elif part.startswith("|"):
        for row in part.splitlines()[2:]:
            name, *rest = (cell.strip() for cell in row.strip("| ").split(" | "))
            yield from (".TP", rf"\fB{_plain(name)}\fR", _plain("; ".join(rest)) or r"\&")
    elif part:
        yield from (".PP", _plain(part))


def _plain(text: str) -> str:
    """One line, without the marks of Markdown."""
    return escaped(" ".join(re.sub(r"^#+ |\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", text).split()))
