"""Words of the team that let a letter go to an outsider: a request for a key, an invitation, a receipt."""

from maild.core import ids
from maild.core.cases import words
from maild.core.cases.about import About
from maild.core.cases.case import Flag
from maild.core.cases.order import Obeyed, Order
from maild.core.cases.people import Audience, Side
from maild.core.change import AddParticipant, ClearFlag, LetterKind, OweLetter
from maild.core.mail.address import ADDRESS, normal
from maild.core.policy import Mode
from maild.core.promises import clocks
from maild.core.promises.rule import Happening


def askkey(order: Order) -> Obeyed:
    """``!askkey``: the reporters are asked for a key, without a word of the case."""
    asked = tuple(
        OweLetter(
            dedupe=f"askkey:{order.case.id}:{reporter}:{order.now.date().isoformat()}",
            kind=LetterKind.ASKKEY,
            case_id=order.case.id,
            recipient=reporter,
            token=ids.token(order.policy.desk.secret, order.case.id, reporter, Audience.REPORTER),
            reporter=reporter,
        )
        for reporter in order.case.reporters
    )
    return Obeyed("The reporter is asked for his key, without a word of the case.", asked)


def guest(order: Order) -> Obeyed:
    """``!guest ADDRESS until DATE``: an outsider gets the team's copies of one case, told the rules first."""
    given = words.until(order.word.rest, order.now)
    address = normal(given[0]) if given else ""
    if given is None or not ADDRESS.fullmatch(address):
        return Obeyed("!guest: say who and how long: !guest fixer@project.org until 2026-12-24")
    desk, team = order.policy.desk, order.policy.team
    if desk.mode is not Mode.RELAY:
        return Obeyed("!guest: not done; in observe mode your list delivers, and maild passes nothing on")
    if address in order.case.reporters or team.claimed_by(address) or desk.owns(address):
        return Obeyed(f"!guest: not done; {address} is of this case already")
    token = ids.token(order.policy.desk.secret, order.case.id, address, Audience.TEAM)
    guest = AddParticipant(order.case.id, address, Side.GUEST, Audience.TEAM, token, given[1])
    rules = OweLetter(
        dedupe=f"guest:{order.case.id}:{address}:{given[1].isoformat()}",
        kind=LetterKind.NOTICE,
        case_id=order.case.id,
        recipient=address,
        token=token,
        facts={"about": About.GUEST, "until": given[1].isoformat()},
    )
    said = f"{address} gets the team's copies of {order.case.id} until {given[1]:%Y-%m-%d}."
    if order.case.sealed:
        said += " The case is sealed: without a public key that he mails to us he gets none of its text."
    return Obeyed(said, (guest, rules))


def acknowledge(order: Order) -> Obeyed:
    """``!acknowledge``: a receipt that waited for a person's word goes out."""
    kept = [r.id for r in order.policy.rules if Happening.RECEIPT in r.met_by]
    waiting = order.case.running(*kept) if kept else ()
    by_hand = not order.case.flags.isdisjoint({Flag.FORWARDED, Flag.RECEIPT_BY_HAND})
    if not by_hand or not waiting or not waiting[0].reporter:
        return Obeyed(f"!acknowledge: nobody in {order.case.id} waits for a receipt.")
    case, policy, reporter = order.case, order.policy, waiting[0].reporter
    last = next((one.last_id for one in order.people if one.address == reporter), "")
    receipt = OweLetter(
        dedupe=f"receipt:{case.id}:{reporter}",
        kind=LetterKind.RECEIPT,
        case_id=case.id,
        recipient=reporter,
        token=ids.token(policy.desk.secret, case.id, reporter, Audience.REPORTER),
        facts={
            "received": case.opened.isoformat(),
            "next_due": clocks.next_promise(policy, case.opened),
            "sealed": case.sealed,
        },
        reporter=reporter,
        in_reply_to=last,
    )
    return Obeyed(f"The receipt for {case.id} goes out.", (receipt, ClearFlag(case.id, Flag.RECEIPT_BY_HAND)))
