"""What strangers wrote in the header of a letter: it stays in its own field, whatever it looks like."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.address import addresses
from maild.core.mail.letter import Head, attachment, clear, mixed, protected, text_content
from maild.core.mail.mime import parse
from tests.core.test_letter import DESK, NOW, RECEIPT, TEXT, composed

BREAKS = "=?utf-8?q?=0D=0ABcc:_mallory=40evil.example=0D=0A=0D=0AHello?="
"""An encoded word with line breaks: whoever decodes it where it stands, begins a field or the text."""
NAMES = [line.partition(b":")[0] for line in composed().partition(b"\r\n\r\n")[0].split(b"\r\n")]


def names(raw: bytes) -> list[bytes]:
    """The names of the header fields of *raw*, in their order."""
    return [one.partition(b":")[0] for one in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if one[:1] != b" "]


@pytest.mark.parametrize(
    "head",
    [
        replace(RECEIPT, subject=BREAKS),
        replace(RECEIPT, subject=f"[EX-222222] {BREAKS}"),
        replace(RECEIPT, subject=f"Grüße {BREAKS}"),
        replace(RECEIPT, subject=f"{'long ' * 20}{BREAKS}"),
        replace(RECEIPT, author_name=f"{BREAKS} via Example"),
        replace(RECEIPT, author_name=f"Rüdiger {BREAKS} via Example"),
        replace(RECEIPT, in_reply_to=f"<{BREAKS}@evil.example>"),
        replace(RECEIPT, references=(f"<{BREAKS}@evil.example>", "<a@evil.example>")),
        replace(RECEIPT, to=f"{BREAKS.replace(':', '=3A')}@evil.example"),
        replace(RECEIPT, reply_to=f"{BREAKS.replace(':', '=3A')}@evil.example"),
    ],
    ids=["subject", "tagged", "beside letters", "long", "name", "German name", "id", "thread", "to", "reply"],
)
def test_an_encoded_word_from_a_stranger_begins_no_field_of_ours(head: Head) -> None:
    """In the letter and in what is encrypted; the text is the one that was given."""
    letter = composed(head)
    assert names(letter) == NAMES
    assert message_from_bytes(letter).get_payload().replace("\r\n", "\n") == TEXT
    inner = b"".join(protected(head, text_content(TEXT), DESK, NOW))
    assert names(inner)[:5] == [b"From", b"To", b"Subject", b"Date", b"Message-ID"]
    assert b"mallory@" not in letter + inner


def test_a_subject_that_looks_encoded_is_read_as_it_was_written() -> None:
    """But for a blank, by which no reader takes it for an encoded word."""
    assert b"\r\nSubject: = ?utf-8?q?a?=\r\n" in composed(replace(RECEIPT, subject="=?utf-8?q?a?="))


def test_a_message_id_that_looks_encoded_is_answered_as_it_is() -> None:
    """So that the answer stands in its thread; and an address is written to as it is."""
    strange, usual = "<=?utf-8?q?a?=@x.example>", "<one@x.example>"
    letter = message_from_bytes(
        composed(
            replace(RECEIPT, in_reply_to=strange, references=(usual, strange), to="=?utf-8?q?a?=@x.example")
        )
    )
    assert letter["In-Reply-To"] == strange
    assert str(letter["References"]).split() == [usual, strange]
    assert letter["To"] == "=?utf-8?q?a?=@x.example"


SERVICES = {
    "Amazon SES": "<0100018b1234abcd-12345678-90ab-cdef-1234-567890abcdef-000000@email.amazonses.com>",
    "Exchange": "<CWLP265MB1234ABCD1234567890EF12345@CWLP265MB1234.GBRP265.PROD.OUTLOOK.COM>",
    "longest": f"<{'0123456789' * 24}@x.example>",
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_long_message_id_is_answered_as_it_stands(name: str) -> None:
    """An id that is longer than a line stays beside its field's name: encoded or on a line of its own, programs lose it."""
    head = composed(replace(RECEIPT, in_reply_to=SERVICES[name], references=tuple(SERVICES.values())))
    assert f"\r\nIn-Reply-To: {SERVICES[name]}\r\n".encode() in head
    letter = message_from_bytes(head)
    assert str(letter["References"]).split() == list(SERVICES.values())
    assert max(map(len, head.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    "name",
    [
        "Rita (R) Reed <mallory@evil.example>, who has a name that goes on and on and on via Example",
        'Rita "the <mallory@evil.example> bug" Reed, who has a name that goes on and on and on via Example',
        "Müller, Rita <mallory@evil.example>, who has a name that goes on and on and on via Example",
        "小龍 <mallory@evil.example>, " * 9 + "via Example",
        "a, <mallory@evil.example> via Example",
    ],
)
def test_no_name_of_an_author_adds_an_address(name: str) -> None:
    """However long it is, whatever stands in it: the letter is from the desk alone."""
    letter = composed(replace(RECEIPT, author_name=name))
    (author,) = addresses(parse(letter).root.headers, "From")
    assert author.address == "security@project.example"
    read = message_from_bytes(letter, policy=policy.default)["From"].addresses
    assert [one.addr_spec for one in read] == ["security@project.example"]
    assert max(map(len, letter.split(b"\r\n"))) < 100


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(["=?", "?=", "utf-8", "?q?", "?b?", "=0D=0A", "DQpY", "_", " ", "ü", "x"])))
def test_whatever_a_subject_is_made_of_there_is_one(pieces: list[str]) -> None:
    """No piece of an encoded word, in whatever order, makes another field or breaks the letter."""
    subject = " ".join("".join(pieces).split())
    letter = composed(replace(RECEIPT, subject=subject, author_name=subject))
    assert names(letter) == NAMES
    assert letter.isascii()


@pytest.mark.parametrize("name", [f"{BREAKS}.txt", f"ü {BREAKS}.txt", f"{BREAKS} {'long' * 30}.txt"])
def test_the_name_of_a_file_begins_no_field(name: str) -> None:
    """Nor does it end the head of its part."""
    coded = "".join(f"%{byte:02X}" for byte in name.encode())
    part = parse(f"Content-Type: image/png; name*=utf-8''{coded}\r\n\r\nx".encode()).root
    made = attachment(part)
    assert names(made) == [b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition"]
    assert message_from_bytes(made).get_payload(decode=True) == b"x"


@pytest.mark.parametrize(
    "subject",
    ["Grüße", "x" * 68, "x" * 69, "x " * 60 + "y", "two  blanks", "a" * 200, "1+1 = 2?", ""],
)
def test_a_subject_is_read_as_it_was_written_in_lines_that_are_short(subject: str) -> None:
    """Plain or encoded, folded at its blanks."""
    raw = composed(replace(RECEIPT, subject=subject))
    assert raw.isascii()
    assert message_from_bytes(raw, policy=policy.default)["Subject"].strip() == subject
    longest = max((len(word) for word in subject.split()), default=0)
    assert max(map(len, raw.split(b"\r\n"))) <= max(78, longest + 1)


def test_what_has_nothing_attached_is_one_part() -> None:
    """Otherwise the text comes first, and each file after it, whole."""
    first, files = text_content(TEXT), [text_content("one\n"), text_content("two\n")]
    assert mixed(first, [], "abc") == first
    found = parse(clear(RECEIPT, mixed(first, files, "abc"), DESK, NOW)).root
    assert [one.raw for one in found.children] == [first, *files]
