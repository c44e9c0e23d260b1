"""A message that comes twice: what lists and gateways add makes no other of it."""

# ruff: noqa: RUF001 - words of many languages

import pytest

from maild.core.mail.mime import Part, parse
from maild.core.mail.secondcopy import MAX_FOOTER, second_copy
from tests.support.phrases import PHRASES

TEXT = "Hello,\n\nthe parser of xq overflows.\n\nRita\n"
BANNER = "CAUTION: This email originated from outside of the organization.\n\n"
FOOTERS = [
    '-- \nYou received this message because you are subscribed to the Google Groups "security" group.\n',
    "_____\nSecurity mailing list -- security@lists.example\nTo unsubscribe send an email to x@lists.example\n",
    "---\nPour vous désabonner de la liste : https://listes.example/sympa/sigrequest/security\n",
    "-=-=-\nGroups.io Links: You receive all messages sent to this group.\n",
    "-- \nDiese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.\n",
    "This email and any files transmitted with it are confidential.\n",
    "Le informazioni contenute in questa comunicazione sono riservate.\n",
    "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.\n",
    "Это сообщение конфиденциально и предназначено только для адресата.\n",
    "本メールには秘密情報が含まれている場合があります。\n",
    "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。\n",
]


def mail(text: str, subject: str = "Overflow") -> Part:
    """A message with this text."""
    return parse(f"Subject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()).root


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_footer_a_banner_and_both_make_no_other_message(footer: str) -> None:
    """Below, above, or on both sides, as where a gateway stands behind a list."""
    for text in (f"{TEXT}\n{footer}", f"{BANNER}{TEXT}", f"{BANNER}{TEXT}\n{footer}"):
        assert second_copy(mail(TEXT), mail(text), PHRASES)
        assert second_copy(mail(text), mail(TEXT), PHRASES)


@pytest.mark.parametrize("subject", ["[Security] Overflow", "[EXTERNAL] Overflow", "EXTERNAL: Overflow"])
def test_a_tag_before_the_subject_makes_no_other_message(subject: str) -> None:
    """In brackets or before a colon."""
    assert second_copy(mail(TEXT), mail(TEXT, subject), PHRASES)


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT}\nP.S. There is a second bug.\n",
        f"First of all: read this.\n\n{BANNER}{TEXT}" * 40,
        "Hello,\n",
    ],
)
def test_whoever_adds_something_else_has_something_to_say(text: str) -> None:
    """That is a message of its own."""
    assert not second_copy(mail(TEXT), mail(text), PHRASES)


def both(plain: str, page: str) -> Part:
    """A message in plain text and HTML; without either where it is empty."""
    parts = [("plain", plain), ("html", page)]
    body = "".join(f"--b\r\nContent-Type: text/{kind}\r\n\r\n{text}\r\n" for kind, text in parts if text)
    return parse(
        f"Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n{body}--b--\r\n".encode()
    ).root


FOOT = "To unsubscribe send an email to x@lists.example"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (both("Hello", "<p>Hello</p>"), both("Hello", "<p>Hello</p>"), True),
        (both("Hello", "<p>Hello</p>"), both("Hello", ""), True),
        (both("Hello", "<p>Hello</p>"), both("Hello", "<p>Bye</p>"), False),
        (both("Hello", "<p>Hello</p>"), both("Hello", f"<p>Hello</p> {FOOT}"), True),
        (both("", "<p>Hello</p>"), both("", f"<p>Hello</p> {FOOT}"), True),
        (both("", "<p>Hello</p>"), both("", "<p>Bye</p>"), False),
        (both("", "<p>Hello</p>"), both("Bye", ""), False),
        (both("Hello", ""), both("Bye", ""), False),
        (both("Hello", ""), both(f"Hello {FOOT} {'x' * 2900}", ""), True),
        (both("Hello", ""), both(f"Hello {FOOT} {'x' * 3000}", ""), False),
        (both("Hello", ""), both(f"Hello there {FOOT}", ""), True),
        (both("Hello", ""), both("Hello there", ""), False),
    ],
)
def test_plain_text_and_page_have_to_be_the_same(one: Part, other: Part, same: bool) -> None:
    """A list may leave the page out; what it adds says that it is a list's, and is not longer than such are."""
    assert second_copy(one, other, PHRASES) is same
    assert second_copy(other, one, PHRASES) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Overflow", "[Reports] (external): Overflow", True),
        ("[A] Overflow", "[B] Overflow", True),
        ("[A]", "[B]", False),
        ("[A]", "[a]", True),
        ("Overflow", "Re: Overflow", False),
    ],
)
def test_tags_make_no_other_subject(first: str, second: str, same: bool) -> None:
    """But two subjects that are tags alone are two."""
    assert second_copy(mail(TEXT, first), mail(TEXT, second), PHRASES) is same


def with_part(head: str, content: str) -> Part:
    """A message with a text and a further part."""
    parts = ("Content-Type: text/plain\r\n\r\nHello", f"{head}\r\n\r\n{content}")
    body = "".join(f"--b\r\n{one}\r\n" for one in parts)
    return parse(
        f"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{body}--b--\r\n".encode()
    ).root


@pytest.mark.parametrize(
    "head", ["Content-Type: image/png", "Content-Type: text/x-patch\r\nContent-Disposition: attachment"]
)
def test_another_file_makes_another_message(head: str) -> None:
    """Shown within the text or attached, whatever its kind."""
    assert second_copy(with_part(head, "one"), with_part(head, "one"), PHRASES)
    for other in (with_part(head, "two"), with_part("Content-Type: text/plain", FOOT)):
        assert not second_copy(with_part(head, "one"), other, PHRASES)
        assert not second_copy(other, with_part(head, "one"), PHRASES)


@pytest.mark.parametrize(("text", "same"), [(FOOT, True), ("", True), (" \r\n", True), ("And more.", False)])
def test_a_list_may_put_its_footer_into_a_part_of_its_own(text: str, same: bool) -> None:
    """What is no footer is something else that was said."""
    long = with_part("Content-Type: text/plain", text)
    assert second_copy(mail("Hello", "x"), long, PHRASES) is same
    assert second_copy(long, mail("Hello", "x"), PHRASES) is same


def test_a_message_without_text_is_no_copy_of_one_with_text() -> None:
    """But of one that holds only what a list says."""
    assert not second_copy(mail("", "x"), mail("Hello", "x"), PHRASES)
    assert not second_copy(mail("Hello", "x"), mail("", "x"), PHRASES)
    assert second_copy(mail("", "x"), mail(FOOT, "x"), PHRASES)


@pytest.mark.parametrize(("more", "same"), [(0, True), (1, False)])
def test_a_footer_is_no_longer_than_such_are(more: int, same: bool) -> None:
    """One character more, and it is a message."""
    footer = f" {FOOT} ".ljust(MAX_FOOTER + more, "x")
    assert second_copy(mail("Hello", "x"), mail(f"Hello{footer}", "x"), PHRASES) is same
