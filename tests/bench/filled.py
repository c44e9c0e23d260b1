"""A database as years of use leave it, for ``startup.py``: rows in bulk, as the road writes them one by one.

Each case has five mails: a report with its receipt, then mail to and fro. One case in fifty is open still, with a
promise that runs; every journal row is chained to the one before.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from maild.core.journal import What
from maild.core.values.people import Audience, Side
from maild.store.journal import link
from maild.store.schema import case, clock, envelope, journal, letter, location, message, participant, raw
from tests.support import mails
from tests.support.desk import NOW

EACH = 5
OPEN = 50
PROMISES = ("acknowledge", "respond", "update")
DUE = NOW + timedelta(days=400)
AT_ONCE = 1000
BODY = "What the crash looks like from here, and what I tried since.\n" * 20
Rows = dict[Table, list[dict[str, Any]]]


def fill(connection: Connection, count: int) -> None:
    """So many mails, in cases of five."""
    chain = ""
    for first in range(0, count // EACH, AT_ONCE):
        rows: Rows = {
            table: [] for table in (case, envelope, raw, location, participant, letter, message, clock)
        }
        for number in range(first, min(first + AT_ONCE, count // EACH)):
            _case(rows, number, open_=number % OPEN == 0)
        for table, many in rows.items():
            connection.execute(insert(table), many)
        written = []
        for row in _journal(range(first, min(first + AT_ONCE, count // EACH))):
            chain = link(chain, row)
            written.append(row | {"chain": chain})
        connection.execute(insert(journal), written)


def _case(rows: Rows, number: int, *, open_: bool) -> None:
    name, at, who = f"EX-{number:06}", NOW - timedelta(minutes=number + 60), f"r{number}@reporter.example"
    state = {"state": "open"} if open_ else {"state": "closed", "closed": at, "close_reason": "fixed"}
    state = {"closed": None, "close_reason": None} | state
    rows[case].append({"id": name, "opened": at, "sealed": False, "subject": "Overflow", **state})
    person = {"case_id": name, "address": who, "audience": Audience.REPORTER, "since": at}
    rows[participant].append(person | {"side": Side.REPORTER, "token": f"token{number:015}"})
    rows[letter].append(_letter(name, who, number, at))
    for which in range(EACH):
        _mail(rows, name, number * EACH + which + 1, who, at)
    for promise in PROMISES:
        done = {"met": None if open_ and promise == "update" else at, "met_by": None}
        times = {"started": at, "due": DUE, "look": DUE}
        rows[clock].append({"case_id": name, "promise": promise, "reporter": who, **times, **done})


def _mail(rows: Rows, name: str, number: int, who: str, at: Any) -> None:
    content = mails.plain(sender=who, message_id=f"<{number}@reporter.example>", text=BODY)
    rows[envelope].append(
        {
            "id": number,
            "identity": f"{number:064x}",
            "sha256": f"{number:064x}",
            "role": "inbox",
            "at": at,
            "seen": at,
            "size": len(content),
            "truncated": False,
            "state": "done",
            "verdict": "report",
            "reasons": ["new case"],
            "case_id": name,
        }
    )
    rows[raw].append({"envelope_id": number, "content": content})
    place = {"folder": "INBOX", "uidvalidity": 1, "uid": number}
    rows[location].append(place | {"envelope_id": number, "mark": "report", "marked": True})
    known = {"case_id": name, "envelope_id": number, "message_id": f"<{number}@reporter.example>"}
    rows[message].append(known | {"author": who, "authority": "stranger", "at": at})


def _letter(name: str, who: str, number: int, at: Any) -> dict[str, Any]:
    names = {
        "dedupe": f"receipt:{name}",
        "reference": f"{number:016}",
        "message_id": f"<l{number}@project.example>",
    }
    state = {"state": "sent", "owed": at, "next_at": at, "settled": at, "content": b"x" * 2000}
    return names | state | {"kind": "receipt", "case_id": name, "recipient": who, "facts": {"since": str(at)}}


def _journal(numbers: range) -> Iterator[dict[str, Any]]:
    """What the journal tells of them; the promises as ``ledger verify`` finds them in the clocks."""
    for number in numbers:
        at, name = NOW - timedelta(minutes=number + 60), f"EX-{number:06}"
        for what in (What.OPENED, *[What.MESSAGE] * EACH, What.LETTER_OWED, What.LETTER_SENT):
            yield {"at": at, "case_id": name, "what": what, "detail": {"of": what}}
        for which, promise in enumerate(PROMISES, number * len(PROMISES) + 1):
            about = {"clock": which, "promise": promise}
            times = {"started": at.isoformat(), "due": DUE.isoformat()}
            yield {"at": at, "case_id": name, "what": What.PROMISE, "detail": about | times}
            if not (number % OPEN == 0 and promise == "update"):
                met = {"met": at.isoformat(), "by": "", "what": "reply"}
                yield {"at": at, "case_id": name, "what": What.KEPT, "detail": about | met}
