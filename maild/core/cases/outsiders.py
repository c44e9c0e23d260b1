"""Outsiders in To or Cc of a case's mail: whoever wrote it, the team hears at once who may know now."""

from maild.core.cases.incoming import Incoming
from maild.core.change import Change, SetFlag
from maild.core.disclosure.secrecy import secret
from maild.core.facts.change import SetFact
from maild.core.facts.record import kept_in
from maild.core.facts.table import OUTSIDER
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.values.case import Case, Flag
from maild.core.values.ids import named
from maild.core.writing import notice

MOST_NAMED = 10
"""Addresses of one mail that are named; whoever puts a hundred into Cc gets one short letter written."""
MOST = 50
"""Addresses of one case that the team is told of; after them it knows."""


def flagged(mail: Incoming, case: Case) -> list[Change]:
    """Flag the case and tell the handlers, once an address. Mail that is held is of no case yet.

    The addresses stand in To and Cc, which everybody on the way could read; of a sealed case they are not
    written down all the same, and the letter says where they are read.
    """
    known, desk = case.record.items(OUTSIDER), mail.policy.desk
    by_name = {named(desk.secret, case.id, one): one for one in outsiders(mail, case)}
    fresh = {name: one for name, one in by_name.items() if name not in known}
    listed = mail.facts.by_machine and mail.thread.case is None  # whoever posts a report on a list
    if not fresh or len(known) >= MOST or listed:
        return []
    if not secret(case, mail.policy.process, mail.event.arrival.at):
        return []  # everybody may know by now
    sealed = case.sealed or mail.facts.sealed
    where = kept_in(mail.event.arrival.envelope)
    seen = [SetFact(case.id, OUTSIDER, where if sealed else one, "maild", n) for n, one in fresh.items()]
    shown = [] if sealed else list(fresh.values())[:MOST_NAMED]
    told: dict[str, Detail] = {"addresses": shown, "count": len(fresh)}
    name = keys.notice(Flag.OUTSIDER, mail.event.arrival.identity)
    letters = notice.tell(name, case.id, Flag.OUTSIDER, mail.policy, told)
    return [SetFlag(case.id, Flag.OUTSIDER), *seen[: MOST - len(known)], *letters]


def outsiders(mail: Incoming, case: Case) -> list[str]:
    """Whom the mail was addressed to beside the desk, the team and whoever may know of the case."""
    desk, team = mail.policy.desk, mail.policy.team
    may = {mail.reporter, *case.reporters, *mail.guests, *mail.told, *desk.own_lists}
    found = [a.address for a in mail.facts.recipients if a.address not in may]
    return [one for one in found if not desk.owns(one) and not team.claimed_by(one)]
