"""What a stranger meets first: help by group, an example of each command, and errors in the words that were typed."""

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from maild.app.check import submission
from maild.app.operator import in_a_shell
from maild.cli.groups import CASE, EXAMPLES, TITLES, example, group_of
from maild.cli.main import cli
from maild.core.cases.absence import HOW
from maild.core.values.people import Member, Team
from maild.core.words.row import Typed
from maild.core.words.table import TABLE
from tests.cli.test_at_hand import commands
from tests.cli.test_handbook import parsed
from tests.support import mails
from tests.support.commanding import command
from tests.support.running import RunningDesk

NOWHERE = Path("/nowhere/maild.toml")
ELSEWHERE = {"demo", "init"}
"""What takes a minute or asks questions; both have tests of their own."""


def test_help_lists_every_command_in_a_group() -> None:
    """On 80 columns, no text broken off."""
    said = command(NOWHERE, "--help")
    assert max(map(len, said.out.splitlines())) <= 80
    assert "..." not in said.out.partition("\n")[2]
    for name in cli.commands:
        assert f"\n  {name} " in said.out
    assert all(f"\n{title}:\n" in said.out for title in TITLES.values())


def test_every_command_stands_on_one_screen() -> None:
    """Without anything behind it, ``maild`` names its commands by group on 24 lines of 80 columns."""
    shown = subprocess.run([sys.executable, "-m", "maild"], capture_output=True, text=True, check=False)
    assert shown.returncode == os.EX_USAGE
    lines = shown.stderr.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert all(
        re.search(rf"[ :]{re.escape(name)}(?:,|$)", shown.stderr, re.MULTILINE) for name in cli.commands
    )


def test_the_groups_of_the_team_s_commands_are_those_of_their_table() -> None:
    """``maild --help`` and ``maild help commands`` agree."""
    rows = [row for row in TABLE if row.typed is Typed.SAME]
    assert [row.name for row in rows if group_of(row.name) is not row.group] == []


def test_every_command_has_an_example_that_it_takes() -> None:
    """The arguments of each example are those of its command, and help shows it."""
    names = {name for name, _ in commands(cli)}
    assert set(EXAMPLES) <= names
    for name in names:
        line = example(name)
        said = command(NOWHERE, *name.split(), "--help")
        assert f"Example: maild {line}" in " ".join(said.out.split())
        assert "REST" not in said.out


@pytest.mark.dovecot
def test_every_example_runs(desk: RunningDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a desk with a report: each does something, or says why not; none is bad usage or a bug."""
    desk.inbox.append(mails.plain(), datetime.now(UTC))  # noqa: TID251 - the command has the machine's clock
    desk.run()
    number = str(desk.cases()[0]["case"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(submission, "PATIENCE", 0)  # no test letter comes back here
    (tmp_path / "message.eml").write_bytes(mails.plain())
    (tmp_path / "page.html").write_text("<p>We answer within 48 hours.</p>")
    (tmp_path / "advisory.toml").write_text("")
    (tmp_path / "reports").mkdir()
    for name, (_, line) in EXAMPLES.items():
        if name not in ELSEWHERE:
            said = command(desk.path, *shlex.split(line.replace(CASE, number)))
            assert said.status in (0, 1, 69, 75), (line, said.status, said.err)


def test_the_examples_are_commands() -> None:
    """Those of groups too; what is a file needs not be there."""
    for name, (_, line) in EXAMPLES.items():
        try:
            assert parsed(f"maild {line}")[: len(name.split())] == name.split()
        except click.BadParameter as error:
            assert "does not exist" in str(error)  # noqa: PT017 - the other end of the same sentence


def test_without_a_configuration_the_way_in_is_said() -> None:
    """In help and in every other command: ``maild init``, with where the file was looked for."""
    assert "start with `maild init`" in " ".join(command(NOWHERE, "--help").out.split())
    said = command(NOWHERE, "cases")
    assert (said.status, said.err.count("\n")) == (78, 1)
    assert said.err.startswith(f"maild: there is no configuration at {NOWHERE}; `maild init` makes one")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("!close: not done; answer first", "close: not done; answer first"),
        ("!stage announced: not done; say !leaked", "stage announced: not done; say maild leaked EX-1"),
        (f"!away: {HOW}", "away: say until when: maild away EX-1 until 2026-12-24"),
        ("say !close unannounced REASON", 'say maild close EX-1 --reason "unannounced REASON"'),
        ("two members say !approve", "two members say !approve"),
        ("a draft is on its way; !send sends it", "a draft is on its way; !send sends it"),
        ("what !nosuch means", "what !nosuch means"),
    ],
)
def test_errors_are_in_the_words_that_were_typed(text: str, typed: str) -> None:
    """In a shell ``maild close CASE``, where the message to the team has ``!close``."""
    assert in_a_shell(text, "EX-1").startswith(typed)


@pytest.mark.dovecot
def test_close_speaks_as_the_shell_does(seen: RunningDesk) -> None:
    """No exclamation mark for who typed none."""
    number = json.loads(command(seen.path, "cases", "--json").out)[0]["case"]
    said = command(seen.path, "close", number)
    assert said.status == 1
    assert said.err.startswith("maild: close: not done; ")
    assert "!" not in said.err


PEOPLE = Team(
    tuple(
        Member(name, (f"{n}@x.example",), f"{n}@x.example", frozenset())
        for n, name in enumerate(("Anna Acosta", "Ana Berg", "Ana", "Carl Conti"))
    )
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("carl", "Carl Conti"),
        ("c", "Carl Conti"),
        ("conti", "Carl Conti"),
        ("anna", "Anna Acosta"),
        ("ana", "Ana"),
        ("an", None),
        ("", None),
        ("zoe", None),
        ("Ana  berg", "Ana Berg"),
        ("arl", None),
    ],
)
def test_a_member_is_known_by_a_unique_beginning(typed: str, name: str | None) -> None:
    """Of the whole name or of a word of it; the whole name always means that member."""
    found = PEOPLE.meant(typed)
    assert (found.name if found else None) == name


def test_who_is_not_known_is_told_who_there_is() -> None:
    """Everybody, or those whom the beginning fits."""
    assert PEOPLE.unknown("zoe").endswith("the team is Anna Acosta, Ana Berg, Ana, Carl Conti")
    assert PEOPLE.unknown("an") == "an may be Anna Acosta or Ana Berg or Ana"


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (["show"], "ex-", None),
        (["away"], "", ["Anna", "Carl", "Bea"]),
        (["handler", "CASE"], "c", ["Carl"]),
        (["verdict", "CASE"], "vul", ["vulnerability"]),
        (["severity", "CASE"], "Imp", ["Important"]),
        (["verdict", "CASE", "vulnerability"], "", []),
        (["credit", "CASE"], "", []),
    ],
)
def test_a_shell_offers_what_there_is(
    seen: RunningDesk, words: list[str], begun: str, offered: list[str] | None
) -> None:
    """Numbers of open cases, members, and the words of the policy."""
    number = json.loads(command(seen.path, "cases", "--json").out)
    known = offered if offered is not None else [row["case"] for row in number]
    line = [
        "--config",
        str(seen.path),
        *(one.replace("CASE", known[0] if known else "EX-1") for one in words),
    ]
    found = ShellComplete(cli, {}, "maild", "_MAILD_COMPLETE").get_completions(line, begun)
    assert [one.value for one in found] == known


def test_completion_says_nothing_where_there_is_nothing() -> None:
    """Without a configuration it offers nothing, and nothing is printed."""
    shell = ShellComplete(cli, {}, "maild", "_MAILD_COMPLETE")
    assert shell.get_completions(["--config", str(NOWHERE), "show"], "") == []
