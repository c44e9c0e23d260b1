"""winmail.dat, in which Outlook packs files for other Outlooks: how it is known."""

from maild.core.mail.mime import TNEF_NAME as NAME
from maild.core.mail.mime import TNEF_TYPES, Part

SIGNATURE = b"\x78\x9f\x3e\x22"
__all__ = ["NAME", "SIGNATURE", "is_called_packed", "is_packed"]


def is_packed(part: Part) -> bool:
    """Whether *part* is such a file, by its type, or by its name whatever type a gateway gave it."""
    return is_called_packed(part) or part.filename.lower() == NAME


def is_called_packed(part: Part) -> bool:
    """Whether its type says so, which a mail program writes and no person chooses."""
    return part.content_type in TNEF_TYPES
