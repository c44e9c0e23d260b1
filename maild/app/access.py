"""``maild access``: who can see what, for people."""

from datetime import datetime
from typing import Any

from maild.app.desk import Desk
from maild.core.disclosure.olddates import RELEASED, WITHDRAWN
from maild.core.facts.table import TOLD_DATE
from maild.errors import Refused
from maild.store import cases, toldoutside, views
from maild.store.toldoutside import Copies

Row = dict[str, Any]
_WITHOUT = {
    RELEASED: "told that it is public already",
    WITHDRAWN: "told that nothing is announced on the date told before",
}
"""What a letter said that named no date to come."""


def who(desk: Desk, case_id: str) -> list[Row]:
    """The team, which sees every case; then who else may see *case_id* (empty: each of the open cases).

    Each row has what they were told, as far as the desk's letters did. ``list`` are the lists that were told
    ahead, one row a letter. ``in copy`` are outsiders in To or Cc of a mail of the case, whether that was
    meant or not.
    """
    if case_id and desk.ask(views.show, case_id) is None:
        raise Refused(f"there is no case {case_id}; `maild cases --all` lists them")
    team = [
        _row(None, address=address, side="member", reason=f"on the team: {member.name}")
        for member in desk.policy.team.members
        for address in dict.fromkeys((*member.addresses, member.contact))
    ]
    known = {row["address"] for row in team}
    found = [case_id] if case_id else [str(row["case"]) for row in desk.ask(views.cases)]
    people = [row for one in found for row in _people(desk, one)]
    others = [row for row in people if row["side"] != "member" or row["address"] not in known]
    return team + others + (_lists(desk, case_id) if case_id else [])


def _people(desk: Desk, case_id: str) -> list[Row]:
    """Whoever takes part in a case; of guests also how much of it they were sent."""
    copies = desk.ask(toldoutside.copies, case_id)
    rows = [_row(case_id, **row) for row in desk.ask(views.access, case_id)]
    return [{**row, "reason": _reason(row, copies.get(row["address"]))} for row in rows]


def _reason(row: Row, copies: Copies | None) -> str:
    if row["side"] != "guest":
        return str(row["reason"])
    if copies is None:
        sent = "was sent no message of the case yet"
    else:
        several = f"{copies.count} message{'' if copies.count == 1 else 's'}"
        sent = f"was sent {several} of the case, the last on {_utc(copies.last)}"
    return f"{row['reason']}; {sent}" if row["reason"] else sent


def _lists(desk: Desk, case_id: str) -> list[Row]:
    """Each letter about the case that a list's server accepted: when, and the date that it named.

    A list whose first letter was not accepted yet knows nothing.
    """
    found, told = desk.ask(cases.get, case_id), desk.ask(toldoutside.lists, case_id)
    dates = found.record.items(TOLD_DATE) if found else {}
    newest = {one.says.item: one for one in told}
    rows = []
    for one in told:
        item, date = one.says.item, one.says.date
        if date is None and one is newest[item]:  # an older maild noted only the last date of each list
            date = dates.get(item, "")
        about = {"address": one.to, "side": "list", "since": one.at.isoformat()}
        rows.append(_row(case_id, **about, reason=f"{_told(one.says.why, date)} (list {item})"))
    return rows


def _told(why: str, date: str | None) -> str:
    """What a letter to a list said of the date of the announcement."""
    if why in _WITHOUT:
        return _WITHOUT[why]
    if date is None:
        return "an earlier letter"
    return (
        f"told that it is public from {_utc(datetime.fromisoformat(date))}" if date else "told without a date"
    )


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _row(case_id: str | None, **about: Any) -> Row:
    return {"case": case_id, "address": "", "side": "", "since": None, "until": None, "reason": ""} | about
