"""What is kept of a batch and how far a folder counts as read; and how the reading of folders goes on and on."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.mail.facts import FolderRole
from maild.engine import ingress as reading
from maild.engine.taking import Asked, Place
from maild.errors import TemporaryError
from maild.store.folders import Position
from maild.store.unfetched import Tried
from tests.engine.test_reading_in import Desk
from tests.support.desk import NOW

READ = NOW - timedelta(hours=1)


class Store:
    """The database's side of a batch."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, position: Position | None) -> None:
        self.did: list[tuple[Any, ...]] = []
        note = lambda name: lambda _, *args: self.did.append((name, *args[2:]))  # noqa: E731
        folders = SimpleNamespace(
            position=lambda *_: position,
            doubtful_until=lambda _: None,
            adopted=note("adopted"),
            advance=note("advance"),
        )
        unfetched = SimpleNamespace(settled=note("settled"), failed=note("failed"))
        ids = {5: 50, 6: None, 7: 50, 8: 80}
        monkeypatch.setattr(reading, "folders", folders)
        monkeypatch.setattr(reading, "unfetched", unfetched)
        monkeypatch.setattr(reading, "envelopes", SimpleNamespace(keep=lambda _, mail, now: ids[mail[0]]))
        received = lambda one, place, read_at, until, now: self.received(one.mail.uid, read_at)  # noqa: E731
        monkeypatch.setattr(reading.taking, "received", received)
        self.log: list[tuple[str, int]] = []
        for name in ("kept", "not_given", "vanished"):
            monkeypatch.setattr(
                reading.log, name, lambda folder, count, name=name: self.log.append((name, count))
            )

    def received(self, uid: int, read_at: object) -> tuple[int, object]:
        """A mail as it is kept."""
        self.did.append(("received", uid, read_at))
        return uid, read_at


def named(*uids: int) -> list[Any]:
    """Mails of a batch."""
    return [SimpleNamespace(mail=SimpleNamespace(uid=uid)) for uid in uids]


def test_what_is_kept_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once; what failed is counted, what the server has no more is only logged, and the place moves on."""
    store = Store(monkeypatch, Position(7, 5, READ))
    tried = {7: Tried(2, READ, READ)}
    place = Place("INBOX", FolderRole.INBOX, 7, tried)
    got: Any = SimpleNamespace(mails=named(5, 6, 7, 8), failed=[9], left=[])
    asked = Asked([5, 6, 7, 8, 9, 10], {8, 9})
    connection: Any = None
    kept = Desk().one.keep(connection, place, got, named(5, 6, 7, 8), asked)
    assert kept == [50, 80]
    assert store.did == [
        ("received", 5, READ),
        ("received", 6, READ),
        ("received", 7, None),
        ("received", 8, None),
        ("adopted", 8),
        ("advance", 11),
        ("settled", [5, 6, 7, 8, 10]),
        ("failed", {9: Tried(1, NOW, NOW)}),
    ]
    assert store.log == [("kept", 4), ("not_given", 1), ("vanished", 1)]


@pytest.mark.parametrize(("position", "next_uid"), [(None, 4), (Position(7, 20, READ), 20)])
def test_a_folder_is_never_read_backwards(
    monkeypatch: pytest.MonkeyPatch, position: Position | None, next_uid: int
) -> None:
    """What was asked for late is behind its place; of a folder that was never read all is new."""
    store = Store(monkeypatch, position)
    got: Any = SimpleNamespace(mails=[], failed=[], left=[])
    connection: Any = None
    asked = Asked([3], set())
    assert Desk().one.keep(connection, Place("INBOX", FolderRole.INBOX, 7, {}), got, [], asked) == []
    assert store.did == [("advance", next_uid), ("failed", {})]
    assert store.log == [("vanished", 1)]


async def test_only_what_was_not_left_for_later_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch may be too large for one answer."""
    desk, kept = Desk(), list[Asked]()
    got: Any = SimpleNamespace(mails=[], left=[3])

    async def fetch(*_: object) -> Any:
        return got

    async def run(work: object, place: object, got: object, named: object, asked: Asked) -> list[int]:
        kept.append(asked)
        return [50]

    monkeypatch.setattr(desk.one, "fetch", fetch)
    monkeypatch.setattr(reading.taking, "named", lambda *_: [])
    desk.one.parts.database.run = run
    assert await desk.one.take(None, [1, 2, 3], {2}) == ([50], [3])
    assert kept == [Asked([1, 2], {2})]


async def test_trouble_is_said_once_and_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer each time; another trouble is said again, and so is its end."""
    desk, said, naps = Desk(), list[str](), list[int]()
    one = desk.one
    rounds = [None, "x", "x", "y", None, "x", "end"]
    progress: Any = SimpleNamespace(turn=lambda: said.append("turn"), after=lambda error: None)

    async def round_() -> None:
        what = rounds.pop(0)
        if what == "end":
            raise asyncio.CancelledError
        if what:
            raise TemporaryError(what)

    async def nap(seconds: float) -> None:
        """No time passes."""

    def backoff(failures: int, delay: object) -> float:
        naps.append(failures)
        return 0.0

    monkeypatch.setattr(one, "round", round_)
    monkeypatch.setattr(one, "wait", desk.nothing)
    monkeypatch.setattr(reading, "backoff", backoff)
    monkeypatch.setattr(reading.asyncio, "sleep", nap)
    monkeypatch.setattr(reading.log, "trouble", lambda where, why: said.append(why))
    monkeypatch.setattr(reading.log, "recovered", lambda where: said.append("recovered"))
    with pytest.raises(asyncio.CancelledError):
        await one.run(progress)
    assert said == ["turn", "x", "y", "recovered", "turn", "x"]
    assert naps == [1, 2, 3, 1]


@pytest.mark.parametrize(
    ("uidnext", "hinted", "waits", "naps"), [(100, True, 1, 0), (100, False, 1, 1), (101, True, 0, 0)]
)
async def test_the_next_round_comes_with_a_hint_or_at_the_next_poll(
    monkeypatch: pytest.MonkeyPatch, uidnext: int, hinted: bool, waits: int, naps: int
) -> None:
    """At once where mail came while the other folders were read; a server that gives no hints costs no extra time."""
    desk, slept = Desk(), list[float]()
    desk.one.uidnext = {"INBOX": 100}
    desk.one.parts.config.file.inbox.poll = timedelta(seconds=60)
    desk.given |= {"select": SimpleNamespace(uidnext=uidnext), "wait": hinted}

    async def nap(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(reading.asyncio, "sleep", nap)
    await desk.one.wait()
    assert [name for name, *_ in desk.asked].count("wait") == waits
    assert len(slept) == naps
    assert all(55 < one <= 60 for one in slept)
