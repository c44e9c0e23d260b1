"""Kept mail is handled a few at a time, in the order in which it came."""

from pathlib import Path

import pytest

from maild.engine import arriving
from maild.engine.arriving import SMALL, Arriving
from maild.errors import TemporaryError
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The envelopes of each transaction that was begun."""
    begun: list[list[int]] = []
    right = Arriving.record

    def noted(self: Arriving, connection: object, looked: dict[int, object]) -> object:
        begun.append(list(looked))
        return right(self, connection, looked)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(Arriving, "record", noted)
    return begun


def report(desk: RunningDesk, number: int, size: int = 2_000) -> None:
    """Somebody new reports."""
    raw = mails.of_size(size, sender=f"r{number}@x.example", message_id=f"<{number}@x.example>")
    desk.inbox.append(raw, desk.clock)


def test_small_mails_share_a_transaction_and_long_ones_have_their_own(
    desk: RunningDesk, groups: list[list[int]]
) -> None:
    """Long ones are in memory one after another."""
    for number, size in enumerate((2_000, 2_000, SMALL + 1, SMALL + 1, 2_000)):
        report(desk, number, size)
    desk.run()
    assert groups == [[1, 2, 3], [4], [5]]
    assert len(desk.cases()) == 5


def test_nothing_overtakes_a_mail_that_cannot_be_stored_now(
    desk: RunningDesk, groups: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands behind it waits for it, and all of them are handled in their order afterwards."""
    right, troubles = arriving.handle_arrival, [TemporaryError("disk full")]

    def full(connection: object, envelope: int, *given: object, **named: object) -> object:
        if envelope == 2 and troubles:
            raise troubles.pop()
        return right(connection, envelope, *given, **named)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(arriving, "handle_arrival", full)
    for number in range(3):
        report(desk, number)
    desk.run()
    assert (desk.trouble, desk.cases()) == ("disk full", [])
    desk.run()
    assert [one["participants"][0]["address"] for one in desk.cases()] == [
        f"r{n}@x.example" for n in range(3)
    ]
    assert groups == [[1, 2, 3], [1], [2], [3]]
