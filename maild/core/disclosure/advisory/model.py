"""What an advisory says."""

from dataclasses import dataclass
from datetime import datetime

from cvss import CVSS3, CVSS4


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: a name, the https URL that stands for it, and for CVE records the CNA's UUID."""

    name: str
    namespace: str
    cna: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """One range of versions of one package: from *introduced* on, before *fixed* (empty: not fixed yet).

    ``ecosystem`` is OSV's name for where the package comes from (PyPI, crates.io, npm), or empty.
    """

    package: str
    introduced: str = "0"
    fixed: str = ""
    ecosystem: str = ""
    purl: str = ""

    @property
    def words(self) -> str:
        """For people: ``heron from 1.0 before 2.0.4``."""
        start = f" from {self.introduced}" if self.introduced not in ("", "0") else ""
        return f"{self.package}{start}{f' before {self.fixed}' if self.fixed else ', every later version'}"


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody to be named, and for what (reporter, finder, coordinator, fixer)."""

    name: str
    role: str = "reporter"


@dataclass(frozen=True, slots=True)
class Advisory:
    """The whole advisory. ``id`` is its public name; instants are aware UTC.

    ``reserved``: the CVE id is not published yet, so no public text names it.
    """

    id: str
    title: str
    summary: str
    details: str
    affected: tuple[Affected, ...]
    published: datetime
    modified: datetime
    publisher: Publisher
    cve: str = ""
    severity: str = ""
    vector: str = ""
    workaround: str = ""
    upgrade: str = ""
    credits: tuple[Credit, ...] = ()
    references: tuple[str, ...] = ()
    version: int = 1

    @property
    def score(self) -> float | None:
        """The base score of the vector; ``None`` without one."""
        if not self.vector:
            return None
        if self.vector.startswith("CVSS:4.0/"):
            return float(CVSS4(self.vector).base_score)
        return float(CVSS3(self.vector).scores()[0])

    @property
    def rating(self) -> str:
        """The word that CVSS has for its score (NONE, LOW, MEDIUM, HIGH, CRITICAL)."""
        score = self.score or 0.0
        steps = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"))
        return next((word for least, word in steps if score >= least), "NONE")
