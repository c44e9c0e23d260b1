"""What an operator has at hand: manual pages, completion, versions, exit statuses, times with their zone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pexpect
import pytest

from maild.app import owner
from maild.cli import handbook
from maild.cli.main import cli
from maild.cli.manual import maild_7, maild_8, maild_toml_5
from maild.config.share import shipped
from tests.support.commanding import command
from tests.support.running import RunningDesk

PROGRAM = sys.modules["maild.cli.main"]
NOWHERE = Path("/nowhere/maild.toml")


def plain(roff: str) -> str:
    """A manual page without its escapes, white space as one blank."""
    text = re.sub(r"\\f[BR]|\\&|^\.PP$", "", roff, flags=re.MULTILINE)
    text = re.sub(r"\\\[u([0-9A-F]+)\]", lambda found: chr(int(found.group(1), 16)), text)
    return " ".join(text.replace(r"\-", "-").replace(r"\e", "\\").split())


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, one in group.commands.items():
        found.append((" ".join([*path, name]), one))
        if isinstance(one, click.Group):
            found += commands(one, (*path, name))
    return found


def test_the_manual_tells_every_command_as_help_does() -> None:
    """maild(8) holds each command, its text and each of its options with its help."""
    page = plain(maild_8(cli))
    for name, one in [("", cli), *commands(cli)]:
        assert name in page
        assert " ".join((one.help or "").split()) in page
        for option in (each for each in one.params if isinstance(each, click.Option)):
            assert max(option.opts, key=len) in page
            assert " ".join((option.help or "").split()) in page


def test_the_manual_tells_the_whole_configuration() -> None:
    """maild.toml(5) holds every line of the commented configuration, each key and each explanation."""
    page = plain(maild_toml_5())
    for line in (shipped("config") / "maild.toml").read_text().splitlines():
        assert " ".join(line.removeprefix("#").split()) in page


def test_the_manual_has_the_whole_handbook() -> None:
    """maild(7) holds every page: each heading, and each line to type."""
    page = plain(maild_7())
    for name in handbook.NAMES:
        text = handbook.page(name)
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
            assert heading.lower().replace("`", "") in page.lower()
        for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL):
            assert all(" ".join(line.split()) in page for line in block.splitlines())


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff on this machine")
@pytest.mark.parametrize("page", ["maild.8", "maild.toml.5", "maild.7"])
def test_the_manual_pages_are_set_without_a_complaint(page: str) -> None:
    """Groff sets what ``maild manual`` writes, with every warning on, in silence."""
    roff = command(NOWHERE, "manual", page).out
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=roff, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) > 100


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_for_each_shell(shell: str) -> None:
    """A script that asks this maild: it names the variable by which the program knows that it is asked."""
    said = command(NOWHERE, "completion", shell)
    assert said.status == 0
    assert f"_MAILD_COMPLETE={shell}_complete" in said.out


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
def test_bash_completes(tmp_path: Path) -> None:
    """A real bash with the script loaded offers the commands that begin with what was typed."""
    (tmp_path / "maild").write_text(f'#!/bin/sh\nexec {sys.executable} -m maild "$@"\n')
    (tmp_path / "maild").chmod(0o755)
    script = command(NOWHERE, "completion", "bash").out
    asked = 'COMP_WORDS=(maild ch); COMP_CWORD=1; _maild_completion maild; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", f"complete() {{ :; }}\n{script}\n{asked}"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["check"], done.stderr


def test_the_versions() -> None:
    """Maild's own, and those of what decides how it behaves: Python, SQLite, gpg, each library it names."""
    said = command(NOWHERE, "--version")
    assert said.status == 0
    for name in ("maild ", "Python 3.", "SQLite 3.", "gpg 2.", "imapclient ", "sqlalchemy ", "aiosmtplib "):
        assert name in said.out
    assert "pytest" not in said.out


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["nosuch"], 64, "No such command"),
        (["show"], 64, "Missing argument"),
        (["cases", "--nosuch"], 64, "No such option"),
        (["cases"], 78, "maild init"),
        (["init", "--key", "/nosuch", "--password-file", "/nosuch"], 64, "does not exist"),
    ],
)
def test_exit_statuses(words: list[str], status: int, told: str) -> None:
    """As sysexits(3) has them, with what is wrong and what is wanted on standard error, nothing on standard output."""
    said = command(NOWHERE, *words)
    assert (said.status, said.out) == (status, "")
    assert told in said.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FileNotFoundError(2, "No such file", "a"), 66),
        (PermissionError(13, "Denied", "a"), 77),
        (OSError(5, "I/O", "a"), 74),
    ],
)
def test_a_file_that_cannot_be_had(error: OSError, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """EX_NOINPUT, EX_NOPERM or EX_IOERR, with the file's name, and no traceback."""
    monkeypatch.setattr(PROGRAM, "cli", lambda **_: (_ for _ in ()).throw(error))
    said = command(NOWHERE)
    assert (said.status, said.err[:9]) == (status, "maild: a:")


def test_a_bug_says_nothing_of_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """EX_SOFTWARE and one line to report: where it arose, never the error's text, which may hold a word of a mail."""

    def broken(**_: object) -> None:
        raise ValueError("the reporter's words")

    monkeypatch.setattr(PROGRAM, "cli", broken)
    said = command(NOWHERE)
    assert said.status == 70
    assert "ValueError at broken:" in said.err
    assert "reporter's" not in said.err


@pytest.mark.dovecot
def test_what_takes_time_shows_life_on_a_terminal_only(seen: RunningDesk) -> None:
    """``check`` on a terminal says what it does meanwhile; into a pipe it writes its lines and nothing else."""
    words = ["-m", "maild", "--config", str(seen.path), "check"]
    terminal = pexpect.spawn(
        sys.executable, words, timeout=60, env={**os.environ, "TERM": "xterm"}, encoding="utf-8"
    )
    terminal.expect("checking ...")
    terminal.expect(pexpect.EOF)
    assert "logged in" in str(terminal.before)
    terminal.close()
    said = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert "checking" not in said.stdout + said.stderr


@pytest.mark.dovecot
def test_times_always_with_their_zone(seen: RunningDesk) -> None:
    """Whatever is listed for eyes, no time of day stands without its zone."""
    listed = [
        *(f"{name}" for name in ("cases", "quarantine", "outbox --all", "status", "when", "ledger", "adopt")),
        "keys",
    ]
    case = re.search(r"EX-\w{6}", command(seen.path, "cases").out)
    assert case
    times = 0
    for words in [*listed, f"show {case.group()}", f"access {case.group()}"]:
        out = command(seen.path, *words.split()).out
        for found in re.finditer(r"\d\d:\d\d(:\d\d(\.\d+)?)?(.{0,6})", out):
            times += 1
            assert re.match(r" (UTC|[A-Z]{3,4})\b|\+\d\d:\d\d|Z", found.group(3)), (words, found.group())
    assert times > 20


def test_root_becomes_the_owner_of_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups first, then group, then user, all those of the folder; not for a folder of root's or one not there."""
    done: list[tuple[str, object]] = []
    for name in ("setgroups", "setgid", "setuid"):
        monkeypatch.setattr(owner.os, name, lambda value, name=name: done.append((name, value)))
    monkeypatch.setattr(owner.os, "geteuid", lambda: 0)
    real = Path.stat

    def stat(path: Path, **words: bool) -> object:
        found = real(path, **words)
        return (
            type("Owned", (), {"st_uid": 123, "st_gid": 45, "st_mode": found.st_mode})
            if path == tmp_path
            else found
        )

    monkeypatch.setattr(Path, "stat", stat)
    owner.become_owner(tmp_path / "none")
    assert done == []
    owner.become_owner(tmp_path)
    assert done == [("setgroups", []), ("setgid", 45), ("setuid", 123)]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('[desk]\nstate = "/srv/x"', "/srv/x"),
        ('[desk]\nstate = "x"', "{folder}/x"),
        ("[desk]", "/var/lib/maild"),
        ("[desk]\nstate = 7", None),
        ("desk = 7", None),
        ("", None),
        ("[desk", None),
    ],
)
def test_whose_state_it_is_known_before_the_file_is_checked(
    text: str, state: str | None, tmp_path: Path
) -> None:
    """The folder that a configuration names, or its default; a file that cannot be read names none."""
    path = tmp_path / "maild.toml"
    path.write_text(text)
    assert owner.state_of(path) == (Path(state.format(folder=tmp_path)) if state else None)
    assert owner.state_of(tmp_path / "none") is None
