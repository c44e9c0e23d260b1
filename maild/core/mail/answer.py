"""A member's mail as it goes to a reporter: his own words and attachments, nothing else (ruling 18)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maild.core.mail.authorship import unsigned
from maild.core.mail.body import content_leaves, spoken_part
from maild.core.mail.copy import internal
from maild.core.mail.length import word_count
from maild.core.mail.mime import Part, parse
from maild.core.mail.own import own, parted
from maild.core.mail.reply import own_text
from maild.core.mail.tnef import NAME, is_called_packed, is_packed
from maild.core.values.phrases import Phrases

_PRIVATE = (
    "application/pgp-",
    "application/pkcs7-",
    "application/x-pkcs7-",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
)
"""Signatures, keys and visiting cards, which name a private address; what a program writes for itself."""
_OF_PROGRAMS = (
    "application/pgp-signature",
    "application/pgp-encrypted",
    "application/pkcs7-",
    "application/x-pkcs7-",
)
"""Of these, what nobody attaches: mail programs sign with them."""
_MAX_DEPTH = 3
"""How deep mails attached to mails are looked into."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reporter would get of a mail.

    ``left`` are the lines and ``unsent`` the names of the files of its author that they would not get;
    ``cut``: its text is longer than maild reads.
    """

    text: str = field(repr=False)
    attached: tuple[Part, ...] = field(default=(), repr=False)
    left: tuple[str, ...] = field(default=(), repr=False)
    unsent: tuple[str, ...] = field(default=(), repr=False)
    cut: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.text.strip() and not self.attached

    @property
    def words(self) -> int:
        """How many words its author wrote himself."""
        return word_count(self.text)


def answer(
    root: Part,
    phrases: Phrases,
    shown: str = "",
    names: Iterable[str] = (),
    unpacked: tuple[Part, ...] = (),
) -> Answer:
    """The answer in the opened mail *root*, with the files that were *unpacked* from its winmail.dat.

    *shown* is the text of the mail that it answers, if that is known; *names* are those of its author. A text
    that was packed too may hold commands that nobody read, and does not go out.
    """
    unpacked = tuple(one for one in unpacked if one.filename)
    whole, cut = spoken_part(root)
    text, left = _parted(whole, phrases, shown, names)
    leaves = content_leaves(root)
    stays = (one for one in leaves if _stays(one) and not (unpacked and is_packed(one)))
    unsent = (NAME if is_packed(one) else one.filename or one.content_type for one in stays)
    files = (
        one for one in leaves if one is not root or one.filename or not one.content_type.startswith("text/")
    )
    along = (one for one in files if _goes_along(one) and not (unpacked and is_packed(one)))
    return Answer(text, (*along, *unpacked), left, tuple(unsent), cut)


def _parted(text: str, phrases: Phrases, shown: str, names: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What its author wrote in *text*, and what else may be theirs; the latter where *shown* tells it."""
    return parted(text, shown, phrases, names) if shown.strip() else (own_text(text, phrases), ())


def written(text: str, phrases: Phrases, shown: str = "", names: Iterable[str] = ()) -> str:
    """What the author of *text* wrote themselves; only where nothing is *shown* it is told by its shape."""
    return own(text, shown, phrases, names) if shown.strip() else own_text(text, phrases)


def tells(given: Answer, private: frozenset[str], own: Iterable[str] = ()) -> bool:
    """Whether *given* holds a piece of the header block or one of the *private* addresses (lower case).

    *own* are the addresses of its author, with which they may sign a patch.
    """
    names = [part.filename for part in given.attached]
    texts = [given.text, *names, *(text for part in given.attached for text in _texts(part, _MAX_DEPTH))]
    texts = unsigned(texts, own)
    return any(internal(text) or any(one in text.lower() for one in private) for text in texts)


def _texts(part: Part, depth: int) -> Iterator[str]:
    """What can be read in *part*; of an attached mail every part of it, its headers too."""
    yield part.text
    if part.content_type == "message/rfc822" and depth:
        for inner in parse(part.content).root.walk():
            yield from _texts(inner, depth - 1)


def _stays(part: Part) -> bool:
    """Whether it is a file of the author's that does not go along."""
    if is_called_packed(part):
        return True
    return part.content_type.startswith(_PRIVATE) and not part.content_type.startswith(_OF_PROGRAMS)


def _goes_along(part: Part) -> bool:
    """Whether a part of a member's mail is an attachment for the reporter."""
    if part.content_type.startswith(_PRIVATE) or is_called_packed(part):
        return False
    return (
        bool(part.filename)
        or part.disposition == "attachment"
        or not part.content_type.startswith(("text/", "multipart/"))
    )
