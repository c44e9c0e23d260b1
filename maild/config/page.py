"""The templates of the public page: the words by section, laid out as Markdown, HTML or plain text."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, select_autoescape

from maild.config.environment import environment
from maild.config.style import allowed, style
from maild.errors import ConfigError, Problem

FORMATS = {"markdown": "page.md", "html": "page.html", "text": "page.txt"}
SECTIONS = (
    "reporting",
    "expect",
    "silence",
    "steps",
    "disclosure",
    "encryption",
    "scope",
    "testing",
    "updates",
    "rewards",
    "about",
)
"""The sections, in the order of the page."""

_ITEM = re.compile(r"(-|\d+\.) +")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line), or the lines of a list."""

    kind: str
    lines: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The block's HTML element."""
        return {"text": "p", "list": "ul", "steps": "ol"}[self.kind]


@dataclass(frozen=True, slots=True)
class Section:
    """One section: the name of its template, title and blocks."""

    name: str
    title: str
    blocks: tuple[Block, ...]


class Page:
    """The templates of one desk: the project's own folder before the shipped one."""

    def __init__(self, folders: list[Path]) -> None:
        # The words of a section are plain text, and escaped where a page of HTML lays them out.
        escaped = select_autoescape(["html"], default=False, default_for_string=True)
        self._environment = environment(folders, escaped)
        self._environment.filters |= {"md": _markdown, "filled": _filled}

    def render(self, form: str, facts: Mapping[str, Any]) -> str:
        """The page in one of ``FORMATS``. ``ConfigError`` when a template is broken."""
        sections = [section for name in SECTIONS if (section := self._section(name, facts)).blocks]
        look = {"csp": allowed(), "style": style()} if form == "html" else {}
        text = self._text(FORMATS[form], {**facts, **look, "sections": sections})
        return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n") + "\n"

    def _section(self, name: str, facts: Mapping[str, Any]) -> Section:
        title, _, text = self._text(f"sections/{name}.txt", facts).strip().partition("\n")
        return Section(name, title.strip(), tuple(blocks(text)))

    def _text(self, name: str, facts: Mapping[str, Any]) -> str:
        try:
            return self._environment.get_template(name).render(**facts)
        except (TemplateError, TypeError, UnicodeDecodeError) as error:
            raise ConfigError("page", (Problem(f"page/{name}", str(error), "a readable template"),)) from None


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a section's text; items need no empty line between them."""
    blocks: list[Block] = []
    ended = True
    for line in (one.strip() for one in text.splitlines()):
        item = _ITEM.match(line)
        kind = "text" if not item else "list" if item[1] == "-" else "steps"
        rest = line[item.end() :] if item else line
        if not line:
            ended = True
        elif blocks and kind == blocks[-1].kind != "text":
            blocks[-1] = Block(kind, (*blocks[-1].lines, rest))
            ended = False
        elif blocks and kind == "text" and not ended:
            last = blocks[-1]
            blocks[-1] = Block(last.kind, (*last.lines[:-1], f"{last.lines[-1]} {rest}"))
        else:
            blocks.append(Block(kind, (rest,)))
            ended = False
    return blocks


def _markdown(text: str) -> str:
    """*text* with nothing in it that Markdown takes for a tag; addresses in angle brackets stay links."""
    return re.sub(r"<(?!(?:[^\s<>@]+@[^\s<>@]+|https?://[^\s<>]+)>)", r"\\<", text)


def _filled(text: str, mark: str = "") -> str:
    """*text* in lines for a terminal, behind *mark*; addresses and URLs stay whole."""
    return textwrap.fill(
        text,
        76,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_on_hyphens=False,
        break_long_words=False,
    )
