"""A real database file for each test, and a report in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.store.database import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database in a state folder."""
    made = open_database(tmp_path / "state", shipped("migrations"))
    yield made
    made.close()
