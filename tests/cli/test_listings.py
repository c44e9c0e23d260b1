"""The commands that only look: tables for eyes, JSON for programs, nothing changed."""

import json
import re
from typing import Any

import pytest
from rich.cells import cell_len

from maild.cli import flags
from maild.core.values.case import Flag
from tests.support.commanding import command
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot

KEYS = {
    ("cases",): {"case", "state", "opened", "subject", "handler", "answered", "next_due", "flags", "related"},
    ("quarantine",): {"mail", "arrived", "look_by", "size", "score", "reasons"},
    ("outbox",): {"letter", "kind", "case", "to", "state", "owed", "attempts", "next", "settled", "trouble"},
    ("outbox", "--all"): {"letter", "kind", "case", "to", "state", "message_id"},
    ("adopt",): {"id", "folder", "arrived", "size", "wanted"},
    ("shunted",): set(),
    ("cases", "--all"): {"case", "state"},
}
ROWS = {
    ("cases",): 2,
    ("quarantine",): 1,
    ("outbox",): 1,
    ("outbox", "--all"): 6,  # three receipts, and the page for each of three members
    ("adopt",): 1,
    ("shunted",): 0,
    ("cases", "--all"): 2,
}


def listed(desk: RunningDesk, *words: str) -> Any:
    """The JSON that a command prints."""
    said = command(desk.path, *words, "--json")
    assert (said.status, said.err) == (0, "")
    return json.loads(said.out)


@pytest.mark.parametrize("words", list(KEYS), ids=" ".join)
def test_every_listing_is_json_when_asked(seen: RunningDesk, words: tuple[str, ...]) -> None:
    """One array, its rows with the same keys in every release."""
    found = listed(seen, *words)
    assert len(found) == ROWS[words]
    assert all(KEYS[words] <= set(row) for row in found)


@pytest.mark.parametrize("words", list(KEYS), ids=" ".join)
def test_every_listing_is_a_table_for_eyes(seen: RunningDesk, words: tuple[str, ...]) -> None:
    """With a heading, or one sentence when there is nothing; never JSON, never a control character."""
    said = command(seen.path, *words)
    assert said.status == 0
    assert not said.out.startswith("[")
    assert not set(said.out) & {"\x1b", "\u202e", "\x00"}
    assert max(map(cell_len, said.out.splitlines())) <= 80
    if ROWS[words]:
        assert len(said.out.splitlines()) > ROWS[words]
    else:
        assert said.out.endswith(".\n")


def test_the_most_urgent_case_is_first(seen: RunningDesk) -> None:
    """Sorted by the next promise that is due."""
    found = listed(seen, "cases")
    assert [row["next_due"] for row in found] == sorted(row["next_due"] for row in found)


def test_a_subject_is_shown_as_text_and_never_as_markup(seen: RunningDesk) -> None:
    """Square brackets of a subject stand as they are; what could move the cursor is gone."""
    found = [row["subject"] for row in listed(seen, "cases")]
    assert "Overflow [bold red]in[/] [31mthe parser" in found
    assert "[bold red]in[/]" in " ".join(command(seen.path, "cases").out.split())


def test_one_case_shows_everything_but_the_text(seen: RunningDesk) -> None:
    """Participants, promises, messages, letters and journal; a number in small letters finds it too."""
    number = listed(seen, "cases")[0]["case"]
    found = listed(seen, "show", number.lower())
    wanted = {"case", "participants", "promises", "messages", "letters", "journal", "closed", "close_reason"}
    assert wanted <= set(found)
    assert [p["promise"] for p in found["promises"]] == ["acknowledge", "respond"]
    assert "crafted file" not in json.dumps(found)
    said = command(seen.path, "show", number)
    assert re.search(r"^What happened\n  [-0-9: ]{16} UTC  Case opened", said.out, re.MULTILINE)
    assert "rita@reporter.example" in said.out


def test_the_desk_in_figures(seen: RunningDesk) -> None:
    """Cases, mail by verdict, letters by state, promises, backlog, when each folder was read."""
    found = listed(seen, "status")
    assert (found["cases"], found["backlog"], found["shunted"], found["unhandled"]) == ({"open": 2}, 1, 0, 0)
    assert found["mail"] == {"report": 2, "quarantine": 1}
    assert found["held_for"]["capitals"] == 1
    assert found["letters"] == {"sent": 5, "owed": 1}
    assert set(found["folders_read"]) == {"INBOX", "Junk", "Sent"}


def test_a_desk_in_one_file_has_no_hosts_to_list(seen: RunningDesk) -> None:
    """One sentence, or an empty array; of a case there are no hosts at all."""
    assert command(seen.path, "status", "--hosts").out.startswith("No hosts to list")
    assert listed(seen, "status", "--hosts") == []
    assert (
        command(seen.path, "status", "EX-222222", "--hosts").err == "maild: give CASE or --hosts, not both\n"
    )


@pytest.mark.parametrize(
    "words", [("show", "EX-000000"), ("show", "nonsense"), ("show", ""), ("access", "EX-000000")]
)
def test_a_case_that_is_not_there_is_said(seen: RunningDesk, words: tuple[str, ...]) -> None:
    """Exit status 1, on standard error, with what to do."""
    said = command(seen.path, *words)
    assert (said.status, said.out) == (1, "")
    assert "there is no case" in said.err
    assert "maild cases --all" in said.err


@pytest.mark.parametrize(
    "words", [("casess",), ("cases", "--jsn"), ("show",), ("release",), ("release", "x"), ("run", "2")]
)
def test_a_wrong_word_is_64(seen: RunningDesk, words: tuple[str, ...]) -> None:
    """EX_USAGE, with the usage on standard error."""
    said = command(seen.path, *words)
    assert (said.status, said.out) == (64, "")
    assert "Usage" in said.err


def test_looking_changes_nothing(seen: RunningDesk) -> None:
    """After every listing the figures are the same."""
    before = listed(seen, "status")
    for words in KEYS:
        command(seen.path, *words)
    after = listed(seen, "status")
    moving = ("now", "figures")  # ages grow
    assert {k: v for k, v in after.items() if k not in moving} == {
        k: v for k, v in before.items() if k not in moving
    }


def test_help_says_what_each_word_does(seen: RunningDesk) -> None:
    """Every command of the contract, with a line of its own."""
    said = command(seen.path, "--help")
    assert said.status == 0
    words = "run check cases show close quarantine release reject adopt outbox status explain demo"
    assert all(re.search(rf"^  {word}\s+\S", said.out, re.MULTILINE) for word in words.split())


def test_every_flag_has_words_for_people() -> None:
    """None is shown by its code."""
    assert set(flags.WORDS) == set(Flag)
