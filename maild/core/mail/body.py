"""The text of a mail, and how much of it the author wrote himself."""

import re
from html import unescape

from maild.core.mail.mime import Part

MAX_TEXT = 200_000

_TAG = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->|<[^<>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_QUOTE_START = re.compile(
    r"-{2,}\s*(original message|forwarded message|ursprüngliche nachricht).*", re.IGNORECASE
)
_ATTRIBUTION = re.compile(r".{0,200}\b(wrote|schrieb|a écrit|escribió|scrisse|schreef)\b.{0,40}:\s*")


def readable(root: Part) -> str:
    """The text a person would read: the plain parts, else the HTML parts as text; attachments left out."""
    shown = [part for part in root.leaves if part.disposition != "attachment"]
    for kind, convert in (("text/plain", str), ("text/html", _html_text)):
        texts = [convert(part.text[:MAX_TEXT]) for part in shown if part.content_type == kind]
        if any(text.strip() for text in texts):
            return "\n".join(texts)[:MAX_TEXT]
    return ""


def own_words(root: Part) -> int:
    """How many words the author wrote himself: without quotes, attribution lines and signature."""
    count = 0
    for line in readable(root).splitlines():
        if line.rstrip() in ("--", "-- ") or _QUOTE_START.match(line.strip()):
            break
        if not line.lstrip().startswith((">", "|")) and not _ATTRIBUTION.fullmatch(line):
            count += len(line.split())
    return count


def _html_text(markup: str) -> str:
    return unescape(_TAG.sub(" ", _BREAK.sub("\n", markup)))
