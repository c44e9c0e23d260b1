"""Copies of an announcement in a real mailbox: the clocks of the blog and the CVE record, and a leak."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.relay.test_disclosure import Said, recorded, says
from tests.support import mails
from tests.support.relaying import BEA, MIA, RelayDesk, letter_text

pytestmark = pytest.mark.dovecot
__all__ = ["says"]
CARL = "carl@phone.example"
CVE = "CVE-2026-12345"
# Short times: Dovecot dates no mail two hours ahead of its own clock.
PLACES = """
[[announcement]]
id = "announce"
kind = "list"
to = "announce@lists.example"
marks = ["announce.lists.example"]

[[announcement]]
id = "blog"
kind = "blog"
max_lag = "40m"
subject = "[blog]"

[[announcement]]
id = "cve"
kind = "cve"
max_lag = "15m"
"""
URGENT = "URGENT: seen before the announcement"


def copy(subject: str, sender: str = "Example via announce <announce@lists.example>", **more: Any) -> bytes:
    """A mail that a machine sends round."""
    about: dict[str, Any] = {
        "sender": sender,
        "to": "subscribers@lists.example",
        "subject": subject,
        "text": "Details.",
    }
    return mails.plain(
        **(about | {"Precedence": "list", "message_id": f"<{hash(subject)}@l.example>"} | more)
    )


@pytest.fixture
def instant(desk: RelayDesk, says: Said) -> datetime:
    """A case with a CVE id that is to be announced in ten minutes; the instant of that."""
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text() + PLACES)
    desk.comes(mails.plain(date=desk.clock))
    desk.wait(timedelta(minutes=1))
    at = (desk.clock + timedelta(minutes=10)).replace(second=0, microsecond=0)
    says(f"!cve {CVE}")
    says(f"!embargo {at:%Y-%m-%d %H:%M} UTC")
    return at


def listed(**more: Any) -> bytes:
    """The list's copy, with another Message-ID than ours."""
    return copy(f"[announce] {CVE}: a vulnerability", List_Id="<announce.lists.example>", **more)


def test_a_seen_copy_starts_the_clocks_which_are_met_or_climb_the_ladder(
    desk: RelayDesk, says: Said, instant: datetime
) -> None:
    """The record is met by word, the blog missed, told to the coordinator, then met by its own copy."""
    cases = len(desk.cases())
    desk.wait(instant - desk.clock + timedelta(minutes=5))
    desk.comes(listed())
    seen = desk.clock
    assert datetime.fromisoformat(recorded(desk)["seen-at announce"]) == seen.replace(microsecond=0)
    assert desk.about(MIA).count('The announcement was seen at "announce"') == 1
    assert len(desk.cases()) == cases
    desk.wait(timedelta(minutes=7))
    says("!published cve")
    desk.wait(timedelta(minutes=15))
    desk.run()
    told = [one for one in desk.about(MIA) if "has to follow" in one]
    assert told == ['"blog" has to follow the announcement']
    assert 'The publication at "blog" is overdue' not in desk.about(CARL)
    desk.wait(timedelta(minutes=30))
    desk.run()
    desk.run()
    assert desk.about(CARL).count('The publication at "blog" is overdue') == 1
    assert 'The publication at "blog" is overdue' not in desk.about(BEA)
    assert not [one for one in desk.about(CARL) if one.startswith("cve")]
    desk.comes(copy(f"[blog] {CVE}: a vulnerability", "noreply@blog.example"))
    assert "seen-at blog" in recorded(desk)
    desk.wait(timedelta(days=2))
    desk.run()
    assert 'The publication at "blog" is overdue' not in desk.about(BEA)
    assert desk.about(CARL).count('The publication at "blog" is overdue') == 1
    promised = {row["promise"] for row in json.loads(desk.word("ledger", "--json").out)}
    assert promised == {"acknowledge", "respond", "quarantine"}
    assert all(CVE not in letter_text(one) for one in (*desk.to(CARL), *desk.to(BEA)) if one)


def test_a_copy_before_the_instant_pages_everybody_once(
    desk: RelayDesk, says: Said, instant: datetime
) -> None:
    """Coordinator, backup and handler, once; the embargo stands, and each such mail is a case to look at."""
    desk.comes(listed())
    desk.comes(listed(message_id="<again@lists.example>"))
    for who in (MIA, CARL, BEA):
        assert desk.about(who).count(URGENT) == 1
    said = {row["what"]: row["value"] for row in desk.cases()[0]["disclosure"]}
    assert "seen-at" not in said
    assert datetime.fromisoformat(said["embargo"]) == instant
