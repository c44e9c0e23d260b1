"""Delivery reports (RFC 3464, and RFC 6533 for international addresses), and what they return of a mail.

Whether a mail is a bounce at all is decided by ``automatic``; here is only read what it says. Nothing is
guessed from sentences: mail systems word them differently, and reporters write the same words.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from maild.core.mail.headers import MAX_BLOCK, Headers, parse_headers
from maild.core.mail.mime import Part, parse
from maild.core.values.address import normal

MAX_RECIPIENTS = 100
MAX_REPORT = 256 * 1024
"""Bytes of a delivery report that are read."""

MAX_ATTACHED = 3
"""Attached mails in which a delivery report is looked for."""

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_TYPES = frozenset({"message/rfc822", "message/global"})
RETURNED_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})

_BLANK = re.compile(rb"\n[ \t\r]*\n")
MAX_NAMED = 20
_NAMED = re.compile(r"[\w.+=-]{1,64}@[a-z0-9.-]{1,255}", re.IGNORECASE)
_CODE = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FIELD_LINE = re.compile(rb"(?m)^([!-9;-~]{1,60}):")
_USUAL = frozenset({b"from", b"to", b"subject", b"date", b"message-id", b"received", b"mime-version"})


class Action(StrEnum):
    """What became of a mail for one recipient (RFC 3464 §2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """One recipient: what happened, the status code (``5.1.1``, or empty), the final and original address."""

    action: Action
    status: str = ""
    final: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery report. ``envelope_id`` is the ENVID our mail was sent with (RFC 3461 §4.4), or empty.

    ``returned`` holds the header fields of the mail that came back, for looking up our own marks; none of
    them proves anything by itself.
    """

    recipients: tuple[RecipientReport, ...] = ()
    envelope_id: str = ""
    returned: Headers = field(default=Headers(), repr=False)

    @property
    def failed(self) -> bool:
        """Whether the mail failed for good for any recipient."""
        return any(recipient.action is Action.FAILED for recipient in self.recipients)

    @property
    def delayed(self) -> bool:
        """Whether the mail only waits, and failed for nobody."""
        return not self.failed and any(found.action is Action.DELAYED for found in self.recipients)


def enclosed(root: Part) -> Part:
    """The delivery report that a gateway has wrapped: in a multipart of its own, or as an attached mail.

    *root* itself where it is one, or where there is none inside. People wrap reports as well, when they pass
    one on: who wrote the mail is for ``automatic`` to look at.
    """
    attached = 0
    for part in root.walk():
        if reports_delivery(part):
            return part
        if part.content_type in RETURNED_TYPES and attached < MAX_ATTACHED:
            attached += 1
            inner = parse(part.content, max_parts=20, max_depth=5).root
            if reports_delivery(inner):
                return inner
    return root


def reports_delivery(part: Part) -> bool:
    """Whether *part* says that it is a delivery report (RFC 6522 §3)."""
    kind = part.parameters.get("report-type", "").lower()
    return part.content_type == "multipart/report" and kind == "delivery-status"


def delivery_report(root: Part) -> DeliveryReport | None:
    """The delivery report in the mail *root*, or ``None`` when there is none to be read by machines."""
    status = next((part for part in root.walk() if part.content_type in STATUS_TYPES), None)
    if status is None:
        return None
    blocks = _blocks(status.first(MAX_REPORT))
    recipients = [block for block in blocks if _names_recipient(block)]
    envelope = next(
        (block.get("Original-Envelope-Id") for block in blocks if not _names_recipient(block)), ""
    )
    return DeliveryReport(
        recipients=tuple(_recipient(block) for block in recipients[:MAX_RECIPIENTS]),
        envelope_id=envelope.strip()[:100],
        returned=returned_headers(root) or Headers(),
    )


def unreached(root: Part, text: str) -> tuple[str, ...]:
    """The addresses that a bounce names, in its report or in its *text*: whom it is about, and others."""
    report = delivery_report(root)
    named = [
        address for one in (report.recipients if report else ()) for address in (one.original, one.final)
    ]
    named += [normal(found[0].strip(".")) for found in islice(_NAMED.finditer(text[:MAX_BLOCK]), MAX_NAMED)]
    return tuple(dict.fromkeys(filter(None, named)))[:MAX_NAMED]


def returned_headers(root: Part) -> Headers | None:
    """The header fields of the mail that *root* returns: from its own part, else from a block in the text.

    The block serves bounces older than RFC 3464: it is one that looks like a header, not one that says so.
    Only to be asked of a mail that ``automatic`` calls a bounce: people attach and quote mails as well.
    """
    for part in root.walk():
        if part.content_type in RETURNED_TYPES | RETURNED_HEADERS:
            return parse_headers(_first_block(part.first(MAX_BLOCK)))
    plain = next((part for part in root.leaves if part.content_type == "text/plain"), None)
    if plain is None:
        return None
    blocks = _BLANK.split(b"\n" + plain.first(MAX_BLOCK).replace(b"\r\n", b"\n"))
    found = next((block for block in blocks if _looks_like_header(block)), None)
    return parse_headers(found) if found else None


def _blocks(content: bytes) -> list[Headers]:
    """The groups of fields of a delivery report, at most one more than the recipients that are read."""
    pieces = _BLANK.split(content.replace(b"\r\n", b"\n").strip(b"\n"), maxsplit=MAX_RECIPIENTS + 1)
    return [headers for headers in map(parse_headers, pieces) if headers.fields]


def _names_recipient(block: Headers) -> bool:
    return block.has("Final-Recipient") or block.has("Original-Recipient") or block.has("Action")


def _recipient(block: Headers) -> RecipientReport:
    code = _CODE.search(block.get("Status"))
    status = code[1] if code else ""
    return RecipientReport(
        _action(block.get("Action"), status),
        status,
        _address(block.get("Final-Recipient")),
        _address(block.get("Original-Recipient")),
    )


def _action(value: str, status: str) -> Action:
    """The action named; without one, what the class of the status code says (RFC 3463 §3.1)."""
    word = re.split(r"[\s(;]", value.strip().lower())[0]
    if word in set(Action):
        return Action(word)
    return {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}.get(status[:1], Action.UNKNOWN)


def _address(value: str) -> str:
    """The address of ``rfc822; name@host`` (the type is left out by some), lower case, without brackets."""
    return normal(value.rpartition(";")[2].strip().strip("<>"))[:320]


def _first_block(content: bytes) -> bytes:
    return _BLANK.split(content.replace(b"\r\n", b"\n").lstrip(b"\n"), maxsplit=1)[0]


def _looks_like_header(block: bytes) -> bool:
    names = {name.lower() for name in _FIELD_LINE.findall(block)}
    return len(names & _USUAL) > 2
