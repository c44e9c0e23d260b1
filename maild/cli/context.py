"""What the commands share: the desk of the configuration, and the option ``--json``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click

from maild.app.desk import Desk, open_desk
from maild.app.owner import become_owner, state_of
from maild.config import Config, load
from maild.core.values import ids

NUMBER = click.IntRange(1, 2**63 - 1)
"""The number of a mail or a letter: whatever SQLite can count to."""


class CaseNumber(click.ParamType[str]):
    """The number of a case, which may be typed in lower case and without the desk's prefix."""

    name = "case"

    def convert(self, value: str, _: click.Parameter | None, __: click.Context | None) -> str:
        """As the desk writes it; what is no number stays for the command to refuse."""
        number = str(value).upper()
        return f"{configured().file.desk.prefix}-{number}" if ids.is_number(number) else number


CASE = CaseNumber()
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def desk() -> Iterator[Desk]:
    """The desk of the configuration named on the command line."""
    with open_desk(configured()) as opened:
        opened.database.be_patient()
        yield opened


def configured() -> Config:
    """The checked configuration. Root becomes the owner of its state folder before anything is looked at."""
    path = config_path()
    if state := state_of(path):
        become_owner(state)
    return load(path)


def config_path() -> Path:
    """The configuration's path, from ``--config`` and its fallbacks."""
    return cast("Path", click.get_current_context().find_root().obj)
