"""What a mail tells beside its author's own words: its subject, what it forwards, and notes in its files.

Somebody pastes these as easily as the words themselves. Patches, logs and programs are no notes: people work
on them among themselves first, and then send them to the reporter.
"""

import re
from collections.abc import Iterator

from maild.core.mail import invitation
from maild.core.mail.address import sender
from maild.core.mail.attached import MAX_DEPTH, is_message
from maild.core.mail.body import readable
from maild.core.mail.inline import begins_with_forward, is_forward, original_author
from maild.core.mail.mime import Part, parse
from maild.core.values.phrases import Phrases
from maild.core.writing.gate import reading

TEXTS = (".txt", ".md", ".rst", ".html", ".htm", ".rtf", ".mbox")
OFFICE = (".docx", ".odt", ".pptx", ".odp", ".xlsx", ".ods", ".pdf")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_PACKED = re.compile(r"\.(?:gz|bz2|xz)$")
MOST_NOTES, MOST_BYTES = 10, 1_000_000
"""Files of one mail that are read, and bytes of each: what is longer is hardly a note."""


def beside(root: Part, phrases: Phrases, reader: str) -> Iterator[str]:
    """The texts; not what *reader* wrote, whose words somebody forwards to the team."""
    yield root.headers.text("Subject")
    text = readable(root)
    forwards = is_forward(root.headers.text("Subject"), phrases) or begins_with_forward(text, phrases)
    if forwards and original_author(text, phrases) != reader:
        yield text
    if reader not in text.lower():  # what it quotes may be theirs
        yield _quotes(text)
    yield from (one for part in root.leaves for one in _shown(part) if reader not in part.text.lower())
    files = [one for one in root.leaves if _is_note(one)]
    for one in files[:MOST_NOTES]:
        yield from _read(one, reader)


def handed_on(root: Part, reader: str, depth: int = 0) -> Iterator[bytes]:
    """The messages of *reader* that are attached to *root*, or to what is attached to it."""
    for one in root.leaves if depth < MAX_DEPTH else ():
        if is_message(one):
            inner = parse(one.content).root
            yield from [inner.raw] if _wrote(reader, inner) else handed_on(inner, reader, depth + 1)


def _quotes(text: str) -> str:
    """What *text* quotes; not a draft for the reporter, which its template marks with bars."""
    bare = (line.lstrip("> \t") for line in text.splitlines() if line.lstrip().startswith(">"))
    return "\n".join(line for line in bare if not line.startswith("|"))


def _shown(part: Part) -> Iterator[str]:
    """What mail programs may show in place of the text or beside it: a page, its pictures' words, a card."""
    if part.content_type == "text/html":
        yield readable(part)
        yield "\n".join(one[1] or one[2] or "" for one in _ALT.finditer(part.text))
    elif part.content_type in ("text/vcard", "text/x-vcard"):
        yield part.text


def _is_note(part: Part) -> bool:
    name = _PACKED.sub("", part.filename.lower())
    bare = bool(name) and "." not in name and part.content_type == "text/plain"
    calendar = part.content_type == "text/calendar"
    note = is_message(part) or calendar or bare or name.endswith((*TEXTS, *OFFICE))
    return note and len(part.source) <= MOST_BYTES


def _wrote(reader: str, message: Part) -> bool:
    author = sender(message.headers)
    return author is not None and author.address == reader


def _read(part: Part, reader: str) -> Iterator[str]:
    if is_message(part):
        inner = parse(part.content).root
        if not _wrote(reader, inner):
            yield from (inner.headers.text("Subject"), readable(inner))
    elif part.content_type == "text/calendar":
        yield invitation.written(part)
    else:
        yield from reading.of_file(part.filename, part.content)
