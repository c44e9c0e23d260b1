"""A case in the middle of a mail: what the words above have led to holds for the words below."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from maild.core.change import CaseClosed, CaseReopened, Change, MergeCase, SetHandler
from maild.core.facts.change import SetFact
from maild.core.facts.record import Fact
from maild.core.values.case import Case, CaseState


def applied(case: Case, changes: Iterable[Change], now: datetime) -> Case:
    """*case* once *changes* of it are recorded at *now*, as far as a word can ask for them."""
    for change in changes:
        match change:
            case SetFact() if change.case_id == case.id:
                fact = Fact(change.name, change.value, change.by, now, change.item)
                case = replace(case, record=case.record.noting(fact))
            case SetHandler() if change.case_id == case.id:
                case = replace(case, handler=change.handler)
            case CaseClosed() | MergeCase() if change.case_id == case.id:
                case = replace(case, state=CaseState.CLOSED)
            case CaseReopened() if change.case_id == case.id:
                case = replace(case, state=CaseState.OPEN)
    return case
