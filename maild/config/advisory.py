"""An advisory as the team writes it, in TOML: checked whole, every fault at once."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cvss import CVSS3, CVSS4, CVSSError
from pydantic import AfterValidator, Field, ValidationError

from maild.config.check import from_pydantic
from maild.config.fields import HttpsUrl, Section
from maild.core.disclosure.advisory import Advisory, Affected, Credit, Publisher
from maild.errors import ConfigError, Problem


def _vector(text: str) -> str:
    try:
        if text:
            (CVSS4 if text.startswith("CVSS:4.0/") else CVSS3)(text)
    except CVSSError:
        raise ValueError("a complete CVSS 3.1 or 4.0 vector, or an empty text") from None
    return text


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time with its zone, such as 2026-03-20T16:00:00Z")
    return at.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_zoned)]


class AffectedSection(Section):
    """``[[affected]]``."""

    package: Annotated[str, Field(min_length=1)]
    introduced: str = "0"
    fixed: str = ""
    ecosystem: str = ""
    purl: str = ""


class CreditSection(Section):
    """``[[credit]]``."""

    name: Annotated[str, Field(min_length=1)]
    role: Literal["reporter", "finder", "coordinator", "fixer"] = "reporter"


class AdvisoryFile(Section):
    """The whole file."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,60}$")]
    title: Annotated[str, Field(min_length=1, max_length=256)]
    summary: Annotated[str, Field(min_length=1)]
    details: str = ""
    cve: Annotated[str, Field(pattern=r"^(CVE-\d{4}-\d{4,19})?$")] = ""
    severity: str = ""
    vector: Annotated[str, AfterValidator(_vector)] = ""
    workaround: str = ""
    upgrade: str = ""
    published: Instant
    modified: Instant | None = None
    version: Annotated[int, Field(ge=1, le=999)] = 1
    references: tuple[HttpsUrl, ...] = ()
    affected: Annotated[tuple[AffectedSection, ...], Field(min_length=1)]
    credit: tuple[CreditSection, ...] = ()


def read(path: Path, publisher: Publisher) -> Advisory:
    """The advisory in the file *path*; ``ConfigError`` with every fault of it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        given = AdvisoryFile.model_validate(raw)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), (Problem("file", str(error), "a readable TOML file"),)) from None
    except ValidationError as error:
        raise ConfigError(str(path), tuple(from_pydantic(error))) from None
    return Advisory(
        **given.model_dump(include=_PLAIN),
        affected=tuple(Affected(**one.model_dump()) for one in given.affected),
        credits=tuple(Credit(one.name, one.role) for one in given.credit),
        modified=given.modified or given.published,
        publisher=publisher,
    )


_PLAIN = {"id", "title", "summary", "details", "cve", "severity", "vector", "workaround", "upgrade"} | {
    "published",
    "version",
    "references",
}
