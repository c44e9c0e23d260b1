"""The desk in numbers, for those who watch it: what each is called, and what it says.

Names, labels and meanings are an interface: dashboards and alert rules are built on them. No label holds an
address, a subject or a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MEANING: Mapping[str, str] = {
    "maild_mail": "Messages kept, by verdict",
    "maild_mail_waiting": "Messages not yet handled (step: handle, open)",
    "maild_mail_oldest_waiting_seconds": "Age of the oldest message not yet handled",
    "maild_mail_shunted": "Messages that maild could not handle and has set aside",
    "maild_mail_unfetched": "Messages that the server lists and has not delivered so far; maild asks again",
    "maild_quarantine": "Messages that wait for a person, by kind (quarantine, held)",
    "maild_cases": "Cases, by state",
    "maild_letters": "Letters, by kind and state (owed, sending, sent, failed, bounced, held, parked)",
    "maild_letter_oldest_owed_seconds": "Age of the oldest letter that is still to be sent",
    "maild_promises_running": "Promises that are running, by promise",
    "maild_promises_overdue": "Promises that are overdue and still open, by promise",
    "maild_promises_kept": "Promises kept in time so far, by promise",
    "maild_promises_missed": "Promises kept too late so far, by promise",
    "maild_next_due_timestamp_seconds": "When the next promise falls due",
    "maild_folder_read_timestamp_seconds": "When each folder of the mailbox was last read to its end",
    "maild_loop_success_timestamp_seconds": "When each loop of the service last went round without trouble",
    "maild_key_expiry_timestamp_seconds": "When the keys in use expire, by owner",
    "maild_token_obtained_timestamp_seconds": "When the OAuth token was obtained",
    "maild_token_expiry_timestamp_seconds": "When the OAuth token expires; it is renewed at half of its life",
    "maild_token_refused": "1 while the provider refuses to renew the OAuth token: authorize again",
    "maild_canary_sent_timestamp_seconds": "When the last canary was sent",
    "maild_canary_seen_timestamp_seconds": "When the last canary that came back was seen",
    "maild_works": "1 where this host works on the desk, 0 where it stands by (PostgreSQL)",
    "maild_database_bytes": "Size of the database file",
    "maild_started_timestamp_seconds": "When the service was started",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; ``name`` is a key of ``MEANING``. Instants are seconds since 1970-01-01 UTC."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
