"""Notices of platforms that say that a report is public now, by what each platform writes.

Each row says where its words were seen; without that they are assumed.
"""

import re
from dataclasses import dataclass

from maild.core.mail.headers import Headers
from maild.core.mail.platforms import open_to_strangers, platform_of

_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One platform: the words of such a notice, and where they were seen."""

    platform: str
    says: re.Pattern[str]
    seen: str = ""


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{one})" for one in patterns), re.IGNORECASE | re.MULTILINE)


_NOW = (
    r"(?:has been|was|is now) (?:publicly |fully |partially )?"
    r"(?:disclosed|published|public(?:ly visible)?|made public|visible to everyone)"
)

TABLE = (
    Row(
        "GitHub",
        _words(
            r"^\W{0,5}(?:@?[\w-]{1,40} )?published (?:the|this|a)?\s?(?:security |repository )?advisory\b",
            r"\badvisory (?:has been|was|is now) (?:published|made public)\b",
            r"^\W{0,5}published GHSA(?:-\w{4}){3}",
        ),
    ),
    Row(
        "GitLab",
        _words(
            r"\bmade (?:the|this) (?:issue|work item|incident|task) visible to everyone\b",
            r"\b(?:issue|work item) (?:has been|was) made (?:public|non-confidential)\b",
            r"\b(?:issue|work item) is no longer confidential\b",
            r"^\W{0,5}(?:\S.{0,60} )?turned off confidentiality\b",
        ),
        seen="GitLab's system notes on confidential issues",
    ),
    Row(
        "Launchpad",
        _words(
            r"^\*\* Information type changed from (?:Private(?: Security)?|Embargoed|Proprietary)"
            r" to Public(?: Security)?\b",
            r"^\*\* (?:This bug is no longer (?:private|a security)|Visibility changed to: Public)",
        ),
        seen="notices of bugs of Ubuntu and OpenStack",
    ),
    Row(
        "HackerOne",
        _words(
            rf"\breport(?: #\d{{1,9}})? {_NOW}\b",
            r"\b(?:publicly )?disclosed (?:the |this |your )?report\b",
            r"\bdisclosed on HackerOne\b",
        ),
    ),
    Row(
        "VINCE",
        _words(
            r"\bVU#\d{5,7} (?:has been|was|is now) (?:published|public|made public)\b",
            r"\bvulnerability note (?:has been|was|is now) (?:published|public)\b",
            r"\bcase (?:has been|is now) (?:published|public|made public)\b",
        ),
    ),
    Row(
        "Jira",
        _words(
            r"\bSecurity(?: Level)?:[^\n]{0,80}(?:→|->|was:)[^\n]{0,40}(?:Public|None)\b",
            r"\bSecurity(?: Level)?:[ \t]{0,20}\(was: [^\n()]{1,80}\)\s*$",
            r"\(was: [^\n()]{1,80}\)[^\n]{0,40}\bPublic\b",
        ),
    ),
    *(
        Row(
            name,
            _words(
                rf"\b(?:submission|report|bounty|vulnerability)(?: [A-Z0-9-]{{4,40}})? {_NOW}\b",
                r"\bdisclosure of (?:the|this|your) (?:submission|report) .{0,40}is now public\b",
            ),
        )
        for name in ("Intigriti", "Bugcrowd", "huntr")
    ),
)


def says_public(headers: Headers, address: str, text: str) -> str:
    """The platform whose notice from *address* says that its report is public; else empty.

    What a stranger comments in public says nothing of a report.
    """
    name = "" if open_to_strangers(headers, address) else platform_of(address)
    row = next((one for one in TABLE if one.platform == name), None)
    if row is None:
        return ""
    said = "\n".join((headers.text("Subject"), _own(text)))
    return name if row.says.search(said) else ""


def _own(text: str) -> str:
    """The beginning of *text* without what it quotes."""
    return "\n".join(line for line in text[:_LOOKED_AT].splitlines() if not line.lstrip().startswith(">"))
