"""Mail as it was received, where it stands, and what could not be fetched."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import BigInteger

from maild.store.instant import Instant
from maild.store.schema.base import metadata

folder = Table(
    "folder",
    metadata,
    Column("name", Text, primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("next_uid", BigInteger, nullable=False),
    Column("read_at", Instant),
)

envelope = Table(
    "envelope",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Text, unique=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("odd", Boolean, nullable=False, default=False),
    Column("size", Integer, nullable=False),
    Column("truncated", Boolean, nullable=False, default=False),
    Column("doubt", Text, nullable=False, default=""),
    Column("state", Text, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("shunted", Integer, nullable=False, default=0),
    Column("retry_at", Instant),
    Column("verdict", Text),
    Column("score", Float),
    Column("judged", Instant),
    Column("reasons", JSON, nullable=False, default=list),
    Column("case_id", Text, ForeignKey("case.id"), index=True),
    Column("trouble", Text),
)

raw = Table(
    "raw",
    metadata,
    Column("envelope_id", Integer, ForeignKey("envelope.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # the last column: see maild/store/longrows.py
)

location = Table(
    "location",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("envelope_id", Integer, ForeignKey("envelope.id"), index=True),
    Column("mark", Text),
    Column("marked", Boolean, nullable=False, default=False),
    Column("moving", Boolean, nullable=False, default=False),
    Column("date", Instant),
    Index("location_unmarked", "marked", "mark"),
)

backlog = Table(
    "backlog",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("size", Integer, nullable=False),
    Column("wanted", Boolean, nullable=False, default=False),
    UniqueConstraint("folder", "uidvalidity", "uid"),
)

unfetched = Table(
    "unfetched",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("again", Instant, nullable=False),
)

used_signature = Table(
    "used_signature",
    metadata,
    Column("signature", Text, primary_key=True),
    Column("envelope_id", Integer, nullable=False),
)
