"""The answers to ``maild init``, each kept as it is given until the desk is set up."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import click

from maild.cli import output

Check = Callable[[str], str]
"""What is wrong with an answer; empty when nothing is."""


class Draft:
    """The answers so far, kept in a file of the operator's until the desk is set up."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.answers")
        self.given: dict[str, str] = {}
        if self.path.exists():
            self.given = json.loads(self.path.read_text("utf-8"))

    def offer(self) -> None:
        """Say that there are answers already."""
        if self.given:
            output.tell(f"Enter takes the answers of the last run, which are in {self.path}.")

    def ask(self, key: str, question: str, default: str = "", check: Check = lambda _: "") -> str:
        """The answer to *question*, asked again until nothing is wrong with it."""
        while True:
            before = self.given.get(key, default)
            said = str(click.prompt(question, before or "", show_default=bool(before))).strip()
            if not (wrong := check(said)):
                self.keep(key, said)
                return said
            output.tell(wrong, "  ")

    def keep(self, key: str, said: str) -> None:
        """Write down an answer, for nobody else's eyes."""
        self.given[key] = said
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.given, file)

    def done(self) -> None:
        """The desk is set up."""
        self.path.unlink(missing_ok=True)
