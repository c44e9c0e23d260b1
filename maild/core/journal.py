"""What the journal can say. Each wording stands here once: who writes it and who reads it name it alike.

The journal is chained by hashes and never rewritten, so a wording that was used once stays.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

Plain = str | int | bool | None
Detail = Mapping[str, Plain | Sequence[Plain]]
"""What a row says beside what happened: ids, names, and instants as ISO texts, all of which JSON can hold."""


class What(StrEnum):
    """What happened, as a row of the journal says it."""

    AWAY = "away"
    CLOSED = "closed"
    COULD_NOT_BE_OPENED = "could not be opened"
    DIGEST = "digest"
    ESCALATED = "escalated"
    EVERYBODY_IS_AWAY = "everybody is away"
    EXPORTED = "exported"
    FLAG = "flag"
    FLAG_CLEARED = "flag cleared"
    HANDLER = "handler"
    HELD_MAIL_LISTED = "held mail listed"
    JOINED = "joined"
    JOINED_BY = "joined by"
    KEPT = "kept"
    KEPT_LATE = "kept late"
    KEY_OFFERED = "key offered"
    KEY_REFUSED = "key refused"
    KEY_REMEMBERED = "key remembered"
    KEY_REVOKED = "key revoked"
    KEY_USED = "key used"
    LETTER_BOUNCED = "letter bounced"
    LETTER_FAILED = "letter failed"
    LETTER_FREED = "letter freed"
    LETTER_HAD_BEEN_SENT = "letter had been sent"
    LETTER_HELD = "letter held"
    LETTER_OWED = "letter owed"
    LETTER_PARKED = "letter parked"
    LETTER_SENT = "letter sent"
    MAIL_SET_ASIDE = "mail set aside"
    MAIL_TRIED_AGAIN = "mail tried again"
    MEMBER_LEFT = "member left"
    MESSAGE = "message"
    OPENED = "opened"
    PERSON_FORGOTTEN = "person forgotten"
    PROMISE = "promise"
    PROMISE_PAUSED = "promise paused"
    PROMISE_RUNS_AGAIN = "promise runs again"
    PROMISE_STOPPED = "promise stopped"
    READ_IN_PART = "read in part"
    RECORDED = "recorded"
    REOPENED = "reopened"
    REPORTER_MOVED = "reporter answered at another address"
    RESTORED = "restored"
    SEALED_FROM_NOW_ON = "sealed from now on"
    TAKEN = "taken"
    TAKEN_BACK = "taken back"
    TEXT_GIVEN_UP = "text given up"
    TEXTS_GIVEN_UP = "texts given up"
