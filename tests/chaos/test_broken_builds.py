"""The harness proves something: builds that are broken on purpose do not get past it."""

from collections.abc import Callable

import pytest

from tests.chaos.books import Books, balance
from tests.chaos.feed import one
from tests.chaos.steps import Aim
from tests.chaos.world import World

pytestmark = pytest.mark.dovecot


DEATHS = ("4 handle, commit", "2 keep, commit", "8 accepted")


def killed(world: World, *points: str, days: tuple[int, ...] = ()) -> Books:
    """The books after some reports, with one death at each of the *points* on the way, *days* later."""
    world.once()
    for number, point in enumerate(points):
        world.put(one(number, "plain", world.kit))
        assert world.kill(world.begin(aim=Aim(point)), 20), f"{point} was never reached"
    for later in (0, 0, *days):
        world.advance(24 * later)
        world.once()
    return balance(world.fed, world.folder / "state", world.sink.letters, world.excused + world.sink.cut)


@pytest.mark.parametrize(
    ("broken", "point", "fault"),
    [
        ("receipt before the commit", "4 handle, commit", "arrived 2 times, excused are 0"),
        ("seen before the commit", "2 keep, commit", "is kept 0 times"),
        ("retry as a new letter", "8 accepted", "was never owed"),
        ("retry with new bytes", "8 accepted", "went out with other bytes"),
    ],
)
def test_a_broken_build_is_caught(world: Callable[..., World], broken: str, point: str, fault: str) -> None:
    """One death in the wrong place, and the books name the fault; the right build balances there."""
    assert point in DEATHS
    books = killed(world(broken=broken), point)
    assert any(fault in said for said in books.faults), str(books)


def test_the_right_build_balances_there(world: Callable[..., World]) -> None:
    """The same deaths do no harm to maild as it is."""
    made = world()
    books = killed(made, *DEATHS, days=(2, 1))  # the ladder is climbed by then
    assert not books.faults + made.verify(), str(books)


def test_the_books_see_what_is_missing(world: Callable[..., World]) -> None:
    """A mail that never came in and a receipt that nobody got are faults, not gaps."""
    made = world()
    made.once()
    made.put(one(0, "plain", made.kit))
    made.once()
    made.fed.append(one(1, "plain", made.kit))
    books = balance(made.fed, made.folder / "state", made.sink.letters[:0], {})
    assert "mail 000001 (plain) is kept 0 times" in books.faults
    assert "reporter r0@reporter0.example (plain) has 0 receipts" in books.faults
    assert any("counts as sent and never arrived" in said for said in books.faults)
