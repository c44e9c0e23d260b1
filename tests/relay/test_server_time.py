"""Nothing is announced by the machine's clock alone: the real mail server says what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.app import run
from maild.app.desk import Desk
from maild.errors import TemporaryError
from maild.gateways.imap import ImapAccount
from tests.openpgp.kit import Kit
from tests.relay.test_publishing import ANNOUNCE, BEA, OSS, Publisher
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.relaying import MIA, RelayDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
LADDER = ("carl@phone.example", BEA, MIA)


class Guarded(RelayDesk):
    """A desk whose clock, though the test's, is held against the mail server's as the machine's would be.

    ``right``: it goes with the server's, however long the machine takes.
    """

    right = False

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The open desk."""
        with super().desk() as desk:
            yield replace(desk, guarded=True)

    def comes(self, raw: bytes, proved: str = "") -> None:
        """A mail arrives; the server dates it by its own clock."""
        ours, self.clock = self.clock, datetime.now(UTC)  # noqa: TID251 - Dovecot's
        self.inbox.append(raw, self.clock)
        self.clock = max(ours, self.clock) if self.right else ours
        self.run()
        assert self.trouble == proved == ""


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit) -> Guarded:
    """A desk that relays, with a clock that is guarded."""
    return Guarded(tmp_path, inbox, sink, certificate, kit)


@pytest.fixture
def publisher(desk: Guarded, kit: Kit) -> Publisher:
    """Who publishes: two have approved."""
    made = Publisher(desk, kit)
    desk.right = True
    desk.comes(mails.plain(date=desk.clock))
    made.ready()
    desk.right = False
    return made


def right(desk: Guarded) -> None:
    """The machine's clock is right."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - it is held against Dovecot's


def paged(desk: Guarded) -> list[int]:
    """How often each on the ladder was told that the time is not certain."""
    return [sum("NOT announced: the time is not certain" in one for one in desk.about(who)) for who in LADDER]


def test_where_the_clocks_agree_it_goes_out_and_leaves_no_folder(desk: Guarded, publisher: Publisher) -> None:
    """The probe is gone again, and so is the folder that it was put into."""
    right(desk)
    publisher.passed(timedelta(0))
    desk.run()
    desk.run()
    assert publisher.outside() == [ANNOUNCE, OSS]
    assert paged(desk) == [0, 0, 0]
    assert "maild-time" not in [name for _, _, name in desk.inbox.client.list_folders()]


def test_two_hours_ahead_nothing_goes_out_early(desk: Guarded, publisher: Publisher) -> None:
    """Held and paged once; a signed word comes too early by the server's time; set right, it goes out in time."""
    right(desk)
    desk.clock += timedelta(hours=2)
    publisher.passed(timedelta(0))
    desk.run()
    desk.run()

    assert publisher.outside() == []
    assert paged(desk) == [1, 1, 1]
    assert "the embargo ends at" in publisher.says("!announce now")
    assert publisher.outside() == []
    right(desk)
    publisher.passed(timedelta(0))
    desk.run()
    assert publisher.outside() == [ANNOUNCE]


def test_some_minutes_behind_it_waits_for_a_signed_word(desk: Guarded, publisher: Publisher) -> None:
    """No command releases it; a member's ``!announce now`` does, though the clocks still differ."""
    right(desk)
    desk.clock -= timedelta(minutes=4)
    publisher.passed(timedelta(0))
    desk.run()
    assert publisher.outside() == []
    assert paged(desk) == [1, 1, 1]
    assert desk.word("announce", publisher.case, "now").status != 0
    right(desk)
    desk.clock -= timedelta(minutes=4)
    assert "is being sent now" in publisher.says("!announce now", BEA)
    assert publisher.outside()[:1] == [ANNOUNCE]


async def silent(_: ImapAccount) -> datetime:
    """A server that does not say."""
    raise TemporaryError("the account may create no folder")


def test_without_a_fresh_time_it_waits_for_a_signed_word(
    desk: Guarded, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server does not say what time it is, people are asked."""
    monkeypatch.setattr(run, "asked_of", silent)
    right(desk)
    publisher.passed(timedelta(seconds=2))  # the server dates mail by whole seconds
    desk.run()
    assert publisher.outside() == []
    assert paged(desk) == [1, 1, 1]
    assert "is being sent now" in publisher.says("!announce now")
    assert publisher.outside()[:1] == [ANNOUNCE]


def test_a_letter_that_waits_asks_again_when_it_leaves(desk: Guarded, publisher: Publisher) -> None:
    """Owed in time and put off, its instant moved to a later one: a clock that runs ahead does not send it then."""
    right(desk)
    publisher.passed(timedelta(0))
    desk.sink.always(f"RCPT {ANNOUNCE}", "451 4.7.1 later")
    desk.run()
    desk.sink.always(f"RCPT {ANNOUNCE}", "")
    at = publisher.embargo_moved(timedelta(days=3))
    desk.clock += timedelta(minutes=2)
    desk.run()
    desk.clock = at
    desk.run()
    desk.clock = at + timedelta(minutes=2)
    desk.run()
    assert publisher.outside() == []
    assert paged(desk) == [1, 1, 1]
