"""The pages of the handbook as they come with maild, in Markdown and as the plain text of a letter."""

import re
import textwrap
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "handbook"
WIDTH = 74
_BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)


def page(topic: str) -> str:
    """The page about *topic*, in Markdown."""
    return (FOLDER / f"{topic}.md").read_text("utf-8")


def plain(topic: str) -> str:
    """The page for a letter: paragraphs on one line each, items folded, no marks of Markdown."""
    text = _BLOCK.sub(lambda found: textwrap.indent(found[1], "    "), page(topic))
    parts = [_part(part) for part in re.split(r"\n{2,}", text.partition("\n")[2].strip("\n"))]
    return "\n\n".join(parts)


def _part(part: str) -> str:
    if part.startswith(" "):
        return part.rstrip("\n")
    if part.startswith("#"):
        return part.lstrip("# ").upper()
    part = part.replace("**", "")
    if not part.startswith("- "):
        return " ".join(part.split())
    items = re.split(r"\n(?=- )", part)
    return "\n".join(_item(" ".join(one[2:].split())) for one in items)


def _item(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
