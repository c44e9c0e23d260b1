"""The outbox, the bytes that its letters go out with, and the canaries that came back."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from maild.store.instant import Instant
from maild.store.schema.base import metadata

letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe", Text, nullable=False, unique=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("message_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Text, ForeignKey("case.id"), index=True),
    Column("recipient", Text, nullable=False),
    Column("sealed", Boolean, nullable=False, default=False),
    Column("reporter", Text, nullable=False, default=""),
    Column("facts", JSON, nullable=False),
    Column("in_reply_to", Text, nullable=False, default=""),
    Column("references", Text, nullable=False, default=""),
    Column("state", Text, nullable=False),
    Column("owed", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("doubts", Integer, nullable=False, default=0),
    Column("settled", Instant),
    Column("trouble", Text),
    Column("looked", Boolean, nullable=False, default=False, server_default=false()),
    Column("pace", Integer),
    Column("share", Text, nullable=False, default="", server_default=""),
    Column("term", BigInteger),  # in which it was under way last, where a lease says who works
    Index("letter_queue", "state", "next_at"),
    Index("letter_recent", "kind", "owed"),
)

letter_bytes = Table(
    "letter_bytes",
    metadata,
    Column("letter_id", Integer, ForeignKey("letter.id"), primary_key=True),
    Column("sealed_to", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),  # the last column: see maild/store/longrows.py
)

canary = Table(
    "canary",
    metadata,
    Column("letter_id", Integer, ForeignKey("letter.id"), primary_key=True),
    Column("envelope_id", Integer, ForeignKey("envelope.id"), nullable=False),
    Column("seen", Instant, nullable=False),
)
