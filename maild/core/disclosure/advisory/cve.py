"""The advisory as the CNA container of a CVE record (CVE Record Format 5.2). Only a CNA publishes it."""

from typing import Any

from cvss import CVSS3, CVSS4

from maild.core.disclosure.advisory.model import Advisory, Affected

ROLES = {
    "reporter": "reporter",
    "finder": "finder",
    "coordinator": "coordinator",
    "fixer": "remediation developer",
}
NOBODY = "00000000-0000-4000-9000-000000000000"
"""The UUID where no CNA is configured: whoever submits the container puts his own."""


def cna_container(advisory: Advisory) -> dict[str, Any]:
    """The container; the text of an advisory without references names its publisher's page."""
    urls = advisory.references or (advisory.publisher.namespace,)
    found: dict[str, Any] = {
        "providerMetadata": {"orgId": advisory.publisher.cna or NOBODY},
        "title": advisory.title[:256],
        "datePublic": advisory.published.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "descriptions": [{"lang": "en", "value": (advisory.summary or advisory.title)[:4096]}],
        "affected": [_affected(one, advisory.publisher.name) for one in advisory.affected],
        "references": [{"url": url} for url in dict.fromkeys(urls)],
        "source": {"advisory": advisory.id, "discovery": "EXTERNAL"},
    }
    if advisory.vector:
        found["metrics"] = [_metric(advisory)]
    if advisory.workaround:
        found["workarounds"] = [{"lang": "en", "value": advisory.workaround}]
    if advisory.credits:
        found["credits"] = [
            {"lang": "en", "value": one.name, "type": ROLES.get(one.role, "other")}
            for one in advisory.credits
        ]
    return found


def _affected(one: Affected, vendor: str) -> dict[str, Any]:
    version: dict[str, str] = {
        "version": one.introduced or "0",
        "status": "affected",
        "versionType": "custom",
    }
    version |= {"lessThan": one.fixed} if one.fixed else {"lessThanOrEqual": "*"}
    found: dict[str, Any] = {"vendor": vendor, "product": one.package}
    if one.purl:  # of the package, not of one version: those stand in `versions` (5.2)
        found["packageURL"] = _unversioned(one.purl)
    return {**found, "defaultStatus": "unaffected", "versions": [version]}


def _unversioned(purl: str) -> str:
    """A package URL without its version; qualifiers and subpath stay."""
    end = min((at for at in (purl.find("?"), purl.find("#")) if at >= 0), default=len(purl))
    path, rest = purl[:end], purl[end:]
    name = path.rfind("/") + 1
    return path[:name] + path[name:].partition("@")[0] + rest


def _metric(advisory: Advisory) -> dict[str, Any]:
    shared = {"baseScore": advisory.score, "baseSeverity": advisory.rating}
    if advisory.vector.startswith("CVSS:4.0/"):
        vector = CVSS4(advisory.vector).clean_vector()
        return {"cvssV4_0": {"version": "4.0", "vectorString": vector, **shared}}
    version = "3.1" if advisory.vector.startswith("CVSS:3.1/") else "3.0"
    given = {"version": version, "vectorString": CVSS3(advisory.vector).clean_vector(), **shared}
    return {f"cvssV{version.replace('.', '_')}": given}
