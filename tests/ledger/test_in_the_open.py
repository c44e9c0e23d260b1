"""Handling a case in public: by one word, or two where an embargo or an approval stands."""

from dataclasses import replace

import pytest

from maild.core.disclosure.secrecy import unannounced
from maild.core.values.process import Handling
from maild.store import cases
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.ledger.test_ends import answered, say
from tests.support.desk import POLICY


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk whose policy handles minor issues in public."""
    process = replace(POLICY.process, handling={"Minor": Handling(track="public")})
    return PlayedDesk(database, replace(POLICY, process=process))


def secret(desk: PlayedDesk, case: str) -> bool:
    """Whether nothing of the case may be published."""
    found = desk.database.call(cases.get, case)
    assert found
    return bool(unannounced(found, desk.policy.process, desk.now))


def test_one_word_ends_the_secrecy_and_keeps_the_promises(desk: PlayedDesk) -> None:
    """The reporter is told by a draft; the updates go on; what is public cannot be opened again."""
    case = answered(desk)
    assert secret(desk, case)
    assert "say why" in say(desk, case, "in-the-open")
    assert "in the open now" in say(desk, case, "in-the-open many have found it")
    assert not secret(desk, case)
    found = desk.database.call(cases.get, case)
    assert found
    assert found.record.value("draft") == "in-the-open"
    assert {one.promise for one in found.running()} == {"update"}
    assert "public already" in say(desk, case, "in-the-open again")


def test_the_reporter_is_answered_first(desk: PlayedDesk) -> None:
    """Nobody reads in public what they reported and nobody answered."""
    assert "has not been answered yet" in say(desk, desk.report(), "in-the-open it is minor")


def test_under_an_embargo_it_takes_a_second_message(desk: PlayedDesk) -> None:
    """The first asks, the second does it, and the embargo is over."""
    case = answered(desk)
    say(desk, case, "embargo 2026-03-20 16:00 UTC")
    assert "an embargo stands" in say(desk, case, "in-the-open many have found it")
    assert secret(desk, case)
    desk.wait(minutes=5)
    assert "in the open now" in say(desk, case, "in-the-open many have found it")
    found = desk.database.call(cases.get, case)
    assert found
    assert found.record.embargo is None


def test_a_severity_proposes_it_and_flips_nothing(desk: PlayedDesk) -> None:
    """The policy handles minor cases in public: the word is named, and the case stays secret until it is said."""
    case = answered(desk)
    assert "!in-the-open REASON does that" in say(desk, case, "severity minor")
    assert secret(desk, case)
    assert "in-the-open" not in say(desk, answered(desk, "2"), "severity critical")
