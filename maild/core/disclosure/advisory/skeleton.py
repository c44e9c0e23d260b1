"""The file of an advisory to begin with: what was recorded about a case, and the keys that people fill in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from maild.core.facts.record import WAIVED, Disclosure
from maild.core.facts.table import AFFECTS, BRANCH, CREDIT, CVE, CVSS, SEVERITY
from maild.core.mail.text import harmless

MOST_SAID = 2000
"""Characters of what was recorded in words that a comment holds: on one line, without control characters."""
SEALED = "(sealed"
"""What stands for people's words about an encrypted case begins so; only its message has them (ruling 24)."""


def skeleton(case_id: str, record: Disclosure, now: datetime) -> str:
    """The file in TOML; of an encrypted case it has dates and choices, and none of people's words.

    ``published`` is the end of the embargo, or *now* (aware UTC) where there is none.
    """
    at = (record.embargo or now).astimezone(UTC).replace(microsecond=0)
    lines = [
        f"# The advisory of {case_id}. Replace what is in capitals; `maild help disclosure` has an example.",
        f"id = {_text(case_id)}",
        'title = "TITLE"',
        'summary = "WHAT AN ATTACKER CAN DO, AND WHERE"',
        f"cve = {_text(_id(record.value(CVE)))}",
        f"severity = {_text(_known(record.value(SEVERITY)))}",
        f"vector = {_text(_known(record.value(CVSS)))}",
        'workaround = ""',
        'upgrade = "UPGRADE TO VERSION"',
        f"published = {at:%Y-%m-%dT%H:%M:%SZ}",
        "references = []",
        "",
        *_affected(record),
        *_credits(record),
    ]
    return "\n".join(lines) + "\n"


def _affected(record: Disclosure) -> Iterator[str]:
    """One table for each branch with a fix, or one to fill in; what was recorded in words stands above."""
    if said := _known(record.value(AFFECTS)):
        yield f"# recorded: affects {harmless(said, MOST_SAID)}"
    fixed = [branch for branch, value in record.items(BRANCH).items() if not value.startswith(WAIVED)]
    for branch in fixed or [""]:
        if branch:
            yield f"# the branch {harmless(branch, MOST_SAID)}"
        yield from ("[[affected]]", 'package = "PACKAGE"', 'introduced = "0"', 'fixed = ""', "")


def _credits(record: Disclosure) -> Iterator[str]:
    names = [record.value(CREDIT), *record.items(CREDIT).values()]
    for name in dict.fromkeys(filter(None, map(_known, names))):
        yield from ("[[credit]]", f"name = {_text(name)}", 'role = "reporter"', "")


def _known(value: str) -> str:
    return "" if value.startswith(SEALED) else value


def _id(value: str) -> str:
    """The CVE id, and not what stands for one that was requested or is not needed."""
    return value if value.startswith("CVE-") else ""


def _text(value: str) -> str:
    """A string of TOML: JSON's escapes are among its own (TOML 1.0, String)."""
    return json.dumps(value, ensure_ascii=True)
