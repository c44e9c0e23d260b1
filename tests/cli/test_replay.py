"""``maild replay``: an archive of past mail under this policy, as text, JSON and HTML, and as a daemon sees it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from maild.config import load
from maild.core.mail.mbox import mbox
from maild.store import past
from tests.support import mails
from tests.support.commanding import command
from tests.support.deciding import SEALED
from tests.support.desk import NOW
from tests.support.running import RunningDesk

HOUR = timedelta(hours=1)
SPAM = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example", message_id="<s@x>")


def report(number: int) -> bytes:
    """A report of its own reporter's."""
    sender, subject = f"r{number}@reporter.example", f"Overflow in the quokka parser {number}"
    return mails.plain(
        subject, sender=sender, message_id=f"<{number}@x>", text=f"It writes {number} bytes.\n"
    )


def answer(who: str, number: int, to: str, round_: int = 0) -> bytes:
    """What a member of the team wrote to a reporter."""
    return mails.plain(
        subject="Re: your report",
        sender=f"{who} <{who.lower()}@project.example>",
        to=to,
        Cc="security@project.example",
        text="We have looked at it, and it is as you say; a fix is on its way to the next release.\n",
        message_id=f"<a{number}.{round_}@project.example>",
        In_Reply_To=f"<{number}@x>" if to != "rita@reporter.example" else "<sealed@reporter.example>",
    )


STORY: tuple[tuple[datetime, bool, bytes], ...] = (
    (NOW, False, report(1)),
    (NOW + 2 * HOUR, True, answer("Anna", 1, "r1@reporter.example")),
    (NOW + 24 * HOUR, False, report(2)),
    (NOW + 26 * HOUR, False, SPAM),
    (
        NOW + 72 * HOUR,
        False,
        mails.plain("Re: your report", "Do you know when?\n", "r1@reporter.example", In_Reply_To="<1@x>"),
    ),
    (NOW + 96 * HOUR, True, answer("Anna", 1, "r1@reporter.example", 1)),
    (NOW + 120 * HOUR, False, SEALED),
    (NOW + 170 * HOUR, True, answer("Bea", 4, "rita@reporter.example")),
    (NOW + 240 * HOUR, False, report(5)),
)
"""When, whether the team sent it, and what."""


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, Path]:
    """The story as two mboxes: what was received, and what was sent."""
    received, sent = tmp_path / "inbox.mbox", tmp_path / "sent.mbox"
    for file, of_team in ((received, False), (sent, True)):
        file.write_bytes(mbox((at, dated(raw, at)) for at, by_team, raw in STORY if by_team is of_team))
    return received, sent


def dated(raw: bytes, at: datetime) -> bytes:
    """The mail as the desk's own server kept it at the instant *at*, whatever its Date says."""
    return b"Received: from x by mx.project.example; " + format_datetime(at).encode() + b"\r\n" + raw


@pytest.fixture
def config(tmp_path: Path, walker: RunningDesk) -> Path:
    """The configuration of a desk that nothing has happened to."""
    return walker.path


@pytest.fixture
def walker(tmp_path: Path, inbox: object, sink: Any, certificate: Any) -> RunningDesk:
    """A desk before its first run."""
    return RunningDesk(tmp_path, inbox, sink, certificate)  # type: ignore[arg-type]  # a User


def replayed(config: Path, archive: tuple[Path, Path], *words: str) -> dict[str, Any]:
    """The figures as JSON."""
    said = command(config, "replay", str(archive[0]), "--sent", str(archive[1]), "--json", *words)
    assert said.status == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


pytestmark = pytest.mark.dovecot


def test_what_a_replay_shows(config: Path, archive: tuple[Path, Path]) -> None:
    """Messages by month, first answers, promises kept and missed, who would have been told, what was held."""
    found = replayed(config, archive)
    assert found["months"] == [{"month": "2026-03", "messages": 9, "reports": 4, "held": 1}]
    assert (found["times"][0]["cases"], found["times"][0]["median_hours"]) == (2, 26.0)
    kept = {row["promise"]: (row["kept"], row["missed"], row["still_running"]) for row in found["kept"]}
    assert kept == {"acknowledge": (4, 0, 0), "respond": (1, 2, 1), "update": (1, 0, 0)}
    assert [(row["promise"], row["message"]) for row in found["missed"]] == [
        ("respond", "inbox.mbox#2"),
        ("respond", "inbox.mbox#5"),
    ]
    assert (found["told"][0]["step"], found["told"][0]["people"]) == (1, ["Carl"])
    assert found["told"][0]["at"] == (NOW + 72 * HOUR).isoformat()
    assert [row["message"] for row in found["held"]] == ["inbox.mbox#3"]


def test_it_agrees_with_a_daemon(walker: RunningDesk, archive: tuple[Path, Path]) -> None:
    """The same mail in a real mailbox, the same instants: the same promises to the second, the same steps."""
    found = replayed(walker.path, archive)
    walker.run()
    for at, mail in events(found):
        walker.clock = at
        if mail:
            walker.inbox.append(mail[1], at, "Sent" if mail[0] else "INBOX")
        walker.run()
    real = json.loads(command(walker.path, "ledger", "--json").out)
    columns = ("promise", "started", "due", "met", "met_by")
    promises = sorted([str(row[key]) for key in columns] for row in real if row["case"])
    played = sorted([str(row[key]) for key in columns] for row in found["ledger"])
    assert [row for row in promises if row not in played] == [
        row for row in promises if row[:2] in after(found)
    ]
    assert [row for row in played if row not in promises] == []
    with walker.desk() as desk:
        quiet, told = desk.ask(past.quiet), desk.ask(past.told)
    steps = sorted((row["at"], row["promise"], row["step"]) for row in told if row["clock"] not in quiet)
    assert steps == sorted((row["at"], row["promise"], row["step"]) for row in found["told"])


def after(found: dict[str, Any]) -> list[list[str]]:
    """The updates that began with the team's last word: the replay says nothing of them."""
    last = [(NOW + 96 * HOUR).isoformat(), (NOW + 170 * HOUR).isoformat()]
    assert not any(row["started"] in last for row in found["ledger"])
    return [["update", at] for at in last]


def events(found: dict[str, Any]) -> Iterator[tuple[datetime, tuple[bool, bytes] | None]]:
    """What happens at which instant: mail that arrives, and the sweeps at which somebody is told."""
    sweeps = {datetime.fromisoformat(row["at"]) for row in found["told"]}
    came: list[tuple[datetime, tuple[bool, bytes] | None]] = [(at, (sent, raw)) for at, sent, raw in STORY]
    yield from sorted([*came, *((at, None) for at in sweeps)], key=lambda one: (one[0], one[1] is None))


def test_it_changes_nothing_on_disk(config: Path, archive: tuple[Path, Path], tmp_path: Path) -> None:
    """Neither a state folder nor a letter is there afterwards; a page of HTML is the one new file."""
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    replayed(config, archive)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert not load(config).state.exists()
    page = tmp_path / "past.html"
    words = ("replay", str(archive[0]), "--sent", str(archive[1]), "--html", str(page))
    assert command(config, *words).status == 0
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == {*before, page}


def test_people_read_figures_and_no_word_of_a_report(
    config: Path, archive: tuple[Path, Path], tmp_path: Path
) -> None:
    """As text on 80 columns, and as one page without a script; no subject, no reporter's address."""
    words = ("replay", str(archive[0]), "--sent", str(archive[1]))
    said = command(config, *words)
    assert said.status == 0
    assert max(map(len, said.out.splitlines())) <= 80
    page = tmp_path / "past.html"
    command(config, *words, "--html", str(page))
    for text in (said.out, page.read_text()):
        assert "Who would have been told" in text
        assert not re.search(r"quokka|reporter\.example|<script|None\b(?!\.)", text)


def test_since_counts_only_what_is_newer(config: Path, archive: tuple[Path, Path]) -> None:
    """What was received before still belongs to its case."""
    found = replayed(config, archive, "--since", "2026-03-06")
    assert found["months"] == [{"month": "2026-03", "messages": 4, "reports": 2, "held": 0}]
    assert {row["message"] for row in found["missed"]} == {"inbox.mbox#5"}


def test_an_answer_in_a_members_name_counts_as_theirs(config: Path, tmp_path: Path) -> None:
    """A list's archive holds reports and answers in one file, and nothing in it proves who wrote."""
    file = tmp_path / "list.mbox"
    file.write_bytes(mbox((at, dated(raw, at)) for at, _, raw in STORY))
    said = command(config, "replay", str(file), "--json")
    assert (json.loads(said.out)["times"][0]["cases"], said.err) == (2, "")


def test_a_message_without_a_date_is_named(config: Path, tmp_path: Path) -> None:
    """One from the future and one from before there was such mail are left out, and said so."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for name, date in (
        ("a", "Mon, 02 Mar 2026 09:30:00 +0000"),
        ("b", "Fri, 31 Dec 9999 23:59:59 -1200"),
        ("c", ""),
    ):
        (folder / name).write_bytes(
            mails.plain(message_id=f"<{name}@x>").replace(b"Mon, 02 Mar 2026 09:30:00 +0000", date.encode())
        )
    said = command(config, "replay", str(folder), "--json")
    assert json.loads(said.out)["undated"] == ["archive/b", "archive/c"]
    assert "2 messages" in command(config, "replay", str(folder)).out.splitlines()[-1]
    (folder / "a").unlink()
    assert "no message with a date" in command(config, "replay", str(folder)).err


def test_limits_are_suggested_from_an_archive(config: Path, archive: tuple[Path, Path]) -> None:
    """What the team kept in the archive, beside what it promises."""
    said = command(config, "policy", "suggest", str(archive[0]), "--sent", str(archive[1]), "--json")
    rows = {row["promise"]: row for row in json.loads(said.out)}
    assert (rows["respond"]["kept"], rows["respond"]["late"], rows["respond"]["overdue"]) == (2, 1, 1)
    assert rows["update"]["overdue"] == 0
