"""Rows of every listing as the desk gives them, with the long values that real ones have."""

from datetime import timedelta
from typing import Any

from maild.core.screening.said import sentence
from tests.support.desk import NOW

HOUR = timedelta(hours=1)


def at(hours: float) -> str:
    """An instant so many hours from now, as listings hold it."""
    return (NOW + hours * HOUR).isoformat()


CASE, OTHER = "EXAMPLE-7KQ2M9", "EXAMPLE-XBR6QM"
LONG = "security-research.vulnerability-reports@laboratory.university.example"
CASES: list[dict[str, Any]] = [
    {
        "case": CASE,
        "state": "open",
        "opened": at(-60),
        "subject": "Heap buffer overflow in the PNG reader [4.2] when the header announces more than it holds",
        "handler": "Anna Acosta",
        "answered": False,
        "next_due": at(-12.5),
        "flags": ["reporter-unreachable"],
        "related": None,
    },
    {
        "case": OTHER,
        "state": "open",
        "opened": at(-2),
        "subject": "(sealed)",
        "handler": "",
        "answered": True,
        "next_due": at(3.2),
        "flags": [],
        "related": CASE,
    },
    {
        "case": "EXAMPLE-M2M2M2",
        "state": "open",
        "opened": at(-900),
        "subject": "打印机驱动程序中的缓冲区溢出漏洞报告以及相关的概念验证代码",
        "handler": "Bo",
        "answered": True,
        "next_due": None,
        "flags": [],
        "related": None,
    },
]
STATISTICS: dict[str, list[dict[str, Any]]] = {
    "cases": [
        {
            "severity": name,
            "cases": number,
            "acknowledged_hours": 0.0,
            "answered_hours": 15.2,
            "fixed_hours": fixed,
            "announced_hours": announced,
            "kept_percent": 97.6,
        }
        for name, number, fixed, announced in (
            ("all", 42, 410.5, 800.0),
            ("Important", 7, 90.3, 700.1),
            ("none yet", 2, None, None),
        )
    ],
    "promises": [
        {"promise": "acknowledge", "kept": 42, "missed": 0, "percent": 100.0},
        {"promise": "respond", "kept": 39, "missed": 1, "percent": 97.5},
    ],
}
SCREENED: dict[str, Any] = {
    "mails": 62,
    "threshold": 2.5,
    "confusion": {"ham": {"report": 41, "quarantine": 1}, "spam": {"report": 0, "quarantine": 20}},
    "held_share": {"ham": 0.0238, "spam": 1.0},
    "reasons": [
        {"reason": "marketing", "ham": 1, "spam": 12, "unsorted": 0, "held": 13},
        {"reason": "offer-to-you", "ham": 1, "spam": 7, "unsorted": 0, "held": 8},
        {"reason": "flaw", "ham": 33, "spam": 0, "unsorted": 0, "held": 0},
    ],
    "wrong": [
        {
            "mail": "reports/004h.eml",
            "label": "ham",
            "verdict": "quarantine",
            "score": 8.2,
            "reasons": ["sale", "marketing", "percent", "newsletter", "offer-to-you", "you"],
            "subject": "Guest post and backlinks for your website, 50% discount this week only",
        }
    ],
    "nearest": [],
}
MAIL = {
    "id": 12,
    "at": at(-3),
    "folder": "INBOX",
    "from": LONG,
    "author": LONG,
    "subject": "CHEAP PILLS 80% OFF!!! CLICK NOW and forever, as never before in the history of pills",
    "verdict": "quarantine",
    "reasons": ["screening rule: capitals", "screening rule: pharmacy"],
    "case": None,
    "releasable": True,
}
LETTER = {
    "letter": 7,
    "kind": "receipt",
    "case": CASE,
    "to": LONG,
    "state": "held",
    "owed": at(-1),
    "attempts": 2,
    "next": None,
    "settled": None,
    "trouble": "the mail server refused the recipient for now: 451 4.3.0 try again later",
    "message_id": "<x@project.example>",
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "cases": CASES,
    "all cases": CASES,
    "quarantine": [
        {
            "mail": 12,
            "kind": "quarantine",
            "from": "win@spam.example",
            "author": "win@spam.example",
            "subject": MAIL["subject"],
            "arrived": at(-3),
            "look_by": at(9),
            "size": 812,
            "score": 7.5,
            "reasons": ["capitals", "pharmacy"],
        }
    ],
    "mail": [
        MAIL,
        {
            **MAIL,
            "id": 13,
            "from": "notifications@github.com",
            "author": "ritar on GitHub",
            "case": CASE,
            "verdict": "report",
        },
    ],
    "outbox": [
        LETTER,
        {**LETTER, "letter": 8, "kind": "copy", "state": "owed", "next": at(0.1), "trouble": ""},
    ],
    "hosts": [
        {"host": "desk-one", "works": True, "seen": at(-0.01), "version": "0.1.0"},
        {"host": "desk-two", "works": False, "seen": at(-30), "version": "0.1.0"},
    ],
    "adopt": [{"id": 1, "folder": "INBOX", "arrived": at(-400), "size": 4096, "wanted": False}],
    "access": [
        {
            "case": None,
            "address": LONG,
            "side": "member",
            "since": None,
            "until": None,
            "reason": "on the team: Bo",
        },
        {
            "case": CASE,
            "address": "eve@vendor.example",
            "side": "guest",
            "since": at(-30),
            "until": at(100),
            "reason": "maintains the library in which the fault is",
        },
    ],
    "shunted": [
        {
            "mail": 3,
            "case": CASE,
            "arrived": at(-5),
            "size": 1_048_576,
            "times": 3,
            "trouble": "ValueError in maild.core.mail.mime:parse:112",
        }
    ],
    "keys": [
        {
            "owner": "Example Security Team",
            "fingerprint": "ABCD" * 10,
            "algorithm": "EdDSA ed25519",
            "use": ["encrypt", "sign"],
            "expires": at(24 * 200),
            "usable": True,
            "secret": True,
        },
        {
            "owner": "Bo",
            "fingerprint": "0123" * 10,
            "algorithm": "RSA 4096",
            "use": ["encrypt"],
            "expires": at(-24),
            "usable": False,
            "secret": False,
        },
    ],
    "ledger": [
        {
            "clock": 1,
            "case": CASE,
            "mail": None,
            "promise": "respond",
            "started": at(-60),
            "due": at(-12),
            "met": at(-2),
            "met_by": "reply",
            "late_seconds": 36_000,
            "late": "10 h 0 min",
            "state": "missed",
        },
        {
            "clock": 2,
            "case": OTHER,
            "mail": None,
            "promise": "acknowledge",
            "started": at(-2),
            "due": at(22),
            "met": None,
            "met_by": None,
            "late_seconds": 0,
            "late": None,
            "state": "running",
        },
    ],
    "when": [
        {
            "at": at(3.2),
            "local": "Mon 2026-03-02 13:42 CET",
            "what": "escalation",
            "case": CASE,
            "mail": None,
            "promise": "respond",
            "step": 1,
            "people": ["Anna Acosta", "Carl Conti", "Bea Brandt", "Dora Dorn", "Emil Ems"],
        }
    ],
    "replay missed": [
        {
            "due": at(-60),
            "promise": "respond",
            "late_hours": 112.4,
            "case": CASE,
            "message": "security-inbox/2025/cur/1772440200.M1P1.mail.example.org:2,S",
        }
    ],
    "replay told": [
        {
            "at": at(-48),
            "case": CASE,
            "promise": "respond",
            "step": 2,
            "people": ["Anna Acosta", "Carl Conti", "Bea Brandt"],
        }
    ],
    "replay held": [
        {
            "at": at(-500),
            "message": "security.mbox#1204",
            "verdict": "quarantine",
            "reasons": ["capitals", "pharmacy"],
        }
    ],
    "policy": [
        {"key": "promise.acknowledge.limit", "value": "24h", "from": "preset rust-2015"},
        {
            "key": "ladder.default.rung",
            "value": "who=coordinator after=0h; who=backup after=24h; everybody=true after=48h repeat=24h",
            "from": "file",
        },
    ],
    "lint": [
        {"page": "security.md", "line": 12, "found": "36 hours", "wanted": "48 hours, the limit of respond"}
    ],
    "explain": [
        {
            "file": "b.eml",
            "verdict": "quarantine",
            "case": None,
            "acknowledged": False,
            "subject": "CHEAP PILLS",
        },
        {
            "file": "reports/2026/10/a-report-with-a-long-name.eml",
            "verdict": "report",
            "case": "new",
            "acknowledged": True,
            "subject": CASES[0]["subject"],
        },
    ],
    "statistics": STATISTICS["cases"],
    "kept promises": STATISTICS["promises"],
    "screened": [{"label": "ham", "report": 41, "quarantine": 1, "held": "2.4%"}],
    "rules": [{**one, "said": sentence(one["reason"])} for one in SCREENED["reasons"]],
    "screened messages": SCREENED["wrong"],
    "suggest": [
        {
            "promise": "acknowledge",
            "promised": "24 hours",
            "kept": 14,
            "late": 0,
            "overdue": 0,
            "median": "2 minutes",
            "p90": "6 hours",
            "suggestion": "12h",
        }
    ],
    "check": [
        {"what": "openpgp", "state": "ok", "text": f"key {'ABCD' * 10} decrypts and signs", "what to do": ""},
        {
            "what": "smtp",
            "state": "fault",
            "text": "could not connect to mail.example.org:587: connection refused",
            "what to do": "compare smtp.host, port and tls with your provider's; is the server up?",
        },
    ],
}
