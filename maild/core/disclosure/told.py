"""Whether the reporter knows what his report turned out to be (policy item 48)."""

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
    begun = {rule.id for rule in policy.rules if rule.every and rule.starts is Happening.REPLY}
    return not begun or any(c.promise in begun and c.started >= verdict.at for c in case.clocks)
