"""A desk whose mailbox and mail server are only thought of: events in, rows out, at the test's own time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from maild.core.decision import Decision
from maild.core.event import Arrival, Delivery, Event, LetterSettled, MailArrived, OperatorSaid
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened, Signature
from maild.core.policy import Policy
from maild.core.words.reading import Word
from maild.engine.handler import handle
from maild.store import envelopes, letters
from maild.store.database import Database
from tests.support import mails
from tests.support.desk import NOW, POLICY

RITA = "rita@reporter.example"


@dataclass
class PlayedDesk:
    """One desk and its clock."""

    database: Database
    policy: Policy = POLICY
    now: datetime = NOW

    def happens(self, event: Event) -> Decision:
        """The event goes through the one handler."""
        return self.database.call(handle, event, self.policy, self.now)

    def arrives(
        self, raw: bytes, role: FolderRole = FolderRole.INBOX, signature: Signature | None = None
    ) -> str:
        """A mail is kept and handled, opened with the *signature* that was found; the case it belongs to."""
        tree = parse(raw)
        known_as = identity(tree, self.policy.desk.secret)
        mail = envelopes.Received(
            role, 1, crc32(raw), role, self.now, False, len(raw), False, "", known_as, raw
        )
        number = self.database.call(envelopes.keep, mail, self.now)
        assert number is not None
        arrival = Arrival(number, known_as, self.now)
        opened = Opened(tree, signature=signature or Signature())
        decision = self.happens(MailArrived(arrival, read_facts(tree, self.policy, role, opened), opened))
        return decision.kept.case_id if decision.kept else ""

    def report(self, name: str = "1", sender: str = RITA) -> str:
        """Somebody reports something new; the case."""
        text = f"Report {name}: it crashes.\n"
        return self.arrives(mails.plain(sender=sender, message_id=f"<{name}@reporter.example>", text=text))

    def answer(self, name: str = "1", to: str = RITA) -> None:
        """A person answers the report *name* from the desk's own account."""
        raw = mails.plain(
            sender="security@project.example",
            to=to,
            message_id=f"<{self.now.timestamp()}@project.example>",
            text=f"We are looking into it, {self.now.isoformat()}.\n",
            In_Reply_To=f"<{name}@reporter.example>",
        )
        self.arrives(raw, FolderRole.SENT)

    def says(self, case: str, word: str, rest: str = "") -> Decision:
        """An operator says one of the team's words."""
        return self.happens(OperatorSaid(case, Word(word, rest), "operator:x"))

    def send(self, delivery: Delivery = Delivery.SENT) -> list[letters.Letter]:
        """Every letter owed goes out, and the server's answer is settled as the dispatcher does it."""
        state = {Delivery.SENT: letters.SENT, Delivery.FAILED: letters.FAILED}[delivery]
        sent = self.database.call(letters.claim, self.now, 1000)
        for one in sent:
            self.database.call(letters.settle, one.id, state, self.now)
            self.happens(LetterSettled(one.id, one.kind, one.case_id, one.reporter, delivery))
        return sent

    def wait(self, **length: float) -> None:
        """Time goes by."""
        self.now += timedelta(**length)
