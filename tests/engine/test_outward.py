"""A letter on its way to a server: what is asked before it leaves, and when the outbox is looked at again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.disclosure import sending
from maild.core.disclosure.gate import Barred
from maild.core.event import Delivery
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.core.writing.gate.check import Fault
from maild.engine import dispatcher as dispatching
from maild.engine.composing import Composed
from maild.engine.progress import Progress
from maild.errors import StoreError
from maild.store.letters import Letter
from tests.engine.test_letting_go import CLEAR, SO, Desk, letter
from tests.support.deciding import case
from tests.support.desk import NOW

MINUTE = timedelta(minutes=1)
EARLY = letter(LetterKind.PREDISCLOSURE, Prepared("distros", "d"))
OF_CASE: Any = SimpleNamespace(case=case())


@pytest.mark.parametrize(
    ("one", "bar", "again", "doubted", "leaves", "did"),
    [
        (EARLY, None, "", False, True, []),
        (EARLY, None, "", True, False, []),
        (EARLY, None, "approval", False, False, [("stop", Fault("approval"))]),
        (EARLY, Barred("later", NOW + MINUTE), "", False, False, [("put_off", 7, NOW + MINUTE, "later")]),
        (EARLY, Barred("moved"), "", False, False, [("end", Delivery.BARRED, "moved")]),
        (letter(LetterKind.ANNOUNCEMENT), Barred("moved"), "", True, True, []),
    ],
)
async def test_a_letter_to_outsiders_leaves_while_what_it_was_owed_for_is_so(
    monkeypatch: pytest.MonkeyPatch,
    one: Letter,
    bar: Barred | None,
    again: str,
    doubted: bool,
    leaves: bool,
    did: list[tuple[Any, ...]],
) -> None:
    """Else it waits for its time or for people, or never leaves; nothing leaves by a clock that is in doubt."""
    desk = Desk()

    async def holds(*_: object) -> bool:
        return doubted

    monkeypatch.setattr(desk.one, "server_time", SimpleNamespace(holds=holds))
    monkeypatch.setattr(desk.one, "approved", lambda *_: (bar, again))
    assert await desk.one.may_leave(one, OF_CASE.case) is leaves
    assert await desk.one.wanted(one, OF_CASE) is leaves
    assert desk.done == did * 2
    monkeypatch.setattr(desk.one, "server_time", None)
    assert await desk.one.may_leave(one, OF_CASE.case) is (leaves or doubted)
    assert await desk.one.may_leave(one, None)


async def test_what_nobody_sent_at_its_instant_waits_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter to the team is never too late."""
    desk = Desk()
    monkeypatch.setattr(sending, "overdue", lambda kind, due, now: True)
    assert not await desk.one.may_leave(EARLY, OF_CASE.case)
    assert not await desk.one.wanted(EARLY, OF_CASE)
    assert [one[:2] for one in desk.done] == [("end", Delivery.OVERDUE)] * 2
    assert await desk.one.wanted(letter(), OF_CASE)


@pytest.mark.parametrize(
    ("one", "of_case", "bar", "found"),
    [
        (EARLY, True, None, (None, "approval")),
        (EARLY, True, Barred("moved"), (Barred("moved"), "")),
        (EARLY, False, Barred("moved"), (None, "")),
        (letter(LetterKind.PREPARED, Prepared("distros", "d")), True, Barred("moved"), (None, "")),
        (letter(LetterKind.ANNOUNCEMENT), True, Barred("moved"), (None, "")),
    ],
)
def test_a_text_for_outsiders_is_asked_about_and_a_text_to_approve_is_not(
    monkeypatch: pytest.MonkeyPatch, one: Letter, of_case: bool, bar: Barred | None, found: object
) -> None:
    """Whether it may leave now, and if so whether two members still approve it."""
    monkeypatch.setattr(dispatching.gate, "barred", lambda *_: bar)
    monkeypatch.setattr(dispatching.gate, "withdrawn", lambda *_: "approval")
    assert Desk().one.approved(one, case() if of_case else None) == found


@pytest.mark.parametrize(
    ("about", "did"),
    [
        ({}, ["made", "fix", "handed in", "settle"]),
        ({"wanted": False}, []),
        ({"made": False}, ["made"]),
        ({"soon": False}, ["made", "take_back"]),
        ({"ending": True}, ["made", "take_back"]),
        ({"rests": True}, ["made", "take_back"]),
        ({"fixed": False}, ["made", "fix"]),
    ],
)
async def test_a_letter_is_handed_in_once_its_bytes_are_committed(
    monkeypatch: pytest.MonkeyPatch, about: dict[str, bool], did: list[str]
) -> None:
    """Not when its turn came late, when maild ends, or when a refused login rests: then it is owed again."""
    so = {"wanted": True, "made": True, "soon": True, "ending": False, "rests": False, "fixed": True} | about
    desk, done = Desk(), list[str]()
    one: Any = desk.one

    async def wanted(*_: object) -> bool:
        return so["wanted"]

    async def made(*_: object) -> tuple[Composed, Fault | None] | None:
        done.append("made")
        return (Composed(CLEAR, b""), None) if so["made"] else None

    async def persist(work: Any, *_: object) -> bool:
        done.append(work.__name__)
        return so["fixed"]

    async def handed_in(letter: Letter, content: bytes) -> str:
        done.append("handed in")
        assert content == CLEAR
        return "accepted"

    async def settle(letter: Letter, outcome: object) -> None:
        done.append("settle")

    @asynccontextmanager
    async def turn() -> AsyncIterator[bool]:
        yield so["soon"]

    one.ending, one._turns = so["ending"], SimpleNamespace(turn=turn)
    one.storing = SimpleNamespace(persist=persist, progress=None)
    one.settling = SimpleNamespace(rests=lambda: so["rests"], settle=settle)
    for name, does in (("wanted", wanted), ("made", made), ("handed_in", handed_in)):
        monkeypatch.setattr(one, name, does)
    await one.hand_in(letter(), SO)
    assert done == did


@pytest.mark.parametrize(("weight", "alone"), [(dispatching.HEAVY, False), (dispatching.HEAVY + 1, True)])
async def test_what_carries_a_big_message_goes_out_alone(
    monkeypatch: pytest.MonkeyPatch, weight: int, alone: bool
) -> None:
    """And the loop is known to get on after each."""
    desk, under_way = Desk(), [0, 0]
    one: Any = desk.one
    one.storing.progress = progress = Progress(60.0)
    progress.at = -1.0

    async def hand_in(*_: object) -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0)
        under_way[0] -= 1

    monkeypatch.setattr(one, "hand_in", hand_in)
    await asyncio.gather(*(one.send(letter(weight=weight), SO) for _ in range(3)))
    assert under_way[1] == (1 if alone else 3)
    assert progress.at >= 0


async def test_the_outbox_is_looked_at_until_maild_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble in storing is waited out, longer each time; what the server takes is progress only while it works."""
    desk, naps, turns = Desk(), list[int](), list[bool]()
    one: Any = desk.one
    progress: Any = SimpleNamespace(turn=lambda **how: turns.append(how["well"]), after=lambda error: None)
    left = [StoreError("x"), StoreError("x"), None, StoreError("x"), None]
    one.parts = SimpleNamespace(owed=asyncio.Event())
    one.storing = SimpleNamespace(stuck=lambda error, failures: naps.append(failures), progress=None)
    one.settling = SimpleNamespace(down_since=None)

    async def drain() -> None:
        trouble = left.pop(0)
        if not left:
            one.settling.down_since = NOW
            one.end()
        one.parts.owed.set()
        if trouble:
            raise trouble

    async def nap(seconds: float) -> None:
        """No time passes."""

    monkeypatch.setattr(one, "drain", drain)
    monkeypatch.setattr(dispatching.asyncio, "sleep", nap)
    await one.run(progress)
    assert (naps, turns, one.ending) == ([1, 2, 1], [True, False], True)
    assert one.storing.progress is progress
