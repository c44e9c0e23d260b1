"""An OAuth token that cannot be renewed: the handlers are told while letters still leave by the old one."""

from datetime import datetime

from maild.core.change import Change
from maild.core.letters import keys
from maild.core.policy import Policy
from maild.core.values.noticekind import NoticeKind
from maild.core.writing.notice import tell


def authorize(since: datetime, until: datetime | None, policy: Policy) -> list[Change]:
    """The letters about a refusal *since* then, once; *until* is the end of the token that there is."""
    facts = {"since": since.isoformat(), "until": until.isoformat() if until else ""}
    name = keys.notice(NoticeKind.AUTHORIZE_AGAIN, since.isoformat())
    return tell(name, "", NoticeKind.AUTHORIZE_AGAIN, policy, facts)
