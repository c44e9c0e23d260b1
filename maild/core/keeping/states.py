"""Where a kept mail stands on its way through the desk."""

from enum import StrEnum


class MailState(StrEnum):
    """``kept``: not handled yet. ``to-open``: handled from outside. ``shunted``: set aside, for a person."""

    KEPT = "kept"
    TO_OPEN = "to-open"
    DONE = "done"
    SHUNTED = "shunted"


UNHANDLED = (MailState.KEPT, MailState.TO_OPEN)
"""What still goes on by itself."""
