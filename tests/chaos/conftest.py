"""Worlds for the storms."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.chaos.lives import Lives
from tests.chaos.world import ADDRESS, RoughSink, World
from tests.openpgp.conftest import kit
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.postfix import Postfix, find_postfix
from tests.support.smtpsink import running

__all__ = ["kit"]
SEED = 7


@pytest.fixture
def chance() -> random.Random:
    """The same chances in every run."""
    return random.Random(SEED)


@pytest.fixture(scope="session")
def lives() -> Iterator[Lives]:
    """One nursery for all worlds: it has loaded maild once."""
    made = Lives()
    yield made
    made.close()


@pytest.fixture
def world(
    tmp_path: Path, lives: Lives, inbox: User, certificate: Certificate, kit: Kit, chance: random.Random
) -> Iterator[Callable[..., World]]:
    """Makes the world of one test: ``world(server="rough" | "postfix", broken=...)``."""
    with ExitStack() as stack:

        def make(server: str = "rough", broken: str = "") -> World:
            sink, postfix = stack.enter_context(running(RoughSink(certificate, chance))), None
            if server == "postfix":
                if find_postfix() is None:
                    pytest.skip("no Postfix on this machine, or not root (tests/run installs it)")
                postfix = Postfix(inbox, ADDRESS, sink.port)
                stack.callback(postfix.remove)
                postfix.start()
            return World(tmp_path, lives, inbox, sink, kit, postfix, broken)

        yield make
