"""One incoming mail with all that the decisions about it share."""

from dataclasses import dataclass

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.authority import Author, Standing
from maild.core.cases.replying import answer_address
from maild.core.change import AddMessage, Keep, Verdict
from maild.core.event import MailArrived
from maild.core.mail.answer import answer, written
from maild.core.mail.body import spoken
from maild.core.mail.facts import Facts
from maild.core.mail.length import word_count
from maild.core.mail.mime import Part
from maild.core.mail.thread import Thread
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.words.reading import text_below


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail, what the database knows of it, who wrote it and where it belongs."""

    event: MailArrived
    known: MailCandidates
    policy: Policy
    author: Author
    thread: Thread

    @property
    def facts(self) -> Facts:
        """The facts of the mail."""
        return self.event.facts

    @property
    def reporter(self) -> str:
        """The author's address, or an empty string when From names nobody or several."""
        return self.facts.author.address if self.facts.author else ""

    @property
    def vouched(self) -> bool:
        """Whether our exchanger vouches for the very member who wrote it, and not for somebody else."""
        if self.author.member is None or not self.facts.authentication.author:
            return False
        return self.policy.team.claimed_by(self.reporter) == self.author.member

    @property
    def answered_at(self) -> str:
        """Where its author is answered; of the team's mail the author's own address."""
        if self.author.standing is not Standing.OUTSIDE:
            return self.reporter
        found = answer_address(self.facts, self.policy)
        return found.address if found else ""

    def by_reporter(self, case: Case) -> str:
        """The reporter of *case* who wrote it; empty when it was none of them.

        Where a guest, or another reporter, wants answers does not make it somebody else's.
        """
        if self._as_outsider:
            return ""
        return next((one for one in (self.reporter, self.answered_at) if one and one in case.reporters), "")

    @property
    def _as_outsider(self) -> bool:
        return bool(self.reporter) and self.reporter in (*self.guests, *self.told)

    @property
    def names(self) -> tuple[str, ...]:
        """What the signature of its author would hold."""
        member = self.author.member
        own = (member.name, *member.addresses) if member else ()
        return (*own, *((self.facts.author.name, self.facts.author.address) if self.facts.author else ()))

    @property
    def own_words(self) -> int:
        """How many words its author wrote themselves."""
        if not self.known.shown:
            return self.facts.own_words
        return word_count(written(self._spoken, self.policy.phrases, self.known.shown, self.names))

    @property
    def below(self) -> str:
        """What its author wrote below the commands on top of it."""
        return text_below(self._spoken, self.policy.desk, self.policy.phrases, self.known.shown, self.names)

    @property
    def attached(self) -> tuple[Part, ...]:
        """The files that came along with it."""
        opened = self.event.opened
        if opened is None:
            return ()
        return answer(opened.tree.root, self.policy.phrases, unpacked=opened.unpacked).attached

    @property
    def _spoken(self) -> str:
        opened = self.event.opened
        return spoken(opened.tree.root) if opened else self.facts.text

    @property
    def guests(self) -> tuple[str, ...]:
        """The guests of the case that it belongs to; a case that its subject only guesses lends it none."""
        return self.known.guests if self.thread.case else ()

    @property
    def told(self) -> tuple[str, ...]:
        """The outsiders who may know of the case that it belongs to."""
        return self.known.told if self.thread.case else ()

    @property
    def written_by(self) -> str:
        """Who is written down as its author: a guest or a reporter, else whoever is answered."""
        if self._as_outsider:
            return self.reporter
        case = self.thread.case
        return (self.by_reporter(case) if case else "") or self.answered_at

    def message(self, case_id: str) -> AddMessage:
        """It belongs to a case, with the authority of its author as far as that is proved by now."""
        arrival = self.event.arrival
        return AddMessage(
            case_id,
            arrival.envelope,
            self.facts.message_id,
            self.written_by,
            self.author.authority,
            arrival.at,
            self.author.proved.value,
        )

    def keep(self, verdict: Verdict, *reasons: str, case: Case | None = None, score: float = 0.0) -> Keep:
        """The verdict on this mail."""
        return Keep(self.event.arrival.envelope, verdict, reasons, case.id if case else "", score)
