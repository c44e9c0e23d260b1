"""The advisory as OpenVEX 0.2.0 statements: affected until a version, fixed in it."""

from typing import Any

from maild.core.disclosure.advisory.model import Advisory, Affected

NO_FIX = "There is no fix yet."


def openvex(advisory: Advisory) -> dict[str, Any]:
    """The document; products are named by package URL, or under the publisher's namespace."""
    bad: dict[str, list[str]] = {}
    for one in advisory.affected:
        action = advisory.upgrade or (f"Upgrade to {one.fixed}." if one.fixed else NO_FIX)
        bad.setdefault(action, []).append(_name(advisory, one))
    statements = [_statement(advisory, "affected", names, action) for action, names in bad.items()]
    good = [f"{_name(advisory, one)}@{one.fixed}" for one in advisory.affected if one.fixed]
    if good:
        statements.append(_statement(advisory, "fixed", good))
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": f"{advisory.publisher.namespace.rstrip('/')}/vex/{advisory.id}",
        "author": advisory.publisher.name,
        "timestamp": advisory.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": advisory.version,
        "statements": statements,
    }


def _statement(advisory: Advisory, status: str, products: list[str], action: str = "") -> dict[str, Any]:
    """One statement about products, each named once."""
    found: dict[str, Any] = {
        "vulnerability": {"name": advisory.cve or advisory.id},
        "products": [{"@id": name} for name in dict.fromkeys(products)],
        "status": status,
    }
    return found | ({"action_statement": action} if action else {})


def _name(advisory: Advisory, one: Affected) -> str:
    return one.purl or f"{advisory.publisher.namespace.rstrip('/')}/product/{one.package}"
