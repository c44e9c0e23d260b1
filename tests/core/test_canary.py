"""What a canary that flew, came back or stays away makes the desk say (the pure part)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.canary import arrived, fly, tag_lost, tagged
from maild.core.candidates.times import CanaryCandidates, Flight
from maild.core.change import Change, OweLetter, SeeCanary
from maild.core.mail.facts import FolderRole
from maild.core.policy import CanaryPolicy
from tests.support.desk import DESK, NOW, POLICY

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
FLYING = replace(POLICY, canary=CanaryPolicy(DAY, 15 * MINUTE))
SENT = Flight(1, NOW - 20 * MINUTE, NOW - 20 * MINUTE)
CANARIES = {"canary", "canary-tagged"}
TABLE = {
    "none yet": (CanaryCandidates(), False, CANARIES),
    "on its way": (CanaryCandidates(replace(SENT, sent=NOW - 14 * MINUTE)), False, set()),
    "not sent yet": (CanaryCandidates(replace(SENT, sent=None)), False, set()),
    "back": (CanaryCandidates(replace(SENT, seen=NOW)), False, set()),
    "missing": (CanaryCandidates(SENT), False, {"notice"}),
    "missing from now on": (CanaryCandidates(replace(SENT, sent=NOW - 15 * MINUTE)), False, {"notice"}),
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
    sent = known.last.sent if known.last else None
    missing = [one.facts["sent"] for one in owed if str(one.kind) == "notice"]
    assert all(sent is not None and one == sent.isoformat() for one in missing)


def to(changes: list[Change]) -> list[str]:
    """Whom the letters among *changes* go to."""
    return [one.recipient for one in changes if isinstance(one, OweLetter)]


def abouts(changes: list[Change]) -> set[str]:
    """What the notices among *changes* are about."""
    return {str(one.facts["about"]) for one in changes if isinstance(one, OweLetter) and "about" in one.facts}


BACK = Flight(1, NOW - MINUTE, NOW - MINUTE, seen=NOW)


@pytest.mark.parametrize(
    ("known", "lost"),
    [
        (CanaryCandidates(BACK, Flight(2, NOW, NOW - 15 * MINUTE)), True),
        (CanaryCandidates(BACK, Flight(2, NOW, NOW - 15 * MINUTE + SECOND)), False),
        (CanaryCandidates(BACK, Flight(2, NOW, refused=True)), True),
        (CanaryCandidates(BACK, Flight(2, NOW)), False),
        (CanaryCandidates(BACK, Flight(2, NOW, NOW - DAY, seen=NOW)), False),
        (CanaryCandidates(replace(BACK, seen=None), Flight(2, NOW, refused=True)), False),
        (CanaryCandidates(BACK), False),
        (CanaryCandidates(None, Flight(2, NOW, refused=True)), False),
    ],
)
def test_a_tag_is_lost_where_only_its_canary_stays_away(known: CanaryCandidates, lost: bool) -> None:
    """Its time is over, or the server would not take it; nobody hears where nothing is read, or none flies."""
    assert tag_lost(known, FLYING, NOW) is lost
    assert ("canary-tag" in abouts(fly(known, False, FLYING, NOW))) is lost
    assert "canary-tag" not in abouts(fly(known, True, FLYING, NOW))
    assert not tag_lost(known, POLICY, NOW)
    assert not tag_lost(known, replace(FLYING, desk=replace(DESK, subaddress="")), NOW)


def test_a_canary_flies_once_a_day_and_says_when_it_should_be_back() -> None:
    """To the second; with a tag where replies carry one; in Junk it is told once."""
    last = Flight(1, NOW - DAY, NOW - DAY, seen=NOW)
    assert to(fly(CanaryCandidates(last), False, FLYING, NOW - SECOND)) == []
    owed = [one for one in fly(CanaryCandidates(last), False, FLYING, NOW) if isinstance(one, OweLetter)]
    assert [(one.recipient, one.facts["within"]) for one in owed] == [(DESK.address, 15), (tagged(DESK), 15)]
    assert tagged(DESK) == "security+canary@project.example"
    assert to(
        fly(CanaryCandidates(last), False, replace(FLYING, desk=replace(DESK, subaddress="")), NOW)
    ) == [DESK.address]
    assert arrived(5, 7, FolderRole.INBOX, FLYING) == [SeeCanary(5, 7)]
    assert abouts(arrived(5, 7, FolderRole.JUNK, FLYING)) == {"canary-in-junk"}
