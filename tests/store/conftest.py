"""A real database file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.store.database import Database, open_database


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder, not made yet."""
    return tmp_path / "state"


@pytest.fixture
def database(state: Path) -> Iterator[Database]:
    """A new database in the state folder."""
    made = open_database(state, shipped("migrations"))
    yield made
    made.close()
