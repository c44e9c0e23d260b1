"""Every command line of the handbook and README, given to a real desk."""

import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.app.check import submission
from tests.cli.test_handbook import PAGES, typed
from tests.support import mails
from tests.support.commanding import command
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot
ELSEWHERE = {"init", "install-service", "demo", "run", "restore", "board"}
"""What sets up, goes on for ever, or replaces the database; each has tests of its own."""
SHELL = ("|", ">", "&&", "<(")


def lines() -> list[str]:
    """Each whole line once, in the order in which people meet it."""
    found = [line for path in PAGES for line in typed(path) if not any(one in line for one in SHELL)]
    return list(dict.fromkeys(found))


def given(line: str, number: str) -> list[str]:
    """The words behind ``maild`` and its configuration, for a desk whose one case has this *number*."""
    words = shlex.split(line.replace("EX-7KQ2M9", number))[1:]
    return words[2:] if words[:1] == ["--config"] else words


def test_every_command_line_runs(desk: RunningDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each does something, or says why not; none is a bug, and only one with a placeholder is bad usage."""
    desk.inbox.append(mails.plain(), datetime.now(UTC))  # noqa: TID251 - the command has the machine's clock
    desk.run()
    number = str(desk.cases()[0]["case"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(submission, "PATIENCE", 0)  # no test letter comes back here
    for name in ("carl.asc", "message.eml", "page.html", "advisory.toml", "FILE"):
        (tmp_path / name).write_bytes(mails.plain())
    for name in ("reports", "spam"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.eml").write_bytes(mails.plain())
    ran = 0
    for line in lines():
        words = given(line.replace("/backup/", f"{tmp_path}/").replace("/var/www/", f"{tmp_path}/"), number)
        if not words or words[0] in ELSEWHERE:
            continue
        said = command(desk.path, *words)
        placeholder = any(word.isupper() and word != number for word in words) or len(words) == 1
        wanted = (0, 1, 64, 69, 75, 78) if placeholder else (0, 1, 69, 75, 78)
        assert said.status in wanted, (line, said.status, said.err)
        assert "bug in maild" not in said.err, line
        ran += 1
    assert ran >= 40
