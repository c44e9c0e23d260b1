"""What a sweep holds back, and when: the mailbox cannot be read, the clock was set, the hosts differ, once a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild import log
from maild.core.cases import heldwords
from maild.core.change import Note
from maild.core.changes.promises import Escalate
from maild.core.event import CanaryDue, DigestDue, HeldDigestDue, PurgeDue, SweepDue
from maild.core.journal import What
from maild.core.promises import digest, ladder
from maild.engine import tokenwatch
from maild.engine.jumpguard import JUMP
from maild.engine.scheduler import BLIND, CLOCK_DOUBT, Sweeper
from maild.store import leftovers
from tests.support.desk import NOW, POLICY

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Desk:
    """A sweeper whose surroundings are the test's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.boot, self.apart = NOW, 1000.0, timedelta()
        self.events: list[Any] = []
        self.alerts: list[str] = []
        self.since: list[datetime] = []
        self.looks: list[tuple[dict[str, datetime | None], bool]] = []
        self.refused: list[tuple[datetime | None, ...]] = []
        self.stored: dict[str, Any] = {"oldest": None, "newest": None, "used": 0, "last": None}
        self.answers: dict[type, list[tuple[Any, ...]]] = {}
        self.doubted = False
        self.ingress: Any = SimpleNamespace(
            blind_since=None, read_once=True, down_since=None, refused_since=None
        )
        self.settling: Any = SimpleNamespace(down_since=None, refused_at=None)
        database = SimpleNamespace(run=self.run, folder="nowhere", shared=True)
        parts: Any = SimpleNamespace(
            now=lambda: self.now,
            uptime=lambda: self.boot,
            database=database,
            policy=POLICY,
            handle=self.handle,
        )
        outages: Any = SimpleNamespace(
            retry=lambda: None,
            once=self.once,
            look=self.look,
            news=self.news,
            daily=self.daily,
        )
        dispatcher: Any = SimpleNamespace(settling=self.settling)
        time: Any = SimpleNamespace(doubts_sweep=self.doubts)
        self.sweeper = Sweeper(parts, self.ingress, dispatcher, outages, server_time=time)
        self.swept_folders = 0
        self.jumps: list[tuple[int, bool]] = []
        monkeypatch.setattr(log, "clock_jumped", lambda *jump: self.jumps.append(jump))
        monkeypatch.setattr(leftovers, "sweep", self.leftovers)
        monkeypatch.setattr(tokenwatch, "look", self.token)
        monkeypatch.setattr(digest, "day", lambda policy, now: now.date() if now.hour >= 8 else None)
        monkeypatch.setattr(heldwords, "day", lambda policy, now: now.date() if now.hour >= 8 else None)

    def leftovers(self, folder: object, alone: bool) -> None:
        """Once a day, by the only process that has the folder."""
        self.swept_folders += alone

    def once(self, event: str, what: str, at: datetime) -> None:
        """Something that has no end."""
        self.alerts.append(event)
        self.since.append(at)

    async def token(self, parts: object, outages: object, refused: tuple[datetime | None, ...]) -> None:
        """Since when each server refuses us."""
        self.refused.append(refused)

    async def doubts(self) -> bool:
        """What the mail server's clock says."""
        return self.doubted

    async def run(self, work: Callable[..., Any], *_: object) -> Any:
        """What the database gives."""
        return self.now - self.apart if work.__name__ == "clock" else self.stored[work.__name__]

    async def handle(self, event: Any) -> Any:
        """What the handler decides."""
        self.events.append(event)
        left = self.answers.get(type(event), [])
        return SimpleNamespace(changes=left.pop(0) if left else ())

    async def look(self, down: dict[str, datetime | None], escalated: bool) -> None:
        """What is down."""
        self.looks.append((down, escalated))

    async def news(self, event: str, what: str, at: datetime | None) -> None:
        """Something new."""
        self.alerts += [event] if at else []

    async def daily(self, event: str, what: str, now: datetime) -> None:
        """Something that goes on."""
        self.alerts.append(event)

    async def sweep(self, later: timedelta = timedelta(), jumped: timedelta = timedelta()) -> list[Any]:
        """The events of a sweep so much later; the wall clock has *jumped* besides."""
        self.now += later + jumped
        self.boot += later.total_seconds()
        self.events.clear()
        await self.sweeper.sweep()
        return self.events


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """All is well there."""
    return Desk(monkeypatch)


def swept(events: list[Any]) -> SweepDue | None:
    """The sweep itself among the events."""
    return next((one for one in events if isinstance(one, SweepDue)), None)


@pytest.mark.parametrize(
    ("blind", "read_before", "held", "since"),
    [
        (None, False, False, False),
        (SECOND, True, False, False),
        (BLIND - SECOND, False, True, False),
        (BLIND - SECOND, True, False, False),
        (BLIND, False, False, True),
        (BLIND, True, False, True),
    ],
)
async def test_an_answer_may_lie_in_a_mailbox_that_was_not_read_yet(
    desk: Desk, blind: timedelta | None, read_before: bool, held: bool, since: bool
) -> None:
    """For a quarter of an hour after a start; from then on people are told since when it cannot be read."""
    desk.ingress.blind_since = NOW - blind if blind else None
    desk.ingress.read_once = read_before
    found = swept(await desk.sweep())
    assert (found is None) is held
    assert found is None or found.blind_since == (NOW - blind if since and blind else None)
    canaries = [one.blind for one in desk.events if isinstance(one, CanaryDue)]
    assert canaries == ([] if held else [blind is not None])


async def test_the_first_sweep_is_marked(desk: Desk) -> None:
    """It may find what slipped while nothing ran; one that was held does not count."""
    desk.ingress.blind_since, desk.ingress.read_once = NOW, False
    assert swept(await desk.sweep()) is None
    desk.ingress.blind_since = None
    firsts = [found.first for _ in range(2) if (found := swept(await desk.sweep()))]
    assert firsts == [True, False]


async def test_a_clock_that_was_set_forward_holds_one_sweep_and_all_that_goes_outside(desk: Desk) -> None:
    """For an hour; the operator hears of it. Set back, it holds nothing."""
    await desk.sweep()
    found = swept(await desk.sweep(jumped=-JUMP - SECOND))
    assert found is not None
    assert not found.clock_set
    assert swept(await desk.sweep(jumped=JUMP + SECOND)) is None
    assert desk.alerts == ["clock-jumped", "clock-jumped"]
    assert desk.since == [NOW, NOW - JUMP - SECOND]
    assert desk.jumps == [(-3601, False), (3601, True)]
    for later, doubted in ((20 * SECOND, True), (CLOCK_DOUBT - 21 * SECOND, True), (SECOND, False)):
        found = swept(await desk.sweep(later))
        assert found is not None
        assert found.clock_set is doubted
    desk.doubted = True
    found = swept(await desk.sweep())
    assert found is not None
    assert found.clock_set


async def test_a_clock_apart_from_the_databases_holds_the_sweep_that_finds_it(desk: Desk) -> None:
    """The next ones go on, and nothing goes outside by that clock; a new difference is told again."""
    desk.apart = HOUR
    assert swept(await desk.sweep()) is None
    found = swept(await desk.sweep(20 * SECOND))
    assert found is not None
    assert found.clock_set
    desk.apart = timedelta()
    assert swept(await desk.sweep(20 * SECOND)) is not None
    desk.apart = HOUR
    assert swept(await desk.sweep(20 * SECOND)) is None
    assert desk.alerts == ["clock-apart", "clock-apart"]


async def test_what_is_daily_happens_once_a_day(desk: Desk) -> None:
    """Digests when their hour has come; a list of nothing is asked for again; texts are given up in pieces."""
    desk.answers[HeldDigestDue] = [(), ("letter",)]
    desk.answers[PurgeDue] = [("one",), ("two",), ()]
    daily = (DigestDue, HeldDigestDue, PurgeDue)

    async def done(later: timedelta) -> list[type]:
        return [type(one) for one in await desk.sweep(later) if isinstance(one, daily)]

    assert await done(timedelta()) == [DigestDue, HeldDigestDue, PurgeDue, PurgeDue, PurgeDue]
    assert await done(HOUR) == [HeldDigestDue]
    assert await done(HOUR) == []
    assert await done(14 * HOUR) == [PurgeDue]
    assert await done(9 * HOUR) == [DigestDue, HeldDigestDue]
    assert desk.swept_folders == 2


async def test_what_is_down_is_told_as_it_is(desk: Desk) -> None:
    """The mailbox, what cannot be fetched, the server, and a canary where the mailbox can be read."""
    desk.settling.down_since, desk.ingress.down_since = NOW, NOW - HOUR
    await desk.sweep()
    assert desk.looks == [({"mailbox": NOW - HOUR, "fetch": None, "smtp": NOW, "canary": None}, False)]
    assert desk.refused == [(None, None)]
    desk.settling.refused_at, desk.ingress.refused_since = NOW, NOW - HOUR
    desk.ingress.blind_since = NOW
    desk.answers[SweepDue] = [(Escalate(1, "EX-222222", NOW, 2, "carl@phone.example", "key"),)]
    await desk.sweep()
    down, escalated = desk.looks[-1]
    assert "canary" not in down
    assert escalated
    assert desk.refused[-1] == (NOW - HOUR, NOW)
    desk.stored |= {"newest": NOW, "used": POLICY.limits.database + 1}
    await desk.sweep()
    assert desk.alerts == ["report-unread", "database-full"]


@pytest.mark.parametrize(("what", "told"), [(ladder.NOBODY_THERE, True), (What.AWAY, False)])
async def test_that_nobody_is_there_the_operator_hears(desk: Desk, what: What, told: bool) -> None:
    """Where everybody whom an escalation would reach is away."""
    desk.answers[SweepDue] = [(Note("EX-222222", what),)]
    await desk.sweep()
    assert desk.alerts == (["everybody-away"] if told else [])
