"""What the team's copy of a report says beside its head: what it lacks, whether it is several, what is alike.

Nothing here judges a report. A wrong remark costs its reader a glance, so plain signs in many languages do.
"""

import re
from collections.abc import Iterable

from maild.core.candidates.mail import Alike
from maild.core.mail.facts import Facts
from maild.core.mail.opened import Opened
from maild.core.values.asked import Asked
from maild.core.values.phrases import Phrases

Lines = tuple[tuple[str, str], ...]
Related = tuple[tuple[Alike, tuple[str, ...]], ...]
"""Cases that are like a mail, each with what may be named of what they share."""

MAX_TEXT = 50_000
NAMED = 4
KINDS = {
    "advisory": "the same advisory id",
    "attachment": "the same attachment",
    "crash": "the same crash",
    "subject": "the same subject",
    "name": "the same names of functions",
    "file": "the same names of files",
}

_VERSION = (
    r"\bv?\d{1,5}\.\d{1,5}(?:\.\d{1,5})?\b|\b(?:commit|rev(?:ision)?)\s+[0-9a-f]{6,40}\b|\b[0-9a-f]{40}\b"
    r"|@version@"
)
_NUMBERED = re.compile(r"^[ \t>*-]{0,4}(?:step\s*)?([1-9])\s?[.):]", re.IGNORECASE | re.MULTILINE)
_STEPS = "@steps@"
_PROOF = (
    r"```|^\s{0,8}(?:\$|#|>>>)\s+\S|\bcurl\s+-?\S|<script|<svg|<img\s"
    r"|\bhttps?://[^\s?&]{1,300}[?&][^\s=]{1,100}=|\bGET\s+/|\bPOST\s+/|(?:Address|Memory|Thread)Sanitizer"
    r"|\bbacktrace\b|#0\s+0x|@proof@"
)
_ITEM = r"^[ \t>#*-]{0,6}@issue@\s*+(?:#|no\.?|nr\.?|n°|№)?\s*+([1-9]\d?)\b"
_MANY = r"\b(?:@several@|\d{1,2})\s+(?:\w+\s+){0,2}\w*@issues@"
"""*Three small bugs*, its words in one language."""
_SEVERAL = "@several-issues@"
_CVE = re.compile(r"\bCVE-\d{4}-\d{4,9}\b", re.IGNORECASE)
MANY_ADVISORIES = 3


def lacks(facts: Facts, opened: Opened, asks: Iterable[Asked], phrases: Phrases) -> tuple[str, ...]:
    """The fields among *asks* that a report does not seem to hold, as far as plain signs tell."""
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    lower, known = text.lower(), _known(text, opened, phrases)
    return tuple(
        one.field
        for one in asks
        if (one.marks or one.field in known)
        and not known.get(one.field)
        and not any(mark.lower() in lower for mark in one.marks)
    )


def _known(text: str, opened: Opened, phrases: Phrases) -> dict[str, bool]:
    """Whether each of the fields is there that maild knows the signs of."""
    attached = any(part.disposition == "attachment" for part in opened.tree.root.leaves)
    numbered = len({match[1] for match in _NUMBERED.finditer(text)}) > 1
    return {
        "version": bool(phrases.pattern(_VERSION, re.IGNORECASE).search(text)),
        "steps": numbered or bool(phrases.pattern(_STEPS, re.IGNORECASE).search(text)),
        "proof": attached or bool(phrases.pattern(_PROOF, re.IGNORECASE | re.MULTILINE).search(text)),
    }


def bundled(facts: Facts, phrases: Phrases) -> bool:
    """Whether a mail seems to hold several issues: it says so, numbers them, or names many advisories."""
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    items = phrases.pattern(_ITEM, re.IGNORECASE | re.MULTILINE)
    numbered = {match[1] for match in items.finditer(text)}
    advisories = {match[0].upper() for match in _CVE.finditer(text)}
    return _several(facts.subject, phrases) or len(numbered) > 1 or len(advisories) >= MANY_ADVISORIES


def _several(subject: str, phrases: Phrases) -> bool:
    """Whether a subject speaks of several issues."""
    if phrases.apart(_MANY, re.IGNORECASE).search(subject):
        return True
    return bool(phrases.pattern(_SEVERAL, re.IGNORECASE).search(subject))


def remarks(
    facts: Facts,
    opened: Opened,
    related: Related,
    phrases: Phrases,
    opens: bool,
    asks: Iterable[Asked] = (),
) -> Lines:
    """Labels and values below the head; *opens*: this mail opened the case. None without readable text."""
    missing = lacks(facts, opened, asks, phrases) if opens and facts.text.strip() else ()
    rows = (
        ("Related", "possibly " + "; ".join(_alike(*one) for one in related)),
        ("Read", "; ".join(facts.cut)),
        ("Holds", "perhaps several issues" if bundled(facts, phrases) else ""),
        ("Possibly missing", f"{', '.join(missing)} (!ask {' '.join(missing)})" if missing else ""),
    )
    return tuple((label, value) for label, value in rows if value and value != "possibly ")


def _alike(one: Alike, named: tuple[str, ...]) -> str:
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    names = f": {', '.join(named[:NAMED])}{more}" if named else ""
    return f"{one.case_id} ({', '.join(KINDS[kind] for kind in one.kinds)}{names})"
