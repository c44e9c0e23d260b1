"""``maild mail``: every message that is kept, with what it was taken for and why; and releasing it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from maild.core.screening.said import missing
from maild.core.screening.table import EXCUSE_RULES, STRUCTURE_RULES, SUBJECT_RULES
from tests.support import mails
from tests.support.commanding import command
from tests.support.listed import NO_REASON, unlisted
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot
AWAY = mails.plain(
    subject="Out of office: hello",
    sender="joe@away.example",
    message_id="<away@x>",
    Auto_Submitted="auto-replied",
)
NEWS = mails.plain(
    subject="Our spring programme", sender="a@news.example", message_id="<n@x>", Precedence="bulk"
)
BOUNCE = mails.plain(sender="mailer-daemon@mx.example", message_id="<b@x>", Return_Path="<>")


def listed(desk: RunningDesk, *words: str) -> list[dict[str, Any]]:
    """What the command prints for programs."""
    said = command(desk.path, "mail", *words, "--json")
    assert (said.status, said.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(said.out)
    return found


def row(**about: object) -> dict[str, object]:
    """A row of the list, of message 1."""
    return {"id": 1, **about}


def arrive(desk: RunningDesk, *raws: bytes) -> None:
    """Mail comes and is handled."""
    for raw in raws:
        desk.inbox.append(raw, desk.clock)
    desk.run()


def test_nothing_received_is_an_empty_list(desk: RunningDesk) -> None:
    """A sentence for people, an empty array for programs, and no failure."""
    assert listed(desk) == []
    said = command(desk.path, "mail", "--all")
    assert (said.status, said.out) == (0, "No messages.\n")


def test_every_message_is_listed_with_verdict_and_reasons(desk: RunningDesk) -> None:
    """Whatever became of it; --kept leaves out what belongs to a case, CASE everything else."""
    arrive(desk, mails.plain(), AWAY, NEWS, BOUNCE)
    rows = listed(desk)
    assert [row["verdict"] for row in rows] == ["report", "automatic", "quarantine", "bounce"]
    assert [row["releasable"] for row in rows] == [False, True, True, True]
    assert rows[1]["reasons"] == ["A program says that it sent this (Auto-Submitted: auto-replied)."]
    assert all(row["reasons"] and all(" " in one for one in row["reasons"]) for row in rows)
    assert {row["folder"] for row in rows} == {"INBOX"}
    keys = {"id", "at", "folder", "from", "author", "subject", "verdict", "reasons", "case", "releasable"}
    assert all(set(row) == keys for row in rows)
    assert rows == listed(desk, "--all")
    assert listed(desk, "--kept") == rows[1:]
    assert listed(desk, rows[0]["case"].lower()) == rows[:1]
    assert command(desk.path, "mail", "EX-AAAAAA").status == 1
    assert command(desk.path, "mail", "EX-AAAAAA", "--kept").status == 1
    assert "joe@away.example" in command(desk.path, "mail").out


def test_reasons_are_sentences_for_people(desk: RunningDesk) -> None:
    """Not the names of rules: neither in the list nor in what explain shows."""
    arrive(
        desk,
        mails.plain(),
        NEWS,
        mails.plain(subject="Win $1,000,000 NOW!!!", message_id="<s@x>", sender="x@spam.example"),
    )
    assert not missing(frozenset(rule.reason for rule in (*SUBJECT_RULES, *STRUCTURE_RULES, *EXCUSE_RULES)))
    shown = [one for row in listed(desk) for one in row["reasons"]]
    assert "The subject names a kind of vulnerability." in shown
    assert "The subject names an amount of money." in shown
    assert all(one[0].isupper() and one.endswith(".") for one in shown)
    mail = desk.folder / "one.eml"
    mail.write_bytes(mails.plain(sender="new@reporter.example", message_id="<new@x>"))
    said = command(desk.path, "explain", str(mail)).out
    assert "names a kind of vulnerability" in " ".join(said.split())
    assert (
        json.loads(command(desk.path, "explain", str(mail), "--json").out)["screening"]["reasons"][0]
        == "flaw"
    )


@pytest.mark.parametrize("raw", [AWAY, NEWS, BOUNCE], ids=["out of office", "newsletter", "bounce"])
def test_whatever_has_no_case_can_be_released(desk: RunningDesk, raw: bytes) -> None:
    """It becomes a case whose acknowledgement a person sends; a second time it is one already."""
    arrive(desk, raw)
    (row,) = listed(desk)
    assert command(desk.path, "release", str(row["id"])).status == 0
    (row,) = listed(desk)
    (case,) = desk.cases()
    assert (row["case"], row["verdict"], row["releasable"]) == (case["case"], "report", False)
    assert row["reasons"] == ["released by a person"]
    assert "receipt-by-hand" in case["flags"]
    assert command(desk.path, "release", str(row["id"])).status == 1


def test_a_message_whose_text_is_gone_is_a_row_without_content(desk: RunningDesk) -> None:
    """After ``forget`` its author and subject are gone, and it cannot be released; that it came stays."""
    arrive(desk, AWAY)
    assert command(desk.path, "forget", "joe@away.example", "--yes").status == 0
    (row,) = listed(desk)
    assert (row["from"], row["subject"], row["releasable"]) == ("(given up)", "(given up)", False)
    assert (row["verdict"], row["folder"]) == ("automatic", "INBOX")


def test_what_was_kept_without_a_case_is_counted_and_released_by_one_word(desk: RunningDesk) -> None:
    """The daily list names it once, and the word of the answer makes it a case."""
    text = desk.path.read_text().replace('held_digest_at = ""', 'held_digest_at = "08:00"')
    desk.path.write_text(text)
    arrive(desk, AWAY)
    desk.wait(timedelta(days=1))
    desk.run()
    lists = [one for one in desk.sink.letters if b"kept without a case" in one.raw]
    (annas,) = [one.raw.decode() for one in lists if "anna@project.example" in one.recipients]
    assert "1 kept without a case" in annas
    count = len(lists)
    word = next(one for one in annas.split() if one.startswith("release-"))
    arrive(
        desk, mails.plain(subject="Re: list", sender="anna@project.example", message_id="<w@x>", text=word)
    )
    assert [case["subject"] for case in desk.cases()] == ["Out of office: hello"]
    desk.wait(timedelta(days=1))
    desk.run()
    assert sum(b"kept without a case" in one.raw for one in desk.sink.letters) == count


@pytest.mark.parametrize(
    ("rows", "state", "fault"),
    [
        ([row(verdict="automatic", reasons=["It is a bounce."])], "done", ""),
        ([row(verdict="report", reasons=[NO_REASON])], "done", ""),
        ([row(verdict="not-handled-yet", reasons=["it waits to be handled"])], "kept", ""),
        ([], "done", "message 1 (done) is not listed"),
        ([row(verdict="not-handled-yet", reasons=["it waits to be handled"])], "done", "without a verdict"),
        ([row(verdict="automatic", reasons=[NO_REASON])], "done", "was given no reason"),
        ([row(verdict="automatic", reasons=["bounce"])], "done", "has no reason in words"),
        ([row(verdict="automatic", reasons=[])], "done", "has no reason in words"),
    ],
)
def test_the_look_after_every_road_finds_what_is_out_of_sight(
    rows: list[dict[str, object]], state: str, fault: str
) -> None:
    """A message that is kept and not listed, or listed without what was decided and why."""
    found = " ".join(unlisted(rows, {1: state}))
    assert fault in found
    assert bool(found) is bool(fault)
