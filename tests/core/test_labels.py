"""What mail programs put above a message that they quote: labels, titles and attributions."""

import pytest

from maild.core.mail.attribution import MAX_DEVICE, announces, begins_head, names_device
from maild.core.mail.labels import MAX_TITLE, framed, headed, in_one_line, label, titled
from tests.support.phrases import PHRASES


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("From: Rita", "from"),
        ("> *From:* Rita", "from"),
        ("From Rita", ""),
        ("", ""),
        ("x" * 39 + ": y", "x" * 39),
        ("x" * 40 + ": y", ""),
        ("\u5dee\u51fa\u4eba\uff1aRita", "\u5dee\u51fa\u4eba"),
        ("De\u00a0: Rita", "de"),
    ],
)
def test_a_label_is_what_stands_before_a_colon(line: str, said: str) -> None:
    """In lower case, without quote marks and bold print; a long line has none."""
    assert label(line) == said


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["From: rita@reporter.example"], True),
        (["", "From: rita@reporter.example", "x"], True),
        (["From: Rita"], False),
        (["From: Rita", "To: Carl"], True),
        (["From: Rita", "", "To: Carl"], True),
        (["From: Rita", "To: Carl", "x"], True),
        (["From: Rita", "x", "To: Carl"], False),
        (["Rita: rita@reporter.example", "To: Carl"], False),
        (["From: Rita", "Betreff: x"], False),
        ([], False),
    ],
)
def test_a_head_is_an_author_or_two_labels_of_one_language(lines: list[str], found: bool) -> None:
    """Blank lines between them do not count."""
    assert headed(lines, PHRASES) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (">>> Rita <rita@reporter.example> 02.03.26 10:30 >>>", True),
        (">>> Rita 02.03.26 10:30", False),
        ("Rita 02.03.26 10:30 >>>", False),
        (">>> Rita: hello >>>", False),
        (">>> Rita 2 >>>", False),
        (">>> >>>", False),
    ],
)
def test_the_head_of_groupwise_stands_between_arrows(line: str, found: bool) -> None:
    """With a time in it."""
    assert framed(line) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("-----Original Message-----", True),
        ("> -----Original Message-----", True),
        ("Original Message", False),
        ("Begin forwarded message:", True),
        ("> Anfang der weitergeleiteten Nachricht:", True),
        ("Begin forwarded message", False),
        ("Anything else:", False),
        ("-----Something else-----", False),
        ("----- Forwarded message from Rita <rita@reporter.example> -----", True),
        ("----- Forwarded message from Rita -----", False),
        ("-----Original Message" + "-" * (MAX_TITLE - 21), True),
        ("-----Original Message" + "-" * (MAX_TITLE - 20), False),
        ("", False),
    ],
)
def test_a_title_says_that_another_mail_follows(line: str, found: bool) -> None:
    """Between dashes and in a program's own words."""
    assert titled(line, PHRASES) is found


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("--- Original Message --- From: Rita", "From: Rita"),
        ("--- Original Message --- Rita", ""),
        ("Original Message --- From: Rita", ""),
        ("--- Another --- From: Rita", ""),
        ("--- Original Message ---", ""),
    ],
)
def test_a_head_may_stand_behind_its_title(line: str, head: str) -> None:
    """In one line, where it begins with a label."""
    assert in_one_line(line, PHRASES) == head


@pytest.mark.parametrize(
    ("first", "second", "begins"),
    [
        ("From: Rita", "Sent: Monday", True),
        ("From: Rita", "Gesendet: Montag", False),
        ("From: Rita", "x", False),
        ("x", "Sent: Monday", False),
        ("", "", False),
    ],
)
def test_a_head_speaks_one_language(first: str, second: str, begins: bool) -> None:
    """Both of its first lines have a label of it."""
    assert begins_head(first, second, PHRASES) is begins


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("On Monday Rita wrote:", True),
        ("> On Monday Rita wrote:", True),
        ("On Monday Rita wrote", False),
        ("On Monday Rita said:", False),
        ("Am Montag schrieb Rita:", True),
        ("Am Montag schreibt Rita:", False),
        ("2026\u5e743\u67082\u65e5(\u6708) 10:30 Rita <rita@reporter.example>:", True),
        ("2026\u5e743\u67082\u65e5(\u6708) 10:30 Rita:", False),
        ("Rita <rita@reporter.example> kirjoitti:", True),
        ("Rita 2.3.2026 klo 10.30 kirjoitti:", True),
        ("Rita vuonna 2026 kirjoitti:", False),
        ("Rita klo 10.30 kirjoitti:", False),
        ("Rita kirjoitti:", False),
        ("", False),
    ],
)
def test_an_attribution_has_its_first_and_its_last_word(line: str, said: bool) -> None:
    """And ends in a colon."""
    assert announces(line, PHRASES) is said


@pytest.mark.parametrize(
    ("line", "device"),
    [
        ("Sent from my iPhone", True),
        ("-- Sent from my iPhone", True),
        ("Sent from my " + "x" * (MAX_DEVICE - 1), True),
        ("Sent from my " + "x" * MAX_DEVICE, False),
        ("Sent from my <https://x.example/long> iPhone", True),
        ("I have sent it", False),
        ("Sent via iPhone", True),
        ("Sent via mobile".ljust(MAX_DEVICE, "x"), True),
        ("Sent via mobile".ljust(MAX_DEVICE + 1, "x"), False),
        ("Sent via carrier pigeon", False),
        ("It was sent via mobile", False),
        ("Von meinem iPhone gesendet", True),
        ("Von meinem iPhone gesendet.", True),
        ("Von meinem iPhone gesendet habe ich es", False),
        ("", False),
    ],
)
def test_what_a_telephone_adds_is_short(line: str, device: bool) -> None:
    """A longer line is somebody's sentence."""
    assert names_device(line, PHRASES) is device
