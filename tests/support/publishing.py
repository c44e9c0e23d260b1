"""A case on its way out, without any database: what is recorded of it, said about it, and owed."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import SweepCandidates
from maild.core.change import Change, OweLetter
from maild.core.decide import decide
from maild.core.event import Delivery, LetterSettled, OperatorSaid, SweepDue, TextPrepared
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import PREPARED
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.targets import ANNOUNCEMENT, Announcement, Kind, Predisclosure, Targets
from maild.core.words.reading import Word
from tests.support.deciding import answered_case, arrived
from tests.support.desk import ANNA, BEA, CARL, NOW
from tests.support.members import RELAY, Way, known, mail, opened

DISTROS = Predisclosure(
    "distros",
    "distros@lists.example",
    "distros.asc",
    min_severity="Important",
    tracks=("private", "urgent"),
    done=("audit",),
    subject_tag="[vs]",
)
ANNOUNCE = Announcement("announce", Kind.LIST, "announce@project.example")
OSS = Announcement("oss", Kind.OSS_SECURITY, "oss@lists.example", "announce", timedelta(minutes=30))
BLOG = Announcement("blog", Kind.BLOG, "", "announce", timedelta(hours=6))
OUT = replace(RELAY, targets=Targets((DISTROS,), (ANNOUNCE, OSS, BLOG)))
"""A desk that tells one list ahead and announces on two."""
AT = NOW + timedelta(days=10)
"""The usual instant."""
TEXT = "Subject: Overflow in heron (CVE-2026-12345)\n\nA long name overflows a buffer. Update to 2.0.4.\n"
SIGNED = Way("team", proof="signed")
PEOPLE = {"Anna": ANNA, "Carl": CARL, "Bea": BEA}


@dataclass
class Road:
    """The usual case, known to be a vulnerability; ``owed`` are its letters by their dedupe key."""

    policy: Policy = OUT
    now: datetime = NOW
    case: Case = field(default_factory=lambda: replace(answered_case(), handler="Anna"))
    owed: dict[str, OweLetter] = field(default_factory=dict)
    number: int = 0

    def take(self, changes: tuple[Change, ...]) -> list[OweLetter]:
        """Record *changes*; the letters that were not owed before."""
        kept = {(one.name, one.item): one for one in self.case.record.facts}
        fresh = []
        for one in changes:
            if isinstance(one, SetFact):
                kept[one.name, one.item] = Fact(one.name, one.value, one.by, self.now, one.item)
            if isinstance(one, OweLetter) and one.dedupe not in self.owed:
                self.owed[one.dedupe] = one
                fresh.append(one)
        record = Disclosure(tuple(one for one in kept.values() if one.value))
        self.case = replace(self.case, record=record)
        return fresh

    def types(self, *texts: str) -> str:
        """The operator's words; what the last of them said or was refused with."""
        said = ""
        for text in texts:
            name, _, rest = text.partition(" ")
            event = OperatorSaid(self.case.id, Word(name, rest), "operator:op")
            found = decide(event, CaseCandidates(self.case), self.policy, self.now)
            self.take(found.changes)
            said = found.refusal or found.said
        return said

    def writes(
        self,
        text: str,
        who: str = "Anna",
        way: Way = SIGNED,
        key: str = "",
        role: FolderRole = FolderRole.INBOX,
    ) -> str:
        """A member's mail to the team, signed by his key (or another's); what he is told of his words."""
        self.number += 1
        member = PEOPLE[who]
        sender = f"{who} <{member.addresses[0]}>"
        raw = mail(way, text, sender=sender, message_id=f"<{self.number}@home.example>")
        seen = opened(raw, way, key or member.fingerprint, self.now)
        found = known(way, self.case, raw)
        decision = arrived(raw, found, role, seen, at=self.now, policy=self.policy)
        letters = self.take(decision.changes)
        told = [one.facts["said"] for one in letters if one.facts.get("about") == "words"]
        return "\n".join(str(line) for lines in told for line in lines)  # type: ignore[attr-defined]

    def says(self, word: str, who: str = "Anna", text: str = "") -> str:
        """A member's signed word that names the case, with his text below it."""
        return self.writes(f"{word} {self.case.id}\n\n{text}", who)

    def hands_in(self, item: str, text: str = TEXT) -> str:
        """A text from the command line."""
        event = TextPrepared(self.case.id, item, text.strip(), text.strip(), "operator:op")
        found = decide(event, CaseCandidates(self.case), self.policy, self.now)
        self.take(found.changes)
        return found.refusal or found.said

    def digest(self, item: str = ANNOUNCEMENT) -> str:
        """The digest of the prepared text."""
        return self.case.record.value(PREPARED, item)

    def approved(self, item: str = ANNOUNCEMENT, *who: str) -> None:
        """Members approve what is prepared: Anna and Carl unless others are named."""
        for name in who or ("Anna", "Carl"):
            self.says(f"!approve {self.digest(item)}", name)

    def sweeps(
        self, at: datetime | None = None, blind: bool = False, clock_set: bool = False
    ) -> list[OweLetter]:
        """A sweep; the letters that it owes."""
        self.now = at or self.now
        event = SweepDue(self.now if blind else None, clock_set=clock_set)
        found = decide(event, SweepCandidates((), (self.case,)), self.policy, self.now)
        return self.take(found.changes)

    def outward(self, at: datetime | None = None, blind: bool = False) -> list[str]:
        """To whom outside a sweep owes letters."""
        letters = self.sweeps(at, blind)
        return [one.recipient for one in letters if one.kind in ("predisclosure", "announcement")]

    def settles(self, to: str, delivery: Delivery = Delivery.SENT) -> list[OweLetter]:
        """What became of the letter to an outsider; the letters that follow."""
        letter = [one for one in self.owed.values() if one.recipient == to][-1]
        number = int(sha256(letter.dedupe.encode()).hexdigest()[:6], 16)
        event = LetterSettled(
            number, letter.kind, self.case.id, "", delivery, letter.sealed, recipient=letter.recipient
        )
        return self.take(decide(event, CaseCandidates(self.case), self.policy, self.now).changes)


def on_the_road(policy: Policy = OUT) -> Road:
    """A case that the list is to hear of, announced at ``AT``."""
    road = Road(policy)
    road.types("verdict vulnerability", "severity important", "cve CVE-2026-12345", "done audit")
    road.types(f"embargo {AT:%Y-%m-%d %H:%M} UTC")
    return road


def notices(letters: list[OweLetter], about: str) -> list[OweLetter]:
    """The notices about this."""
    return [one for one in letters if one.kind is LetterKind.NOTICE and one.facts["about"] == about]
