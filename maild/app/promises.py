"""Promises that run, held against the configuration in force."""

from maild.app.desk import Desk
from maild.core.promises import changed
from maild.store import cases, journal


def other_than_configured(desk: Desk) -> list[str]:
    """One line a promise that runs with another limit than it has now, or that is configured no more."""
    return changed.lines(desk.ask(cases.running_clocks), desk.ask(journal.ever_paused), desk.policy)
