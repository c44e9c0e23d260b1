"""The files that go along with a letter to a list, such as patches: they are approved with it."""

from collections.abc import Iterable
from hashlib import sha256

from maild.core.mail.mime import Part
from maild.core.mail.text import harmless

_KEYS = "application/pgp-keys"
"""A client attaches its owner's key to everything: that is not for the list."""


def along(attached: Iterable[Part]) -> tuple[Part, ...]:
    """Those of the files *attached* to a member's message that go to the list."""
    return tuple(one for one in attached if one.content_type != _KEYS)


def lines(files: Iterable[Part]) -> tuple[str, ...]:
    """One line a file for what is approved: the SHA-256 of its content, and its name."""
    return tuple(f"{sha256(one.content).hexdigest()} {harmless(one.filename, 200)}".strip() for one in files)
