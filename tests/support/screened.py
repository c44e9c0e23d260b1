"""Subjects put on a header and screened, every bypass off."""

from maild.config.words import words
from maild.core.mail.headers import Headers
from maild.core.screening import QUARANTINE, ScreeningPolicy, screen

RULES = ScreeningPolicy(words())
"""The rules as maild ships them, no setting changed."""

PLAIN = {
    "From": "Ann <ann@reporters.example>",
    "To": "security@project.example",
    "Date": "Mon, 2 Mar 2026 09:30:00 +0100",
    "Message-ID": "<1@reporters.example>",
}
SPAMMY = {
    "From": "Ann <ann@reporters.example>",
    "To": "undisclosed-recipients:;",
    "Reply-To": "other@elsewhere.example",
    "Date": "Mon, 2 Mar 2026 09:30:00 -1600",
    "Precedence": "bulk",
    "List-Unsubscribe": "<https://elsewhere.example/u>",
}
"""A header with every mark that rules about structure know."""

LISTED = {**PLAIN, "To": "dev@lists.example", "List-Post": "<mailto:dev@lists.example>", "Precedence": "list"}
"""The header of a post on somebody else's mailing list."""


def held(subjects: str, header: dict[str, str] | None = None) -> list[str]:
    """Those of *subjects*, one a line, that are held on this *header* (a plain one unless given)."""
    headers = Headers(tuple((header or PLAIN).items()))
    lines = [line for line in subjects.splitlines() if line.strip()]
    return [line for line in lines if screen(line, headers, RULES).verdict == QUARANTINE]


def share_held(subjects: str) -> float:
    """The share of *subjects* held on a plain header."""
    return len(held(subjects)) / len([line for line in subjects.splitlines() if line.strip()])
