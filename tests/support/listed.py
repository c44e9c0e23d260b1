"""Nothing kept is invisible: `maild mail` shows every message, with a verdict and why."""

from collections.abc import Iterator

from sqlalchemy import select

from maild.app.desk import Desk
from maild.store.envelopes import DONE
from maild.store.mails import Wanted, listed
from maild.store.schema import envelope
from maild.store.views import View

UNDECIDED, REPORT = "not-handled-yet", "report"
NO_REASON = "nothing speaks for or against it"
"""What the list says where no reason was kept; true of a report that no rule of screening knows."""


def assert_listed(desk: Desk) -> None:
    """After every road: each message that is kept is listed, and what was decided about it is said."""
    rows = desk.ask(listed, Wanted(everything=True))
    states = desk.ask(lambda connection: connection.execute(select(envelope.c.id, envelope.c.state)).all())
    faults = list(unlisted(rows, {row.id: row.state for row in states}))
    assert not faults, faults


def unlisted(rows: View, states: dict[int, str]) -> Iterator[str]:
    """What is wrong with the list *rows* of the messages whose *states* are known, as sentences."""
    shown = {row["id"]: row for row in rows if row["id"] is not None}
    for number, state in states.items():
        row = shown.get(number)
        if row is None:
            yield f"message {number} ({state}) is not listed"
        elif state == DONE and row["verdict"] == UNDECIDED:
            yield f"message {number} is done without a verdict"
        elif row["reasons"] == [NO_REASON] and row["verdict"] != REPORT:
            yield f"message {number} ({row['verdict']}) was given no reason"
        elif not row["reasons"] or not all(" " in reason.strip() for reason in row["reasons"]):
            yield f"message {number} ({row['verdict']}) has no reason in words: {row['reasons']}"
