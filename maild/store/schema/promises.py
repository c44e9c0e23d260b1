"""Promises that run, and the steps climbed for them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from maild.store.instant import Instant
from maild.store.schema.base import metadata

_RUNS = Column("stopped").is_(None)
_WAITS = Column("met").is_(None) & Column("stopped").is_(None)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("case.id"), index=True),
    Column("mail", Integer, ForeignKey("envelope.id"), index=True),
    Column("promise", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("started", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("met", Instant),
    Column("met_by", Text),
    Column("met_letter", Integer),
    Column("start_letter", Integer),
    Column("paused_until", Instant),
    Column("paused_since", Instant),
    Column("paused_due", Instant),
    Column("taken_until", Instant),
    Column("look", Instant, nullable=False),
    Column("stopped", Instant),
    # A promise that was stopped may run again from the very instant it had begun at.
    Index(
        "clock_once",
        "case_id",
        "promise",
        "reporter",
        "started",
        unique=True,
        sqlite_where=_RUNS,
        postgresql_where=_RUNS,
    ),
    Index("clock_look", "look", sqlite_where=_WAITS, postgresql_where=_WAITS),
)

escalation = Table(
    "escalation",
    metadata,
    Column("clock_id", Integer, ForeignKey("clock.id"), primary_key=True),
    Column("due", Instant, primary_key=True),
    Column("rung", Integer, primary_key=True),
    Column("contact", Text, primary_key=True),
    Column("letter_id", Integer, ForeignKey("letter.id"), nullable=False),
    Column("at", Instant, nullable=False),
)
