"""Several letters over one connection, against a real server that misbehaves on demand."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from maild.gateways.smtp import Outcome, Sessions, SmtpAccount
from maild.gateways.smtp import sessions as kept
from tests.gateways.test_smtp import DESK, LETTER, RITA, account
from tests.support.smtpsink import DROP, SmtpSink

__all__ = ["account"]


@pytest.fixture
async def sessions() -> AsyncIterator[Sessions]:
    """Connections, closed at the end."""
    made = Sessions()
    yield made
    await made.close()


async def hand_in(sessions: Sessions, account: SmtpAccount) -> Outcome:
    """One letter."""
    return await sessions.send(account, DESK, (RITA,), LETTER)


async def test_letters_one_after_another_take_one_login(
    sink: SmtpSink, account: SmtpAccount, sessions: Sessions
) -> None:
    """Each is reset from the one before (RSET), arrives byte by byte, and the end is a goodbye."""
    outcomes = [await hand_in(sessions, account) for _ in range(3)]
    assert [one.kind for one in outcomes] == ["sent"] * 3
    assert [one.raw for one in sink.letters] == [LETTER] * 3
    assert (sink.commands.count("AUTH"), sink.commands.count("RSET")) == (1, 2)
    await sessions.close()
    assert sink.commands.count("QUIT") == 1


async def test_letters_at_the_same_time_have_a_connection_each(
    sink: SmtpSink, account: SmtpAccount, sessions: Sessions
) -> None:
    """No letter waits for another, and none gets between the lines of another."""
    outcomes = await asyncio.gather(*(hand_in(sessions, account) for _ in range(4)))
    assert [one.kind for one in outcomes] == ["sent"] * 4
    assert [one.raw for one in sink.letters] == [LETTER] * 4
    assert sink.commands.count("AUTH") == 4


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("RSET", "421 4.4.2 idle too long"),
        ("RSET", DROP),
        ("MAIL", "421 4.7.0 too many messages in this session"),
        ("MAIL", "452 4.5.3 too many messages"),
        ("MAIL", "503 5.5.1 too many transactions"),
        ("MAIL", DROP),
        ("RCPT", "421 4.3.2 closing"),
        ("RCPT", DROP),
    ],
)
async def test_what_ends_a_kept_connection_touches_no_letter(
    sink: SmtpSink, account: SmtpAccount, sessions: Sessions, stage: str, answer: str
) -> None:
    """Nothing of the second letter had been handed over: it goes over a new connection in the same try."""
    await hand_in(sessions, account)
    sink.answer(stage, answer)
    assert (await hand_in(sessions, account)).kind == "sent"
    assert (len(sink.letters), sink.commands.count("AUTH")) == (2, 2)


@pytest.mark.parametrize(
    ("stage", "answer", "kind"),
    [
        ("RCPT", "550 5.1.1 nobody", "permanent"),
        ("RCPT", "451 4.7.1 greylisted", "temporary"),
        ("DATA", "452 4.3.1 full", "temporary"),
        ("DOT", "552 5.3.4 too big", "permanent"),
        ("DOT", DROP, "unknown"),
    ],
)
async def test_what_happens_to_a_letter_happens_to_it_alone(
    sink: SmtpSink, account: SmtpAccount, sessions: Sessions, stage: str, answer: str, kind: str
) -> None:
    """The letter before stays sent, this one has its own outcome and is tried once, the next is sent."""
    assert (await hand_in(sessions, account)).kind == "sent"
    sink.answer(stage, answer)
    sink.commands.clear()
    assert (await hand_in(sessions, account)).kind == kind
    assert sink.commands.count("MAIL") == 1
    assert (await hand_in(sessions, account)).kind == "sent"


async def test_a_server_that_says_how_many_it_takes_is_heeded(
    sink: SmtpSink, account: SmtpAccount, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``LIMITS MAILMAX=2`` (RFC 9422), or our own most without it: then a new connection."""
    usual = sink.handle_EHLO

    async def limited(server: Any, session: Any, envelope: Any, name: str, said: list[str]) -> list[str]:
        said = await usual(server, session, envelope, name, said)
        return [*said[:-1], "250-LIMITS RCPTMAX=20 MAILMAX=2", said[-1]]

    monkeypatch.setattr(sink, "handle_EHLO", limited)
    for _ in range(5):
        assert (await hand_in(sessions, account)).kind == "sent"
    assert sink.commands.count("AUTH") == 3
    monkeypatch.setattr(sink, "handle_EHLO", usual)
    await sessions.close()
    sink.commands.clear()
    monkeypatch.setattr(kept, "MOST", 3)
    for _ in range(4):
        assert (await hand_in(sessions, account)).kind == "sent"
    assert sink.commands.count("AUTH") == 2
