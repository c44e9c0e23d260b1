"""The tables. Instants are integers: microseconds since 1970-01-01 UTC (SQLite would drop a time zone)."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import BigInteger

from maild.store.instant import Instant

metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

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
    Column("content", LargeBinary, nullable=False),
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
        sqlite_where=Column("stopped").is_(None),
    ),
    Index("clock_look", "look", sqlite_where=Column("met").is_(None) & Column("stopped").is_(None)),
)

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
    Column("content", LargeBinary),
    Column("settled", Instant),
    Column("trouble", Text),
    Column("looked", Boolean, nullable=False, default=False, server_default=false()),
    Column("sealed_to", Text, nullable=False, default="", server_default=""),
    Index("letter_queue", "state", "next_at"),
    Index("letter_recent", "kind", "owed"),
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

canary = Table(
    "canary",
    metadata,
    Column("letter_id", Integer, ForeignKey("letter.id"), primary_key=True),
    Column("envelope_id", Integer, ForeignKey("envelope.id"), nullable=False),
    Column("seen", Instant, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("member", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

used_signature = Table(
    "used_signature",
    metadata,
    Column("signature", Text, primary_key=True),
    Column("envelope_id", Integer, nullable=False),
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

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("case_id", Text, index=True),
    Column("what", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("chain", Text, nullable=False),
)
