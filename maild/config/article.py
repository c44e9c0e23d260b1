"""The advisory as a page of HTML for the blog: every text escaped, and nothing fetched from anywhere."""

import re

from markupsafe import Markup

from maild.config.environment import environment
from maild.config.page import blocks
from maild.config.share import shipped
from maild.config.style import allowed, style
from maild.core.disclosure.advisory import Advisory

_LINES = {"p": Markup("<p>{}</p>"), "li": Markup("<li>{}</li>"), "pre": Markup("<pre>{}</pre>")}


def html(advisory: Advisory) -> str:
    """The page. Texts are paragraphs, lists (``- ``, ``1. ``) and, where all lines are indented, code."""
    templates = environment([shipped("config")], autoescape=True)
    sections = (
        ("Details", advisory.details),
        ("Upgrading", advisory.upgrade),
        ("If you cannot upgrade", advisory.workaround),
    )
    names = ", ".join(name for name in (advisory.id, advisory.cve) if name)
    page = templates.get_template("advisory.html")
    facts = {"advisory": advisory, "names": names, "sections": sections, "csp": allowed(), "style": style()}
    return page.render(text=_text, **facts) + "\n"


def _text(words: str) -> Markup:
    """The paragraphs of *words*."""
    parts = re.split(r"\n(?:[ \t]*\n)+", words.strip("\r\n"))
    return Markup("\n").join(_part(part) for part in parts if part.strip())


def _part(part: str) -> Markup:
    lines = part.splitlines()
    if all(line.startswith(("    ", "\t")) for line in lines):
        return _LINES["pre"].format("\n".join(lines))
    return Markup("\n").join(_block(block.tag, block.lines) for block in blocks(part))


def _block(tag: str, lines: tuple[str, ...]) -> Markup:
    if tag == "p":
        return _LINES["p"].format(lines[0])
    items = Markup("\n").join(_LINES["li"].format(line) for line in lines)
    return Markup("<{0}>\n{1}\n</{0}>").format(tag, items)
