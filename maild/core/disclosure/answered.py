"""Whether the reporter knows what his report turned out to be (policy item 48)."""

from datetime import datetime

from maild.core.disclosure.verdicts import VULNERABILITY
from maild.core.facts.table import VERDICT
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.rule import Happening


def told_verdict(case: Case, policy: Policy) -> bool:
    """Whether somebody wrote to the reporter since the verdict, when it is one that ends a case early.

    An answer begins the promise of updates anew, so its clock tells; a policy without one cannot.
    """
    verdict = case.record.fact(VERDICT)
    if verdict is None or verdict.value in (VULNERABILITY, "spam"):
        return True
    begun = _begun(policy)
    return not begun or any(c.promise in begun and c.started >= verdict.at for c in case.clocks)


def told_since(case: Case, at: datetime, policy: Policy) -> bool:
    """Whether somebody wrote to every reporter of *case* from the instant *at* on, as far as clocks tell."""
    begun = _begun(policy)
    told = {one.reporter for one in case.clocks if one.promise in begun and one.started >= at}
    return not begun or set(case.reporters) <= told


def _begun(policy: Policy) -> set[str]:
    """The promises that begin anew with every answer."""
    return {rule.id for rule in policy.rules if rule.every and rule.starts is Happening.REPLY}
