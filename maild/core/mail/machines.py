"""Reports of machines that say what they are by a file name or a fixed phrase only."""

import re

from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part

_DMARC_FILE = re.compile(
    r"[^!\s]{1,250}![^!\s]{1,250}!\d{1,12}!\d{1,12}(?:![^!\s]{1,100})?\.(?:xml|xml\.gz|zip|gz)",
    re.IGNORECASE,
)
"""receiver!domain!begin!end (RFC 7489 §7.2.1.1)."""
_TLS_TYPES = frozenset({"application/tlsrpt+gzip", "application/tlsrpt+json"})
_RECEIPT = re.compile(
    r"return receipt|empfangsbestätigung|lesebestätigung|accusé de réception|acuse de recibo"
    r"|ricevuta di ritorno|ontvangstbevestiging|confirmação de leitura|開封確認|回执",
    re.IGNORECASE,
)
_NOTES_FIELDS = ("X-MIMETrack", "X-Notes-Item", "X-Lotus-FromDomain")
_NOTES_PHRASE = re.compile(r"\s*your\s+document:[^\n]{0,500}\n\s*was\s+received\s+by:", re.IGNORECASE)


def policy_report(headers: Headers, root: Part) -> str:
    """The reason for which it is a report on a domain's mail: DMARC (RFC 7489), TLS (RFC 8460); or empty."""
    leaves = root.leaves
    if headers.has("TLS-Report-Domain") or any(part.content_type in _TLS_TYPES for part in leaves):
        return "TLS report"
    return "DMARC report" if any(_DMARC_FILE.fullmatch(part.filename) for part in leaves) else ""


def notes_receipt(headers: Headers, root: Part) -> bool:
    """Whether Notes says that a mail was read: its subject says nothing else, and its fields or words fit."""
    if not _RECEIPT.fullmatch(headers.text("Subject").strip()):
        return False
    first = next((part for part in root.leaves if part.content_type == "text/plain"), None)
    said = first is not None and bool(_NOTES_PHRASE.match(first.beginning(4096)))
    return said or any(headers.has(name) for name in _NOTES_FIELDS)
