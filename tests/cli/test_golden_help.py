"""What ``--help`` shows of every command on a terminal of 80 columns, and the first page of ``maild help``."""

from pathlib import Path

import pytest

from maild.cli.main import cli
from tests.cli.test_at_hand import commands
from tests.support.commanding import command
from tests.support.golden import FOLDER, golden

NOWHERE = Path("/nowhere/maild.toml")
NAMES = ["", *(name for name, _ in commands(cli))]


@pytest.fixture(autouse=True)
def eighty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("name", NAMES)
def test_help_is_as_it_was_looked_at(name: str) -> None:
    """The golden file of each command; no line is wider than the terminal."""
    said = command(NOWHERE, *name.split(), "--help")
    assert (said.status, said.err) == (0, "")
    golden(f"help/{name.replace(' ', '-') or 'maild'}.txt", said.out)
    assert max(map(len, said.out.splitlines())) <= 80


def test_every_golden_help_is_of_a_command() -> None:
    """None is left of a command that is gone."""
    there = {file.stem for file in (FOLDER / "help").iterdir()}
    assert there == {name.replace(" ", "-") or "maild" for name in NAMES}
