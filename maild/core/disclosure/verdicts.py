"""What a report can turn out to be, and what follows: an answer is drafted, never sent by maild itself."""

from collections.abc import Mapping

VULNERABILITY = "vulnerability"
VERDICTS: Mapping[str, str] = {
    VULNERABILITY: "a vulnerability",
    "hardening": "not a vulnerability, but worth hardening",
    "bug": "a bug without consequences for security",
    "working-as-intended": "the intended behavior",
    "out-of-scope": "outside what the policy covers",
    "duplicate": "known from another report",
    "already-public": "public already",
    "not-reproducible": "not reproducible so far",
    "spam": "not a report at all",
}
"""Each verdict in words; people give it, maild keeps it."""
IN_PUBLIC = frozenset({"hardening", "bug", "working-as-intended", "already-public"})
"""Verdicts whose answer names the public tracker, where the project has one."""
