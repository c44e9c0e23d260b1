"""Which mails a person may call a report after all."""

from sqlalchemy import Connection, bindparam, select

from maild.core.change import Verdict
from maild.store.schema import envelope, raw

_THERE = select(raw.c.envelope_id).where(raw.c.envelope_id == envelope.c.id).exists()
_MAIL = select(envelope.c.verdict, envelope.c.case_id, _THERE.label("there")).where(
    envelope.c.id == bindparam("this")
)
RELEASABLE = frozenset(set(Verdict) - {Verdict.REPORT, Verdict.OWN, Verdict.WAITING})
"""What a person may call a report after all, where it belongs to no case (ruling 5)."""
_APART = frozenset({Verdict.HELD, Verdict.QUARANTINE, Verdict.REJECTED})
"""Verdicts that keep a mail out of the case it names."""


def unreleasable(connection: Connection, envelope_id: int) -> str:
    """Why a mail cannot be released, as the end of a sentence about it; empty when it can."""
    row = connection.execute(_MAIL, {"this": envelope_id}).one_or_none()
    if row is None:
        return "is not in quarantine; `maild quarantine` lists what is"
    return why_not_released(row.verdict, row.case_id, row.there)


def why_not_released(verdict: str | None, case_id: str | None, there: bool) -> str:
    """Why a mail of this *verdict* cannot be released; *there*: its text is still kept."""
    if verdict not in RELEASABLE:
        return f"cannot be released (verdict: {verdict})" if verdict else "is not handled yet"
    if case_id and verdict not in _APART:
        return f"belongs to case {case_id}"
    return "" if there else "has no text any more"
