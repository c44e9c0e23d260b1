"""The rules measured on mail that somebody has sorted: what was held, why, and what was nearly wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from maild.core.screening.verdict import QUARANTINE, REPORT, Screening

HAM = "ham"
SPAM = "spam"
NEAREST = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One mail: where it lies, what people call it (``ham``, ``spam`` or nothing) and what the rules say."""

    name: str
    label: str
    subject: str = field(repr=False)
    screening: Screening

    @property
    def held(self) -> bool:
        """Whether the rules alone would hold it."""
        return self.screening.verdict == QUARANTINE


def measure(found: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """The figures of *found*, ready to be printed; *threshold* is the score from which mail is held.

    ``confusion`` counts verdicts by label, ``held_share`` is the share held of each label, ``reasons`` counts
    the rules that fired, ``wrong`` names ham that is held and spam that passes, ``nearest`` the ham that is
    not held by the narrowest margin.
    """
    labels = [label for label in (HAM, SPAM, "") if any(one.label == label for one in found)]
    by_label = {label: [one for one in found if one.label == label] for label in labels}
    held_ham = [one for one in by_label.get(HAM, []) if one.held]
    passed_spam = [one for one in by_label.get(SPAM, []) if not one.held]
    near = [one for one in by_label.get(HAM, []) if not one.held and one.screening.score > 0]
    return {
        "mails": len(found),
        "threshold": threshold,
        "confusion": {_name(label): _verdicts(mails) for label, mails in by_label.items()},
        "held_share": {_name(label): _share(mails) for label, mails in by_label.items()},
        "reasons": _reasons(found),
        "wrong": [*_told(held_ham, threshold), *_told(passed_spam, threshold)],
        "nearest": _told(near, threshold),
    }


def _name(label: str) -> str:
    return label or "unsorted"


def _verdicts(mails: Sequence[Judged]) -> dict[str, int]:
    held = sum(one.held for one in mails)
    return {REPORT: len(mails) - held, QUARANTINE: held}


def _share(mails: Sequence[Judged]) -> float:
    return round(sum(one.held for one in mails) / len(mails), 4)


def _reasons(found: Iterable[Judged]) -> list[dict[str, Any]]:
    """Each rule that fired: in how many mails of each label, and in how many that are held."""
    fired: dict[str, Counter[str]] = {}
    for one in found:
        for reason in one.screening.reasons:
            fired.setdefault(reason, Counter()).update([_name(one.label)] + ["held"] * one.held)
    most = sorted(fired.items(), key=lambda row: (-row[1]["held"], row[0]))
    return [{"reason": reason, **{k: c[k] for k in (HAM, SPAM, "unsorted", "held")}} for reason, c in most]


def _told(mails: Sequence[Judged], threshold: float) -> list[dict[str, Any]]:
    """Those nearest to the threshold first; no more than somebody reads."""
    nearest = sorted(mails, key=lambda one: abs(one.screening.score - threshold))[:NEAREST]
    return [
        {
            "mail": one.name,
            "label": _name(one.label),
            "verdict": one.screening.verdict,
            "score": one.screening.score,
            "reasons": list(one.screening.reasons),
            "subject": one.subject,
        }
        for one in nearest
    ]
