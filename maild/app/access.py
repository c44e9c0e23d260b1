"""``maild access``: who can see what, for people."""

from typing import Any

from maild.app.desk import Desk
from maild.errors import Refused
from maild.store import views

Row = dict[str, Any]


def who(desk: Desk, case_id: str) -> list[Row]:
    """The team, which sees every case; then who else may see *case_id* (empty: each of the open cases).

    ``in copy`` are outsiders in To or Cc of a mail of the case, whether that was meant or not.
    """
    if case_id and desk.ask(views.show, case_id) is None:
        raise Refused(f"there is no case {case_id}; `maild cases --all` lists them")
    team = [
        _row(None, address=address, side="member", reason=f"of the team: {member.name}")
        for member in desk.policy.team.members
        for address in dict.fromkeys((*member.addresses, member.contact))
    ]
    known = {row["address"] for row in team}
    found = [case_id] if case_id else [str(row["case"]) for row in desk.ask(views.cases)]
    return team + [
        _row(one, **row)
        for one in found
        for row in desk.ask(views.access, one)
        if row["side"] != "member" or row["address"] not in known
    ]


def _row(case_id: str | None, **about: Any) -> Row:
    return {"case": case_id, "address": "", "side": "", "since": None, "until": None, "reason": ""} | about
