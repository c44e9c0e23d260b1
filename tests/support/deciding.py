"""Mails read and decided upon without any database: raw bytes and candidates in, the decision out."""

from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.alike import features, hashed
from maild.core.change import Change, OpenCase, OweLetter, SetFlag, Verdict
from maild.core.changes.promises import MeetClock, StartClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import Arrival, MailArrived, MailOpened
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import Facts, FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Made, Opened, Signature, SignatureStatus
from maild.core.mail.thread import Token
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, CaseState, Clock
from maild.core.values.people import Audience, Side
from tests.support.desk import MX, NOW, POLICY, SECRET
from tests.support.screened import RULES

RITA = "rita@reporter.example"
CASE = "EX-222222"
FRESH = MailCandidates("EX-777777")
"""Nothing is known about the mail; the case number it would get."""

PASSED = f"{MX}; dmarc=pass header.from=project.example"
"""What our exchanger writes on a mail that really comes from the project's domain."""

SEALED = (
    b"From: rita@reporter.example\r\nTo: security@project.example\r\nSubject: secret words\r\n"
    b"Message-ID: <sealed@reporter.example>\r\nDate: Mon, 02 Mar 2026 09:30:00 +0000\r\n"
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    b"--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n"
    b"hF4DAAAAAAAAAAASAQdA\r\n-----END PGP MESSAGE-----\r\n--b--\r\n"
)
"""A sealed mail of Rita's; what is inside does not matter to whoever looks from outside."""


def facts(raw: bytes, role: FolderRole = FolderRole.INBOX, policy: Policy = POLICY) -> Facts:
    """What the mail shows from outside."""
    return read_facts(parse(raw), policy, role)


def good(fingerprint: str, at: datetime = NOW, clear: bool = False) -> Signature:
    """A good signature by the key with this fingerprint, made at *at*."""
    made = (Made(fingerprint, int(at.timestamp())),)
    return Signature(SignatureStatus.GOOD, fingerprint, clear, made)


def arrival(raw: bytes, at: datetime = NOW, **changes: bool) -> Arrival:
    """Where the mail stands."""
    return Arrival(1, identity(parse(raw), SECRET), at, **changes)


def arrived(
    raw: bytes,
    known: MailCandidates = FRESH,
    role: FolderRole = FolderRole.INBOX,
    opened: Opened | None = None,
    at: datetime = NOW,
    policy: Policy = POLICY,
    released: bool = False,
) -> Decision:
    """The decision on a mail that has just arrived; without *opened* it was opened only if it is plain."""
    tree = parse(raw)
    seen = read_facts(tree, policy, role, opened)
    if opened is None and not (seen.sealed or seen.signed):
        opened = Opened(tree)
    return decide(
        MailArrived(arrival(raw, at), seen, opened, released), _looked(known, seen, opened), policy, at
    )


def opened_later(
    raw: bytes,
    opened: Opened,
    known: MailCandidates = FRESH,
    role: FolderRole = FolderRole.INBOX,
    at: datetime = NOW,
    policy: Policy = POLICY,
) -> Decision:
    """The decision on what opening the mail has given."""
    seen = read_facts(parse(raw), policy, role, opened)
    return decide(MailOpened(arrival(raw, at), seen, opened), _looked(known, seen, opened), policy, at)


def _looked(known: MailCandidates, seen: Facts, opened: Opened | None) -> MailCandidates:
    """*known* with the features that the loader finds in a mail."""
    return replace(known, features=hashed(features(seen, opened, RULES.words), SECRET))


def clock(promise: Promise, number: int = 1, started: datetime = NOW, reporter: str = RITA) -> Clock:
    """A running clock of the usual case."""
    return Clock(number, CASE, promise, reporter, started, due_of(promise, started))


def case(*clocks: Clock, state: CaseState = CaseState.OPEN, **changes: object) -> Case:
    """Rita's case; with its two first promises running unless others are given."""
    running = clocks or (clock(Promise.ACKNOWLEDGE, 1), clock(Promise.RESPOND, 2))
    made = Case(CASE, state, NOW, False, (RITA,), clocks=running)
    return replace(made, **changes)  # type: ignore[arg-type]  # whatever a test wants different


def token(one: Case) -> Token:
    """What Rita's token in this case stands for."""
    return Token(one, RITA, Side.REPORTER, Audience.REPORTER)


def answered_case(started: datetime = NOW) -> Case:
    """Rita's case after the first answer: *update* runs since *started*."""
    met = NOW + timedelta(minutes=1)
    done = [replace(clock(p, n), met=met) for n, p in ((1, Promise.ACKNOWLEDGE), (2, Promise.RESPOND))]
    return case(*done, clock(Promise.UPDATE, 3, started), answered=True)


def verdict(decision: Decision) -> Verdict | None:
    """What the mail was taken for."""
    return decision.kept.verdict if decision.kept else None


def opens(decision: Decision) -> OpenCase | None:
    """The case that the decision opens."""
    return next((c for c in decision.changes if isinstance(c, OpenCase)), None)


def letters(decision: Decision, kind: LetterKind) -> list[OweLetter]:
    """The letters of a kind that the decision owes."""
    return [c for c in decision.changes if isinstance(c, OweLetter) and c.kind is kind]


def met(decision: Decision) -> list[int]:
    """The clocks that the decision meets."""
    return [c.clock for c in decision.changes if isinstance(c, MeetClock)]


def started(decision: Decision) -> list[tuple[str, str, datetime]]:
    """The clocks that the decision starts: promise, reporter, due."""
    return [(c.promise, c.reporter, c.due) for c in decision.changes if isinstance(c, StartClock)]


def flags(decision: Decision) -> set[str]:
    """The flags that the decision sets."""
    return {c.flag.value for c in decision.changes if isinstance(c, SetFlag)}


def kinds(changes: tuple[Change, ...] | list[Change]) -> list[str]:
    """The names of changes, in order."""
    return [type(change).__name__ for change in changes]


def due_of(promise: str, started: datetime) -> datetime:
    """When a promise of the tests' policy falls due."""
    rule = POLICY.rule(promise)
    assert rule
    return rule.due(started)
