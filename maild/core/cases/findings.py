"""What opening a mail brought to light and the team must be told, without any word of it."""

from maild.core.change import Change, Note, SetFlag
from maild.core.journal import Detail, What
from maild.core.letters import keys, payloads
from maild.core.mail.mime import UNREAD
from maild.core.mail.opened import LEAKED_KEY, OTHER_AUTHOR, Decryption, Form, Opened
from maild.core.mail.sealed import ANOTHERS, QUOTED
from maild.core.policy import Policy
from maild.core.values.case import Flag
from maild.core.writing import notice


def flags(opened: Opened, case_id: str, policy: Policy) -> list[Change]:
    """What the team should know of the inside of a mail beyond its text."""
    told = {OTHER_AUTHOR: Flag.OTHER_AUTHOR_INSIDE, LEAKED_KEY: Flag.LEAKED_KEY}
    found = [flag for reason, flag in told.items() if reason in opened.reasons]
    return [change for flag in found for change in notice.flag(case_id, flag, policy)]


def unreadable(opened: Opened | None, case_id: str, envelope: int, policy: Policy) -> list[Change]:
    """What could not be opened is told to the team only; the receipt never depends on it (ruling 3)."""
    if opened is None or not (opened.closed or opened.decryption not in (Decryption.NONE, Decryption.OK)):
        return []
    why: Detail = {"decryption": opened.decryption.value, "reasons": opened.reasons}
    smime = opened.form is Form.NONE  # flagged and told on arrival
    told = [] if smime else _told(opened, case_id, envelope, policy)
    return [*told, Note(case_id, What.COULD_NOT_BE_OPENED, why)]


def _told(opened: Opened, case_id: str, envelope: int, policy: Policy) -> list[Change]:
    """The case is flagged; the handlers hear once, with the true reason. A quote beside the text is usual."""
    closed = list(opened.closed or opened.reasons)
    if opened.decryption is Decryption.OK and closed == [QUOTED]:
        return []
    facts: dict[str, payloads.Detail] = {
        "why": closed[0] if closed else "",
        "mail": envelope,
        "partly": opened.decryption is Decryption.OK,
        "quoted": QUOTED in closed or ANOTHERS in closed,
    }
    name = keys.notice(case_id, Flag.UNREADABLE)
    told = notice.tell(name, case_id, Flag.UNREADABLE, policy, facts)
    return [SetFlag(case_id, Flag.UNREADABLE), *told]


def unread(faults: tuple[str, ...], case_id: str) -> list[Change]:
    """Faults of a mail's structure are written down; where they leave a part unread the case is flagged."""
    if not faults:
        return []
    flags: list[Change] = [] if UNREAD.isdisjoint(faults) else [SetFlag(case_id, Flag.READ_IN_PART)]
    return [*flags, Note(case_id, What.READ_IN_PART, {"faults": list(faults)})]
