"""``!away``: who says that he is away is skipped by reminders and ladders, until he is back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.core.cases import absence
from maild.core.change import SetAway
from maild.core.event import MemberSaid, SweepDue
from maild.core.words.reading import Word
from maild.store import views
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.commanding import command
from tests.support.deciding import good
from tests.support.desk import GOOD_CONFIG, MX, NOW, POLICY

DAY = timedelta(days=1)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rest", "span"),
    [
        ("until 5d", (NOW, NOW + 5 * DAY)),
        ("until 2026-03-10", (NOW, day("2026-03-11"))),
        ("2026-03-10..2026-03-12", (day("2026-03-10"), day("2026-03-13"))),
        ("2026-02-10..2026-03-02", (day("2026-02-10"), day("2026-03-03"))),
        ("2026-02-10..2026-03-01", None),
        ("2026-03-12..2026-03-10", None),
        ("2026-02-30..2026-03-12", None),
        ("until 2026-03-01", None),
        ("on holiday until 5d", None),
        ("soon", None),
        ("", None),
    ],
)
def test_until_when_somebody_is_away(rest: str, span: tuple[datetime, datetime] | None) -> None:
    """An end, or two days both included; what is over, backwards or no date changes nothing and says how."""
    said, changes = absence.away("carl", rest, "operator:x", POLICY, NOW)
    assert changes == ((SetAway("Carl", *span, "operator:x"),) if span else ())
    assert span or absence.HOW in said


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, True)])
def test_the_last_day_away_ends_at_its_midnight(seconds: int, over: bool) -> None:
    """Until then one may still say so."""
    at = day("2026-03-03") + timedelta(seconds=seconds)
    changes = absence.away("carl", "2026-03-01..2026-03-02", "operator:x", POLICY, at)[1]
    assert (changes == ()) is over
    assert absence.away("carl", "2026-03-02..2026-03-02", "operator:x", POLICY, NOW)[1]


def told(desk: PlayedDesk) -> list[str]:
    """Who is escalated to by a sweep."""
    desk.happens(SweepDue())
    return [one.recipient for one in desk.send() if one.kind == "escalation"]


def test_who_is_away_by_word_is_skipped_until_he_is_back(database: Database) -> None:
    """The coordinator is away: the backup is told at once; back again, he is told of the next."""
    desk = PlayedDesk(database)
    desk.happens(MemberSaid("Carl", Word("away", "until 9d"), "operator:x"))
    desk.report("1")
    desk.send()
    desk.wait(hours=49)
    assert told(desk) == ["bea@project.example"]
    desk.happens(MemberSaid("carl", Word("back"), "operator:x"))
    desk.report("2", "tom@other.example")
    desk.send()
    desk.wait(hours=49)
    assert told(desk) == ["carl@phone.example"]


def test_an_absence_ends_by_itself(database: Database) -> None:
    """When its time is over nobody has to say anything."""
    desk = PlayedDesk(database)
    desk.happens(MemberSaid("Carl", Word("away", "until 1d"), "operator:x"))
    desk.report()
    desk.send()
    desk.wait(hours=49)
    assert told(desk) == ["carl@phone.example"]


@pytest.mark.parametrize("signed", [True, False])
def test_the_word_by_mail_needs_a_signature_and_opens_no_case(signed: bool, database: Database) -> None:
    """Signed it counts, and its author is told; with the address alone it does not, and he is told that."""
    desk = PlayedDesk(database)
    raw = mails.plain(
        sender="carl@project.example",
        message_id="<away@project.example>",
        text="!away until 9d\n",
        Authentication_Results=f"{MX}; dmarc=pass header.from=project.example",
    )
    desk.arrives(raw, signature=good("C" * 40) if signed else None)
    (answer,) = desk.send()
    assert ("is away from" in repr(answer.facts)) is signed
    assert database.call(views.cases, True) == []
    desk.report()
    desk.send()
    desk.wait(hours=49)
    assert told(desk) == ["bea@project.example" if signed else "carl@phone.example"]


def test_the_commands(tmp_path: Path) -> None:
    """``maild away`` and ``maild back`` by name; a name that nobody bears is refused."""
    path = tmp_path / "maild.toml"
    path.write_text(GOOD_CONFIG)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    assert command(path, "away", "carl", "until", "5d").out.startswith("Carl is away from")
    assert command(path, "back", "Carl").out == "Carl is back.\n"
    nobody = command(path, "away", "Zoe", "until", "5d")
    assert (nobody.status, "no member called Zoe" in nobody.err) == (1, True)
