"""What is hidden in other alphabets and codings, on the running engine, and what reaches outsiders otherwise."""

import pytest

from tests.core.test_gate_alphabets import ATTEMPTS
from tests.core.test_gate_streams import BY_NUMBER, WITHIN
from tests.openpgp.mails import text
from tests.relay.test_careless import answered
from tests.relay.test_last_look import INTERNAL, WORDS, talking
from tests.relay.test_leaks import file
from tests.relay.test_meanwhile import among_us
from tests.support.relaying import RITA, RelayDesk, letter_text, team_address

__all__ = ["talking"]
OTHER = "Все исправлено."  # noqa: RUF001 - Russian is what it is about
pytestmark = pytest.mark.dovecot


INTERNALS = "\n".join(dict.fromkeys(internal for internal, *_ in ATTEMPTS.values()))


def test_no_alphabet_gets_past(talking: RelayDesk) -> None:
    """Every third of the attempts that the pure gate is tried with waits, and its author is told each time."""
    among_us(talking, team_address(talking), INTERNALS)
    for number, how in enumerate(list(ATTEMPTS)[::3], 1):
        _, said, name, content = ATTEMPTS[how]
        parts = [text(f"{WORDS} {said}"), *([file(content, name)] if name else [])]
        assert (how, answered(talking, parts, number)) == (how, [])


def test_no_coding_gets_past(talking: RelayDesk) -> None:
    """Every second of them waits, too; the same file about something else goes out."""
    among_us(talking, team_address(talking), INTERNALS)
    number = 0
    for how, content in list(WITHIN.items())[::2]:
        number += 1
        assert (how, answered(talking, [text(WORDS), file(content, "core.1")], number)) == (how, [])
    for how, undo in BY_NUMBER.items():
        number += 1
        page = f"<style>p::before {{content: '{undo(INTERNAL)}'}}</style>".encode()
        assert (how, answered(talking, [text(WORDS), file(page, "p.html")], number)) == (how, [])
    (sent,) = answered(talking, [text(WORDS), file(OTHER.encode("cp1251"), "a.txt")], number + 1)
    assert letter_text(sent).startswith("Thank you")
    assert len(talking.answers(RITA)) == 1
