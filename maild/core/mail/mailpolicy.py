"""What reading a message needs of the policy."""

from typing import Protocol

from maild.core.values.desk import Desk
from maild.core.values.phrases import Phrases


class MailPolicy(Protocol):
    """What reading a message needs of the policy; mail knows no more of it."""

    @property
    def desk(self) -> Desk:
        """The inbox that the message came to."""

    @property
    def phrases(self) -> Phrases:
        """What mail programs and people write, in every language."""

    @property
    def authserv_ids(self) -> tuple[str, ...]:
        """Whose Authentication-Results count."""

    @property
    def local_submission(self) -> bool:
        """Whether mail that its author handed in to our own server, logged in, is theirs."""

    @property
    def trusted_hops(self) -> tuple[str, ...]:
        """Hosts between the exchanger and the mailbox that are ours under other names."""

    @property
    def results_below(self) -> bool:
        """Whether the exchanger always writes its results right below its own Received field."""
