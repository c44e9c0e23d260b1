"""A real database file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.store.database import Database
from maild.store.place import Place, Server


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder, not made yet."""
    return tmp_path / "state"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(state: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A new database, in the state folder and in PostgreSQL; modules about the file have one of their own."""
    server = None
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        server = Server(cluster.url(cluster.emptied()), str)
    made = Place(state, server).open(shipped("migrations"))
    yield made
    made.close()
