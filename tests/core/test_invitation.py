"""What a person wrote into an invitation or an answer to one, and which of the two a mail is."""

import pytest

from maild.core.mail.invitation import ANSWERS, answered, is_answer, method, methods, written
from maild.core.mail.mime import Part, parse


def calendar(*lines: str, kind: str = "text/calendar", folded: str = "\r\n") -> str:
    """A calendar part."""
    body = folded.join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"])
    return f"Content-Type: {kind}\r\n\r\n{body}\r\n"


def within(kind: str, *parts: str, edge: str = "b") -> str:
    """A multipart."""
    body = "".join(f"--{edge}\r\n{one}\r\n" for one in parts)
    return f"Content-Type: multipart/{kind}; boundary={edge}\r\n\r\n{body}--{edge}--\r\n"


def root(mail: str) -> Part:
    """The mail, read."""
    return parse(mail.encode()).root


TEXT = "Content-Type: text/plain\r\n\r\nSee you.\r\n"
REPLY, REQUEST = calendar(kind="text/calendar; method=REPLY"), calendar(kind="text/calendar; method=Request")
FILE = REPLY.replace("\r\n\r\n", "\r\nContent-Disposition: attachment\r\n\r\n", 1)


@pytest.mark.parametrize(
    ("mail", "found", "answer"),
    [
        (REPLY, {"reply"}, True),
        (REQUEST, {"request"}, False),
        (calendar("METHOD:REPLY"), set(), False),
        (FILE, set(), False),
        (TEXT, set(), False),
        (within("alternative", TEXT, REPLY), {"reply"}, True),
        (within("alternative", TEXT, REQUEST), {"request"}, False),
        (within("mixed", *(calendar(kind=f"text/calendar; method={one}") for one in ANSWERS)), ANSWERS, True),
        (within("alternative", TEXT, REPLY, REQUEST), {"reply", "request"}, False),
        (within("mixed", within("alternative", TEXT, REQUEST, edge="a"), REQUEST), {"request"}, False),
        (within("mixed", within("alternative", TEXT, REQUEST, edge="a"), REPLY), {"reply", "request"}, False),
        (within("mixed", TEXT, REPLY), {"reply"}, True),
        (within("mixed", TEXT, REQUEST), set(), False),
        (within("mixed", TEXT, FILE), set(), False),
        (within("mixed", *(within("alternative", one, edge=edge) for one, edge in ((TEXT, "a"), (REPLY, "c")))), set(), False),
    ],
)  # fmt: skip
def test_only_a_calendar_in_the_body_asks_for_something(mail: str, found: set[str], answer: bool) -> None:
    """A file asks nothing, but nobody attaches an answer; an answer is nothing else beside."""
    assert methods(root(mail)) == found
    assert is_answer(root(mail)) is answer


@pytest.mark.parametrize(
    ("mail", "named"),
    [
        (REPLY, "reply"),
        (calendar("METHOD:COUNTER"), "counter"),
        (calendar("method:counter", kind='text/calendar; method=" "'), "counter"),
        (calendar("METHOD:COUNTER", kind="text/calendar; method=REPLY"), "reply"),
        (calendar("X-METHOD:COUNTER"), ""),
    ],
)
def test_a_calendar_names_its_method_in_its_type_or_its_text(mail: str, named: str) -> None:
    """The method of an invitation is what its type says, and what its text says if the type is silent."""
    assert method(root(mail)) == named


NOTE = ("COMMENT:I am late", "DESCRIPTION;LANGUAGE=en:The kiosk\\, again\\nSee you", "comment:I am late")
BESIDE = 'ATTENDEE;CN=Rita;X-RESPONSE-COMMENT="Can we meet later?";PARTSTAT=TENTATIVE:mailto:r@p.example'


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        (calendar(*NOTE), "I am late\n\nThe kiosk, again\nSee you"),
        (calendar("METHOD:REQUEST", *NOTE, BESIDE), "I am late\n\nThe kiosk, again\nSee you"),
        (calendar("METHOD:REPLY", *NOTE), "I am late"),
        (calendar("METHOD:REPLY", BESIDE), "Can we meet later?"),
        (calendar("METHOD:REPLY", *NOTE, BESIDE), "I am late\n\nCan we meet later?"),
        (calendar("COMMENT:I am\r\n  late\r\n\t again"), "I am late again"),
        (calendar("COMMENT: ", "DESCRIPTION:"), ""),
        (calendar("COMMENT:a\\;b\\\\c\\Nd"), "a;b\\c\nd"),
    ],
)
def test_each_note_is_read_once(mail: str, text: str) -> None:
    """Of an answer only the comments: its description is that of what it answers."""
    assert written(root(mail)) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Rita Reporter has accepted this invitation.\n\nBye", False),
        ("\n  RITA@p.example accepted", False),
        ("Rita Reporter wrote:\nI am late.", True),
        ("I am late.\n\nRita Reporter", True),
        ("Al has accepted", False),
        ("R has accepted", True),
        ("", False),
        (" \n", False),
    ],
)
def test_what_a_program_says_in_an_answer_is_left_out(text: str, kept: bool) -> None:
    """It begins with a line that names its author, and no note stands below that."""
    names = ("Rita Reporter", "rita@p.example", "Al", "R")
    assert answered(root(REPLY), text, names) == (text if kept else "")
    both = within("mixed", TEXT, calendar("METHOD:REPLY", "COMMENT:I am late"))
    assert answered(root(both), text, names) == "\n\n".join(["I am late", *([text] if kept else [])])
    alone = root(calendar("METHOD:REPLY", "COMMENT:I am late"))
    assert answered(alone, "", names) == "I am late"
