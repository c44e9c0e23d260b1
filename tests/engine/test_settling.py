"""What a server's answer makes of a letter: sent, tried again and when, given up, or a question to a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from maild.core.event import Delivery
from maild.core.letters.kinds import DOUBTS, PATIENCE, LetterKind
from maild.core.letters.payloads import Receipt
from maild.core.letters.states import State
from maild.core.writing.gate.check import Fault
from maild.engine.composing import MOST_HEAD, Composed, is_sealed
from maild.engine.progress import Progress
from maild.engine.settling import BACKOFF, LATE_AFTER, LOGIN_REST, Settling
from maild.engine.storing import Storing
from maild.errors import StoreError
from maild.gateways.smtp import Outcome
from maild.store import letterbytes, letters
from maild.store.letters import Letter
from tests.support.desk import NOW, POLICY

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def letter(kind: LetterKind = LetterKind.RECEIPT, attempts: int = 1, doubts: int = 0) -> Letter:
    """A letter that was tried so often."""
    says = Receipt(NOW.isoformat())
    about: Any = {
        "in_reply_to": "",
        "references": (),
        "attempts": attempts,
        "doubts": doubts,
        "composed": True,
    }
    return Letter(
        7, kind, "EX-222222", "r@x.example", False, "", "ref", "<m>", says, weight=0, due=NOW, **about
    )


class Kept:
    """Keeps what was to be stored."""

    def __init__(self) -> None:
        self.work: list[tuple[Any, ...]] = []

    async def persist(self, work: Callable[..., Any], *args: object) -> None:
        """By the name of the work."""
        self.work.append((work.__name__, *(one for one in args if not isinstance(one, Letter))))


def settling() -> tuple[Settling, Kept, list[datetime]]:
    """One that settles, what it stores, and its clock."""
    kept, now = Kept(), [NOW]
    parts: Any = SimpleNamespace(policy=POLICY, now=lambda: now[0])
    storing: Any = kept
    return Settling(parts, storing), kept, now


Stage = Literal["connect", "tls", "login", "mail", "rcpt", "data"]


def temporary(code: int = 451, stage: Stage = "rcpt") -> Outcome:
    """The server wants it later."""
    return Outcome("temporary", stage, code, "later")


REFUSED = Outcome("permanent", "rcpt", 550, "refused")
UNKNOWN = Outcome("unknown", "data", 0, "lost")


def again(minutes: int, doubtful: bool = False, why: str = "later", number: int = 7) -> tuple[Any, ...]:
    """It is tried again so many minutes later."""
    return ("postpone", number, NOW + minutes * MINUTE, why, doubtful)


@pytest.mark.parametrize(
    ("tried", "outcome", "stored"),
    [
        (letter(), Outcome("sent", "data", 250, ""), [("record", Delivery.SENT, "")]),
        *((letter(attempts=n), temporary(0), [again(BACKOFF[n - 1])]) for n in range(1, len(BACKOFF) + 1)),
        (letter(attempts=9), temporary(), [again(BACKOFF[-1])]),
        (letter(attempts=LATE_AFTER - 1), temporary(), [again(15)]),
        (letter(attempts=LATE_AFTER), temporary(), [again(60), ("tell", Delivery.LATE)]),
        (letter(attempts=LATE_AFTER), temporary(0), [again(60)]),
        (letter(attempts=LATE_AFTER + 1), temporary(), [again(60)]),
        (letter(), REFUSED, [("record", Delivery.FAILED, "refused", False), ("refused", POLICY, NOW)]),
        (
            letter(),
            Outcome("permanent", "mail", 552, "too big"),
            [("record", Delivery.FAILED, "too big", True), ("refused", POLICY, NOW)],
        ),
        (
            letter(LetterKind.COPY, PATIENCE - 1),
            REFUSED,
            [again(5, why="refused"), ("refused", POLICY, NOW)],
        ),
        (
            letter(LetterKind.COPY, PATIENCE),
            REFUSED,
            [("record", Delivery.FAILED, "refused", False), ("refused", POLICY, NOW)],
        ),
        (letter(doubts=DOUBTS - 2), UNKNOWN, [again(1, doubtful=True, why="lost")]),
        (letter(doubts=DOUBTS - 1), UNKNOWN, [("record", Delivery.UNKNOWN, "lost")]),
        (letter(LetterKind.ANSWER), UNKNOWN, [("record", Delivery.UNKNOWN, "lost")]),
    ],
)
async def test_what_becomes_of_a_letter(
    tried: Letter, outcome: Outcome, stored: list[tuple[Any, ...]]
) -> None:
    """A copy is refused three times before it is given up; a person's answer is never sent twice unasked."""
    settles, kept, _ = settling()
    await settles.settle(tried, outcome)
    assert kept.work == stored
    assert settles.sent == (outcome.kind == "sent")


@pytest.mark.parametrize(
    ("kind", "delivery", "state"),
    [
        (LetterKind.RECEIPT, Delivery.SENT, State.SENT),
        (LetterKind.RECEIPT, Delivery.FAILED, State.FAILED),
        (LetterKind.RECEIPT, Delivery.UNSEALED, State.FAILED),
        (LetterKind.ANSWER, Delivery.SENT, State.SENT),
        (LetterKind.ANSWER, Delivery.FAILED, State.FAILED),
        (LetterKind.ANSWER, Delivery.UNSEALED, State.HELD),
        (LetterKind.ANNOUNCEMENT, Delivery.FAILED, State.HELD),
        (LetterKind.ANNOUNCEMENT, Delivery.SENT, State.SENT),
        (LetterKind.ANNOUNCEMENT, Delivery.BARRED, State.FAILED),
    ],
)
@pytest.mark.parametrize("settled", [True, False])
def test_a_letter_is_settled_once_and_people_hear_of_it(
    monkeypatch: pytest.MonkeyPatch, kind: LetterKind, delivery: Delivery, state: State, settled: bool
) -> None:
    """People's words wait for a key or for a server; of one that was settled before nothing is told again."""
    states: list[tuple[str, str]] = []
    told: list[tuple[Delivery, int, str]] = []

    def settle(_: object, number: int, to: str, now: datetime, why: str) -> bool:
        states.append((to, why))
        return settled

    monkeypatch.setattr(letters, "settle", settle)
    monkeypatch.setattr(letterbytes, "read", lambda *_: b"12345")
    monkeypatch.setattr(
        "maild.engine.settling.handle",
        lambda _, event, *more: told.append((event.delivery, event.size, event.why)),
    )
    settles, _, _ = settling()
    connection: Any = None
    settles.record(connection, letter(kind), delivery, "why")
    settles.record(connection, letter(kind), delivery, "why", too_big=True)
    settles.stop(connection, letter(kind), Fault("internal", "line"))
    assert states == [(state, "why"), (state, "why"), (State.HELD, letters.LOOK + "internal")]
    stopped = (Delivery.STOPPED, 0, "internal")
    assert told == ([(delivery, 0, ""), (delivery, 5, ""), stopped] if settled else [])


async def test_a_refused_login_rests_and_an_outage_keeps_its_beginning() -> None:
    """For five minutes no login is tried; that the server is down ends with the first answer that shows it is not."""
    settles, _, now = settling()
    assert not settles.rests()
    await settles.settle(letter(), temporary(0, "login"))
    now[0] = NOW + LOGIN_REST - SECOND
    assert settles.rests()
    now[0] = NOW + LOGIN_REST
    assert not settles.rests()
    await settles.settle(letter(), temporary(0, "connect"))
    assert settles.down_since == NOW
    await settles.settle(letter(), temporary())
    assert settles.down_since is None


async def test_what_the_server_took_is_stored_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a daemon, which says so once and is no longer alive meanwhile; elsewhere the trouble is the caller's."""
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    monkeypatch.setattr("maild.engine.storing.asyncio.sleep", nap)
    tries: list[int] = []

    async def run(*_: object) -> str:
        tries.append(1)
        if len(tries) < 4:
            raise StoreError("disk full")
        return "stored"

    parts: Any = SimpleNamespace(database=SimpleNamespace(run=run))
    storing = Storing(parts)
    with pytest.raises(StoreError):
        await storing.persist(str)
    storing.progress = Progress(60.0)
    storing.progress.turn()
    assert await storing.persist(str) == "stored"
    assert (len(naps), len(tries)) == (2, 4)
    assert naps[1] > naps[0] * 1.2
    assert not storing.progress.alive()


def final(date: str, body: str = "words", kind: str = "text/plain") -> bytes:
    """The bytes of a letter."""
    return f"From: a@b.example\r\nDate: {date}\r\nContent-Type: {kind}; x=y\r\n\r\n{body}".encode()


def test_a_letter_is_the_same_whenever_it_was_written() -> None:
    """Apart from its date nothing may differ, and a date in the text is no date of it."""
    first = Composed(final("Mon, 02 Mar 2026 09:30:00 +0000"), b"")
    assert first.says_as(final("Tue, 03 Mar 2026 09:30:00 +0000"))
    assert not first.says_as(final("Mon, 02 Mar 2026 09:30:00 +0000", "other"))
    dated = Composed(final("Mon", "\r\nDate: one\r\n"), b"")
    assert dated.says_as(final("Tue", "\r\nDate: one\r\n"))
    assert not dated.says_as(final("Tue", "\r\nDate: two\r\n"))
    assert is_sealed(final("Mon", kind="multipart/encrypted"))
    assert not is_sealed(final("Mon"))
    assert not is_sealed(final("Mon", "x" * MOST_HEAD + "\r\nContent-Type: multipart/encrypted;"))
