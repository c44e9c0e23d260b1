"""The text of a mail, and how much of it the author wrote himself."""

import re

from maild.core.mail.armor import html_text
from maild.core.mail.mime import Part

MAX_TEXT = 200_000

_QUOTE_START = re.compile(
    r"-{2,}\s*(original message|forwarded message|ursprüngliche nachricht).*", re.IGNORECASE
)
_ATTRIBUTION = re.compile(r".{0,200}\b(wrote|schrieb|a écrit|escribió|scrisse|schreef)\b.{0,40}:\s*")


def readable(root: Part) -> str:
    """The text a person would read: the plain parts, else the HTML parts as text; attachments left out."""
    shown = [part for part in root.leaves if part.disposition != "attachment"]
    for kind, convert in (("text/plain", str), ("text/html", html_text)):
        texts = [convert(part.text[:MAX_TEXT]) for part in shown if part.content_type == kind]
        if any(text.strip() for text in texts):
            return "\n".join(texts)[:MAX_TEXT]
    return ""


def own_words(text: str) -> int:
    """How many words the author wrote himself: without quotes, attribution lines and signature."""
    count = 0
    for line in text.splitlines():
        if line.rstrip() in ("--", "-- ") or _QUOTE_START.match(line.strip()):
            break
        if not line.lstrip().startswith((">", "|")) and not _ATTRIBUTION.fullmatch(line):
            count += len(line.split())
    return count
