"""What people read of a mail that has no text of its own: the messages attached to it, or an invitation."""

import pytest

from maild.core.mail.attached import MAX_DEPTH, MAX_MESSAGES, attached_text, is_message, quotable
from maild.core.mail.body import MAX_TEXT
from maild.core.mail.mime import Part, parse

HEAD = "From: Rita <rita@reporter.example>\nDate: Mon, 2 Mar 2026\nSubject: Overflow\nX-Other: no\n"
TEXT = "Content-Type: text/plain\n\nIt crashes.\n"
CALENDAR = (
    "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nDESCRIPTION:We meet.\nEND:VCALENDAR\n"
)
PICTURE = "Content-Type: image/png\n\nPNG\n"
SHOWN = "From: Rita <rita@reporter.example>\nDate: Mon, 2 Mar 2026\nSubject: Overflow\n\nIt crashes."


def mail(*parts: str) -> Part:
    """A mail of these parts."""
    body = "".join(f"--b\n{one}" for one in parts)
    return parse(f'Content-Type: multipart/mixed; boundary="b"\n\n{body}--b--\n'.encode()).root


def message(inner: str, kind: str = "message/rfc822") -> str:
    """A part that is a message."""
    return f"Content-Type: {kind}\n\n{inner}"


ATTACHED = message(HEAD + TEXT)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([ATTACHED], SHOWN),
        ([ATTACHED, PICTURE], SHOWN),
        ([TEXT, ATTACHED], ""),
        (["Content-Type: text/plain\n\n \n", ATTACHED], SHOWN),
        ([ATTACHED, ATTACHED], f"{SHOWN}\n\n{SHOWN}"),
        ([message(TEXT)], "It crashes."),
        ([message(HEAD + PICTURE)], ""),
        ([message(HEAD + PICTURE), ATTACHED], SHOWN),
        ([message(HEAD + TEXT, "application/octet-stream; name=A.EML")], SHOWN),
        ([CALENDAR], "We meet."),
        ([CALENDAR, TEXT], ""),
        ([CALENDAR, ATTACHED], ""),
        ([PICTURE], ""),
    ],
)
def test_what_an_attached_message_or_an_invitation_says_is_read(parts: list[str], text: str) -> None:
    """With its head in short; only where the mail has no words of its own."""
    assert attached_text(mail(*parts)) == text


def test_so_many_messages_are_read_and_so_deep() -> None:
    """A mail may hold thousands of messages: some of them are read, and some levels deep."""
    assert attached_text(mail(*[ATTACHED] * (MAX_MESSAGES + 1))).count("It crashes.") == MAX_MESSAGES
    for depth, found in ((MAX_DEPTH, True), (MAX_DEPTH + 1, False)):
        inner = TEXT
        for _ in range(depth):
            inner = message(inner)
        assert ("It crashes." in attached_text(mail(inner))) is found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("message/rfc822", True),
        ("message/global", True),
        ("application/octet-stream; name=a.eml", True),
        ("application/octet-stream; name=a.eml.txt", False),
        ("text/rfc822-headers", False),
    ],
)
def test_a_message_is_known_by_its_type_or_its_name(kind: str, found: bool) -> None:
    """An attached message is recognised by its type, or by the name that programs save one under."""
    assert is_message(parse(message(HEAD + TEXT, kind).encode()).root) is found


def test_every_text_of_a_mail_may_be_quoted() -> None:
    """What is read first, then the texts that have a name, then what is attached."""
    log = "Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment\n\nheap overflow\n"
    assert quotable(mail(TEXT, log, PICTURE)).split("\n") == ["It crashes.", "heap overflow", ""]
    assert quotable(mail(ATTACHED)).strip() == SHOWN
    long = log.replace("heap overflow", "x" * MAX_TEXT)
    assert len(quotable(mail(long, long, long))) == 2 * MAX_TEXT
