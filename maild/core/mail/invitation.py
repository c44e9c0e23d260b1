"""What a person wrote into an invitation or an answer to one (RFC 5545): its description and comments."""

import re

from maild.core.mail.mime import Part

MAX_LOOKED_AT = 64 * 1024
"""Bytes of a calendar part in which text is looked for."""
ANSWERS = frozenset({"reply", "counter", "declinecounter", "refresh"})
"""What a calendar program sends back (RFC 5546 §1.4); it repeats the description of what it answers."""
INVITES = frozenset({"request", "publish", "add"})
"""What a person sends, who wants others to come."""
_FOLD = re.compile(r"\r?\n[ \t]")
_FIELD = re.compile(r"^(description|comment)(?:;[^:\r\n]{0,500})?:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_METHOD = re.compile(r"^method:([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)
_ANSWERED = re.compile(
    r'^attendee;[^\r\n]{0,2000}?x-response-comment="([^"\r\n]{1,2000})"', re.IGNORECASE | re.MULTILINE
)
"""Where Google Calendar puts what somebody wrote beside their answer."""
_ESCAPED = re.compile(r"\\([nN,;\\])")


def methods(root: Part) -> set[str]:
    """What a mail asks its reader to do with the calendars that are its body; none for a file."""
    candidates = (root, *root.children)
    if root.content_type == "multipart/mixed":
        bodies = [part for part in root.children if part.content_type == "multipart/alternative"]
        candidates = tuple(child for part in bodies[:1] for child in part.children)
    answers = set(map(_shown_method, root.children)) & ANSWERS  # nobody attaches these
    return (answers | set(map(_shown_method, candidates))) - {""}


def _shown_method(part: Part) -> str:
    """The method in the type of a calendar part (RFC 6047 §2.4); empty for a file and for other parts."""
    calendar = part.content_type == "text/calendar" and part.disposition != "attachment"
    return part.parameters.get("method", "").lower() if calendar else ""


def method(part: Part) -> str:
    """What the calendar part asks its reader to do, in lower case; empty where nothing says so."""
    named = part.parameters.get("method", "").strip().lower()
    if named:
        return named
    found = _METHOD.search(part.beginning(MAX_LOOKED_AT))
    return found[1].lower() if found else ""


def is_answer(root: Part) -> bool:
    """Whether a mail is an answer to an invitation, and nothing else of a calendar (RFC 5546 §3.2.3)."""
    found = methods(root)
    return bool(found) and found <= ANSWERS


def answered(root: Part, text: str, names: tuple[str, ...]) -> str:
    """What a person wrote into an answer whose body says *text*; *names* are theirs, and their address.

    A text that begins with a line that names them is their program's (*Rita Reporter has accepted …*), unless
    that line ends in a colon, below which a note stands.
    """
    first = next((line.strip().lower() for line in text.splitlines() if line.strip()), "")
    by_program = not first.endswith(":") and any(len(one) > 1 and one.lower() in first for one in names)
    parts = [part for part in root.walk() if part.content_type == "text/calendar"]
    return "\n\n".join(one for one in (*map(written, parts), "" if by_program else text) if one.strip())


def written(part: Part) -> str:
    """The description and comments in a calendar part, each once; of an answer only the comments."""
    text = _FOLD.sub("", part.beginning(MAX_LOOKED_AT))
    wanted = {"comment"} if method(part) in ANSWERS else {"description", "comment"}
    found = [value for name, value in _FIELD.findall(text) if name.lower() in wanted]
    found += _ANSWERED.findall(text) if method(part) in ANSWERS else []
    plain = (_ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], value).strip() for value in found)
    return "\n\n".join(dict.fromkeys(one for one in plain if one))
