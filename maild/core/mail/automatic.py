"""Is this mail automatic, and of what kind? Decided from header fields and structure alone.

Being automatic withholds the receipt, never the look: a list, a scanner or a form may carry one. Kinds that
open no case (bounce, out-of-office, read receipt, calendar, feedback report) need a proof that no mail
program of a person leaves; words in the body are never read, words in a subject only beside such a proof.
Sources: RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 8098 (read receipts), RFC 5965
(feedback), RFC 2919 and RFC 2369 (lists), RFC 6047 (calendar mail), and what mail systems really send.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.core.mail import invitation
from maild.core.mail.address import addresses, first_author
from maild.core.mail.away import away
from maild.core.mail.bounce import RETURNED_HEADERS, RETURNED_TYPES, STATUS_TYPES, delivery_report, enclosed
from maild.core.mail.gestures import gesture
from maild.core.mail.headers import MAX_BLOCK, Headers, parse_headers
from maild.core.mail.lists import ListMarks, list_marks
from maild.core.mail.machines import policy_report, read_receipt
from maild.core.mail.mime import Part
from maild.core.mail.robots import is_robot
from maild.core.mail.undelivered import undelivered
from maild.core.values.phrases import Phrases


class Kind(StrEnum):
    """What kind of automatic mail it is; ``list`` and ``bulk`` may still be written by a person."""

    BOUNCE = "bounce"
    DELAY = "delay"
    READ_RECEIPT = "read-receipt"
    FEEDBACK_REPORT = "feedback-report"
    CALENDAR = "calendar"
    OUT_OF_OFFICE = "out-of-office"
    NOTIFICATION = "notification"
    LIST = "list"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Automatic:
    """The kind, and the facts it was seen by as short fixed phrases without any word of the mail."""

    kind: Kind
    reasons: tuple[str, ...]

    @property
    def only_marked(self) -> bool:
        """Whether it bears nothing but marks that ordinary people's mail bears too (ruling 5)."""
        return self.kind in (Kind.NOTIFICATION, Kind.BULK) and ORDINARY.issuperset(self.reasons)


ROBOT_ADDRESS, INVITES = "robot address", "calendar invitation"
ORDINARY = frozenset(
    {
        "asks for no automatic answer",
        ROBOT_ADDRESS,
        "loop mark",
        "return path made for this recipient",
        "answers a topic under another prefix",
    }
)
"""Reasons that withhold the receipt and do not tell who wrote: Outlook, forwarders and forms leave them."""


DAEMON = re.compile(r"(?:mailer|mail)[._-]?daemon|mail-?delivery(?:-?(?:sub)?system)?|mdaemon", re.IGNORECASE)
"""Local parts that only mail systems write from."""
_SYSTEM = re.compile(r"postmaster|bounces?|mdaemon|smtp-?daemon|daemon", re.IGNORECASE)
_REPORTS = {
    "message/disposition-notification": (Kind.READ_RECEIPT, "read receipt"),
    "message/global-disposition-notification": (Kind.READ_RECEIPT, "read receipt"),
    "message/feedback-report": (Kind.FEEDBACK_REPORT, "feedback report"),
}
_REPORT_TYPES = {
    "disposition-notification": "message/disposition-notification",
    "feedback-report": "message/feedback-report",
}
_FAILURE_FIELDS = ("X-Failed-Recipients", "Final-Recipient", "X-MS-Embedded-Report")
_ANSWER_FIELDS = (
    "X-Autoreply",
    "X-Auto-Reply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Mail-Autoreply",
    "X-Vacation",
)
_NULL = frozenset({"<>", "< >", "", "<mailer-daemon>"})
"""An empty return path as mail servers write it."""
_NO = frozenset({"", "no", "false", "0", "none"})
_DELAYED = r"\(@delay@\)|^\W*@delay@\s*(?:[:(/-]|$)|@delayed@"
"""What mail systems call a delay, looked at only once it is sure that a mail system wrote."""
_AUTOMATIC_PREFIX = "@automatic-prefix@"
_REPLY_PREFIX = 22
"""Bytes of a Thread-Index that opens a thread; every answer adds five ([MS-OXOMSG] §2.2.1.3)."""


def automatic(
    headers: Headers, root: Part, phrases: Phrases, own_lists: tuple[str, ...] = ()
) -> Automatic | None:
    """What kind of automatic mail *root* with these *headers* is, or ``None`` when a person may have sent it.

    *own_lists* are the List-Ids or addresses of lists that merely carry the desk's mail: their marks, and
    those their software adds, count for nothing.
    """
    if not headers.fields:
        headers = parse_headers(root.body[:MAX_BLOCK].lstrip())
    marks = list_marks(headers, own_lists)
    for rule in (_returned, _report, _calendar, _answer):
        found = rule(headers, root, phrases)
        if found:
            return found
    return _robot(headers, root, marks, phrases)


def _returned(headers: Headers, root: Part, phrases: Phrases) -> Automatic | None:
    """Bounces and delays."""
    reasons = _bounce_reasons(headers, root, phrases)
    if not reasons:
        return None
    report = delivery_report(enclosed(root))
    if report and report.recipients and not report.failed:
        return Automatic(Kind.DELAY, (*reasons, "nothing failed yet"))
    delayed = phrases.pattern(_DELAYED, re.IGNORECASE).search(headers.text("Subject"))
    if not (report and report.recipients) and delayed:
        return Automatic(Kind.DELAY, (*reasons, "delay in the subject"))
    return Automatic(Kind.BOUNCE, tuple(reasons))


def _bounce_reasons(headers: Headers, root: Part, phrases: Phrases) -> list[str]:
    """What proves a bounce: a delivery report, a daemon as author, a mail system and a second sign."""
    status = any(part.content_type in STATUS_TYPES for part in root.walk())
    local = _local(headers)
    null = null_sender(headers)
    system = bool(_SYSTEM.fullmatch(local))
    named = bool(DAEMON.fullmatch(local)) or system or _is_delivery_name(headers)
    signs = [
        ("delivery report in the wrapping of a gateway", enclosed(root) is not root and (named or null)),
        ("delivery report", status and (root.content_type == "multipart/report" or null)),
        ("delivery report", _report_type(root) == "delivery-status"),
        ("from a mail daemon", bool(DAEMON.fullmatch(local))),
        ("marked as non-delivery", headers.has("X-MS-Exchange-Message-Is-Ndr")),
        ("mail system with a null return path", system and null),
        ("mail system naming failed recipients", system and any(map(headers.has, _FAILURE_FIELDS))),
        ("returns a mail to a null return path", null and _is_delivery_name(headers) and _returns(root)),
    ]
    found = list(dict.fromkeys(reason for reason, true in signs if true))
    return found or [reason for reason in (undelivered(headers, root, phrases, null),) if reason]


def _returns(root: Part) -> bool:
    return any(part.content_type in RETURNED_TYPES | RETURNED_HEADERS for part in root.walk())


def _is_delivery_name(headers: Headers) -> bool:
    author = first_author(headers)
    return author is not None and "mail delivery" in author.name.lower()


def _report(headers: Headers, root: Part, phrases: Phrases) -> Automatic | None:
    """The other machine reports: in ``multipart/report`` (RFC 6522), perhaps wrapped, or known by name."""
    if root.content_type in _REPORTS:
        kind, reason = _REPORTS[root.content_type]
        return Automatic(kind, (reason,))
    if reason := policy_report(headers, root):
        return Automatic(Kind.FEEDBACK_REPORT, (reason,))
    by_program = auto_submitted(headers) == "auto-replied" or null_sender(headers)
    if reason := read_receipt(headers, root, phrases, by_program):
        return Automatic(Kind.READ_RECEIPT, (reason,))
    for report in (part for part in root.walk() if part.content_type == "multipart/report"):
        inside = {part.content_type for part in report.walk()} | {_REPORT_TYPES.get(_report_type(report), "")}
        for content_type, (kind, reason) in _REPORTS.items():
            if content_type in inside:
                return Automatic(kind, (reason,))
    return (
        Automatic(Kind.NOTIFICATION, ("machine report",)) if root.content_type == "multipart/report" else None
    )


def _calendar(headers: Headers, root: Part, _phrases: Phrases) -> Automatic | None:
    """Invitations and their answers; a calendar file that somebody attached is none (RFC 6047 §2.4)."""
    if headers.get("Content-Class").lower().endswith("calendarmessage"):
        return Automatic(Kind.CALENDAR, ("calendar message",))
    methods = invitation.methods(root)
    reason = INVITES if methods <= invitation.INVITES else "calendar method"
    return Automatic(Kind.CALENDAR, (reason,)) if methods else None


def _answer(headers: Headers, _root: Part, phrases: Phrases) -> Automatic | None:
    """Automatic answers: out of office, vacation, robots that acknowledge (RFC 3834 §2)."""
    reasons = []
    if auto_submitted(headers) == "auto-replied":
        reasons.append("auto-submitted: auto-replied")
    if any(_says_yes(headers, name) for name in _ANSWER_FIELDS):
        reasons.append("marked as automatic answer")
    if _precedence(headers) in {"auto_reply", "auto-reply"}:
        reasons.append("precedence of an automatic answer")
    if "mailbox rules agent" in headers.get("X-MS-Exchange-Generated-Message-Source").lower():
        reasons.append("written by a mailbox rule")
    if _suppressing(headers) and away(headers.text("Subject"), phrases):
        reasons.append("asks for no automatic answer, away in the subject")
    if phrases.pattern(_AUTOMATIC_PREFIX, re.IGNORECASE).search(_topic_prefix(headers)):
        reasons.append("answers a topic under an automatic prefix")
    return Automatic(Kind.OUT_OF_OFFICE, tuple(reasons)) if reasons else None


def _robot(headers: Headers, root: Part, marks: ListMarks, phrases: Phrases) -> Automatic | None:
    """Everything else that no person waits for an answer to: notifications, lists, bulk mail."""
    submitted = auto_submitted(headers)
    notification = [
        ("auto-submitted", submitted not in {"", "no"}),
        ("machine generated", _says_yes(headers, "X-FC-Machinegenerated")),
        (said := gesture(headers, root, phrases), bool(said)),
        ("asks for no automatic answer", _suppressing(headers)),
        ("null return path", null_sender(headers)),
        (ROBOT_ADDRESS, is_robot(_author(headers)) and not marks.own),
        ("loop mark", headers.has("X-Loop") and not marks.own),
        ("answers a topic under another prefix", bool(_topic_prefix(headers))),
    ]
    bulk = [
        ("precedence bulk or junk", _precedence(headers) in {"bulk", "junk"} and not marks.own),
        ("unsubscribe header", headers.has("List-Unsubscribe") and not marks.own),
        ("return path made for this recipient", not marks.own and _counted_return_path(headers)),
    ]
    digest = ("digest of a mailing list", root.content_type == "multipart/digest")
    rows = ((Kind.LIST, (*marks.foreign, digest)), (Kind.NOTIFICATION, notification), (Kind.BULK, bulk))
    found = [(kind, tuple(reason for reason, true in signs if true)) for kind, signs in rows]
    if submitted not in {"", "no"}:
        found.sort(key=lambda row: row[0] is not Kind.NOTIFICATION)
    seen = [Automatic(kind, reasons) for kind, reasons in found if reasons]
    return next((one for one in seen if not one.only_marked), seen[0] if seen else None)


def auto_submitted(headers: Headers) -> str:
    """The keyword of Auto-Submitted in lower case, without parameters and comments (RFC 3834 §5)."""
    return re.split(r"[;\s(]", headers.get("Auto-Submitted").strip().lower())[0]


def null_sender(headers: Headers) -> bool:
    """Whether the return path is empty: nobody can be told if an answer fails (RFC 5321 §4.5.5)."""
    return headers.has("Return-Path") and headers.get("Return-Path").strip().lower() in _NULL


def _precedence(headers: Headers) -> str:
    return headers.get("Precedence").strip().lower()


def _suppressing(headers: Headers) -> bool:
    words = re.split(r"[,\s]+", headers.get("X-Auto-Response-Suppress").lower())
    return not {"all", "autoreply", "oof"}.isdisjoint(words)


def _says_yes(headers: Headers, name: str) -> bool:
    return headers.has(name) and headers.get(name).strip().lower() not in _NO


def _report_type(root: Part) -> str:
    return root.parameters.get("report-type", "").lower() if root.content_type == "multipart/report" else ""


def _author(headers: Headers) -> str:
    return author.address if (author := first_author(headers)) else ""


def _local(headers: Headers) -> str:
    return _author(headers).rpartition("@")[0]


def _counted_return_path(headers: Headers) -> bool:
    """Whether the return path carries the recipient's address, as mass mailers write it (VERP)."""
    path = headers.get("Return-Path").lower()
    if path.lstrip("<").startswith(("srs0", "srs1", "prvs=")):
        return False
    to = addresses(headers, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    return any(found.address.replace("@", "=") in path for found in to)


def _topic_prefix(headers: Headers) -> str:
    """Exchange: the prefix of several words that an answer puts before its topic; else an empty string.

    People's mail programs put one short word there, and say in In-Reply-To what they answer.
    """
    topic = headers.text("Thread-Topic").strip()
    prefix, _, rest = headers.text("Subject").partition(":")
    answers = len(headers.get("Thread-Index")) * 3 // 4 > _REPLY_PREFIX + 2 and not headers.has("In-Reply-To")
    return prefix if topic and answers and rest.strip() == topic and len(prefix.split()) > 1 else ""
