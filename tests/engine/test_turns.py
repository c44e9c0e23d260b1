"""Letters are composed while others are under way, and handed in over a few connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from maild.engine import turns
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
MANY, TOO_LATE = 12, 5


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed, and which has more reports than connections."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    for number in range(MANY):
        inbox.append(
            mails.plain(sender=f"r{number}@x.example", message_id=f"<{number}@x.example>"), made.clock
        )
    return made


def receipts(sink: SmtpSink) -> list[str]:
    """Who got an acknowledgement."""
    return sorted(letter.recipients[0] for letter in sink.letters)


def test_a_server_sees_no_more_than_four_connections(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many letters wait: each connection carries one after another."""
    now, most, right = [0], [0], sink.handle_DATA

    async def slow(*given: object) -> str:
        now[0] += 1
        most[0] = max(most[0], now[0])
        try:
            return await right(*given)  # type: ignore[arg-type]  # passed on
        finally:
            now[0] -= 1

    monkeypatch.setattr(sink, "handle_DATA", slow)
    sink.commands.clear()
    desk.run()
    assert receipts(sink) == sorted(f"r{number}@x.example" for number in range(MANY))
    assert sink.commands.count("AUTH") <= turns.UNDER_WAY
    assert most[0] <= turns.UNDER_WAY


def test_a_letter_that_waited_long_is_looked_at_anew(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes back into the outbox as it was, is claimed again, and goes out once."""
    right, asked = turns.Turns.turn, []

    @asynccontextmanager
    async def late_at_first(self: turns.Turns) -> AsyncIterator[bool]:
        async with right(self) as soon:
            asked.append(soon)
            yield soon and len(asked) > TOO_LATE

    monkeypatch.setattr(turns.Turns, "turn", late_at_first)
    desk.run()
    assert receipts(sink) == sorted(f"r{number}@x.example" for number in range(MANY))
    assert len(asked) == MANY + TOO_LATE
    assert {row["attempts"] for row in desk.view("outbox", True) if row["kind"] == "receipt"} == {1}
