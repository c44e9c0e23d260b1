"""The pages that tell rather than list: one case, its timeline, the desk; on a terminal of 80 columns."""

from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len
from rich.text import Text

from maild.app.history import skeleton
from maild.app.story import Told, told
from maild.cli import casepage, deskpage, explained, history, screen
from maild.core.journal import What
from tests.cli.shown_rows import CASE, LETTER, LONG, OTHER, SCREENED, STATISTICS, at
from tests.support.desk import NOW
from tests.support.golden import golden

OF_THE_DESK = {
    What.AWAY,
    What.DIGEST,
    What.HELD_MAIL_LISTED,
    What.MEMBER_LEFT,
    What.RESTORED,
}
"""What is in no case's journal."""
DETAIL: dict[str, Any] = {
    "since": at(-60),
    "envelope": 4,
    "authority": "team:Anna Acosta",
    "proved": "signature",
    "clock": 1,
    "promise": "respond",
    "due": at(-12),
    "late_seconds": 36_000,
    "by": "team:Anna Acosta",
    "paused_until": at(48),
    "until": at(24),
    "reason": "waiting for the vendor",
    "rung": 1,
    "handler": "Anna Acosta",
    "fact": "severity",
    "item": "",
    "flag": "reporter-unreachable",
    "fingerprint": "ABCD" * 10,
    "why": "it has expired",
    "into": OTHER,
    "case": OTHER,
    "kind": "receipt",
    "letter": 7,
    "mails": 3,
}
"""What rows of the journal hold, all at once."""


def shown(lines: Sequence[Text]) -> str:
    """The page as it stands on the terminal; nothing is wider than that."""
    for line in lines:
        line.rstrip()
        assert cell_len(line.plain) <= 80
    return "\n".join(line.plain for line in lines) + "\n"


def journal() -> list[dict[str, Any]]:
    """Every kind of row that a case's journal can have, an hour apart."""
    kinds = [what for what in What if what not in OF_THE_DESK]
    rows = [{**DETAIL, "at": at(number - 60), "what": what} for number, what in enumerate(kinds)]
    copies = [{"at": at(10), "what": What.LETTER_SENT, "kind": "copy"}] * 3
    return [*rows, *copies, {"at": at(11), "what": What.CLOSED, "reason": "done", "by": "operator:root"}]


def story() -> list[Told]:
    """The journal in sentences."""
    severity = next(row["at"] for row in journal() if row["what"] == What.RECORDED)
    return told(journal(), {(severity, "severity", ""): "Important"})


def found() -> dict[str, Any]:
    """A case as ``maild show --json`` has it."""
    sent = {**LETTER, "kind": "copy", "state": "sent", "settled": at(-59), "trouble": None}
    return {
        "case": CASE,
        "state": "open",
        "opened": at(-60),
        "subject": "Heap buffer overflow in the PNG reader when the header announces more than it holds",
        "handler": "Anna Acosta",
        "answered": False,
        "flags": ["reporter-unreachable", "key-offered"],
        "related": OTHER,
        "closed": None,
        "close_reason": None,
        "alike": [f"{OTHER} (attachment)"],
        "disclosure": [
            {"what": "severity", "item": "", "value": "Important", "by": "team:Anna Acosta", "at": at(-20)},
            {"what": "affects", "item": "", "value": "(sealed)", "by": "operator:root", "at": at(-19)},
        ],
        "participants": [
            {"address": LONG, "side": "reporter"},
            {"address": "anna@project.example", "side": "member"},
        ],
        "letters": [sent, sent, sent, {**sent, "kind": "receipt"}, LETTER],
    }


def test_a_case_is_a_page() -> None:
    """Who has to act and by when first; then what is recorded, the people, what happened, the letters."""
    act = casepage.Act("respond", NOW.replace(hour=1, minute=0), "Anna Acosta's turn")
    page = shown(casepage.page(found(), act, story(), NOW, 80))
    golden("pages/show.txt", page)
    assert "3 copies to members" in page
    assert "Overdue: respond 8 h 30 min late (2026-03-02 01:00 UTC); Anna Acosta's turn." in page


def test_several_reporters_have_the_numbers_that_letters_call_them_by() -> None:
    """In the order of the case; a single one, and members, need none."""
    people = [{"address": f"{name}@x.example", "side": "reporter"} for name in ("zoe", "ada")]
    page = shown(casepage.page({**found(), "participants": people}, None, [], NOW, 80))
    assert "reporter 1: zoe@x.example\n  reporter 2: ada@x.example" in page
    assert "reporter:" not in page


def test_a_closed_case_says_when_and_why() -> None:
    """And nobody has to act."""
    closed = {**found(), "closed": at(-1), "close_reason": "fixed in 4.3"}
    page = shown(casepage.page(closed, None, [], NOW, 80))
    assert "Closed 2026-03-02 08:30 UTC: fixed in 4.3." in page
    assert "Overdue" not in page


def test_the_timeline_is_sentences() -> None:
    """Of everything that a journal can hold; no True, no None, no ISO instant."""
    page = shown(list(casepage.story(story(), 80)))
    golden("pages/timeline.txt", page)
    assert not any(word in page for word in ("True", "None", "+00:00", "operator:", "team:"))
    assert "3 copies to members sent." in page


@pytest.mark.parametrize("what", [what for what in What if what not in OF_THE_DESK])
def test_every_row_of_a_journal_is_a_sentence(what: What) -> None:
    """With a capital and a full stop, also where the row holds nothing but what it is."""
    (bare,) = told([{"at": at(0), "what": what}], {})
    assert bare.text[0].isupper()
    assert bare.text.endswith(".")
    assert "{" not in bare.text


def status() -> dict[str, Any]:
    """The desk in figures, as ``maild status --json`` has them."""
    return {
        "cases": {"open": 3, "closed": 12},
        "mail": {"report": 15, "quarantine": 1, "held": 2},
        "held_for": {"capitals": 1},
        "unhandled": 0,
        "shunted": 1,
        "unfetched": 0,
        "letters": {"sent": 40, "held": 1},
        "promises_running": 4,
        "unanswered": 2,
        "promises_overdue": 1,
        "next_due": at(-12),
        "backlog": 0,
        "folders_read": {"INBOX": at(-0.05), "Sent": at(-2), "Junk": None},
        "canary_seen": at(-5),
    }


def test_the_status_says_first_what_needs_a_person() -> None:
    """With the command that lists it; where nothing waits, it says so."""
    page = shown(deskpage.page(status(), NOW))
    golden("pages/status.txt", page)
    assert page.splitlines()[1].split("  ")[1] == "1 promise overdue"
    nothing = dict.fromkeys(("unanswered", "promises_overdue", "shunted"), 0)
    quiet = {**status(), **nothing, "mail": {"report": 15}, "letters": {"sent": 40}}
    assert shown(deskpage.page(quiet, NOW)).startswith("Nothing needs a person now.\n")


SEEN: dict[str, Any] = {
    "envelope": {
        "sha256": "3121cfaaabf62d2daecd1c9de85eb513939558b0430c1e544a93fef9e797d1f7",
        "size": 1159,
        "message_id": "<one@reporter.example>",
        "from": f"Rita Reed <{LONG}>",
        "subject": "...",
        "faults": ["multipart without an end"],
    },
    "opened": {
        "form": "pgp-mime",
        "decryption": "ok",
        "signature": {"status": "unknown-key", "fingerprint": "ABCD" * 10, "authority": "none"},
        "reasons": ["more than one ciphertext"],
        "parts": [],
    },
    "author": {
        "authority": "none",
        "proved_by": None,
        "signature_fault": "key 1234567890ABCDEF is not known",
    },
    "message": {
        "subject": "Heap buffer overflow in the PNG reader when the header announces more than it holds",
        "from": LONG,
        "protected_subject": None,
        "attachments": [{"name": "poc.tar", "type": "application/x-tar", "size": 40960}],
    },
    "screening": {
        "verdict": "report",
        "rules": "report",
        "score": -9.0,
        "reasons": ["sealed mail is never quarantined", "flaw", "bug-grammar"],
    },
    "thread": {"case": None, "by": "none"},
    "case": {"opens": True, "joins": None, "why_none": []},
    "acknowledgement": {"send": True, "to": LONG, "reasons": ["new case"]},
    "key_file": None,
    "promises": [{"promise": "acknowledge", "due": at(24)}, {"promise": "respond", "due": at(48)}],
}
"""An encrypted report as ``maild explain --json`` has it."""
UNWANTED: dict[str, Any] = {
    **SEEN,
    "opened": {
        "form": "none",
        "decryption": "none",
        "signature": {"status": "none", "fingerprint": None},
        "reasons": [],
    },
    "screening": {
        "verdict": "automatic",
        "rules": "report",
        "score": 0.0,
        "reasons": ["away in the subject"],
    },
    "case": {"opens": False, "joins": None, "why_none": ["A program says that it sent this."]},
    "acknowledgement": {"send": False, "to": None, "reasons": []},
    "promises": [],
}
KEY: dict[str, Any] = {
    "refused": None,
    "fingerprint": "ABCD" * 10,
    "names": [f"Rita Reed <{LONG}>"],
    "expires": at(48),
    "can_encrypt": True,
    "revoked": False,
}


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("explain", SEEN),
        ("explain-automatic", UNWANTED),
        (
            "explain-by-hand",
            {**SEEN, "acknowledgement": {"send": False, "to": None, "reasons": ["marked: loop mark"]}},
        ),
        ("explain-key", {**SEEN, "key_file": KEY}),
        ("explain-no-key", {**SEEN, "key_file": {"refused": "more than one key"}}),
    ],
)
def test_what_would_be_done_is_told_in_sentences(name: str, seen: dict[str, Any]) -> None:
    """What maild would do, why, and how the message was read; of a key, whose it is."""
    page = shown(explained.page(seen, 80))
    golden(f"pages/{name}.txt", page)
    assert not any(word in page for word in ("True", "None", "+00:00", "sealed"))


@pytest.mark.parametrize("name", ["statistics", "screen"])
def test_figures_are_as_they_were_looked_at(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``maild statistics`` and ``maild screen`` on 80 columns: titles, figures, and what each rule says."""
    monkeypatch.setenv("COLUMNS", "80")
    history.tables(STATISTICS) if name == "statistics" else screen.tables(SCREENED)
    page = capsys.readouterr().out
    golden(f"pages/{name}.txt", page)
    assert max(map(cell_len, page.splitlines())) <= 80


def test_a_post_mortem_is_as_it_was_looked_at() -> None:
    """The skeleton of a case that missed a promise; no line but a row of the table is wider than 80 columns."""
    rows = [{"when": f"{one.at:%Y-%m-%d %H:%M}", "what": one.text} for one in story()[:4]]
    page = skeleton(
        {
            "case": CASE,
            "subject": "Heap buffer overflow in the PNG reader",
            "steps": ["severity: Important", "[x] 1 received, handled by Anna Acosta"],
            "timeline": rows,
            "missed": ["respond: due 2026-03-01 21:30, 10 h late"],
        }
    )
    golden("pages/postmortem.txt", page)
    assert all(len(line) <= 80 or line.startswith("|") for line in page.splitlines())
