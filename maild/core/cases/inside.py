"""What opening a mail brought to light and the team must be told, without any word of it."""

from maild.core.cases import notice
from maild.core.cases.case import Flag
from maild.core.decision import Change
from maild.core.mail.opened import LEAKED_KEY, OTHER_AUTHOR, Decryption, Opened
from maild.core.policy import Policy


def flags(opened: Opened, case_id: str, policy: Policy) -> list[Change]:
    """What the team should know of the inside of a mail beyond its text."""
    told = {OTHER_AUTHOR: Flag.OTHER_AUTHOR_INSIDE, LEAKED_KEY: Flag.LEAKED_KEY}
    found = [flag for reason, flag in told.items() if reason in opened.reasons]
    return [change for flag in found for change in notice.flag(case_id, flag, policy)]


def unreadable(opened: Opened | None, case_id: str, policy: Policy) -> list[Change]:
    """What could not be opened is told to the team only; the receipt never depends on it (ruling 3)."""
    if opened is None or opened.decryption in (Decryption.NONE, Decryption.OK):
        return []
    return notice.flag(case_id, Flag.UNREADABLE, policy)
