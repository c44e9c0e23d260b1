"""What a person wrote himself in a reply: quotes, attribution lines and signature taken off.

One pass over the lines, a few of them looked at together: quotes hold what a stranger wrote.
"""
# ruff: noqa: RUF001 - dashes and colons of many programs

import re

from maild.core.mail.attribution import announces, begins_head, names_device
from maild.core.mail.copy import without_block
from maild.core.mail.labels import framed, headed, in_one_line, label, titled
from maild.core.mail.marks import mark, names
from maild.core.values.phrases import Phrases

MAX_ATTRIBUTION = 300
"""Characters of an attribution; programs that wrap it use up to three lines."""
HEAD = 6
"""Lines of the head of a mail that is quoted unmarked: who, when, to whom, copies, subject."""

_TITLED = re.compile(r"\s*[-‐‑—_=]{3,}+\s?[^-‐‑—_=]{3,60}+[-‐‑—_=]{3,}+\s*")
"""A line between dashes: above a head it is the title of another mail, in whatever language."""
_UNSEEN = dict.fromkeys((8206, 8207, *range(8234, 8239), *range(8294, 8298)))
"""Marks of the direction of writing, which Hebrew and Arabic programs put around names and colons."""
_SAYS_WHEN = r"\S@\S|\b\d{1,2}:\d{2}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|@said-verb@"
"""What tells an attribution of somebody's own making, right above a quote, from his own words."""
_RULE = re.compile(r"\s*[_-]{5,}\s*")


def introduction(lines: list[str], phrases: Phrases, block: bool = False) -> int:
    """How many of *lines*, at their end, say who wrote the quote that comes next: the fewest that do.

    *block*: it begins with the block of a copy, so that somebody's own way to say it is known too.
    """
    lines = [line.replace("\xa0", " ").lstrip("> ") for line in lines]
    for size in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[-size:])
        if size <= len(lines) and len(joined) <= MAX_ATTRIBUTION and announces(joined, phrases):
            return _with_rule(lines, size, phrases)
    if lines and in_one_line(lines[-1], phrases):
        return 1
    head = next((n for n in range(1, len(lines) + 1) if label(lines[-n]) in phrases.of["head-author"]), 0)
    below = [one.strip()[:MAX_ATTRIBUTION] for one in lines[-head:]] if head else []
    if len(below) > 1 and begins_head(below[0], below[1], phrases):
        return _with_rule(lines, _whole(lines, head, phrases), phrases)
    if head and head < len(lines) and titled(lines[-head - 1], phrases):
        return head + 1
    said = lines[-1].strip() if lines else ""
    ends = said.endswith((":", "：")) and len(said) <= MAX_ATTRIBUTION
    return 1 if ends and block and _says_when(said, phrases) else 0


def _whole(lines: list[str], size: int, phrases: Phrases) -> int:
    """*size*, and the lines of the same head above its author: GMX puts the time there."""
    while size < len(lines) and size < HEAD and begins_head(lines[-size - 1], lines[-size], phrases):
        size += 1
    return size


def _with_rule(lines: list[str], size: int, phrases: Phrases) -> int:
    """*size*, and the line that a program draws above it."""
    above = lines[-size - 1] if size < len(lines) else ""
    return size + 1 if _RULE.fullmatch(above) or titled(above, phrases) else size


def own_text(text: str, phrases: Phrases) -> str:
    """The author's own words in *text*, without quotes, header block and signature.

    Between quotes marked with ``>`` every own line stays. From a quote that is announced but not marked on,
    nothing can be told apart, and the text ends.
    """
    lines = without_block(text).replace("\xa0", " ").splitlines()
    kept: list[str] = []
    index, other = 0, ""
    while index < len(lines) and not _ends(lines, index, phrases):
        span = _attribution(lines, index, phrases)
        if span and not _quoted_next(lines, index + span):
            other = _other_next(lines, index + span)
            if not other:
                break
        if not span and not _quoted(lines[index], other):
            kept.append(lines[index].rstrip())
        index += span or 1
    return _tidy(kept, phrases)


def _quoted(line: str, other: str = "") -> bool:
    """Whether *line* is marked as quoted, perhaps by the *other* mark that its author's program uses."""
    return line.lstrip().startswith(">") or (other != "" and mark(line) == other)


def _ends(lines: list[str], index: int, phrases: Phrases) -> bool:
    """Whether the own words end here: a signature (RFC 3676 §4.3), or another mail below its own head."""
    line = lines[index]
    if line.rstrip() == "--" or framed(line) or titled(line, phrases) or in_one_line(line, phrases):
        return True
    near = lines[index + 1 : index + HEAD]
    if _TITLED.fullmatch(line) and headed(near, phrases):
        return True
    said = label(line)
    first = said in phrases.of["head-other"] or said in phrases.of["head-subject"]
    if first and near and label(near[0]) in phrases.of["head-author"]:
        return "@" in near[0] and begins_head(line[:MAX_ATTRIBUTION], near[0][:MAX_ATTRIBUTION], phrases)
    if not said or said not in phrases.of["head-author"]:
        return False
    below = [one[:MAX_ATTRIBUTION] for one in near]
    if "@" in line and any(label(one) in phrases.of["head-subject"] for one in below):
        return True
    return bool(below) and begins_head(line[:MAX_ATTRIBUTION], below[0], phrases)


def _attribution(lines: list[str], index: int, phrases: Phrases) -> int:
    """How many lines from *index* on say who wrote the quote below; 0 when they do not."""
    near, joined = lines[index : index + 3], ""
    if not any(":" in one or "：" in one or "---" in one for one in near):
        return 0  # as it is with nearly every line
    for end, line in enumerate(near, index + 1):
        words = line.translate(_UNSEEN).strip()
        joined = f"{joined} {words}" if joined else words
        if not words or len(joined) > MAX_ATTRIBUTION:
            return 0
        joined = _zoho(joined)
        if joined.endswith((":", "：")) and _announces(joined, lines[end : end + 2], phrases):
            return 0 if _begins_below(lines[index:end], phrases) else end - index
    return 0


def _begins_below(lines: list[str], phrases: Phrases) -> bool:
    """Whether the last of *lines* are an attribution alone: what stands above them is the author's."""
    ends = (" ".join(line.strip() for line in lines[start:]) for start in range(1, len(lines)))
    return any(announces(one, phrases) for one in ends)


def _zoho(line: str) -> str:
    """*line* with a colon at its end, where Zoho has dashes around it."""
    return f"{line.strip('- ')}:" if line.startswith("----") and line.endswith("---") else line


def _announces(joined: str, below: list[str], phrases: Phrases) -> bool:
    """Whether a line says who wrote what stands *below*: as programs do, or right above a quote."""
    marks = [_quoted(line) or names(mark(line), joined) for line in below]
    marked = any(marks) and (marks[0] or not below[0].strip())
    return announces(joined, phrases) or (marked and _says_when(joined, phrases))


def _says_when(line: str, phrases: Phrases) -> bool:
    return phrases.pattern(_SAYS_WHEN, re.IGNORECASE).search(line) is not None


def _quoted_next(lines: list[str], index: int) -> bool:
    """Whether the next line that is not blank is a quote, or there is none."""
    return _quoted(_next(lines, index))


def _other_next(lines: list[str], index: int) -> str:
    """The mark other than ``>`` that the next line bears which is not blank."""
    return mark(_next(lines, index))


def _next(lines: list[str], index: int) -> str:
    return next((lines[at] for at in range(index, len(lines)) if lines[at].strip()), ">")


def _tidy(kept: list[str], phrases: Phrases) -> str:
    """The lines as a text: no blank ones at its ends, never two in a row, no word of the program's own."""
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1]) or names_device(kept[-1], phrases)):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
