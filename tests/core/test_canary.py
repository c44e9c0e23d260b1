"""What a canary that flew, came back or stays away makes the desk say (the pure part)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.canary import fly
from maild.core.candidates.times import CanaryCandidates, Flight
from maild.core.change import OweLetter
from maild.core.policy import CanaryPolicy
from tests.support.desk import NOW, POLICY

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FLYING = replace(POLICY, canary=CanaryPolicy(DAY, 15 * MINUTE))
SENT = Flight(1, NOW - 20 * MINUTE, NOW - 20 * MINUTE)
CANARIES = {"canary", "canary-tagged"}
TABLE = {
    "none yet": (CanaryCandidates(), False, CANARIES),
    "on its way": (CanaryCandidates(replace(SENT, sent=NOW - 14 * MINUTE)), False, set()),
    "not sent yet": (CanaryCandidates(replace(SENT, sent=None)), False, set()),
    "back": (CanaryCandidates(replace(SENT, seen=NOW)), False, set()),
    "missing": (CanaryCandidates(SENT), False, {"notice"}),
    "missing, as nothing is read": (CanaryCandidates(SENT), True, set()),
    "back, and the next is due": (CanaryCandidates(replace(SENT, owed=NOW - DAY, seen=NOW)), False, CANARIES),
    "missing, and the next is due": (
        CanaryCandidates(replace(SENT, owed=NOW - DAY)),
        False,
        CANARIES | {"notice"},
    ),
}


@pytest.mark.parametrize(("known", "blind", "said"), TABLE.values(), ids=TABLE)
def test_what_is_said(known: CanaryCandidates, blind: bool, said: set[str]) -> None:
    """The next one once a day; a word that one is missing only when it was sent and its time is over."""
    owed = [one for one in fly(known, blind, FLYING, NOW) if isinstance(one, OweLetter)]
    assert {str(one.kind) for one in owed} == said
