"""What to do with a key that a reporter offers (ruling 25): remembered, renewed, or told to the team."""

from maild.core.cases import notice
from maild.core.cases.case import Flag
from maild.core.change import Change, RememberKey
from maild.core.mail.offered import OfferedKey, Source
from maild.core.policy import Policy


def offered(
    case_id: str, address: str, keys: tuple[OfferedKey, ...], known: str, sealed: bool, policy: Policy
) -> list[Change]:
    """Changes for the *keys* that *address* offered; *known* is the fingerprint remembered before.

    A known key is renewed by itself only; another one never takes its place silently.
    """
    usable = [key for key in keys if key.can_encrypt and key.names_author]
    if not usable or not address:
        return []
    if known and all(key.fingerprint != known for key in usable):
        return notice.flag(case_id, Flag.KEY_CHANGED, policy)
    key = next((key for key in usable if key.fingerprint == known), usable[0])
    seals = sealed or key.mutual or key.source is Source.ATTACHED
    return [RememberKey(case_id, address, key.fingerprint, key.source, seals, key.minimal)]
