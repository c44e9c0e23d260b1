"""What the commands share: the desk of the configuration, and the option ``--json``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click

from maild.app.desk import Desk, open_desk
from maild.config import load

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def desk() -> Iterator[Desk]:
    """The desk of the configuration named on the command line."""
    with open_desk(load(config_path())) as opened:
        opened.database.be_patient()
        yield opened


def config_path() -> Path:
    """The configuration's path, from ``--config`` and its fallbacks."""
    return cast("Path", click.get_current_context().find_root().obj)
