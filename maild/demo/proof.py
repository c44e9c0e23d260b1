"""Whether the demo came out as it should: what is asked, and what was found instead."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from maild.core.change import Verdict
from maild.demo.mails import SECRETS
from maild.demo.servers import Handed
from maild.demo.story import ANSWERED, UNANSWERED

CORA, BEN = "cora@heron.example", "ben@heron.example"


@dataclass(frozen=True, slots=True)
class End:
    """What stands at the end: rows of the views, the letters that arrived, what the log said."""

    start: datetime
    with_keys: bool
    cases: Sequence[dict[str, Any]]
    outbox: Sequence[dict[str, Any]]
    status: dict[str, Any]
    letters: Sequence[Handed]
    opened: Sequence[Any]
    troubles: Sequence[str]
    broken_at: int | None


def faults(end: End) -> list[str]:
    """What did not happen as it should, as sentences; empty when all did."""
    return [
        f"{what} should be {wanted}, not {found}" for what, wanted, found in _asked(end) if wanted != found
    ]


def _asked(end: End) -> Iterator[tuple[str, object, object]]:
    reports, sealed = (3, 1) if end.with_keys else (2, 0)
    yield "open cases", reports, end.status["cases"].get("open", 0)
    yield "cases that hide their subject", sealed, sum(c["subject"] == "(sealed)" for c in end.cases)
    yield "answered cases", reports - 1, sum(c["answered"] for c in end.cases)
    yield "messages decrypted with the desk's key", 2 * sealed, _count(end.opened, "decryption", "ok")
    yield "signatures of the team", sealed, _count(end.opened, "signature", "good")
    yield "messages rejected as spam", 1, end.status["mail"].get(Verdict.REJECTED, 0)
    yield "automatic messages", 1, end.status["mail"].get(Verdict.AUTOMATIC, 0)
    yield "messages left in the backlog", 1, end.status["backlog"]
    yield "acknowledgements", sorted(_reporters(end.cases)), sorted(_to(end, "receipt"))
    yield "escalations", _ladder(end.start), _escalations(end)
    yield "letters not sent", [], [row["kind"] for row in end.outbox if row["state"] != "sent"]
    yield "recipients served", Counter(row["to"] for row in end.outbox), _served(end)
    yield "words of reports in letters", [], [word for word in SECRETS if _leaks(end, word)]
    yield "troubles", [], list(end.troubles)
    yield "first broken row of the journal", None, end.broken_at


def _ladder(start: datetime) -> list[str]:
    """Who is to be told when: of the silence after 48 hours, the backup a day later; of the late update."""
    silent = start + timedelta(hours=UNANSWERED + 48)
    late = start + timedelta(hours=ANSWERED) + timedelta(days=5)
    wanted = ((silent, CORA), (silent + timedelta(days=1), BEN), (late, CORA))
    return [f"{at.isoformat()} {who}" for at, who in wanted]


def _escalations(end: End) -> list[str]:
    rows = [row for row in end.outbox if row["kind"] == "escalation"]
    return sorted(f"{row['settled'] or 'unsettled'} {row['to']}" for row in rows)


def _count(rows: Sequence[Any], key: str, value: str) -> int:
    return sum(row[key] == value for row in rows)


def _reporters(cases: Sequence[dict[str, Any]]) -> list[str]:
    return [p["address"] for c in cases for p in c["participants"] if p["side"] == "reporter"]


def _to(end: End, kind: str) -> list[str]:
    return [row["to"] for row in end.outbox if row["kind"] == kind and row["state"] == "sent"]


def _served(end: End) -> Counter[str]:
    return Counter(address for letter in end.letters for address in letter.recipients)


def _leaks(end: End, word: str) -> bool:
    return any(word.encode() in letter.raw for letter in end.letters)
