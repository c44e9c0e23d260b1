"""The letter templates: shipped in ``config/letters``, replaceable by a project's own words."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from maild.config import handbook
from maild.config.environment import environment
from maild.config.share import shipped
from maild.core.disclosure.drafts import ASK, CLOSING
from maild.core.disclosure.verdicts import VERDICTS, VULNERABILITY
from maild.core.letters.kinds import ROWS, LetterKind, Template, row
from maild.core.mail.letter import Words
from maild.core.policy import Policy
from maild.core.values.case import Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.writing.notice import SILENT
from maild.errors import ConfigError, Problem

ANSWERED = (
    ASK,
    CLOSING,
    "embargo",
    "embargo-moved",
    "in-the-open",
    "not-a-bug",
    *(v for v in VERDICTS if v not in (VULNERABILITY, "spam")),
)
"""What answers are drafted about."""
NOTICES = tuple(about for about in (*Flag, *NoticeKind) if about not in SILENT)
"""What the team is told of."""
ABOUT: Mapping[LetterKind, Sequence[str]] = {LetterKind.ANSWER: ANSWERED, LetterKind.NOTICE: NOTICES}
"""What the letters are about that have a template for each such thing."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""English whatever the locale: letters are."""
_WHOLE = "\u00a0"
"""Between the words of an instant until its line is filled: no line ends inside one."""
WIDTH = 74
"""Columns of a letter's text."""


class Letters:
    """The templates of one desk. The first line of a template is the subject, the rest the text."""

    def __init__(self, folders: list[Path]) -> None:
        # Letters are plain text: nothing is to be escaped for HTML.
        self._environment = environment(folders, autoescape=False)
        self._environment.filters["utc"] = _utc
        self._environment.globals["members_page"] = handbook.plain("team")

    def render(self, kind: str, facts: dict[str, Any], policy: Policy) -> Words:
        """The words of a letter of this *kind*; *facts* hold instants as ISO texts.

        A letter that is ``about`` something has its template in the folder of its kind.
        """
        common = {
            "desk": replace(policy.desk, secret=b""),  # a template of the desk's own may name anything
            "team_size": len(policy.team.members),
            "coordinators": policy.team.having(Role.COORDINATOR),
            "backups": policy.team.having(Role.BACKUP),
            "asks": policy.asks,
            "promised": {rule.id: rule.words for rule in policy.rules},
            "updates": next(
                (r.words for r in policy.rules if r.every and r.public and not r.conditional), ""
            ),
        }
        if kind == LetterKind.DRAFT:
            answer = self.render(LetterKind.ANSWER, facts, policy)
            text = self._environment.get_template("draft.txt").render(**common, **facts, answer=answer)
        else:
            name = f"{kind}/{facts['about']}" if row(kind).template is Template.EACH else kind
            text = self._environment.get_template(f"{name}.txt").render(**common, **facts)
        subject, _, body = text.partition("\n")
        return Words(subject.strip().replace(_WHOLE, " "), _wrapped(body.strip()) + "\n")

    def check(self) -> None:
        """``ConfigError`` when a template is missing or broken."""
        problems = []
        for name in templates():
            try:
                self._environment.get_template(f"{name}.txt")
            except TemplateError as error:
                problems.append(Problem(f"letters/{name}.txt", str(error), "a readable template"))
        if problems:
            raise ConfigError("letters", tuple(problems))


@cache
def standard() -> Letters:
    """The letters as shipped; a process compiles a template once, and again when its file has changed."""
    return Letters([shipped("config") / "letters"])


def templates() -> Iterator[str]:
    """The name of every template that a letter may need."""
    for kind, one in ROWS.items():
        if one.template is Template.ONE:
            yield kind
        elif one.template is Template.EACH:
            yield from (f"{kind}/{about}" for about in ABOUT[kind])


def _wrapped(text: str) -> str:
    """*text* with long lines broken where people read best; indented lines stay as they are."""
    lines = [line if line.startswith(" ") else _filled(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace(_WHOLE, " ")


def _filled(line: str) -> str:
    """One paragraph; case numbers, addresses and URLs stay whole."""
    if len(line) <= WIDTH and line.isprintable():  # as most are: there is nothing to do
        return line.rstrip()
    return textwrap.fill(line, WIDTH, break_on_hyphens=False, break_long_words=False)


def _utc(instant: str) -> str:
    """An instant as people write it: ``Tuesday 6 October 2026, 07:00 UTC``."""
    at = datetime.fromisoformat(instant).astimezone(UTC)
    text = f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"
    return text.replace(" ", _WHOLE)
