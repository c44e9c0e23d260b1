"""Cases, who takes part, and what is known of them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from maild.store.instant import Instant
from maild.store.schema.base import metadata

case = Table(
    "case",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False, index=True),
    Column("opened", Instant, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("subject", Text, nullable=False),
    Column("handler", Text, nullable=False, default=""),
    Column("answered", Boolean, nullable=False, default=False),
    Column("closed", Instant),
    Column("close_reason", Text),
    Column("related", Text, nullable=False, default=""),
    Column("joined_to", Text),
    Column("purged", Instant),
)

flag = Table(
    "flag",
    metadata,
    Column("case_id", Text, ForeignKey("case.id"), primary_key=True),
    Column("flag", Text, primary_key=True),
)

feature = Table(
    "feature",
    metadata,
    Column("case_id", Text, ForeignKey("case.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("digest", Text, primary_key=True, index=True),
)

participant = Table(
    "participant",
    metadata,
    Column("case_id", Text, ForeignKey("case.id"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("side", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("until", Instant),
    Index("participant_address", "address"),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("case.id"), nullable=False, index=True),
    Column("envelope_id", Integer, ForeignKey("envelope.id"), unique=True),
    Column("letter_id", Integer, ForeignKey("letter.id")),
    Column("message_id", Text, nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    Column("case_id", Text, ForeignKey("case.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("fact_name", "name"),
)
