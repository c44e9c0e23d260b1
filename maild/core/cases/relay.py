"""Relay: maild is the list. Every mail of a case goes on to the team; a reply goes where its mail came from.

The audience of a member's mail is in the token that his copy bore: to the reporter, or to the team only.
What is unclear goes to the team only, and its author is told (ruling 16).
"""

from maild.core import ids
from maild.core.candidates import Correspondent
from maild.core.cases import commands, notice, words
from maild.core.cases.case import Case
from maild.core.cases.incoming import Incoming
from maild.core.cases.people import Audience, Member, Side
from maild.core.decision import AddParticipant, Change, LetterKind, OweLetter
from maild.core.mail.copy import internal
from maild.core.mail.reply import own_text
from maild.core.policy import Mode

NO_KEY = "sealed-no-key"
UNCLEAR = "unclear-audience"
INTERNAL_WORDS = "internal-words"
HELD_NO_KEY = "no key to seal it with"


def copies(mail: Incoming, case_id: str, audience: Audience, sealed: bool) -> list[Change]:
    """The team's copies of *mail*, one a member and none for its author; nothing where a list delivers.

    *sealed*: the case holds sealed mail, so a member without a key gets a notice and never the text.
    """
    if mail.policy.desk.mode is not Mode.RELAY:
        return []
    author = mail.author.member
    others = [member for member in mail.policy.team.members if member is not author]
    to_team = [change for member in others for change in _copy(mail, case_id, member, audience, sealed)]
    guests = [guest for guest in mail.known.guests if guest != mail.reporter]
    return [*to_team, *(_letter(mail, case_id, guest, Audience.TEAM, sealed) for guest in guests)]


def _copy(mail: Incoming, case_id: str, member: Member, audience: Audience, sealed: bool) -> list[Change]:
    address, secret = member.addresses[0], mail.policy.desk.secret
    identity = mail.event.arrival.identity
    if sealed and not member.fingerprint:
        name = f"notice:{NO_KEY}:{identity}:{address}"
        return [notice.to_one(name, case_id, NO_KEY, member.contact, mail.policy)]
    known = [
        AddParticipant(case_id, address, Side.MEMBER, one, ids.token(secret, case_id, address, one))
        for one in Audience
    ]
    return [*known, _letter(mail, case_id, address, audience, sealed)]


def _letter(mail: Incoming, case_id: str, address: str, audience: Audience, sealed: bool) -> OweLetter:
    """One copy of the mail."""
    return OweLetter(
        dedupe=f"copy:{mail.event.arrival.identity}:{address}",
        kind=LetterKind.COPY,
        case_id=case_id,
        recipient=address,
        token=ids.token(mail.policy.desk.secret, case_id, address, audience),
        facts={"envelope": mail.event.arrival.envelope, "audience": audience.value},
        sealed=sealed,
        references=(root(case_id, mail),),
    )


def audience(mail: Incoming) -> Audience:
    """Where a reply to an outsider's mail goes: to the reporter, but of a guest's mail to the team only."""
    token = mail.thread.token
    return Audience.TEAM if token and token.side is Side.GUEST else Audience.REPORTER


def root(case_id: str, mail: Incoming) -> str:
    """The Message-ID that every copy of a case names first, so that clients thread them (ruling 18)."""
    desk = mail.policy.desk
    return ids.message_id(
        desk.secret, f"root:{case_id}", ids.token(desk.secret, case_id, "", "root"), desk.domain
    )


def from_member(mail: Incoming, case: Case) -> list[Change]:
    """A member's mail of a known case: to the reporter, or to the team."""
    if mail.policy.desk.mode is not Mode.RELAY or mail.facts.automatic:
        return []
    token = mail.thread.token
    if {a.address for a in mail.facts.recipients} & set(case.reporters):
        return copies(mail, case.id, Audience.REPORTER, case.sealed)  # sent to him already: only shown
    if token is None or token.side is not Side.MEMBER:
        return _team_only(mail, case, UNCLEAR)
    if token.audience is Audience.TEAM:
        said = words.read(mail.facts.text)
        shown = copies(mail, case.id, Audience.TEAM, case.sealed)
        return [*commands.obey(mail, case, said), *([] if said else shown)]
    return _answers(mail, case)


def _answers(mail: Incoming, case: Case) -> list[Change]:
    """A reply to the reporter's mail: to each reporter, and copies to the other members."""
    text = own_text(mail.facts.text)
    if internal(text) or text.lstrip().startswith("!"):
        return _team_only(mail, case, INTERNAL_WORDS)
    if len(text.split()) < mail.policy.respond_min_words:
        return _team_only(mail, case, UNCLEAR)
    answers = [_answer(mail, case, to) for to in mail.known.correspondents]
    return [*answers, *copies(mail, case.id, Audience.REPORTER, case.sealed)]


def _team_only(mail: Incoming, case: Case, about: str) -> list[Change]:
    """It goes to the team and nowhere else, and its author hears why."""
    shown = copies(mail, case.id, Audience.TEAM, case.sealed)
    if mail.author.member is None:
        return shown
    name = f"notice:{about}:{mail.event.arrival.identity}"
    return [*shown, notice.to_one(name, case.id, about, mail.author.member.contact, mail.policy)]


def _answer(mail: Incoming, case: Case, to: Correspondent) -> OweLetter:
    sealed = case.sealed or to.seals or mail.facts.sealed
    secret = mail.policy.desk.secret
    return OweLetter(
        dedupe=f"answer:{mail.event.arrival.identity}:{to.address}",
        kind=LetterKind.ANSWER,
        case_id=case.id,
        recipient=to.address,
        token=ids.token(secret, case.id, to.address, Audience.REPORTER),
        facts={"envelope": mail.event.arrival.envelope, "by": mail.author.authority},
        sealed=sealed,
        held=HELD_NO_KEY if sealed and not to.has_key else "",
        reporter=to.address,
        in_reply_to=to.last_id,
    )
