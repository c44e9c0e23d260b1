"""What the database knows that may matter to the decision about a mail."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, SentCopy
from maild.core.mail.thread import Token
from maild.core.values.case import Case, Clock


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """Automatic receipts owed lately: to this address in a day, to its domain and to all in an hour.

    ``waiting`` and ``domain_waiting`` are those not sent yet, of all and of this domain; ``likely_waiting``
    those of them that speak for a report, which go first.
    """

    address_day: int = 0
    domain_hour: int = 0
    hour: int = 0
    waiting: int = 0
    domain_waiting: int = 0
    likely_waiting: int = 0


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours that a bounce names.

    ``doubtful`` is the envelope of the case's only mail when nothing in it spoke for a report; ``by`` is
    whose answer it carried. ``unread`` is the message that it carried, where no member has that now.
    """

    id: int
    kind: LetterKind
    case: Case | None
    reporter: str
    doubtful: int | None = None
    by: str = ""
    recipient: str = field(default="", repr=False)
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A reporter of the case as answers need him: what he wrote last, and whether he can be sealed to.

    ``seals``: his key is to be used even where the case came in clear. ``asked``: when he was written
    to since his last message. ``came_back``: whether a letter to him did so since then.
    """

    address: str
    last_id: str = ""
    has_key: bool = False
    seals: bool = False
    asked: tuple[datetime, ...] = ()
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that shares something with a mail.

    ``kinds`` says what: advisory, attachment, crash, subject, name, file. ``shared`` are keyed hashes of it,
    ``sealed``: something in that case came encrypted.
    """

    case_id: str
    kinds: tuple[str, ...]
    shared: tuple[str, ...] = field(default=(), repr=False, compare=False)
    sealed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A held mail that the word of a member, by his name, releases or else rejects."""

    envelope: int
    release: bool
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A key that a mail of *address* in the case offered, and that nobody uses yet."""

    address: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What the escalation letter that a mail answers tells of: open cases, and clocks of held mail."""

    cases: tuple[Case, ...] = ()
    held: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A message, or a draft that was sent, as the team's copies carried it ``at`` an instant, and who has it.

    ``unique`` tells it from anything else that copies carry; ``sealed``: they carried it encrypted.
    """

    unique: str
    says: Copy | SentCopy
    at: datetime
    readers: frozenset[str] = field(default=frozenset(), repr=False)
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reporter wrote in the case: in the report, or in a message that is proved to be theirs."""

    author: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailCandidates:
    """For a mail: the cases its keys lead to, the case it already has, and what the author is to us.

    ``known_key`` is the fingerprint of the key remembered for the author's address, ``offered`` are the
    keys of the case that nobody uses yet, ``mails`` its messages when the mail has words to maild on top,
    ``opens``: the mail opened its case; ``their_key`` is the one
    of their address whichever case it serves; ``named`` is the other case that a word names;
    ``other_guests``: who gets copies of that;
    ``replayed``: the signature was accepted from another mail before; ``held``: the clocks that run
    because this mail waits for a look; ``own_parked``: it is a letter of ours of which nobody knew
    whether it had gone out; ``canary``: the letter, when it is a canary that came back; ``told`` are the
    outsiders who may know of the case, ``gone``: the author's own time in it is over; ``features`` is
    what it may share with others (kind and keyed hash), ``alike`` are the other cases that do share it,
    ``chosen`` the held mails it has words for, ``listed`` is what the escalation letter that it answers
    tells of. ``correspondents`` are the reporters that an answer goes to, ``reporters`` all of them when
    the mail has words to maild on top. ``announced`` are the open cases whose CVE id it names, so that it
    may be a copy of the announcement; ``announcement`` is the case, and the reader, of the announcement
    of ours that has the mail's Message-ID; ``answered`` the case, and the kind, of the letter to
    outsiders that it answers; ``unreached`` the case of the newest letter to an address that a bounce
    names.
    ``answers_list``: it answers a daily list of held mail, from the member whom that went to.
    ``followups`` counts the mails of its author in this case in the hour before it.
    ``by_opener``: it is a platform's notice of what the reporter wrote there.
    ``shown`` is the text of the mail that a member's mail answers, where that came in clear.
    ``second``: it is a second copy of a mail of the case, and that led to it; ``by_own_id``: a mail of this
    case has the same Message-ID, and says something else.
    ``waiting`` are the letters of the case that the last look holds, when the mail has commands on top;
    ``passed`` is what the team's copies carried in it. ``handles``: the open cases that its author handles,
    where they say that they are away. ``by_report``: the case about the report on a platform that the mail,
    a proved notice of it, names. ``joined`` are the cases that were joined to this one, and when, where the
    mail may be a member's; ``maybe_used``: what a restore lost may have accepted its signature from
    another mail. ``answers`` are those of its references that a reporter, the team or maild wrote in the
    case, ``asked`` what reporters wrote there, where a member's mail server did not sign to whom it goes.
    """

    fresh_case_id: str
    by_token: Token | None = None
    by_opener: bool = False
    by_reference: Case | None = None
    by_tag: Case | None = None
    current: Case | None = None
    author_known: bool = False
    receipts: ReceiptCounts = ReceiptCounts()
    followups: int = 0
    bounced: SentLetter | None = None
    known_key: str = ""
    their_key: str = ""
    offered: tuple[Offer, ...] = ()
    mails: tuple[int, ...] = ()
    opens: bool = False
    correspondents: tuple[Correspondent, ...] = ()
    reporters: tuple[Correspondent, ...] = ()
    guests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    gone: bool = False
    named: Case | None = None
    replayed: bool = False
    features: tuple[tuple[str, str], ...] = ()
    alike: tuple[Alike, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    answers_list: bool = False
    held: tuple[Clock, ...] = ()
    listed: Listed | None = None
    own_parked: bool = False
    canary: int | None = None
    announced: tuple[Case, ...] = ()
    announcement: tuple[Case, str] | None = None
    answered: tuple[Case, LetterKind] | None = None
    unreached: Case | None = None
    shown: str = field(default="", repr=False)
    second: bool = False
    by_own_id: Case | None = None
    waiting: tuple[int, ...] = ()
    passed: tuple[Passed, ...] = field(default=(), repr=False)
    handles: tuple[Case, ...] = ()
    by_report: Case | None = None
    joined: tuple[tuple[str, datetime], ...] = ()
    maybe_used: bool = False
    other_guests: tuple[str, ...] = ()
    answers: frozenset[str] = frozenset()
    asked: tuple[Asked, ...] = field(default=(), repr=False)
