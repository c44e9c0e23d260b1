"""The desk itself: its settings, absences of the team, and the journal."""

from sqlalchemy import JSON, BigInteger, Column, Integer, Table, Text

from maild.store.instant import Instant
from maild.store.schema.base import metadata

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("member", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

daily = Table(
    "daily",
    metadata,
    Column("what", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""The letters that the team gets once a day, by what the journal calls them: the last day that had one."""

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("case_id", Text, index=True),
    Column("what", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("chain", Text, nullable=False),
    Column("term", BigInteger),  # in which a daemon wrote it; none where there is no lease, and for commands
)
