"""What of a member's answer was not sent: its author hears so, with the words where they may stand there."""

from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.cases.leftout import MOST_FILES, MOST_LINES, told
from maild.core.change import OweLetter
from maild.core.mail.answer import Answer
from tests.support.deciding import case
from tests.support.desk import ANNA, POLICY

HELD = Answer("Hi.", left=("-- ", "Anna, The Project"), unsent=("notes.txt",))


def letter(
    given: Answer, sealed: bool = False, encrypted: bool = False, member: object = ANNA, identity: str = "a"
) -> OweLetter | None:
    """The letter to the author of an answer of which this was left out."""
    arrival = SimpleNamespace(identity=identity)
    mail: Any = SimpleNamespace(
        author=SimpleNamespace(member=member),
        policy=POLICY,
        event=SimpleNamespace(arrival=arrival),
        facts=SimpleNamespace(sealed=encrypted),
    )
    found = told(mail, case(sealed=sealed), given)
    assert len(found) <= 1
    return found[0] if found else None  # type: ignore[return-value]  # a letter


@pytest.mark.parametrize(
    ("given", "left", "lines", "files", "more"),
    [
        (HELD, "notes.txt, 2 lines", ["--", "Anna, The Project"], ["notes.txt"], 0),
        (Answer("Hi.", left=("one",)), "1 line", ["one"], [], 0),
        (Answer("Hi.", unsent=("a", "b")), "a, b", [], ["a", "b"], 0),
        (Answer("Hi.", cut=True), "the end of a long message", [], [], 0),
        (
            Answer("Hi.", left=("x",) * (MOST_LINES + 2)),
            f"{MOST_LINES + 2} lines",
            ["x"] * MOST_LINES,
            [],
            2,
        ),
        (
            Answer("Hi.", unsent=("x",) * (MOST_FILES + 1)),
            ", ".join(["x"] * MOST_FILES),
            [],
            ["x"] * MOST_FILES,
            0,
        ),
    ],
)
def test_what_stayed_behind_is_named(
    given: Answer, left: str, lines: list[str], files: list[str], more: int
) -> None:
    """Files by name, lines by their number and in full up to a limit, and that the end was cut."""
    found = letter(given)
    assert found is not None
    assert found.recipient == ANNA.contact
    said = {name: found.facts[name] for name in ("left", "left_lines", "left_files", "more", "cut")}
    assert said == {"left": left, "left_lines": lines, "left_files": files, "more": more, "cut": given.cut}


@pytest.mark.parametrize(("sealed", "encrypted"), [(True, False), (False, True), (True, True)])
def test_no_word_of_an_encrypted_message_is_in_it(sealed: bool, encrypted: bool) -> None:
    """Only how much there was, whether the case or the message is encrypted."""
    found = letter(HELD, sealed, encrypted)
    assert found is not None
    assert found.facts["left"] == "1 file, 2 lines"
    assert (found.facts["left_lines"], found.facts["left_files"], found.facts["more"]) == ([], [], 2)
    two = letter(Answer("Hi.", unsent=("a", "b")), sealed, encrypted)
    assert two is not None
    assert two.facts["left"] == "2 files"


def test_nothing_is_told_where_all_was_sent_or_nobody_is_known() -> None:
    """The desk's own account is no person."""
    assert letter(Answer("Hi.")) is None
    assert letter(HELD, member=None) is None


@pytest.mark.parametrize(
    ("given", "once"),
    [
        (HELD, True),
        (Answer("Hi.", left=("-- ",), cut=True), False),
        (Answer("Hi.", unsent=("winmail.dat",)), False),
    ],
)
def test_a_signature_is_told_once_and_a_loss_each_time(given: Answer, once: bool) -> None:
    """The same lines and files come with every message; the end of one, and what Outlook packed, do not."""
    first, second = letter(given, identity="a"), letter(given, identity="b")
    assert first is not None
    assert second is not None
    assert (first.dedupe == second.dedupe) is once
