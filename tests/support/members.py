"""Mail of a team that maild relays for, decided upon without any database."""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.core.candidates.mail import Correspondent, MailCandidates
from maild.core.change import OweLetter
from maild.core.decision import Decision
from maild.core.letters.kinds import LetterKind
from maild.core.mail import thread
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened, Signature
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.values.desk import Mode
from maild.core.values.people import Audience, Side
from tests.support import mails
from tests.support.deciding import CASE, PASSED, RITA, arrived, case, good, letters
from tests.support.desk import ANNA, DESK, NOW, POLICY, SECRET

ADDRESS = "anna@project.example"
TEAM = {"anna@project.example", "carl@project.example", "bea@project.example"}
RELAY = replace(POLICY, desk=replace(DESK, mode=Mode.RELAY))
OBSERVE = replace(POLICY, desk=replace(DESK, mode=Mode.OBSERVE))
WORDS = "We can reproduce it and work on a fix.\n"


def token_text(audience: str, who: str = ADDRESS) -> str:
    """The token of one participant and audience in the usual case."""
    return ids.token(SECRET, CASE, who, audience)


@dataclass(frozen=True, slots=True)
class Way:
    """How a mail of Anna's reaches the desk.

    ``audience``: of the copy that it answers, or empty for mail that answers none. ``plus``: the token stands
    in the address; else only in References. ``proof``: signed, authenticated, token or none (a desk where tokens
    prove nothing).
    """

    audience: str = "reporter"
    plus: bool = True
    proof: str = "authenticated"


def policy(way: Way, one: Policy = RELAY) -> Policy:
    """The policy of a server that has plus-addresses, or not."""
    one = replace(one, tokens=way.proof != "none")
    return one if way.plus else replace(one, desk=replace(one.desk, subaddress=""))


def mail(way: Way, text: str = WORDS, **about: str) -> bytes:
    """The bytes of Anna's mail."""
    tag = token_text(way.audience) if way.audience else ""
    to = f"security+{tag}@project.example" if tag and way.plus else "security@project.example"
    named = {"In_Reply_To": f"<{tag}.abcdefghabcdefgh@project.example>"} if tag and not way.plus else {}
    proved = {"Authentication_Results": PASSED} if way.proof in ("signed", "authenticated") else {}
    fields = {"sender": f"Anna <{ADDRESS}>", "to": to, "text": text, "message_id": "<a@home.example>"}
    return mails.plain(**{**fields, "subject": "Re: Overflow", **named, **proved, **about})


def opened(raw: bytes, way: Way, fingerprint: str = ANNA.fingerprint, at: datetime = NOW) -> Opened:
    """The mail as it is after opening: signed by this key at *at*, when it is signed at all."""
    found = good(fingerprint, at) if way.proof == "signed" else Signature()
    return Opened(parse(raw), signature=found)


def known(way: Way, one: Case | None = None, raw: bytes = b"", **about: object) -> MailCandidates:
    """What the database knows about a mail of Anna's: its token is found only if it stands in the mail."""
    of = one or case()
    people = tuple(Correspondent(r, "<one@reporter.example>") for r in of.reporters)
    named = policy(way)
    tokens = thread.keys(read_facts(parse(raw or mail(way)), named, FolderRole.INBOX), named.desk).tokens
    text = token_text(way.audience) if way.audience else ""
    token = Token(of, ADDRESS, Side.MEMBER, Audience(way.audience), text) if text in tokens else None
    found = MailCandidates("EX-777777", by_token=token, by_reference=of, correspondents=people)
    return replace(found, **about)  # type: ignore[arg-type]  # whatever a test wants different


def decided(
    way: Way, text: str = WORDS, one: Case | None = None, mode: Policy = RELAY, **about: str
) -> Decision:
    """What follows from Anna's mail."""
    raw = mail(way, text, **about)
    return arrived(raw, known(way, one, raw), opened=opened(raw, way), policy=policy(way, mode))


def to(decision: Decision, kind: LetterKind = LetterKind.COPY) -> set[str]:
    """Who gets a letter of this kind."""
    return {letter.recipient for letter in letters(decision, kind)}


def told(decision: Decision) -> dict[str, str]:
    """What people are told, by their addresses."""
    return {letter.recipient: str(letter.facts["about"]) for letter in letters(decision, LetterKind.NOTICE)}


def audiences(decision: Decision) -> set[object]:
    """Where replies to the copies go."""
    return {letter.facts["audience"] for letter in letters(decision, LetterKind.COPY)}


def answers(decision: Decision) -> list[OweLetter]:
    """The letters that carry a member's answer."""
    return letters(decision, LetterKind.ANSWER)


def to_rita(decision: Decision) -> bool:
    """Whether anything at all goes to the reporter."""
    owed = [change for change in decision.changes if isinstance(change, OweLetter)]
    return any(RITA in (letter.recipient, letter.reporter) for letter in owed)
