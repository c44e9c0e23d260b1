"""The bytes of an automatic letter."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core import ids
from maild.core.mail.letter import Addressing, Words, compose, envelope_sender
from maild.core.policy import Desk, EnvelopeSender

DESK = Desk("Example Security Team", "security@project.example", b"a secret of the desk")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TO = Addressing(
    recipient="rita@reporter.example",
    reference="abcdefgh",
    message_id="<token.abcdefgh@project.example>",
    reply=True,
    in_reply_to="<one@reporter.example>",
    references=("<zero@reporter.example>",),
)
RECEIPT = Words(
    "Auto: report received [EX-222222]", "This is an automatic receipt.\n\nNo person has read it.\n"
)


def composed(words: Words = RECEIPT, to: Addressing = TO, desk: Desk = DESK) -> bytes:
    """The letter as bytes."""
    return compose(words, to, desk, NOW)


def test_a_receipt_says_in_its_headers_what_it_is() -> None:
    """Automatic, no answer wanted from robots, from the desk, in the thread, dated by the clock given."""
    letter = message_from_bytes(composed(), policy=policy.default)
    wanted = {
        "From": "Example Security Team <security@project.example>",
        "To": "rita@reporter.example",
        "Reply-To": "security@project.example",
        "Subject": RECEIPT.subject,
        "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
        "Message-ID": TO.message_id,
        "In-Reply-To": "<one@reporter.example>",
        "References": "<zero@reporter.example> <one@reporter.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }
    assert {name: str(letter[name]) for name in wanted} == wanted
    assert letter.get_content().replace("\r\n", "\n") == RECEIPT.text


def test_what_is_sent_unasked_says_so() -> None:
    """An escalation answers nothing: auto-generated, and no thread headers."""
    to = Addressing("carl@project.example", "abcdefgh", TO.message_id, reply=False)
    letter = message_from_bytes(composed(to=to), policy=policy.default)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["In-Reply-To"] is None
    assert letter["References"] is None


def test_the_mark_proves_the_letter_ours() -> None:
    """The mark header names the letter and holds under our secret."""
    letter = message_from_bytes(composed())
    assert ids.marked(DESK.secret, letter[ids.MARK_HEADER]) == "abcdefgh"


@pytest.mark.parametrize("text", ["grün\n", "x" * 3000 + "\n", ".\n..\nFrom here\n", "", "a\r\nb\n"])
def test_every_line_can_go_through_any_server(text: str) -> None:
    """Seven-bit lines of at most 998 characters, all ending in CRLF, whatever the text."""
    raw = composed(Words("Gruß " * 60, text))
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert message_from_bytes(raw, policy=policy.default).get_content().split() == text.split()


def test_the_same_letter_is_the_same_bytes() -> None:
    """Nothing random goes in: composed again, it is byte for byte the same."""
    assert composed() == composed()


@given(
    st.from_regex(r"<[^<>\s]{1,250}>", fullmatch=True),
    st.lists(st.from_regex(r"<[!-;=?-~]{1,250}>", fullmatch=True)),
)
def test_a_strange_message_id_to_answer_breaks_nothing(answered: str, references: list[str]) -> None:
    """Whatever a reporter's Message-IDs hold, the letter composes, is ASCII and keeps its other headers."""
    to = Addressing(
        "rita@reporter.example", "abc", "<t.abc@project.example>", True, answered, tuple(references)
    )
    raw = composed(to=to)
    letter = message_from_bytes(raw)
    assert raw.isascii()
    assert (letter["To"], letter["Auto-Submitted"], len(letter.get_all("To"))) == (
        "rita@reporter.example",
        "auto-replied",
        1,
    )


@pytest.mark.parametrize(
    ("how", "sender"),
    [
        (EnvelopeSender.DESK, "security@project.example"),
        (EnvelopeSender.NULL, ""),
        (EnvelopeSender.VERP, f"security+{ids.mark(DESK.secret, 'abc')}@project.example"),
    ],
)
def test_the_envelope_sender(how: EnvelopeSender, sender: str) -> None:
    """The desk, nobody, or an address that names the letter."""
    assert envelope_sender(Desk(DESK.name, DESK.address, DESK.secret, envelope_sender=how), "abc") == sender


def test_without_subaddresses_there_is_no_verp() -> None:
    """Where the server knows no separator, the desk's own address is the sender."""
    desk = Desk(DESK.name, DESK.address, DESK.secret, subaddress="", envelope_sender=EnvelopeSender.VERP)
    assert envelope_sender(desk, "abc") == DESK.address
