"""One machine for all of this folder: README's commands typed on it in their order, the mail server beside."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from tests.openpgp.kit import Kit
from tests.support.ports import await_that
from tests.trees.readme import commands, packages
from tests.trees.tree import RELEASES, CannotMakeError
from tests.trial.bare import machine_tree
from tests.trial.machine import CannotBootError, Machine, booted, missing
from tests.trial.wheels import wheels

T = TypeVar("T")


@dataclass
class Trial:
    """The machine after the first day, what its commands said, how many seconds they took."""

    release: str
    machine: Machine
    kit: Kit
    said: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def type(self, command: str) -> None:
        """One command of README; what it asks for, the password, is typed as well."""
        begin = time.monotonic()
        self.said[command] = self.machine.run(command, feed="sesame\n")
        self.seconds += time.monotonic() - begin

    def await_(self, ready: Callable[[], T], what: str, seconds: float = 30) -> T:
        """What *ready* gives as soon as it is true; else what the machine's journal said last."""
        try:
            return await_that(ready, what, seconds)
        except TimeoutError as error:
            error.add_note(self.machine.run("journalctl -o cat --no-pager | tail -60"))
            raise

    def key(self) -> str:
        """The desk's public key, as it was printed for the page."""
        return next(said for command, said in self.said.items() if command == "maild keys export")


@pytest.fixture(scope="package", params=("bookworm", "trixie"))
def release(request: pytest.FixtureRequest) -> str:
    """The Debian releases that README's first day is typed on: 12 and 13."""
    return str(request.param)


@pytest.fixture(scope="package")
def machine(release: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A bare Debian with its mail server; skipped, saying why, where none can be booted."""
    if why := missing():
        pytest.skip(f"no bare machine: {why}")
    folder = tmp_path_factory.mktemp("machine")
    try:
        tree, there = machine_tree(release, packages()), wheels(folder, RELEASES[release])
        with booted(tree, folder / "machine", there) as found:
            found.run("bash -s", feed=(Path(__file__).parent / "mailserver.sh").read_text())
            yield found
    except CannotMakeError as error:
        pytest.skip(f"no bare machine: {error}")
    except CannotBootError as error:
        pytest.skip(f"no bare machine: {error} ({(folder / 'console').read_text()[-200:]})")


@pytest.fixture(scope="package")
def trial(release: str, machine: Machine) -> Iterator[Trial]:
    """The first day as README tells it, up to the running service; the rest is ``readme.commands``' last."""
    kit = Kit()
    made = Trial(release, machine, kit)
    carl = kit.key(kit.people, "Carl <carl@example.org>")
    machine.run("cat >carl.asc", feed=kit.gpg(kit.people, "--armor", "--export", carl).decode())
    for command in commands()[:-1]:
        made.type(command)
    yield made
    kit.remove()
