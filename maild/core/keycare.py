"""Keys that expire: the team is warned 60, 30 and 7 days before, once each (policy item 9)."""

from datetime import datetime, timedelta

from maild.core.change import Change
from maild.core.letters import keys
from maild.core.policy import Policy
from maild.core.values.key import KeyInUse
from maild.core.values.noticekind import NoticeKind
from maild.core.writing.notice import tell

WARN = (60, 30, 7)
"""Days before the end of a key at which the team is told."""


def warnings(keys: tuple[KeyInUse, ...], policy: Policy, now: datetime) -> list[Change]:
    """The letters owed for keys whose end is near; each stage of each end once."""
    return [change for key in keys for change in _warning(key, policy, now)]


def _warning(key: KeyInUse, policy: Policy, now: datetime) -> list[Change]:
    if key.expires is None:
        return []
    left = key.expires - now
    stage = min((days for days in WARN if left <= timedelta(days=days)), default=0)
    if not stage:
        return []
    name = keys.notice("key", key.fingerprint, key.expires.date().isoformat(), stage)
    facts = {"owner": key.owner, "fingerprint": key.fingerprint, "expires": key.expires.isoformat()}
    return tell(name, "", NoticeKind.KEY_EXPIRES, policy, facts)
