"""Reports of machines that say what they are by a file name or a fixed phrase only."""
# ruff: noqa: RUF001 - a colon of many programs

import re

from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part
from maild.core.values.phrases import Phrases

_DMARC_FILE = re.compile(
    r"[^!\s]{1,250}![^!\s]{1,250}!\d{1,12}!\d{1,12}(?:![^!\s]{1,100})?\.(?:xml|xml\.gz|zip|gz)",
    re.IGNORECASE,
)
"""receiver!domain!begin!end (RFC 7489 §7.2.1.1)."""
_ON_DOMAIN = re.compile(
    r"(?:\[[^\]]{1,40}\]\s?)?(?:dmarc\s)?(?:aggregate\s)?report[ -]domain:\s{0,3}\S{1,260}"
    r"\s{1,3}submitter:\s",
    re.IGNORECASE,
)
"""How their subjects begin (RFC 7489 §7.2.1.1, RFC 8460 §5.3)."""
_TLS_TYPES = frozenset({"application/tlsrpt+gzip", "application/tlsrpt+json"})
_NOTIFICATIONS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_NOTES_FIELDS = ("X-MIMETrack", "X-Notes-Item", "X-Lotus-FromDomain")
_NOTES_PHRASE = re.compile(r"\s*your\s+document:[^\n]{0,500}\n\s*was\s+received\s+by:", re.IGNORECASE)


def read_receipt(headers: Headers, root: Part, phrases: Phrases, by_program: bool) -> str:
    """The reason for which it is a read receipt without the structure of one; empty when it is none.

    *by_program*: it is known that no person wrote it, so that its subject may decide.
    """
    if notes_receipt(headers, root, phrases):
        return "read receipt of Notes"
    if _retyped(root):
        return "read receipt"
    begins, colon, _ = headers.text("Subject")[:60].replace("：", ":").partition(":")
    said = bool(colon) and begins.strip().lower() in phrases.of["read-receipt"]
    return "read receipt, by its subject" if by_program and said else ""


def _retyped(root: Part) -> bool:
    """Whether a gateway made a plain mixed mail of a read receipt: beside it are only texts and headers."""
    kinds = {part.content_type for part in root.leaves if part.disposition != "attachment"}
    texts = {"text/plain", "text/html", "text/rfc822-headers"}
    return (
        root.content_type == "multipart/mixed"
        and bool(kinds & _NOTIFICATIONS)
        and kinds <= _NOTIFICATIONS | texts
    )


def policy_report(headers: Headers, root: Part) -> str:
    """The reason for which it is a report on a domain's mail: DMARC (RFC 7489), TLS (RFC 8460); or empty."""
    leaves = root.leaves
    if headers.has("TLS-Report-Domain") or any(part.content_type in _TLS_TYPES for part in leaves):
        return "TLS report"
    named = _ON_DOMAIN.match(headers.text("Subject")) and any(part.filename for part in leaves)
    return "DMARC report" if named or any(_DMARC_FILE.fullmatch(one.filename) for one in leaves) else ""


def notes_receipt(headers: Headers, root: Part, phrases: Phrases) -> bool:
    """Whether Notes says that a mail was read: its subject says nothing else, and its fields or words fit."""
    if headers.text("Subject").strip().lower() not in phrases.of["return-receipt"]:
        return False
    first = next((part for part in root.leaves if part.content_type == "text/plain"), None)
    said = first is not None and bool(_NOTES_PHRASE.match(first.beginning(4096)))
    return said or any(headers.has(name) for name in _NOTES_FIELDS)
