"""``maild help`` and the shell commands that are made from the table of the team's commands."""

from pathlib import Path

import click
import pytest

from maild.cli.groups import SETTINGS
from maild.cli.main import cli
from maild.cli.manual import maild_8
from maild.core.words.row import Proof, Typed
from maild.core.words.table import TABLE
from tests.support.commanding import command

NOWHERE = Path("/nowhere/maild.toml")


@pytest.mark.parametrize("topic", ["commands", "words"])
def test_help_lists_every_command_of_the_team(topic: str) -> None:
    """Each as it is written in a message, with its help, without any configuration."""
    said = command(NOWHERE, "help", topic)
    assert said.status == 0
    for row in TABLE:
        assert f"\n  {row.usage}\n" in said.out
        assert row.help.rstrip(".") in " ".join(said.out.split())
    assert max(map(len, said.out.splitlines())) <= 98


def test_help_tells_who_may_do_without_a_signature() -> None:
    """The exceptions of the table stand with their commands."""
    text = " ".join(command(NOWHERE, "help", "commands").out.split())
    assert "what it lacks (no signature needed)." in text
    assert "handles the case (no signature needed for !handler me)." in text
    assert text.count("no case needed") == 2


@pytest.mark.parametrize("name", [row.name for row in TABLE])
def test_each_command_is_a_shell_command(name: str) -> None:
    """With the arguments that the table shows; what only a member can give is none."""
    row = next(one for one in TABLE if one.name == name)
    found = cli.commands.get(name)
    if row.typed is Typed.NEVER:
        assert found is None
        return
    assert found is not None
    if row.typed is Typed.SAME:
        with click.Context(found, info_name=name, **SETTINGS) as context:
            about = "MEMBER" if row.proof is Proof.OWN else "CASE"
            wanted = ["[OPTIONS]", about, *([row.arguments] if row.arguments else [])]
            assert found.collect_usage_pieces(context) == wanted
        assert found.help == row.help


def test_help_of_a_command_is_its_own_help() -> None:
    """``maild help NAME`` says what ``maild NAME --help`` says, for a command of a group as well."""
    for path in (["branch"], ["policy", "show"]):
        assert command(NOWHERE, "help", *path).out == command(NOWHERE, *path, "--help").out


def test_help_of_what_there_is_not_is_bad_usage() -> None:
    """Exit status 64, with the name, the likeliest one and where the names stand."""
    said = command(NOWHERE, "help", "close", "nosuch")
    assert (said.status, said.out) == (64, "")
    assert "no command or topic 'nosuch'" in said.err
    assert "`maild help` lists both" in said.err
    assert "did you mean 'monitoring'?" in command(NOWHERE, "help", "moniter").err


def test_the_manual_lists_the_commands_by_mail() -> None:
    """maild(8) has each of them as it is written in a message."""
    page = maild_8(cli).replace(r"\-", "-")
    for row in TABLE:
        assert f"\\fB{row.usage}\\fR" in page
