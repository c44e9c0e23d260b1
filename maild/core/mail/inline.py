"""A message that is forwarded within the text of another, as mail programs do (no standard says how)."""
# ruff: noqa: RUF001 - dashes and colons of many programs

import re

from maild.core.mail import anyhead
from maild.core.mail.attribution import announces
from maild.core.mail.labels import in_one_line, label, titled
from maild.core.values.address import ADDRESS, normal
from maild.core.values.phrases import Phrases, lowered

HEAD = 10
"""Lines that the head of a forwarded message may have."""
FIRST = 3
"""Lines among which that title is looked for: some people write a word above it."""
_TAG = (
    r"\[[^\[\]:]{1,40}\]|\{[^{}:]{1,40}\}|\([^():]{1,40}\)|\*{1,3}[^*:]{1,40}\*{1,3}|external\b|encrypted\b"
)
_TAGS = re.compile(rf"(?:(?:{_TAG})[\s:]{{0,3}}){{1,4}}")
"""What lists and gateways put before a subject: *[EXTERNAL]*."""
_COUNT = re.compile(r"\s?\[\d{1,3}\]$")
"""How often, as some programs put it: *Fw[2]*."""
_AROUND = re.compile(r"\[(.{0,900})\]|(.{0,900})\(fwd\)", re.DOTALL)
"""Pine and Squirrelmail: *[Fwd: x]*, *x (fwd)*."""
MAX_LINE = 1000


def is_forward(subject: str, phrases: Phrases) -> bool:
    """Whether a program put before *subject*, or around it, that the message is forwarded."""
    bare = lowered(subject.strip()).replace("：", ":")
    around = _AROUND.fullmatch(bare)
    author, colon, _ = bare.removeprefix("[").partition(": ")  # mutt: "[rita@reporter.example: Overflow]"
    of_mutt = around and colon and ADDRESS.fullmatch(author)
    of_pine = around and around[1] is None
    return bool(of_mutt or of_pine) or _prefixed((around and around[1]) or bare, phrases)


def _prefixed(bare: str, phrases: Phrases) -> bool:
    tags = _TAGS.match(bare)
    prefix, colon, _ = (bare[tags.end() :] if tags else bare)[:30].partition(":")
    return bool(colon) and _COUNT.sub("", prefix.strip()) in phrases.of["forward-prefix"]


def begins_with_forward(text: str, phrases: Phrases, subject: str = "") -> bool:
    """Whether *text* is little but a message that a program forwarded: its first lines say so.

    In a language that is not known, a head does that repeats the *subject*.
    """
    shown = (line.strip()[:MAX_LINE] for line in text.splitlines())
    lines = [line for line in shown if line.strip("_-—\u2063 ")][: FIRST + HEAD]
    labels = [label(line) for line in lines]
    if any(titled(line, phrases) for line in lines[:FIRST]):
        return True
    author, about = phrases.of["head-author"], phrases.of["head-subject"]
    if labels and labels[0] in author and any(one in about for one in labels[1:HEAD]):
        return True
    return anyhead.repeats("\n".join(lines), subject)


def original_author(text: str, phrases: Phrases) -> str:
    """The address in the head of the first message that *text* forwards; empty when there is no such head."""
    lines = [line.replace("\xa0", " ").strip("> *")[:MAX_LINE] for line in text.splitlines()]
    labels = [label(line) for line in lines]
    author, subject = phrases.of["head-author"], phrases.of["head-subject"]
    for at, one in enumerate(labels):
        near = labels[max(0, at - 3) : at + HEAD]
        if one in author and any(other in subject for other in near):
            return _address(lines[at]) or _address(_below(lines, labels, at))
        if titled(lines[at], phrases) and one not in author:
            below, known = lines[at + 1 : at + HEAD], labels[at + 1 : at + HEAD]
            if not any(other in author for other in known):
                return _said_below(below, phrases) or anyhead.below(below)
            if not any(other in subject for other in known):
                return _address(below[next(n for n, other in enumerate(known) if other in author)])
        head = in_one_line(lines[at], phrases)
        if found := _address(head[: head.find(">") + 1] or head):
            return found
    return _said_below(lines, phrases) or anyhead.author(lines)


def _below(lines: list[str], labels: list[str], at: int) -> str:
    """The line below the one *at*, where it has no label of its own: a long name takes two."""
    return lines[at + 1] if at + 1 < len(lines) and not labels[at + 1] else ""


def _said_below(lines: list[str], phrases: Phrases) -> str:
    """The author whom a sentence names (*02.03.2026, 10:30, "Rita" <…>:*), in one line or two."""
    for at, line in enumerate(lines):
        for said in (line, " ".join(lines[at : at + 2])):
            shown = said.strip()
            named = (
                len(shown) <= MAX_LINE and shown.endswith((":", "：")) and len(ADDRESS.findall(shown)) == 1
            )
            if named and (announces(shown, phrases) or any(map(str.isdigit, shown))):
                return _address(shown)
    return ""


def _address(line: str) -> str:
    """The last address in *line*, however it is put into brackets."""
    found = ADDRESS.findall(line.replace("mailto:", " ").replace("[", " ").replace("]", " "))
    return normal(found[-1]) if found else ""
