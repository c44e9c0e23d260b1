"""How mail systems begin the subject of a bounce that nothing else marks as one.

People report about bounces in the same words, so these count only beside a null return path, or from a
mail system's own address.
"""
# ruff: noqa: RUF001 - a colon of many programs

import re

from maild.core.mail.address import first_author
from maild.core.mail.bounce import returned_headers
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part
from maild.core.mail.robots import is_robot
from maild.core.values.phrases import Phrases

_BEGINS = r"\s{0,9}(?:\[[^\[\]]{1,40}\]\s{0,9})?@undelivered@\s{0,9}(?:[:：(/-]|$)"
_SYSTEM = re.compile(r"postmaster|(?:mail|system)[._-]?admin(?:istrator)?|mailsystem", re.IGNORECASE)


def undelivered(headers: Headers, root: Part, phrases: Phrases, null: bool) -> str:
    """The reason for which a mail is a bounce by its subject and a second sign; empty when it is none.

    *null*: it came with a null return path. A robot's address is a sign only where the mail comes back in it:
    forms have such addresses too.
    """
    if not phrases.pattern(_BEGINS, re.IGNORECASE).match(headers.text("Subject")):
        return ""
    if null:
        return "not delivered, by its subject and a null return path"
    author = first_author(headers)
    address = author.address if author else ""
    if _SYSTEM.fullmatch(address.rpartition("@")[0]):
        return "not delivered, by its subject and its mail system's address"
    robot = is_robot(address) and not headers.has("Reply-To")
    comes_back = robot and (returned := returned_headers(root)) is not None and returned.has("Message-ID")
    return "not delivered, by its subject and the mail that it returns" if comes_back else ""
