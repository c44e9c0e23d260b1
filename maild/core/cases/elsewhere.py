"""Answers that a member gave where mail does not go: on the platform that a report was made on."""

from maild.core.facts.change import SetFact
from maild.core.facts.table import ANSWERED_AT
from maild.core.promises import clocks
from maild.core.words.command import Command, Obeyed


def answered(command: Command) -> Obeyed:
    """``!answered WHERE``: the reporter has been answered there; that keeps what an answer by mail would."""
    case, where = command.case, command.word.rest.strip()
    if not where:
        return Obeyed("!answered: say where: !answered https://github.com/…")
    kept = [
        change
        for reporter in case.reporters or ("",)
        for change in clocks.replied(case, reporter, command.now, command.by, command.policy)
    ]
    noted = SetFact(case.id, ANSWERED_AT, command.private(where), command.by)
    return Obeyed(f"{case.id}: the reporter was answered at {where}.", (*kept, noted))


DOES = {"answered": answered}
"""The function of each command here (`core.words.table`)."""
