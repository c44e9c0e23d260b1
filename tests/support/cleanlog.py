"""The operator's log tells nothing of a mail: looked at after every run of every desk in the tests."""

import re

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
OURS = re.compile(r"security(\+\w+)?@project\.example")
WORDS = ("Overflow", "crafted", "The parser", "It crashes", "PILLS")
"""What the mails of the tests say in subject and text."""


def assert_clean(text: str) -> None:
    """No address but the desk's own, and no word of a mail."""
    addresses = {one for one in ADDRESS.findall(text) if not OURS.fullmatch(one)}
    assert (addresses, [word for word in WORDS if word in text]) == (set(), []), text
