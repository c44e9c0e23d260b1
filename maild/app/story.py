"""What happened to a case, told in sentences: the journal's rows for people."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.facts.table import DRAFT_REASON
from maild.core.journal import What
from maild.core.letters.kinds import ROWS
from maild.core.mail.text import harmless

Row = Mapping[str, object]
Values = Mapping[tuple[str, str, str], str]
"""What was recorded, by instant (ISO), name and item."""
MINUTE = timedelta(minutes=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_REASONS = {"by word": "by a command"}
"""Reasons as journals hold them, where people read other words."""
_AUTHORS = {"": "", "desk": "the team", "reporter": "the reporter"}
PROOFS = {
    "sent-folder": "the Sent folder",
    "exchanger": "the mail server",
    "token": "its token",
    "person": "a person's look",
}
"""What proved an author, as people read it."""
LETTERS: Mapping[str, str] = {kind: row.called for kind, row in ROWS.items()}
"""What people call the letters of each kind."""


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence: when (aware UTC), what happened, who did it (empty: maild or nobody known).

    ``minor`` ones say how maild did its work; a summary leaves them out.
    """

    at: datetime
    text: str
    minor: bool = False


def told(rows: Iterable[Row], values: Values) -> list[Told]:
    """The *rows* of a case's journal as sentences, oldest first; what repeats within a minute is counted.

    What is not in *values* is not told.
    """
    promises: dict[object, str] = {}
    found: dict[tuple[str, str], tuple[Told, int]] = {}
    for row in rows:
        if row.get("fact") == DRAFT_REASON:
            continue  # it is told with its draft
        if row["what"] == What.PROMISE:
            promises[row.get("clock")] = str(row.get("promise"))
        one = _sentence(row, promises, values)
        key = (str(row["at"])[:16], one.text)
        found[key] = (found[key][0] if key in found else one, found.get(key, (one, 0))[1] + 1)
    return [_counted(one, times) for one, times in found.values()]


def person(authority: object) -> str:
    """Who did something, from the word of the journal: a member's name, an operator's login, or nothing."""
    kind, _, name = str(authority or "").partition(":")
    if kind == "operator":
        return f"{name} (operator)"
    return _AUTHORS.get(name, name) or ("" if kind in ("none", "maild") else kind)


def late(seconds: object) -> str:
    """``on time``, or by how much too late."""
    length = timedelta(seconds=int(str(seconds or 0)))
    if length < MINUTE:
        return "less than a minute late" if length else "on time"
    days, hours, minutes = length.days, length.seconds // 3600, length.seconds % 3600 // 60
    parts = (days and f"{days} d", hours and f"{hours} h", not days and minutes and f"{minutes} min")
    return f"{' '.join(part for part in parts if part)} late"


def _counted(one: Told, times: int) -> Told:
    if times == 1:
        return one
    copies = one.text.replace("Copy to a member", f"{times} copies to members")
    again = f"{one.text.rstrip('.')} ({times} times)."
    return Told(one.at, again if copies == one.text else copies, one.minor)


def _sentence(row: Row, promises: Mapping[object, str], values: Values) -> Told:
    what, at = str(row["what"]), datetime.fromisoformat(str(row["at"]))
    fields = {**_fields(row), "promise": promises.get(row.get("clock"), str(row.get("promise") or ""))}
    value = values.get((str(row["at"]), str(row.get("fact", "")), str(row.get("item", ""))), "")
    fields["value"] = f": {_when(value) if _INSTANT.fullmatch(value) else value}" if value else ""
    text = _SENTENCES.get(what, "{what}{by}.").format_map(fields)
    return Told(at, f"{text[:1].upper()}{text[1:]}", what in _MINOR)


def _fields(row: Row) -> dict[str, str]:
    """What the sentences may use of a row."""
    plain = {name: harmless(str(value)) for name, value in row.items() if value is not None}
    who, author = person(row.get("by")), person(row.get("authority"))
    return _NOTHING | {
        **plain,
        "by": f" by {who}" if who else "",
        "author": _AUTHORS.get(author, author) or "an unverified author",
        "proved": f" (proved by {PROOFS.get(plain['proved'], plain['proved'])})" if "proved" in plain else "",
        "because": f": {_REASONS.get(plain['reason'], plain['reason'])}" if plain.get("reason") else "",
        "since": _when(row.get("since")),
        "until": _when(row.get("paused_until") or row.get("until")),
        "due": _when(row.get("due")),
        "again": f", due {_when(row['due'])}" if row.get("due") else "",
        "step": str(int(plain.get("rung", "0")) + 1),
        "late": late(row.get("late_seconds")),
        "keeper": " by the acknowledgement" if row.get("by") == "receipt" else f" by {who}" if who else "",
        "handler": plain.get("handler") or "nobody",
        "flag": plain.get("flag", "").replace("-", " "),
        "fact": f"{plain.get('fact', '').replace('-', ' ')} {plain.get('item', '')}".strip() or "something",
        "letter": LETTERS.get(plain.get("kind", ""), "letter"),
        "number": plain.get("letter", ""),
    }


def _when(value: object) -> str:
    text = str(value or "")
    return f"{text[:10]} {text[11:16]} UTC"


_NOTHING = {
    **dict.fromkeys(("envelope", "fingerprint", "why", "into", "mails"), ""),
    "case": "another case",
}
_SENTENCES: Mapping[str, str] = {
    What.OPENED: "Case opened for a report received {since}.",
    What.MESSAGE: "Message {envelope} received from {author}{proved}.",
    What.PROMISE: 'Promise "{promise}" begins: due {due}.',
    What.KEPT: 'Promise "{promise}" kept{keeper} ({late}).',
    What.KEPT_LATE: 'Promise "{promise}" kept{keeper} ({late}).',
    What.PROMISE_PAUSED: 'Promise "{promise}" paused until {until}{by}{because}.',
    What.PROMISE_RUNS_AGAIN: 'Promise "{promise}" runs again{again}{because}.',
    What.PROMISE_STOPPED: 'Promise "{promise}" ended{because}.',
    What.ESCALATED: 'Promise "{promise}" overdue: step {step} of the escalation.',
    What.EVERYBODY_IS_AWAY: 'Promise "{promise}" overdue, and everyone of that step is away.',
    What.TAKEN: "Taken{by}; escalation waits until {until}.",
    What.HANDLER: "Handler of the case: {handler}.",
    What.RECORDED: "{fact} recorded{by}{value}.",
    What.TAKEN_BACK: "{fact} removed{by}.",
    What.FLAG: "Marked as {flag}.",
    What.FLAG_CLEARED: "No longer marked as {flag}.",
    What.SEALED_FROM_NOW_ON: "Encrypted from now on.",
    What.KEY_REMEMBERED: "The reporter's key was learned: {fingerprint}.",
    What.KEY_OFFERED: "The reporter offered a key: {fingerprint}.",
    What.KEY_REFUSED: "A key of the reporter cannot be used: {why}.",
    What.KEY_USED: "Replies are encrypted to key {fingerprint}{by}.",
    What.KEY_REVOKED: "The key {fingerprint} was revoked.",
    What.CLOSED: "Closed{by}{because}.",
    What.REOPENED: "Reopened{because}.",
    What.JOINED: "Joined to {into}{by}.",
    What.JOINED_BY: "{case} was joined to this case{by}.",
    What.MAIL_SET_ASIDE: "Message {envelope} set aside: maild could not handle it.",
    What.MAIL_TRIED_AGAIN: "Message {envelope} will be handled again{by}.",
    What.COULD_NOT_BE_OPENED: "A message could not be decrypted.",
    What.READ_IN_PART: "A message could be read only in part.",
    What.REPORTER_MOVED: "The reporter is answered at another address{by}.",
    What.LETTER_OWED: "{letter} prepared.",
    What.LETTER_SENT: "{letter} sent.",
    What.LETTER_FAILED: "{letter} failed.",
    What.LETTER_BOUNCED: "{letter} bounced.",
    What.LETTER_HELD: "{letter} waits for a person.",
    What.LETTER_PARKED: "{letter} waits: it may have been sent already.",
    What.LETTER_HAD_BEEN_SENT: "{letter} had been sent before.",
    What.LETTER_FREED: "Letter {number} released{by}.",
    What.TEXTS_GIVEN_UP: "Texts of messages deleted after their retention: {mails}.",
    What.TEXT_GIVEN_UP: "The text of message {envelope} was deleted after its retention.",
    What.EXPORTED: "Exported{by}.",
    What.PERSON_FORGOTTEN: "A person was forgotten{by}.",
}
_MINOR = {What.LETTER_OWED, What.FLAG_CLEARED}
