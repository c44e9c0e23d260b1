"""Printing: whatever a mail put into a value, no terminal obeys it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from maild.cli import output
from tests.support.daemon import ROOT

HOSTILE = "a\x1b[2J\x9b31m\u202eb\x07"


@pytest.mark.parametrize("as_json", [False, True])
def test_no_listing_moves_a_cursor(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a table nor a record, and JSON escapes it all, so that programs lose nothing."""
    output.rows([{"from": HOSTILE}], as_json, "")
    output.record({"from": HOSTILE, "rows": [{"id": HOSTILE}]}, as_json)
    said = capsys.readouterr().out
    assert [letter for letter in said if letter != "\n" and not letter.isprintable()] == []
    assert "[2J" in said


def test_json_stays_the_same_value() -> None:
    """What is escaped is read back as it was."""
    assert json.loads(output.encoded({"from": HOSTILE})) == {"from": HOSTILE}


def test_an_address_with_letters_that_only_look_plain_is_told_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two rows that look the same do not read the same; JSON holds the addresses alone."""
    two = [{"from": "rita@reporter.example"}, {"from": "r\u0456ta@reporter.example"}]
    output.rows(two, False, "")
    assert "r\u0456ta@reporter.example (\u0456 is U+0456)" in capsys.readouterr().out
    output.rows(two, True, "")
    assert json.loads(capsys.readouterr().out) == two


@pytest.mark.parametrize(
    "words",
    [("--config", "nowhere.toml", "cases"), ("staus",), ("help", "nope")],
)
def test_what_is_wrong_is_folded_between_words(words: tuple[str, ...], tmp_path: Path) -> None:
    """On a terminal of 80 columns no word of an error is broken, and what went through a pipe is one line."""
    command = [sys.executable, "-m", "maild", *words]
    env = dict(os.environ, PYTHONPATH=str(ROOT), COLUMNS="80")
    terminal = pexpect.spawn(
        command[0], command[1:], dimensions=(24, 80), cwd=tmp_path, env=env, encoding="utf-8", timeout=60
    )
    terminal.expect(pexpect.EOF)
    shown = str(terminal.before).replace("\r\n", "\n")
    terminal.close()
    piped = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, check=False).stderr
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.split() == piped.split()
    assert max(map(len, piped.splitlines())) > 80 or words[0] != "--config"
