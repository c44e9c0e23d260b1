"""Which letter leaves as it is, which is made anew, and what holds one back, at its first try and at every retry."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.disclosure.gate import Barred
from maild.core.event import Delivery
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Payload, Receipt, Reply
from maild.core.policy import CanaryPolicy
from maild.core.writing.gate.check import Fault
from maild.engine import dispatcher as dispatching
from maild.engine.composing import Composed
from maild.engine.dispatcher import Dispatcher
from maild.engine.publishing import Outdated
from maild.errors import PermanentError, StoreError, TemporaryError
from maild.store.letters import Letter
from tests.support.desk import NOW, POLICY

CLEAR = b"From: a@b.example\r\nDate: Mon\r\nContent-Type: text/plain; x=y\r\n\r\nwords"
LATER = CLEAR.replace(b"Mon", b"Tue")
OTHER = CLEAR.replace(b"words", b"other")
SEALED = CLEAR.replace(b"text/plain", b"multipart/encrypted")
FLYING = CanaryPolicy(timedelta(days=1), sender="canary@outside.example")


def letter(kind: LetterKind = LetterKind.RECEIPT, says: Payload | None = None, **about: object) -> Letter:
    """A letter that was not composed yet."""
    rest: dict[str, Any] = {"attempts": 1, "doubts": 0, "composed": False, "weight": 0, "due": NOW} | about
    sealed = rest.pop("sealed", False)
    what = says or Receipt(NOW.isoformat())
    return Letter(7, kind, "EX-222222", "r@x.example", sealed, "", "ref", "<m>", what, "", (), **rest)


class Desk:
    """A dispatcher whose surroundings are the test's."""

    def __init__(self) -> None:
        self.fixed, self.fresh = CLEAR, Composed(CLEAR, b"read", "")
        self.other, self.key, self.approved = False, "", True
        self.overtaken, self.concerns, self.found = "", True, Fault("internal")
        self.why, self.done = "", list[tuple[Any, ...]]()
        database = SimpleNamespace(run=self.run, holds=None)
        parts: Any = SimpleNamespace(database=database, policy=POLICY, now=lambda: NOW)
        composer: Any = SimpleNamespace(
            pgp=None,
            compose=self.compose,
            other_key=lambda letter, so, key: self.other,
            key_of=self.key_of,
            approved_key=self.approves,
            withdrawn=lambda letter, so: self.why,
        )
        self.one = Dispatcher(parts, "inside", composer, "outside")  # type: ignore[arg-type]
        look: Any = SimpleNamespace(
            concerns=lambda letter: self.concerns,
            overtaken=lambda letter, so: self.overtaken,
            fault=self.fault,
        )
        settling: Any = SimpleNamespace(
            end_as=self.noted("end"),
            give_up=self.noted("give up"),
            postpone=self.noted("postpone"),
            stop=None,
        )
        storing: Any = SimpleNamespace(persist=self.persist, progress=None)
        self.one.last_look, self.one.settling, self.one.storing = look, settling, storing

    async def run(self, *_: object) -> bytes:
        """The bytes that were fixed."""
        return self.fixed

    async def compose(self, *_: object) -> Composed:
        """The letter as it would be now."""
        if isinstance(self.fresh, Exception):
            raise self.fresh
        return self.fresh

    async def key_of(self, *_: object) -> str:
        """The key that its reader has now."""
        return self.key

    async def approves(self, *_: object) -> bool:
        """Whether the key is the one that was approved."""
        return self.approved

    async def fault(self, *_: object) -> Fault | None:
        """What the look at its words finds."""
        return self.found

    async def persist(self, work: Any, *args: object) -> None:
        """What is stored."""
        self.done.append(
            (work.__name__ if work else "stop", *(one for one in args if not isinstance(one, Letter)))
        )

    def noted(self, what: str) -> Any:
        """Remembers what becomes of the letter."""

        async def note(*args: object) -> None:
            self.done.append((what, *(one for one in args if not isinstance(one, Letter))))

        return note


SO: Any = SimpleNamespace(case=None)


@pytest.mark.parametrize(
    ("one", "fixed", "fresh", "about", "leaves"),
    [
        (letter(), CLEAR, OTHER, {}, OTHER),
        (letter(composed=True), CLEAR, LATER, {}, CLEAR),
        (letter(composed=True), CLEAR, OTHER, {}, OTHER),
        (letter(composed=True, doubts=1), CLEAR, OTHER, {}, CLEAR),
        (letter(composed=True), SEALED, OTHER, {}, SEALED),
        (letter(LetterKind.COPY, Copy(1, "team"), composed=True), CLEAR, OTHER, {}, CLEAR),
        (letter(composed=True), SEALED, OTHER, {"other": True}, SEALED),
        (letter(composed=True), SEALED, OTHER, {"other": True, "concerns": False}, OTHER),
        (letter(composed=True), SEALED, OTHER, {"concerns": False}, SEALED),
    ],
)
async def test_a_letter_is_made_anew_only_where_it_would_say_something_else(
    one: Letter, fixed: bytes, fresh: bytes, about: dict[str, Any], leaves: bytes
) -> None:
    """Not when the server may have it already or it is encrypted, but to a member who has another key by now."""
    desk = Desk()
    desk.fixed, desk.fresh = fixed, Composed(fresh, b"read")
    vars(desk).update(about)
    made = await desk.one.bytes_of(one, SO)
    assert made.final == leaves
    assert made.fixed is (made.final != fresh)
    assert not made.fixed or made.read == (b"" if fixed == SEALED else fixed)


@pytest.mark.parametrize(
    ("about", "made", "looked", "fault"),
    [
        ({}, Composed(CLEAR, b"read"), False, "internal"),
        ({}, Composed(CLEAR, b"read"), True, ""),
        ({}, Composed(SEALED, b""), False, ""),
        ({"concerns": False, "overtaken": "clear"}, Composed(CLEAR, b"read"), False, ""),
        ({"overtaken": "clear"}, Composed(CLEAR, b"read"), True, "clear"),
        ({"other": True}, Composed(CLEAR, b"read"), True, "key"),
        ({"key": "B"}, Composed(SEALED, b"", "A"), True, "key"),
        ({"key": "A"}, Composed(SEALED, b"", "A"), True, ""),
        ({"key": "B"}, Composed(CLEAR, b"read", ""), True, ""),
        ({"approved": False}, Composed(SEALED, b""), True, "key"),
    ],
)
async def test_what_holds_a_letter_back(
    about: dict[str, Any], made: Composed, looked: bool, fault: str
) -> None:
    """What has changed, another key than it is encrypted to, and its words unless somebody has looked at them."""
    desk = Desk()
    vars(desk).update(about)
    found = await desk.one.stopped(letter(looked=looked), SO, made)
    assert (found.name if found else "") == fault


@pytest.mark.parametrize(
    ("one", "fresh", "done"),
    [
        (letter(), StoreError("x"), [("take_back", 7)]),
        (letter(), TemporaryError("later"), [("postpone", "later")]),
        (letter(), PermanentError("no"), [("end", Delivery.FAILED, "no")]),
        (letter(sealed=True), PermanentError("no"), [("end", Delivery.UNSEALED, "no")]),
        (letter(sealed=True), Outdated("old"), [("end", Delivery.BARRED, "old")]),
    ],
)
async def test_a_letter_that_cannot_be_made_waits_or_ends(
    one: Letter, fresh: Any, done: list[tuple[Any, ...]]
) -> None:
    """By whose trouble it is: the database's, what passes, or its own."""
    desk = Desk()
    desk.fresh = fresh
    assert await desk.one.made(one, SO) is None
    assert desk.done == done
    desk.fresh = RuntimeError("a bug")  # type: ignore[assignment]
    assert await desk.one.made(one, SO) is None
    assert desk.done[-1][0] == "give up"


@pytest.mark.parametrize(
    ("one", "why", "wanted", "done"),
    [
        (letter(), "", True, []),
        (letter(over=True), "", False, ["give up"]),
        (letter(), "closed", False, ["end"]),
        (letter(LetterKind.ANSWER, Reply(1, "team:Anna")), "", True, []),
    ],
)
async def test_a_letter_that_is_not_wanted_any_more_is_recorded(
    one: Letter, why: str, wanted: bool, done: list[str]
) -> None:
    """A letter that nobody wants any more is recorded as not sent, with the reason."""
    desk = Desk()
    desk.why = why
    assert await desk.one.wanted(one, SO) is wanted
    assert [what for what, *_ in desk.done] == done


@pytest.mark.parametrize(
    ("kind", "sender", "account"),
    [
        (LetterKind.CANARY, FLYING, "outside"),
        (LetterKind.TAGGED, FLYING, "outside"),
        (LetterKind.CANARY, CanaryPolicy(timedelta(days=1)), "inside"),
        (LetterKind.RECEIPT, FLYING, "inside"),
    ],
)
def test_a_canary_comes_from_outside_where_there_is_an_address_for_it(
    kind: LetterKind, sender: CanaryPolicy, account: str
) -> None:
    """Everything else is handed in by the desk's own account."""
    desk = Desk()
    desk.one.parts.policy = SimpleNamespace(canary=sender, desk=POLICY.desk)  # type: ignore[misc, assignment]
    found, by = desk.one.way_out(letter(kind))
    assert found == account  # type: ignore[comparison-overlap]
    assert (by == "canary@outside.example") is (account == "outside")


@pytest.mark.parametrize(
    ("fault", "bar", "overtaken", "concerns", "fixed", "goes", "did"),
    [
        (None, None, "", True, False, True, ["fix"]),
        (None, None, "", True, True, True, []),
        (Fault("x"), None, "", True, False, False, ["stop"]),
        (None, None, "clear", True, False, False, ["stop"]),
        (None, None, "clear", False, False, True, ["fix"]),
        (None, Barred("moved"), "", True, False, False, ["take back"]),
        (None, Barred("moved"), "", False, False, True, ["fix"]),
    ],
)
def test_what_a_letter_rests_on_is_looked_at_where_its_bytes_are_committed(
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault | None,
    bar: Barred | None,
    overtaken: str,
    concerns: bool,
    fixed: bool,
    goes: bool,
    did: list[str],
) -> None:
    """In the same transaction; of one to the team nothing is looked at."""
    desk, done = Desk(), list[str]()
    desk.overtaken, desk.concerns = overtaken, concerns
    monkeypatch.setattr(desk.one, "approved", lambda letter, case: (bar, ""))
    monkeypatch.setattr(desk.one.settling, "stop", lambda *_: done.append("stop"))
    monkeypatch.setattr(dispatching, "situation", SimpleNamespace(of=lambda *_: SO))
    monkeypatch.setattr(
        dispatching, "letters", SimpleNamespace(take_back=lambda *_: done.append("take back"))
    )
    monkeypatch.setattr(dispatching, "letterbytes", SimpleNamespace(fix=lambda *_: done.append("fix")))
    connection: Any = None
    assert desk.one.fix(connection, letter(), Composed(CLEAR, b"", fixed=fixed), fault) is goes
    assert done == did


@pytest.mark.parametrize(
    ("ending", "rests", "sent"), [(False, False, 2), (True, False, 0), (False, True, 0), (True, True, 0)]
)
async def test_letters_are_handed_in_until_none_is_due(
    monkeypatch: pytest.MonkeyPatch, ending: bool, rests: bool, sent: int
) -> None:
    """None while maild ends, or while a login that was refused rests; what was kept for copies is let go."""
    desk, handed, forgot = Desk(), list[int](), list[int]()
    due = [[(letter(), SO), (letter(weight=dispatching.HEAVY + 1), SO)]]

    async def claimed() -> list[tuple[Letter, Any]]:
        return due.pop() if due else []

    async def hand_in(one: Letter, so: object) -> None:
        handed.append(one.id)

    desk.one.ending = desk.one.ending or ending
    monkeypatch.setattr(desk.one.claims, "next", claimed)
    monkeypatch.setattr(desk.one, "hand_in", hand_in)
    monkeypatch.setattr(desk.one.settling, "rests", lambda: rests, raising=False)
    carrying: Any = SimpleNamespace(forget=lambda: forgot.append(1))
    monkeypatch.setattr(desk.one.composer, "carrying", carrying, raising=False)
    await desk.one.drain()
    assert (len(handed), len(forgot)) == (sent, 1)
