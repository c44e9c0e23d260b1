"""One set of throw-away keys for all tests of this folder; its agents are ended afterwards."""

import shutil
from collections.abc import Iterator

import pytest

from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit


@pytest.fixture(scope="session")
def kit() -> Iterator[Kit]:
    """Keys, and what people make with them."""
    if shutil.which("gpg") is None:
        pytest.skip("no gpg on this machine")
    made = Kit()
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def pgp(kit: Kit) -> OpenPGP:
    """The desk's OpenPGP, knowing the team's keys."""
    return OpenPGP(kit.desk, kit.desk_key, team_home=kit.team)
