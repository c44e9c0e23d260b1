"""A page of the handbook as HTML: made from its Markdown, no script, and nothing fetched."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from maild.config.environment import environment
from maild.config.share import shipped
from maild.config.style import allowed, style

Topics = Sequence[tuple[str, str]]
"""The pages there are, by name, with what each covers."""


def html(name: str, text: str, topics: Topics) -> str:
    """The page *name* with the Markdown *text*; ``maild help TOPIC`` in it is a link to that page."""
    known = frozenset(topic for topic, _ in topics)

    def code(_: RendererHTML, tokens: Sequence[Token], at: int, *_others: Any) -> str:
        said = tokens[at].content
        about = re.fullmatch(r"maild help ([a-z-]+)", " ".join(said.split()))
        shown = f"<code>{escape(said)}</code>"
        return f'<a href="{about[1]}.html">{shown}</a>' if about and about[1] in known else shown

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("code_inline", code)
    title = text.partition("\n")[0].lstrip("# ")
    facts = {"name": name, "title": title, "topics": topics, "csp": allowed(), "style": style()}
    body = Markup(reader.render(text))  # noqa: S704 - our own page, its HTML escaped
    page = environment([shipped("config")], autoescape=True).get_template("handbook.html")
    return page.render(body=body, **facts) + "\n"


def contents(topics: Topics) -> str:
    """The first page, in Markdown: what each page covers."""
    rows = "\n".join(f"- `maild help {name}`: {about}" for name, about in topics)
    return f"# The handbook of maild\n\nmaild keeps the promises of a security policy, by email.\n\n{rows}\n"
