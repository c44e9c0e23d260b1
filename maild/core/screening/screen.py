"""The verdict on one mail."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from maild.core.mail.headers import Headers
from maild.core.screening.seen import Seen, see
from maild.core.screening.table import (
    EXCUSE_RULES,
    SAVING,
    STRUCTURE_CAP,
    STRUCTURE_RULES,
    SUBJECT_RULES,
    Rule,
)
from maild.core.screening.verdict import QUARANTINE, REPORT, Screening, ScreeningPolicy

_PLAIN = 3


class _Hit(NamedTuple):
    points: float
    reason: str
    strength: int


def screen(subject: str, headers: Headers, policy: ScreeningPolicy) -> Screening:
    """What the rules alone say of the mail with the decoded *subject* and these *headers*.

    Who wrote it, whether it is sealed and which thread it belongs to are not asked here: the caller lets such
    mail pass whatever the verdict. On doubt it is a report; a missing subject is never held, nor is one that
    plainly speaks of a report (``SAVING``).
    """
    seen = see(subject, headers, policy)
    hits = list(_hits(SUBJECT_RULES, seen))
    score = sum(hit.points for hit in hits)
    if score > 0:
        found, excuses = list(_hits(STRUCTURE_RULES, seen)), list(_hits(EXCUSE_RULES, seen))
        score += min(sum(hit.points for hit in found), STRUCTURE_CAP)
        score = max(score + sum(hit.points for hit in excuses), 0)
        hits += found + excuses
    saved = any(hit.reason in SAVING and hit.strength >= _PLAIN and hit.points < 0 for hit in hits)
    verdict = QUARANTINE if score >= policy.threshold and score > 0 and not saved else REPORT
    hits.sort(key=lambda hit: -abs(hit.points))
    return Screening(verdict, round(score, 2), tuple(hit.reason for hit in hits))


def _hits(rules: Iterable[Rule], seen: Seen) -> Iterator[_Hit]:
    weights = seen.policy.weights
    for reason, weight, test, _ in rules:
        strength = test(seen)
        if strength:
            points = weights.get(reason, weight) * strength
            if points:
                yield _Hit(points, reason, strength)
