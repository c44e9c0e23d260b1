"""The marks that lists leave on a mail, and what stands outside the parts of one."""

import pytest

from maild.core.mail.headers import Headers
from maild.core.mail.lists import ListMarks, by_schleuder, key, list_marks, managed_by, named, posts
from maild.core.mail.mime import parse
from maild.core.mail.outside import MAX_FOOTER, MAX_OUTSIDE, outside
from tests.support.phrases import PHRASES

FIELDS = {
    "List-Id": "Security <security.lists.example>",
    "List-Post": "<mailto:security@lists.example>",
    "X-BeenThere": "security@lists.example",
    "Mailing-List": "list security@lists.example; contact security+owners@lists.example",
    "X-Mailing-List": "security@lists.example",
}


def head(**fields: str) -> Headers:
    """Header fields."""
    return Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items()))


@pytest.mark.parametrize("name", FIELDS)
def test_a_list_is_named_by_each_of_its_fields(name: str) -> None:
    """In one form, as an address or as an identifier."""
    headers = Headers(((name, FIELDS[name]),))
    assert key("security@lists.example") in named(headers)
    assert ("security@lists.example" in posts(headers)) is (name != "List-Id")


def test_ezmlm_and_bare_identifiers_are_read() -> None:
    """The list's name stands in its address for help."""
    assert "sec.lists.example" in named(head(Mailing_List="contact sec-help@lists.example; run by ezmlm"))
    assert named(head(List_Id="sec.lists.example")) == {"sec.lists.example"}
    assert named(head(List_Id="<old.example> <sec.lists.example>")) == {"sec.lists.example"}
    assert named(head(List_Id=" ")) == set()


@pytest.mark.parametrize(
    ("fields", "own", "expected"),
    [
        ({}, (), (False, False, False)),
        ({"List_Id": "<sec.lists.example>"}, (), (True, False, False)),
        ({"List_Id": " "}, (), (True, False, False)),
        ({"List_Id": "<sec.lists.example>"}, ("other@lists.example", " "), (True, False, False)),
        ({"Precedence": " List "}, (), (False, True, False)),
        ({"Precedence": "bulk"}, (), (False, False, False)),
        ({"Sender": "owner-sec@lists.example"}, (), (False, False, True)),
        ({"Sender": "sec-bounces@lists.example"}, (), (False, False, True)),
        ({"Sender": "rita@lists.example"}, (), (False, False, False)),
        ({"List_Id": "<sec.lists.example>"}, ("sec@lists.example",), None),
        ({"Sender": "owner-sec@lists.example"}, ("sec@lists.example",), None),
        ({"Sender": "sec-request@lists.example"}, ("sec.lists.example",), None),
        ({"Sender": "sec@lists.example"}, ("sec@lists.example",), None),
    ],
)
def test_only_lists_of_others_leave_marks(
    fields: dict[str, str], own: tuple[str, ...], expected: tuple[bool, ...] | None
) -> None:
    """A header, the precedence, a manager as sender; of a list of ours there is none."""
    found = list_marks(head(**fields), own)
    if expected is None:
        assert found == ListMarks(own=True)
    else:
        assert (tuple(there for _, there in found.foreign), found.own) == (expected, False)


@pytest.mark.parametrize(
    ("address", "lists"),
    [
        ("owner-sec@lists.example", {"owner-sec.lists.example", "sec.lists.example"}),
        ("sec-owner@lists.example", {"sec-owner.lists.example", "sec.lists.example"}),
        ("sec@lists.example", {"sec.lists.example"}),
    ],
)
def test_a_manager_is_known_by_its_address(address: str, lists: set[str]) -> None:
    """Beside the list that is called so itself."""
    assert managed_by(address) == lists


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"List_Help": "<https://schleuder.org/>"}, True),
        ({"List_Owner": "<mailto:x-owner@lists.example> (Use list's public key)"}, True),
        ({"List_Help": "<https://lists.example/>"}, False),
        ({}, False),
    ],
)
def test_schleuder_is_known_by_its_help_or_its_owner(fields: dict[str, str], known: bool) -> None:
    """Whose mails name their author in the encrypted text only."""
    assert by_schleuder(head(**fields)) is known


PART = "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
FOOTER = "To unsubscribe send an email to x@lists.example"


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("", "", ""),
        ("It crashes.\r\n", "", "It crashes."),
        ("", "It crashes.\r\n", "It crashes."),
        ("It crashes.\r\n", "Rita\r\n", "It crashes.\n\nRita"),
        ("This is a multi-part message in MIME format.\r\n", "", ""),
        (f"This is a message in MIME format. {'x ' * MAX_FOOTER}\r\n", "", "This is a message"),
        ("", f"{FOOTER}\r\n", ""),
        ("", FOOTER.ljust(MAX_FOOTER, "x"), ""),
        ("", FOOTER.ljust(MAX_FOOTER + 1, "x"), FOOTER),
        ("-\r\n*\r\n", "a b c\r\n", ""),
        ("", "ab\r\n", "ab"),
    ],
)
def test_words_outside_the_parts_are_read_unless_programs_wrote_them(
    above: str, below: str, text: str
) -> None:
    """Above the first part and below the last line between them."""
    mail = f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{above}{PART}--b--\r\n{below}"
    found = outside(parse(mail.encode()).root, PHRASES)
    assert found.startswith(text) if text else found == ""
    assert outside(parse(f"Content-Type: text/plain\r\n\r\n{above}".encode()).root, PHRASES) == ""


def test_what_stands_outside_is_looked_at_up_to_a_length() -> None:
    """On either side; where nothing closes the parts there is nothing below them."""
    long = "It crashes. " * MAX_OUTSIDE
    mail = f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{long}\r\n{PART}"
    assert len(outside(parse(f"{mail}--b--\r\n".encode()).root, PHRASES)) in (MAX_OUTSIDE, MAX_OUTSIDE - 1)
    opened = f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{PART}More"
    assert outside(parse(opened.encode()).root, PHRASES) == ""
