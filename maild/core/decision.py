"""What ``decide`` answers: changes to record in one transaction, the letters owed among them."""

from dataclasses import dataclass, field

from maild.core.candidates.mail import Chosen
from maild.core.change import Change, Keep
from maild.core.changes.promises import StartClock
from maild.core.mail.address import Address
from maild.core.mail.thread import Thread


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Whether a receipt goes out by itself, to whom, and why (not)."""

    send: bool
    to: Address | None = field(default=None, repr=False)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Changes to record in one commit; ``refusal`` says why nothing was changed, ``said`` what a word did.

    ``chosen`` are held mails to be released or rejected in the same commit.
    ``thread``, ``acknowledgement`` and ``verdict`` are what ``explain`` shows of a decision on a mail.
    """

    changes: tuple[Change, ...] = ()
    refusal: str = ""
    said: str = ""
    thread: Thread = Thread()
    acknowledgement: Acknowledgement = Acknowledgement(send=False)
    chosen: tuple[Chosen, ...] = ()

    @property
    def kept(self) -> Keep | None:
        """The verdict on the mail, when the decision was about one."""
        return next((change for change in self.changes if isinstance(change, Keep)), None)

    @property
    def clocks(self) -> tuple[StartClock, ...]:
        """The promises that begin to run."""
        return tuple(change for change in self.changes if isinstance(change, StartClock))
