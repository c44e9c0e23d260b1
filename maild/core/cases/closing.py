"""How a case ends: one way for ``!close`` and ``!spam`` in a mail and for ``maild close`` (ruling 12)."""

from maild.core.change import CaseClosed
from maild.core.disclosure.sending import cancelled
from maild.core.disclosure.told import told_verdict
from maild.core.promises import clocks
from maild.core.values.case import CaseState
from maild.core.words.order import Obeyed, Order


def spam(order: Order) -> Obeyed:
    """It was no report, so nobody has to be answered first."""
    return _closed(order, "spam")


def close(order: Order) -> Obeyed:
    """A case ends after its reporters were answered, and were told the verdict."""
    if order.case.state is CaseState.OPEN and (why := _owed(order)):
        return Obeyed(f"!close: not done; {why}")
    return _closed(order, order.private(order.word.rest) or "done")


def _owed(order: Order) -> str:
    """What a reporter still waits for; empty when nothing."""
    if clocks.owes_answer(order.case, order.policy):
        return "nobody has answered the reporter yet; answer first, or close it as spam"
    if not told_verdict(order.case, order.policy):
        return "the reporter has not been told the verdict yet; tell them first"
    return ""


def _closed(order: Order, reason: str) -> Obeyed:
    """The case is closed; whoever says so hears of an announcement that does not go out."""
    if order.case.state is CaseState.CLOSED:
        return Obeyed(f"{order.case.id} is already closed.")
    stopped = clocks.stop_all(order.case, order.now, "closed")
    ended = CaseClosed(order.case.id, order.now, reason, order.by)
    return Obeyed(f"{order.case.id} is closed.{cancelled(order)}", (*stopped, ended))


DOES = {"spam": spam, "close": close}
"""The function of each command here (`core.words.table`)."""
