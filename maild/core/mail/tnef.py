"""winmail.dat, in which Outlook packs files for other Outlooks: how it is known."""

from maild.core.mail.mime import Part

SIGNATURE = b"\x78\x9f\x3e\x22"
NAME = "winmail.dat"
_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")


def is_packed(part: Part) -> bool:
    """Whether *part* is such a file, by its type, or by its name whatever type a gateway gave it."""
    return is_called_packed(part) or part.filename.lower() == NAME


def is_called_packed(part: Part) -> bool:
    """Whether its type says so, which a mail program writes and no person chooses."""
    return part.content_type in _TYPES
