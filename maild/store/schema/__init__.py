"""The tables. Instants are integers: microseconds since 1970-01-01 UTC (SQLite would drop a time zone).

Whoever imports one of them has all of them: a foreign key finds its table, a migration all that there are.
"""

from maild.store.schema.base import metadata
from maild.store.schema.cases import case, fact, feature, flag, message, participant
from maild.store.schema.desk import absence, daily, journal, setting
from maild.store.schema.keys import key_scope, offered_key, reporter_key
from maild.store.schema.letters import canary, letter, letter_bytes
from maild.store.schema.mails import backlog, envelope, folder, location, raw, unfetched, used_signature
from maild.store.schema.promises import clock, escalation

__all__ = [
    "absence",
    "backlog",
    "canary",
    "case",
    "clock",
    "daily",
    "envelope",
    "escalation",
    "fact",
    "feature",
    "flag",
    "folder",
    "journal",
    "key_scope",
    "letter",
    "letter_bytes",
    "location",
    "message",
    "metadata",
    "offered_key",
    "participant",
    "raw",
    "reporter_key",
    "setting",
    "unfetched",
    "used_signature",
]
