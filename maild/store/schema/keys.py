"""Reporters' keys, in use and offered."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from maild.store.instant import Instant
from maild.store.schema.base import metadata

reporter_key = Table(
    "reporter_key",
    metadata,
    Column("address", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("seals", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("since", Instant, nullable=False),
)

key_scope = Table(
    "key_scope",
    metadata,
    Column("address", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("case.id"), primary_key=True),
)
"""The only cases that an address's key serves, where nothing proves it; a key without a row serves all."""

offered_key = Table(
    "offered_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("case.id"), nullable=False, index=True),
    Column("envelope_id", Integer, nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("seals", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("why", Text, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Keys that nobody uses yet, or that were refused (``why``), to be shown to the team."""
