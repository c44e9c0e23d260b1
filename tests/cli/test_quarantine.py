"""The quarantine on the command line: pages, filters, and words about several at once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from maild.cli import output
from maild.store import lapses
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
PILLS = "CHEAP PILLS 80% OFF!!! CLICK NOW"


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk with sixty spams of two senders."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    raws = [
        mails.plain(subject=f"{PILLS} {n}", sender=f"{'ab'[n % 2]}@spam.example", message_id=f"<{n}@x>")
        for n in range(60)
    ]
    made.inbox.append_many(raws)
    made.run()
    return made


def test_a_page_at_a_time(desk: RunningDesk) -> None:
    """Fifty and how many there are; a page, all, or JSON when asked."""
    first = command(desk.path, "quarantine").out
    assert "50 of 60 messages; --page shows others, --all all." in first
    assert "50 of" not in command(desk.path, "quarantine", "--all").out
    assert "10 of 60 messages" in command(desk.path, "quarantine", "--page", "2").out
    assert len(desk.view("quarantine")) == 60
    assert "No such messages." in command(desk.path, "quarantine", "--from", "c@").out


def test_pages_go_from_the_likeliest_report_on(desk: RunningDesk) -> None:
    """A page of all that is held, and one of what a filter leaves, show the same order: by score, then number."""
    every = sorted(desk.view("quarantine"), key=lambda row: (row["score"], row["mail"]))
    for words in ((), ("--subject", "pills"), ("--from", "@spam", "--score-above", "0")):
        shown = json.loads(command(desk.path, "quarantine", "--page", "2", "--json", *words).out)
        assert [row["mail"] for row in shown] == [row["mail"] for row in every[50:]]


def test_what_a_filter_leaves_is_shown_a_page_at_a_time(desk: RunningDesk) -> None:
    """Nobody waits until the rest is counted; the last page says how many there were."""
    first = command(desk.path, "quarantine", "--subject", "pills").out
    assert "50 messages, and there are more: --page 2, or --all." in first
    assert "10 of 60" in command(desk.path, "quarantine", "--subject", "pills", "--page", "2").out
    assert "and there are more" not in command(desk.path, "quarantine", "--from", "a@spam").out


def test_json_comes_row_by_row_and_is_one_array(desk: RunningDesk) -> None:
    """The bytes are those of one array that was encoded at once, also of none."""
    said = command(desk.path, "quarantine", "--json").out
    assert said == output.encoded(desk.view("quarantine")) + "\n"
    assert command(desk.path, "quarantine", "--json", "--from", "c@").out == "[]\n"


def test_a_large_quarantine_is_one_letter_and_no_long_sweep(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep looks at a part of what is overdue; the letter counts all of it, and no later part makes another."""
    monkeypatch.setattr(lapses, "MOST_HELD", 20)
    desk.wait(timedelta(days=3))
    desk.run()
    told = [one for one in sink.letters if b"promises are overdue" in one.raw]
    assert {one.recipients for one in told} == {("carl@phone.example",)}
    assert [one.raw.count(b"60 promises are overdue") for one in told] == [1]
    for _ in range(3):
        desk.wait(timedelta(minutes=1))
        desk.run()
    assert sum(b"promises are overdue" in one.raw for one in sink.letters) == len(told)
    with desk.desk() as opened:
        assert opened.ask(lapses.due, desk.clock) == ()


def test_several_are_meant_by_sender_subject_or_score(desk: RunningDesk) -> None:
    """Each narrows; numbers and filters together are refused, and nothing at all is a wrong use."""
    assert command(desk.path, "reject", "1", "--all").status == 1
    assert command(desk.path, "reject").status == 64
    assert command(desk.path, "reject", "--score-above", "1000").out == ""
    said = command(desk.path, "reject", "--from", "A@SPAM.example", "--subject", "pills").out
    assert said.count("is rejected") == 30
    said = command(desk.path, "release", "--subject", "NOW 59").out
    assert said.count("is released") == 1
    assert command(desk.path, "reject", "--all").out.count("is rejected") == 29
    assert command(desk.path, "quarantine").out.strip() == "The quarantine is empty."
