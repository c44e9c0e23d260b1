"""Which folders are read and how, since when the mailbox is down, and who belongs to the team: decided before any mail."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.mail.facts import FolderRole
from maild.engine.ingress import Ingress
from maild.engine.sweeptimes import TICK, SweepTimes
from maild.engine.teamseen import TeamLook
from maild.errors import StoreError, TemporaryError
from maild.gateways.imap import FolderState, LoginRefused
from maild.store.folders import Position, renumber
from maild.store.unfetched import Tried
from tests.support.desk import NOW, POLICY

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Desk:
    """An ingress whose mailbox and database are the test's."""

    def __init__(self) -> None:
        self.now, self.trouble = NOW, list[Exception | None]()
        self.stored: dict[str, Any] = {"unhandled": [], "suspected": []}
        self.did: list[tuple[Any, ...]] = []
        self.asked: list[tuple[Any, ...]] = []
        inbox = SimpleNamespace(folders=["INBOX", "Lists"], junk="Junk", sent="Sent", max_size=1000)
        config = SimpleNamespace(file=SimpleNamespace(inbox=inbox))
        database = SimpleNamespace(run=self.run)
        parts: Any = SimpleNamespace(
            now=lambda: self.now,
            policy=POLICY,
            config=config,
            database=database,
            owed=None,
            handle=self.handle,
        )
        self.one: Any = object.__new__(Ingress)
        self.one.parts, self.one.mailbox = parts, SimpleNamespace(call=self.call)
        self.one.moves = SimpleNamespace(folder="Quarantine", create=self.nothing, look=self.nothing)
        self.one.special = SimpleNamespace(junk="Junk", sent="Sent", look=self.nothing, forgive=self.forgive)
        self.one.marks = SimpleNamespace(show=self.nothing)
        self.one.arriving = SimpleNamespace(handle=self.arrive)
        self.one.blind_since, self.one.down_since, self.one.refused_since = NOW, None, None
        self.one.read_once, self.one.uidnext = False, {}
        self.given: dict[str, Any] = {}

    async def nothing(self, *_: object) -> None:
        """Nothing of interest."""

    async def handle(self, event: object) -> None:
        """An event."""
        self.did.append((type(event).__name__,))

    async def arrive(self, kept: list[int]) -> None:
        """Messages that were kept."""
        self.did.append(("handled", *kept))

    async def forgive(self, name: str, error: Exception) -> None:
        """A folder that cannot be read."""
        raise error

    async def run(self, work: Callable[..., Any], *args: object) -> Any:
        """A query."""
        if work.__name__ in self.stored:
            return self.stored[work.__name__]
        self.did.append((work.__name__, *(one for one in args if isinstance(one, str | int))))
        return None

    async def call(self, what: Callable[..., Any], *args: object, deadline: float) -> Any:
        """What the server says."""
        self.asked.append((what.__name__, *args))
        return self.given[what.__name__]


async def test_since_when_the_mailbox_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """From when it was last read, or from the start; trouble in storing is not the mailbox's."""
    desk = Desk()
    one, left = desk.one, list[Exception | None]()

    async def read_all() -> None:
        if error := left.pop(0):
            raise error

    monkeypatch.setattr(one, "read_all", read_all)
    seen = []
    for error in (
        StoreError("x"),
        TemporaryError("x"),
        LoginRefused("x"),
        TemporaryError("x"),
        None,
        LoginRefused("x"),
    ):
        desk.now += MINUTE
        left.append(error)
        with suppress(TemporaryError):
            await one.round()
        seen.append((one.blind_since, one.down_since, one.refused_since, one.read_once))
    last = NOW + 6 * MINUTE
    assert seen == [
        (NOW, None, None, False),
        (NOW, NOW, None, False),
        (NOW, NOW, NOW, False),
        (NOW, NOW, None, False),
        (None, None, None, True),
        (last, last, last, True),
    ]


@pytest.mark.parametrize(
    ("position", "state", "did"),
    [
        (None, (7, 100), ["first_reading"]),
        (Position(7, 100, None), (7, 100), []),
        (Position(7, 100, None), (7, 101), []),
        (Position(7, 100, None), (7, 99), ["rewound"]),
        (Position(7, 100, None), (8, 100), ["renumber"]),
        (Position(7, 100, None), (8, 99), ["renumber"]),
    ],
)
async def test_a_folder_is_read_on_or_anew(
    monkeypatch: pytest.MonkeyPatch, position: Any, state: tuple[int, int], did: list[str]
) -> None:
    """What UIDs stand for may have changed, or they are given a second time; then all is read again."""
    desk, done = Desk(), list[str]()
    desk.stored["position"] = position
    desk.given["select"] = SimpleNamespace(uidvalidity=state[0], uidnext=state[1])

    async def first(*_: object) -> None:
        done.append("first_reading")

    async def anew(name: str, state: FolderState, recognise: Any) -> None:
        done.append(recognise.__name__)

    monkeypatch.setattr(desk.one, "first_reading", first)
    monkeypatch.setattr(desk.one, "read_anew", anew)
    monkeypatch.setattr(desk.one, "take_new", desk.nothing)
    await desk.one.read("INBOX", FolderRole.INBOX)
    assert done == did
    assert desk.one.uidnext == {"INBOX": state[1]}
    assert desk.did == [("read", "INBOX")]


@pytest.mark.parametrize(("uids", "upto"), [([], 100), ([5, 99], 100), ([5, 120], 121)])
async def test_what_stood_there_before_is_backlog(uids: list[int], upto: int) -> None:
    """Also what arrives between the two questions."""
    desk = Desk()
    desk.given |= {"uids_from": uids, "describe": uids}
    await desk.one.first_reading("INBOX", SimpleNamespace(uidvalidity=7, uidnext=100))
    assert desk.did == [("baseline", "INBOX", 7, upto)]
    assert desk.asked[0] == ("uids_from", 1)
    desk.asked.clear()
    await desk.one.read_anew("INBOX", SimpleNamespace(uidvalidity=8, uidnext=100), renumber)
    assert desk.asked[0] == ("uids_from", 1)
    assert desk.did[1:] == [("renumber", "INBOX", 8)]


@pytest.mark.parametrize(
    ("quarantine", "known", "first"),
    [("Quarantine", False, ["Quarantine"]), ("Quarantine", True, []), ("", False, [])],
)
async def test_a_quarantine_that_is_new_is_read_before_anything_is_moved_there(
    monkeypatch: pytest.MonkeyPatch, quarantine: str, known: bool, first: list[str]
) -> None:
    """Else what is moved there would be its backlog."""
    desk, done = Desk(), list[str]()
    desk.one.moves.folder = quarantine
    desk.stored["position"] = Position(7, 1, None) if known else None
    desk.given["connect"] = None

    async def read(name: str, role: FolderRole) -> None:
        done.append(name)

    monkeypatch.setattr(desk.one, "read", read)
    await desk.one.read_all()
    assert done == [*first, *desk.one.roles()]


async def test_what_people_move_is_looked_for_in_the_quarantine_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in the other folders that are read."""
    desk, done = Desk(), list[str]()
    desk.stored["position"] = Position(7, 100, None)
    desk.given["select"] = SimpleNamespace(uidvalidity=7, uidnext=100)

    async def look(*_: object) -> None:
        done.append("look")

    desk.one.moves.look = look
    monkeypatch.setattr(desk.one, "take_new", desk.nothing)
    await desk.one.read("INBOX", FolderRole.INBOX)
    assert done == []
    await desk.one.read("Quarantine", FolderRole.JUNK)
    assert done == ["look"]


async def test_of_a_backlog_only_what_an_operator_wants_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is new and what failed before, in batches, each handled before the next is fetched."""
    desk, done = Desk(), list[object]()
    desk.stored |= {"position": Position(7, 10, None), "of_folder": {4: Tried(1, NOW, NOW)}}
    desk.given["uids_from"] = [3, 10, 11]

    async def run(work: Callable[..., Any], *args: object, **how: bool) -> Any:
        return (
            ([2] if how["wanted"] else [3]) if work.__name__ == "backlog_uids" else desk.stored[work.__name__]
        )

    async def take(place: object, batch: list[int], wanted: set[int]) -> tuple[list[int], list[int]]:
        done.append((batch, wanted))
        return [100 + batch[0]], [11] if 11 in batch and len(batch) > 1 else []

    desk.one.parts.database.run = run
    monkeypatch.setattr(desk.one, "take", take)
    await desk.one.take_new("INBOX", FolderRole.INBOX, SimpleNamespace(uidvalidity=7, uidnext=12))
    assert done == [([2, 10, 11], {2}), ([11], {2}), ([4], {2})]
    assert desk.asked == [("uids_from", 10)]
    assert desk.did == [("handled", 102), ("handled", 111), ("handled", 104)]


async def test_each_folder_is_something_to_the_desk() -> None:
    """The inboxes, what the server calls Junk and Sent, and the quarantine unless it is one of those."""
    one = Desk().one
    usual = {
        "INBOX": FolderRole.INBOX,
        "Lists": FolderRole.INBOX,
        "Junk": FolderRole.JUNK,
        "Sent": FolderRole.SENT,
    }
    assert one.roles() == usual | {"Quarantine": FolderRole.JUNK}
    one.moves.folder = "Sent"
    assert one.roles() == usual
    one.moves.folder, one.special.junk, one.special.sent = "", "", ""
    assert one.roles() == {"INBOX": FolderRole.INBOX, "Lists": FolderRole.INBOX}


async def test_what_was_kept_and_not_handled_comes_first() -> None:
    """One that may have brought the process down is noted before it is tried again."""
    desk = Desk()
    desk.stored |= {"unhandled": [1, 2], "suspected": [2]}
    await desk.one.handle_kept()
    assert [one[:2] for one in desk.did] == [("handled", 1), ("begin", 2), ("handled", 2)]


@pytest.mark.parametrize(("shared", "differ", "looks"), [(False, True, 1), (True, False, 1), (True, True, 0)])
async def test_who_belongs_to_the_team_is_looked_at_once(shared: bool, differ: bool, looks: int) -> None:
    """Not while hosts that share a database have different files; that is said once."""
    desk, heard = Desk(), list[object]()
    parts: Any = desk.one.parts
    parts.database.shared = shared
    parts.config.digest = "d"
    desk.stored["configured_otherwise"] = ["host"] if differ else []
    look = TeamLook(parts)
    for _ in range(3):
        await look.look()
        heard.append(look.told)
    assert desk.did == [("TeamSeen",)] * looks
    assert heard == [shared and differ] * 3
    desk.stored["configured_otherwise"] = []
    await look.look()
    assert desk.did == [("TeamSeen",)]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (timedelta(seconds=TICK) - SECOND, True),
        (timedelta(seconds=TICK), False),
        (timedelta(), True),
        (-timedelta(seconds=TICK) + SECOND, True),
        (-timedelta(seconds=TICK), False),
    ],
)
async def test_an_instant_that_people_chose_has_a_sweep_of_its_own(
    monkeypatch: pytest.MonkeyPatch, at: timedelta, found: bool
) -> None:
    """If it comes before the next tick, or came since the last sweep looked."""
    desk = Desk()
    desk.stored["embargoes"] = [NOW + at, NOW + timedelta(days=1)]
    sweeper: Any = SimpleNamespace(parts=desk.one.parts)
    monkeypatch.setattr("maild.engine.sweeptimes.sending.instants", lambda embargo, policy: [embargo])
    times = SweepTimes(sweeper, SimpleNamespace())  # type: ignore[arg-type]
    chosen: datetime | None = await times.next_instant()
    assert chosen == (NOW + at if found else None)
