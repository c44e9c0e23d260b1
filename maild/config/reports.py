"""``[[ask]]`` and ``[[not_a_bug]]``: what reports must contain, and the answers that the team has ready."""

from typing import Annotated, Literal

from pydantic import Field

from maild.config.fields import HttpsUrl, Section, Words

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Verdict = Literal[
    "working-as-intended",
    "out-of-scope",
    "bug",
    "hardening",
    "not-reproducible",
    "already-public",
    "duplicate",
]
"""What a report is by such a reason."""


class AskSection(Section):
    """``[[ask]]``: a field that reports must have, its question, and texts that show that it is there."""

    field: Name
    question: Annotated[Words, Field(max_length=300)]
    marks: tuple[Words, ...] = ()


class ReasonSection(Section):
    """``[[not_a_bug]]``: a reason by its name, and the published sentence that the reporter is told."""

    reason: Name
    says: Annotated[Words, Field(max_length=1000)]
    verdict: Verdict = "working-as-intended"
    link: HttpsUrl = ""
