"""``maild access``: who can see what, for people."""

from datetime import datetime
from typing import Any

from maild.app.desk import Desk
from maild.core.facts.table import TOLD_DATE
from maild.errors import Refused
from maild.store import announced, cases, views

Row = dict[str, Any]


def who(desk: Desk, case_id: str) -> list[Row]:
    """The team, which sees every case; then who else may see *case_id* (empty: each of the open cases).

    ``list`` are the lists that were told ahead. ``in copy`` are outsiders in To or Cc of a mail of the case,
    whether that was meant or not.
    """
    if case_id and desk.ask(views.show, case_id) is None:
        raise Refused(f"there is no case {case_id}; `maild cases --all` lists them")
    lists = _lists(desk, case_id) if case_id else []
    team = [
        _row(None, address=address, side="member", reason=f"of the team: {member.name}")
        for member in desk.policy.team.members
        for address in dict.fromkeys((*member.addresses, member.contact))
    ]
    known = {row["address"] for row in team}
    found = [case_id] if case_id else [str(row["case"]) for row in desk.ask(views.cases)]
    return (
        team
        + [
            _row(one, **row)
            for one in found
            for row in desk.ask(views.access, one)
            if row["side"] != "member" or row["address"] not in known
        ]
        + lists
    )


def _lists(desk: Desk, case_id: str) -> list[Row]:
    """Each letter about the case that a list's server accepted: when, and of the newest the date it names.

    A list whose first letter was not accepted yet knows nothing.
    """
    found = desk.ask(cases.get, case_id)
    told = desk.ask(announced.told_ahead, case_id) if found else []
    newest = {item: at for item, _, at in told}
    return [
        _row(
            case_id,
            address=address,
            side="list",
            since=at.isoformat(),
            reason=f"told {_date(found.record.value(TOLD_DATE, item))} (list {item})"
            if found and at == newest[item]
            else f"an earlier letter (list {item})",
        )
        for item, address, at in told
    ]


def _date(text: str) -> str:
    at = f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC" if text else ""
    return f"that it is public from {at}" if at else "without a date"


def _row(case_id: str | None, **about: Any) -> Row:
    return {"case": case_id, "address": "", "side": "", "since": None, "until": None, "reason": ""} | about
