"""The head of a forwarded message in a language that nobody has listed: known by what it repeats.

Whatever its labels are, a head is a few lines of a label and a value, in one of which stands an address; its
subject is that of the message which forwards it, and authors stand above recipients.
"""
# ruff: noqa: RUF001 - colons of many programs

import re

from maild.core.values.address import ADDRESS, normal

LINES = 3
"""Lines that a head has at least."""
MOST = 10
_CELLS = re.compile(r"\|\s?([^|]{1,40}?)\s?\|\s?([^|]{1,900}?)\s?\|")
"""NetEase puts the head into a table."""
_LABELLED = re.compile(r"\*?([^\W\d_][^\n:：<>\"@]{0,24}?)\*?[ \xa0]?[:：]\*?\s{0,8}(\S.{0,900})")
_PREFIX = re.compile(r"[^:：]{1,14}[:：]\s{0,3}(\S.{3,900})", re.DOTALL)


def author(lines: list[str]) -> str:
    """The first address in the first head that *lines* hold; empty where there is none."""
    for at in range(len(lines)):
        if head := _head(lines[at : at + MOST]):
            found = next((one for value in head if (one := ADDRESS.search(value))), None)
            if found:
                return normal(found[0])
    return ""


def below(lines: list[str]) -> str:
    """The first address in the *lines* below a title, up to a blank one behind the first."""
    head = lines[:MOST]
    begun = next((at for at, line in enumerate(head) if line.strip()), len(head))
    end = next((at for at in range(begun, len(head)) if not head[at].strip()), len(head))
    found = next((one for line in head[begun:end] if (one := ADDRESS.search(line))), None)
    return normal(found[0]) if found else ""


def repeats(text: str, subject: str) -> bool:
    """Whether *text* begins with a head, perhaps below two other lines, that repeats the *subject*."""
    lines = text.splitlines()[: LINES + MOST]
    own = _PREFIX.fullmatch(subject.strip())
    rest = " ".join(own[1].split()) if own else ""
    heads = (_head(lines[at:]) for at in range(min(len(lines), LINES)))
    return bool(rest) and any(_tells(head, rest) for head in heads)


def _tells(head: list[str], subject: str) -> bool:
    return any(ADDRESS.search(value) for value in head) and any(
        " ".join(value.split()) == subject for value in head
    )


def _head(lines: list[str]) -> list[str]:
    """The values of the head that begins *lines*; none where fewer lines follow each other than one has."""
    values: list[str] = []
    for line in lines[:MOST]:
        found = _CELLS.fullmatch(line.strip()) or _LABELLED.fullmatch(line.strip())
        if found is None:
            break
        values.append(found[2])
    return values if len(values) >= LINES else []
