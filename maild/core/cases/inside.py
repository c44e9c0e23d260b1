"""What opening a mail brought to light and the team must be told, without any word of it."""

from maild.core.change import Change, Note, SetFlag
from maild.core.journal import Detail, What
from maild.core.mail.mime import UNREAD
from maild.core.mail.opened import LEAKED_KEY, OTHER_AUTHOR, Decryption, Form, Opened
from maild.core.policy import Policy
from maild.core.values.case import Flag
from maild.core.writing import notice


def flags(opened: Opened, case_id: str, policy: Policy) -> list[Change]:
    """What the team should know of the inside of a mail beyond its text."""
    told = {OTHER_AUTHOR: Flag.OTHER_AUTHOR_INSIDE, LEAKED_KEY: Flag.LEAKED_KEY}
    found = [flag for reason, flag in told.items() if reason in opened.reasons]
    return [change for flag in found for change in notice.flag(case_id, flag, policy)]


def unreadable(opened: Opened | None, case_id: str, policy: Policy) -> list[Change]:
    """What could not be opened is told to the team only; the receipt never depends on it (ruling 3)."""
    if opened is None or opened.decryption in (Decryption.NONE, Decryption.OK):
        return []
    why: Detail = {"decryption": opened.decryption.value, "reasons": opened.reasons}
    smime = opened.form is Form.NONE  # flagged and told on arrival
    told = [] if smime else notice.flag(case_id, Flag.UNREADABLE, policy)
    return [*told, Note(case_id, What.COULD_NOT_BE_OPENED, why)]


def unread(faults: tuple[str, ...], case_id: str) -> list[Change]:
    """Faults of a mail's structure are written down; where they leave a part unread the case is flagged."""
    if not faults:
        return []
    flags: list[Change] = [] if UNREAD.isdisjoint(faults) else [SetFlag(case_id, Flag.READ_IN_PART)]
    return [*flags, Note(case_id, What.READ_IN_PART, {"faults": list(faults)})]
