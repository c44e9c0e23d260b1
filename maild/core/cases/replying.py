"""Where the author of a mail is answered (ruling 16)."""

from maild.core.mail import lists
from maild.core.mail.address import Address, addresses
from maild.core.mail.facts import Facts
from maild.core.policy import Policy


def answer_address(facts: Facts, policy: Policy, also_ours: bool = False) -> Address | None:
    """The one address that every letter to the author goes to (ruling 16): a single Reply-To, else From.

    A Reply-To that is the desk's own, a member's, a robot's, or that of the list or of one that the desk
    announces to counts for none; *also_ours*: only a robot's and the list's does not.
    """
    wanted = addresses(facts.headers, "Reply-To")
    if facts.author is None or len(wanted) != 1 or policy.unread(wanted[0].address):
        return facts.author
    address = wanted[0].address
    ours = not also_ours and (
        policy.desk.owns(address)
        or address in policy.desk.own_lists
        or policy.team.claimed_by(address)
        or policy.nobody_at(address)
    )
    return facts.author if ours or lists.key(address) in lists.named(facts.headers) else wanted[0]
