"""Held mail is looked through for words before it is parsed: what may mean them is never left out."""

import pytest

from maild.app.held import Wanted
from maild.store.heldmail import _lacks
from maild.store.views import outside

HEADS = (
    b"From: Rita <rita@reporter.example>\r\nSubject: Overflow in the parser",
    b"Subject: Over\r\n flow\r\nFrom: \"Rita O'Hara\" <rita.o'hara@reporter.example>",
    b"From: =?utf-8?q?R=C3=ADta?= <rita@reporter.example>\r\nSubject: =?utf-8?b?T3ZlcmZsb3c=?=",
    "From: Rita <rita@reporter.example>\r\nSubject: \u00d6verfl\u00f6w in the p\u00e4rser".encode(),
    b"From: rita@xn--bcher-kva.example\r\nSubject: OVERFLOW",
    b'From: "rita"@reporter.example\r\nSubject:\r\n\tOverflow\r\n in the parser',
    b"From: rita@reporter.example\nSubject: Overflow",
)
NEEDLES = (
    "rita",
    "RITA@reporter",
    "overflow",
    "over flow",
    "in the parser",
    "o'hara",
    "ohara",
    "b\u00fccher",
    "!",
    "\u00f6w",
)


@pytest.mark.parametrize("needle", NEEDLES)
@pytest.mark.parametrize("head", HEADS)
def test_what_is_meant_is_never_lacking(head: bytes, needle: str) -> None:
    """Sender or subject holds the needle as people read it: then the quick look lets the mail through."""
    for wanted in (Wanted(sender=needle), Wanted(subject=needle)):
        if wanted.means({**outside(head), "score": 0.0}):
            assert not _lacks(head + b"\r\n\r\nbody", wanted.words)


def test_what_says_nothing_of_it_is_left_out() -> None:
    """A head in ASCII without the word needs no parsing; its body does not count."""
    assert _lacks(HEADS[0] + b"\r\n\r\npills", Wanted(subject="pills").words)
    assert not _lacks(HEADS[2], Wanted(subject="pills").words)
