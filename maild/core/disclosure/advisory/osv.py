"""The advisory in OSV (ossf.github.io/osv-schema, 1.8)."""

from datetime import datetime
from typing import Any

from maild.core.disclosure.advisory.model import Advisory, Affected

ROLES = {
    "reporter": "REPORTER",
    "finder": "FINDER",
    "coordinator": "COORDINATOR",
    "fixer": "REMEDIATION_DEVELOPER",
}
SCALE = "severity"
"""Where the word of the desk's own scale goes: OSV knows vectors only."""


def osv(advisory: Advisory) -> dict[str, Any]:
    """The record; a package of no known ecosystem is named in ``database_specific``."""
    record: dict[str, Any] = {
        "schema_version": "1.8.0",
        "id": f"x_{advisory.id}",
        "modified": _at(advisory.modified),
        "published": _at(advisory.published),
        "summary": advisory.title,
        "details": "\n\n".join(text for text in (advisory.summary, advisory.details) if text),
        "affected": [_affected(one) for one in advisory.affected],
        "references": [{"type": "WEB", "url": url} for url in advisory.references],
        "credits": [{"name": one.name, "type": ROLES.get(one.role, "OTHER")} for one in advisory.credits],
    }
    if advisory.cve:
        record["aliases"] = [advisory.cve]
    if advisory.vector:
        kind = "CVSS_V4" if advisory.vector.startswith("CVSS:4.0/") else "CVSS_V3"
        record["severity"] = [{"type": kind, "score": advisory.vector}]
    if advisory.severity:
        record["database_specific"] = {SCALE: advisory.severity}
    return record


def _affected(one: Affected) -> dict[str, Any]:
    events: list[dict[str, str]] = [{"introduced": one.introduced or "0"}]
    if one.fixed:
        events.append({"fixed": one.fixed})
    found: dict[str, Any] = {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    if one.ecosystem:
        found["package"] = {"ecosystem": one.ecosystem, "name": one.package}
        if one.purl:
            found["package"]["purl"] = one.purl
    else:
        found["database_specific"] = {"package": one.package}
    return found


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
