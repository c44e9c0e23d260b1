"""A member's mail as it goes to a reporter: his own words and attachments, nothing else (ruling 18)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maild.core.mail.body import content_leaves, spoken
from maild.core.mail.copy import internal
from maild.core.mail.mime import Part, parse
from maild.core.mail.own import own
from maild.core.mail.reply import own_text

_PRIVATE = (
    "application/pgp-",
    "application/pkcs7-",
    "application/x-pkcs7-",
    "application/ms-tnef",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
)
"""Signatures, keys and visiting cards, which name a private address; what a program writes for itself."""
_MAX_DEPTH = 3
"""How deep mails attached to mails are looked into."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reporter would get of a mail."""

    text: str = field(repr=False)
    attached: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.text.strip() and not self.attached

    @property
    def words(self) -> int:
        """How many words its author wrote himself."""
        return len(self.text.split())


def answer(root: Part, shown: str = "", names: Iterable[str] = ()) -> Answer:
    """The answer in the opened mail *root*.

    *shown* is the text of the mail that it answers, if that is known; *names* are those of its author.
    """
    return Answer(
        written(spoken(root), shown, names), tuple(part for part in content_leaves(root) if _goes_along(part))
    )


def written(text: str, shown: str = "", names: Iterable[str] = ()) -> str:
    """What the author of *text* wrote themselves; only where nothing is *shown* it is told by its shape."""
    return own(text, shown, names) if shown.strip() else own_text(text)


def tells(given: Answer, private: frozenset[str]) -> bool:
    """Whether *given* holds a piece of the header block or one of the *private* addresses (lower case)."""
    names = [part.filename for part in given.attached]
    texts = [given.text, *names, *(text for part in given.attached for text in _texts(part, _MAX_DEPTH))]
    return any(internal(text) or any(one in text.lower() for one in private) for text in texts)


def _texts(part: Part, depth: int) -> Iterator[str]:
    """What can be read in *part*; of an attached mail every part of it, its headers too."""
    yield part.text
    if part.content_type == "message/rfc822" and depth:
        for inner in parse(part.content).root.walk():
            yield from _texts(inner, depth - 1)


def _goes_along(part: Part) -> bool:
    """Whether a part of a member's mail is an attachment for the reporter."""
    if part.content_type.startswith(_PRIVATE):
        return False
    return (
        bool(part.filename)
        or part.disposition == "attachment"
        or not part.content_type.startswith(("text/", "multipart/"))
    )
