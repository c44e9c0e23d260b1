"""What a letter says rests as JSON, and rows that an earlier maild wrote are read; no key of a letter changes."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from maild.config.letters import Letters
from maild.config.share import shipped
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import (
    Askkey,
    Canary,
    Copy,
    Digest,
    Draft,
    Due,
    Escalation,
    Held,
    Lapsed,
    Line,
    Named,
    Notice,
    Payload,
    Prepared,
    Receipt,
    Reminder,
    Reply,
    Sent,
    SentCopy,
    fields,
    read,
)
from tests.support.desk import POLICY

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ISO = AT.isoformat()
NONE = Named(0, (), 0)
SAID: list[tuple[LetterKind, Payload]] = [
    (LetterKind.RECEIPT, Receipt(ISO, ISO, sealed=True)),
    (LetterKind.COPY, Copy(5, "reporter")),
    (LetterKind.COPY, SentCopy("bug", reason="why", by="team:Mia", audience="team")),
    (LetterKind.ANSWER, Reply(5, "team:Mia", brief=True, below=True)),
    (LetterKind.ANSWER, Sent("closing", links=("https://one.example/1",), by="team:Mia")),
    (LetterKind.ASKKEY, Askkey()),
    (LetterKind.ESCALATION, Escalation((Lapsed("EX-1", None, "respond", ISO, ISO, 2, "Mia"),), ISO)),
    (LetterKind.REMINDER, Reminder((Line("", 7, "held", ISO, ISO),))),
    (
        LetterKind.DIGEST,
        Digest("2026-03-02", Named(1, ("EX-1",), 0), NONE, NONE, NONE, (Due("EX-1", "respond", ISO, True),)),
    ),
    (LetterKind.HELD, Held("2026-03-02", (1, 2), 3)),
    (LetterKind.NOTICE, Notice("guest", {"until": ISO})),
    (LetterKind.CANARY, Canary(ISO, 60)),
    (LetterKind.TAGGED, Canary(ISO, 60)),
    (LetterKind.DRAFT, Draft("bug", reason="why")),
    (LetterKind.PREPARED, Prepared("distros", "abc", 5)),
    (LetterKind.PREDISCLOSURE, Prepared("distros", "abc")),
    (LetterKind.ANNOUNCEMENT, Prepared("announcement", "abc")),
]
OLDER: list[tuple[LetterKind, dict[str, Any], Payload]] = [
    (LetterKind.RECEIPT, {"received": ISO, "next_due": ISO, "sealed": False}, Receipt(ISO, ISO)),
    (LetterKind.COPY, {"envelope": 5, "audience": "team"}, Copy(5, "team")),
    (LetterKind.ANSWER, {"envelope": 5, "by": "team:Mia", "brief": True}, Reply(5, "team:Mia", True)),
    (LetterKind.ANSWER, {"by": "team:Mia", "envelope": 5, "below": True}, Reply(5, "team:Mia", below=True)),
    (
        LetterKind.ANSWER,
        {"by": "team:Mia", "about": "bug", "reason": "", "tracker": "", "embargo": ""},
        Sent("bug", by="team:Mia"),
    ),
    (LetterKind.DRAFT, {"about": "bug", "reason": "why", "tracker": ""}, Draft("bug", "why")),
    (LetterKind.ASKKEY, {}, Askkey()),
    (LetterKind.NOTICE, {"about": "words", "said": ["one"]}, Notice("words", {"said": ["one"]})),
    (LetterKind.PREPARED, {"item": "distros", "digest": "abc"}, Prepared("distros", "abc")),
]


@pytest.mark.parametrize(("kind", "says"), SAID)
def test_what_a_letter_says_comes_back_from_the_database(kind: LetterKind, says: Payload) -> None:
    """Written as JSON and read again it is the same."""
    assert read(kind, json.loads(json.dumps(fields(says)))) == says


def test_each_kind_says_something() -> None:
    """None is left out of the table above."""
    assert {kind for kind, _ in SAID} == set(LetterKind)


@pytest.mark.parametrize(("kind", "row", "says"), OLDER)
def test_a_row_of_an_earlier_maild_is_read(kind: LetterKind, row: dict[str, Any], says: Payload) -> None:
    """A letter that was owed before the upgrade says what it was owed for."""
    assert read(kind, row) == says


def test_an_operators_template_keeps_its_names(tmp_path: Path) -> None:
    """A project's own words, written for the names of an earlier maild, render as they did."""
    (tmp_path / "escalation.txt").write_text(
        "late\n\n{% for row in lapsed %}{{ row.case }} {{ row.promise }} {{ row.due }} {{ row.rung }}"
        " {{ row.handler }} {{ row.mail is none }}{% endfor %} {{ blind_since }} {{ case_id }}\n"
    )
    (_, says) = SAID[6]
    letters = Letters([tmp_path, shipped("config") / "letters"])
    text = letters.render(LetterKind.ESCALATION, {"case_id": "EX-1", **fields(says)}, POLICY).text
    assert text.split() == f"EX-1 respond {ISO} 2 Mia True {ISO} EX-1".split()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (keys.receipt("EX-1"), "receipt:EX-1"),
        (keys.receipt("EX-1", "r@x.example"), "receipt:EX-1:r@x.example"),
        (keys.copy("abc", "m@x.example"), "copy:abc:m@x.example"),
        (keys.to(keys.answer("abc"), "r@x.example"), "answer:abc:r@x.example"),
        (keys.to(keys.sent("EX-1", AT), "r@x.example"), f"send:EX-1:{ISO}:r@x.example"),
        (keys.words("abc"), "words:abc"),
        (keys.askkey("EX-1", "r@x.example", date(2026, 3, 2)), "askkey:EX-1:r@x.example:2026-03-02"),
        (keys.rules("guest", "EX-1", "g@x.example", AT), f"guest:EX-1:g@x.example:{ISO}"),
        (keys.rules("told", "EX-1", "g@x.example", AT), f"told:EX-1:g@x.example:{ISO}"),
        (keys.daily(LetterKind.HELD, date(2026, 3, 2), "m@x.example"), "held:2026-03-02:m@x.example"),
        (keys.canary(AT), f"canary:{ISO}"),
        (keys.canary(AT, LetterKind.TAGGED), f"canary-tagged:{ISO}"),
        (keys.draft("EX-1", "bug", AT), f"draft:EX-1:bug:{ISO}"),
        (keys.prepared("EX-1", "distros", "d", AT, "m"), f"prepared:EX-1:distros:d:{ISO}:m"),
        (keys.predisclosure("EX-1", "distros", "d"), "predisclosure:EX-1:distros:d"),
        (keys.announcement("EX-1", "list"), "announcement:EX-1:list"),
        (keys.notice("EX-1", "smime"), "notice:EX-1:smime"),
        (keys.listing(LetterKind.REMINDER, "m", ["1:a:0", "2:b:1"], b"secret")[:11], "reminder:m:"),
    ],
)
def test_a_key_is_what_it_was(key: str, text: str) -> None:
    """A desk that is upgraded tells nobody anything again."""
    assert key == text


def test_a_letter_is_made_in_one_file() -> None:
    """And the keys of letters in one other."""
    sources = {path: path.read_text() for path in (ROOT / "maild").rglob("*.py")}
    makers = [
        path.name for path, text in sources.items() if re.search(r"(?<!case )(?<!class )OweLetter\(", text)
    ]
    assert makers == ["owing.py"]
    assert [path.name for path, text in sources.items() if re.search(r"dedupe=f?\"", text)] == []
    assert [path.name for path, text in sources.items() if 'f"notice:' in text] == []
