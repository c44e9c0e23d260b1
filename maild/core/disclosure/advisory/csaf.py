"""The advisory in CSAF 2.0, profile *security advisory* (docs.oasis-open.org/csaf/csaf/v2.0 §4.5)."""

from datetime import datetime
from typing import Any

from cvss import CVSS3

from maild.core.disclosure.advisory.model import Advisory, Affected

TLP = {True: "WHITE", False: "AMBER"}


def file_name(advisory: Advisory) -> str:
    """The name that a CSAF file has to have (§5.1): its id in lower case, other characters as ``_``."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "+-") else "_" for c in advisory.id.lower())
    return f"{kept}.json"


def csaf(advisory: Advisory, public: bool) -> dict[str, Any]:
    """The document; while it is not *public* it is a draft under TLP AMBER."""
    products = [pair for number, one in enumerate(advisory.affected, 1) for pair in _products(number, one)]
    return {
        "document": _document(advisory, public),
        "product_tree": {"full_product_names": [{"product_id": i, "name": name} for i, name in products]},
        "vulnerabilities": [_vulnerability(advisory)],
    }


def _document(advisory: Advisory, public: bool) -> dict[str, Any]:
    at = _at(advisory.published)
    document: dict[str, Any] = {
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "distribution": {"tlp": {"label": TLP[public]}},
        "lang": "en",
        "title": advisory.title,
        "publisher": {
            "category": "vendor",
            "name": advisory.publisher.name,
            "namespace": advisory.publisher.namespace,
        },
        "notes": [{"category": "summary", "text": advisory.summary, "title": "Summary"}],
        "tracking": {
            "id": advisory.id,
            "status": "final" if public else "draft",
            "version": str(advisory.version),
            "initial_release_date": at,
            "current_release_date": _at(advisory.modified),
            "revision_history": _history(advisory),
        },
    }
    if advisory.severity:
        document["aggregate_severity"] = {"text": advisory.severity}
    if advisory.references:
        document["references"] = [
            {"category": "self", "summary": url, "url": url} for url in advisory.references
        ]
    if advisory.credits:
        names = [{"names": [one.name]} for one in advisory.credits]
        document["acknowledgments"] = names
    return document


def _history(advisory: Advisory) -> list[dict[str, str]]:
    """One entry a version; all of those between the first and the last carry the last one's date."""
    first = {"date": _at(advisory.published), "number": "1", "summary": "First version"}
    later = [
        {"date": _at(advisory.modified), "number": str(number), "summary": "Revised"}
        for number in range(2, advisory.version + 1)
    ]
    return [first, *later]


def _products(number: int, one: Affected) -> list[tuple[str, str]]:
    found = [(f"AFFECTED-{number}", one.words)]
    return [*found, (f"FIXED-{number}", f"{one.package} {one.fixed}")] if one.fixed else found


def _vulnerability(advisory: Advisory) -> dict[str, Any]:
    numbers = list(enumerate(advisory.affected, 1))
    bad = [f"AFFECTED-{number}" for number, _ in numbers]
    good = [f"FIXED-{number}" for number, one in numbers if one.fixed]
    found: dict[str, Any] = {
        "title": advisory.title,
        "notes": [{"category": "description", "text": advisory.details or advisory.summary}],
        "product_status": {"known_affected": bad, **({"fixed": good} if good else {})},
        "remediations": _remediations(advisory),
    }
    if advisory.cve:
        found["cve"] = advisory.cve
    if advisory.vector.startswith("CVSS:3"):
        found["scores"] = [{"cvss_v3": _score(advisory), "products": bad}]
    return found


def _score(advisory: Advisory) -> dict[str, Any]:
    vector = CVSS3(advisory.vector)
    return {
        "version": "3.1" if advisory.vector.startswith("CVSS:3.1/") else "3.0",
        "vectorString": vector.clean_vector(),
        "baseScore": float(vector.scores()[0]),
        "baseSeverity": advisory.rating,
    }


def _remediations(advisory: Advisory) -> list[dict[str, Any]]:
    """What to do about each range: the fixed version, the way around it, or nothing yet."""
    found: list[dict[str, Any]] = []
    for number, one in enumerate(advisory.affected, 1):
        here = [f"AFFECTED-{number}"]
        if one.fixed:
            text = advisory.upgrade or f"Upgrade {one.package} to {one.fixed}."
            found.append({"category": "vendor_fix", "details": text, "product_ids": here})
        else:
            found.append(
                {"category": "none_available", "details": "There is no fix yet.", "product_ids": here}
            )
        if advisory.workaround and one.fixed:
            found.append({"category": "workaround", "details": advisory.workaround, "product_ids": here})
    return found


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
