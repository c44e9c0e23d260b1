"""A word of the team on its way to being obeyed, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.core.candidates.mail import Correspondent, Offer, Passed
from maild.core.change import Change
from maild.core.facts.record import kept_in
from maild.core.mail.mime import Part
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.words.reading import Word


@dataclass(frozen=True, slots=True)
class Command:
    """A word with everything it may need; ``by`` is the authority of whoever said it.

    ``mail``: the envelope that holds it, ``identity``: that mail's, ``contact``: where its author is
    answered, ``below``: their own text below the words, which ``rests`` elsewhere if not in that mail,
    ``attached``: what goes along with it. ``signer``: the member whose listed key signed it with the case
    named inside; nobody on the command line. ``named``: the open cases whose CVE id stands in what they
    wrote. ``guests`` get the team's copies, as ``other_guests`` do of the *other* case; ``told`` may know of
    the case. ``offered``: the reporters' keys that nobody uses yet.
    ``mails``: the messages of the case; ``passed``: what the team's copies carried so far.
    ``handles``: the open cases that its author handles.
    ``waiting``: the letters of the case that the last look holds for a person.
    ``doubtful``: it may have been obeyed before a backup was restored. ``encrypted``: its mail came so.
    """

    word: Word
    case: Case
    by: str
    name: str
    now: datetime
    policy: Policy
    other: Case | None = None
    people: tuple[Correspondent, ...] = ()
    mail: int | None = None
    identity: str = ""
    contact: str = ""
    below: str = field(default="", repr=False)
    attached: tuple[Part, ...] = field(default=(), repr=False)
    rests: str = field(default="", repr=False)
    signer: str = ""
    named: tuple[Case, ...] = ()
    guests: tuple[str, ...] = ()
    other_guests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    offered: tuple[Offer, ...] = ()
    mails: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    passed: tuple[Passed, ...] = field(default=(), repr=False)
    handles: tuple[Case, ...] = ()
    doubtful: bool = False
    encrypted: bool = False

    @property
    def sealed(self) -> bool:
        """Whether the team is told its words encrypted only: so came the case, or its own message."""
        return self.case.sealed or self.encrypted

    def private(self, words: str) -> str:
        """Free *words* for the record: of a sealed case only where they stand (ruling 24)."""
        return kept_in(self.mail) if self.case.sealed and words and self.mail is not None else words


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What a word led to, and the line that tells its author; ``informed``: more was not asked."""

    said: str
    changes: tuple[Change, ...] = ()
    informed: bool = False
