"""A letter to a list is encrypted to the key of the list, or does not leave."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.core.letters.payloads import Prepared
from maild.core.mail.letter import Head
from maild.core.values.targets import Predisclosure, Targets
from maild.engine.composing import Composer
from maild.errors import PermanentError
from tests.support.desk import DESK, NOW

HEAD = Head("Example", "distros@lists.example", "", "<l@project.example>", "ref", DESK.address)
LETTER = cast(Any, SimpleNamespace(says=Prepared("distros", "digest")))


class Untouched:
    """An OpenPGP that must not be asked for anything."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


def composer(*lists: Predisclosure, pgp: object) -> Composer:
    """What composes letters for a desk with these lists."""
    policy = SimpleNamespace(desk=DESK, targets=Targets(predisclosure=lists))
    parts = SimpleNamespace(policy=policy, now=lambda: NOW)
    return Composer(cast(Any, parts), cast(Any, None), cast(Any, pgp))


DISTROS = Predisclosure("distros", "distros@lists.example", key="distros.asc")


@pytest.mark.parametrize(
    ("lists", "pgp"),
    [
        ((Predisclosure("distros", DISTROS.to),), Untouched()),
        ((Predisclosure("other", DISTROS.to, key="other.asc"),), Untouched()),
        ((), Untouched()),
        ((DISTROS,), None),
    ],
    ids=["a list without key", "another list", "no list", "no OpenPGP"],
)
async def test_nothing_leaves_for_a_list_without_key(lists: tuple[Predisclosure, ...], pgp: object) -> None:
    """A text under embargo to a list is encrypted or not sent at all, and nothing names a key for it."""
    made = composer(*lists, pgp=pgp)
    with pytest.raises(PermanentError, match="no key"):
        await made.to_list(LETTER, HEAD, b"the text")
