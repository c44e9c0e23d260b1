"""The verdict on one mail."""

from collections.abc import Iterable, Iterator

from maild.core.mail.headers import Headers
from maild.core.screening.seen import Seen, see
from maild.core.screening.table import STRUCTURE_CAP, STRUCTURE_RULES, SUBJECT_RULES, Rule
from maild.core.screening.verdict import QUARANTINE, REPORT, Screening, ScreeningPolicy

_Hit = tuple[float, str]


def screen(subject: str, headers: Headers, policy: ScreeningPolicy) -> Screening:
    """What the rules alone say of the mail with the decoded *subject* and these *headers*.

    Who wrote it, whether it is sealed and which thread it belongs to are not asked here: the caller lets such
    mail pass whatever the verdict. On doubt it is a report; a missing subject is never held.
    """
    seen = see(subject, headers, policy)
    hits = list(_hits(SUBJECT_RULES, seen))
    score = sum(points for points, _ in hits)
    if score > 0:
        found = list(_hits(STRUCTURE_RULES, seen))
        score += min(sum(points for points, _ in found), STRUCTURE_CAP)
        hits += found
    verdict = QUARANTINE if score >= policy.threshold and score > 0 else REPORT
    hits.sort(key=lambda hit: -abs(hit[0]))
    return Screening(verdict, round(score, 2), tuple(reason for _, reason in hits))


def _hits(rules: Iterable[Rule], seen: Seen) -> Iterator[_Hit]:
    weights = seen.policy.weights
    for reason, weight, test, _ in rules:
        strength = test(seen)
        if strength:
            points = weights.get(reason, weight) * strength
            if points:
                yield points, reason
