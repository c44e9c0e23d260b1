"""What the desk signs where gpg can be asked, and what leaves without."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.engine.composing import WITHOUT, Composer
from maild.errors import TemporaryError
from tests.support.desk import NOW


class Hangs:
    """An OpenPGP that cannot sign, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def sign(self, _: bytes) -> bytes:
        """Nothing comes of it."""
        self.asked += 1
        raise TemporaryError("gpg cannot be asked")


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        """What time it is."""
        return self.at


async def test_acknowledgements_do_not_queue_for_a_gpg_that_hangs() -> None:
    """After one that could not be signed the others leave unsigned, for some minutes, without asking it."""
    pgp, clock = Hangs(), Clock()
    composer = Composer(cast(Any, SimpleNamespace(now=clock)), cast(Any, None), cast(Any, pgp))
    assert [await composer.signature(b"x", needed=False) for _ in range(3)] == [b""] * 3
    assert pgp.asked == 1
    clock.at += WITHOUT
    assert await composer.signature(b"x", needed=False) == b""
    assert pgp.asked == 2


async def test_what_people_wrote_waits_for_its_signature() -> None:
    """It never leaves without, however often gpg has failed."""
    pgp = Hangs()
    composer = Composer(cast(Any, SimpleNamespace(now=Clock())), cast(Any, None), cast(Any, pgp))
    await composer.signature(b"x", needed=False)
    with pytest.raises(TemporaryError):
        await composer.signature(b"x", needed=True)
    assert pgp.asked == 2
