"""What stands in an HTML source and is neither tag nor text: comments, Outlook's conditions, CDATA."""

import re
from collections.abc import Iterator
from html import escape

_OPENS = re.compile(r"<!--|<!\[CDATA\[|<(style|script|title)\b[^<>]*>", re.IGNORECASE)
_REVEALS = re.compile(r"<!--\[if [^\[\]<>]{1,200}\]>(?:-->|\s{0,100}<!--+>)|<!--+>", re.IGNORECASE)
"""A comment that is over at once: what follows is shown by every program but Outlook, or by every one."""
_CLOSES = {
    "<!--": re.compile(r"--!?>"),
    "<![cdata[": re.compile(r"\]\]>"),
    "style": re.compile(r"</style\b[^<>]*>", re.IGNORECASE),
    "title": re.compile(r"</title\b[^<>]*>", re.IGNORECASE),
    "script": re.compile(r"</script\b[^<>]*>", re.IGNORECASE),
}


def shown(source: str) -> str:
    """*source* without comments, title, styles and scripts, CDATA as the text that it holds; in linear time.

    What never ends hides nothing: no text of a mail is lost to a mark that somebody cut off.
    """
    return "".join(_pieces(source))


def _pieces(source: str) -> Iterator[str]:
    at, open_ended = 0, set[str]()
    while begun := _OPENS.search(source, at):
        yield source[at : begun.start()]
        if over := _REVEALS.match(source, begun.start()):
            at = over.end()
            continue
        kind = (begun[1] or begun[0]).lower()
        closed = None if kind in open_ended else _CLOSES[kind].search(source, begun.end())
        if closed is None:
            open_ended.add(kind)  # so that it is looked for once
            yield begun[0] if kind == "<!--" else " "
            at = begun.end()
            continue
        yield escape(source[begun.end() : closed.start()]) if kind == "<![cdata[" else " " * bool(begun[1])
        at = closed.end()
    yield source[at:]
