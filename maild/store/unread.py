"""Reports that nobody on the team has: every copy was refused or came back."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.core.letters.keys import notice
from maild.core.letters.kinds import LetterKind
from maild.core.letters.states import REFUSED, State
from maild.core.policy import Policy
from maild.core.values.noticekind import NoticeKind
from maild.store.schema import letter

_GONE = (State.FAILED, State.BOUNCED, State.HELD)
_BEGINS = notice(NoticeKind.NOBODY_HAS_IT)
_NEWEST = select(func.max(letter.c.owed)).where(
    letter.c.dedupe > f"{_BEGINS}:", letter.c.dedupe < f"{_BEGINS};"
)


def nobody_has(connection: Connection, case_id: str, mail: int, policy: Policy, but: int = 0) -> bool:
    """Whether every member's copy of the message *mail* was refused, came back or is held.

    One that waits for its first try, or that only has to wait, may reach somebody; the letter *but* did not.
    """
    query = select(letter.c.recipient, letter.c.state, letter.c.trouble).where(
        letter.c.case_id == case_id,
        letter.c.kind == LetterKind.COPY,
        letter.c.facts["envelope"].as_integer() == mail,
        letter.c.id != but,
    )
    rows = [row for row in connection.execute(query) if policy.team.claimed_by(row.recipient)]
    return all(row.state in _GONE or _refused(row.state, row.trouble or "") for row in rows)


def _refused(state: str, trouble: str) -> bool:
    return state in (State.OWED, State.SENDING) and REFUSED in trouble


def newest(connection: Connection) -> datetime | None:
    """When the team was told last that nobody has a report; ``None`` when it never was."""
    return connection.execute(_NEWEST).scalar()
