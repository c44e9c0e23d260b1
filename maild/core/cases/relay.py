"""Relay: maild is the list. Every mail of a case goes on to the team; a reply goes where its mail came from.

The audience of a member's mail is in the token that his copy bore: to the reporter, or to the team only.
What is unclear goes to the team only, and its author is told (ruling 16).
"""

from maild.core import ids
from maild.core.candidates import Correspondent
from maild.core.cases import commands, notice, words
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.incoming import Incoming
from maild.core.cases.people import Audience, Member, Side
from maild.core.change import AddParticipant, Change, LetterKind, OweLetter
from maild.core.mail.answer import answer, tells
from maild.core.mail.opened import Decryption
from maild.core.mail.reply import own_text
from maild.core.policy import Mode

HELD_NO_KEY = "no key to seal it with"


def copies(
    mail: Incoming, case_id: str, audience: Audience, sealed: bool, everybody: bool = False
) -> list[Change]:
    """The team's copies of *mail*, for its author only with *everybody*; nothing where a list delivers.

    *sealed*: the case holds sealed mail, so a member without a key gets a notice and never the text.
    """
    if mail.policy.desk.mode is not Mode.RELAY:
        return []
    author = None if everybody else mail.author.member
    others = [member for member in mail.policy.team.members if member is not author]
    to_team = [change for member in others for change in _copy(mail, case_id, member, audience, sealed)]
    guests = [guest for guest in mail.guests if guest != mail.reporter]
    return [*to_team, *(_letter(mail, case_id, guest, Audience.TEAM, sealed) for guest in guests)]


def _copy(mail: Incoming, case_id: str, member: Member, audience: Audience, sealed: bool) -> list[Change]:
    address, secret = member.addresses[0], mail.policy.desk.secret
    identity = mail.event.arrival.identity
    if sealed and not member.fingerprint:
        name = f"notice:{About.NO_KEY}:{identity}:{address}"
        return [notice.to_one(name, case_id, About.NO_KEY, member.contact, mail.policy)]
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
    """Where a reply to an outsider's mail goes: to the reporter, but of a guest's mail to the team only.

    So it does of a list's reader who answers a letter to it, and where somebody else used a member's token
    and a person let his mail in.
    """
    token = mail.thread.token
    inside = token is not None and token.side is not Side.REPORTER
    inside = inside or (token is None and mail.known.answered is not None)
    return Audience.TEAM if inside and not _reports(mail) else Audience.REPORTER


def _reports(mail: Incoming) -> bool:
    case = mail.thread.case
    return case is not None and mail.reporter in case.reporters


def root(case_id: str, mail: Incoming) -> str:
    """The Message-ID that every copy of a case names first, so that clients thread them (ruling 18)."""
    desk = mail.policy.desk
    return ids.message_id(
        desk.secret, f"root:{case_id}", ids.token(desk.secret, case_id, "", "root"), desk.domain
    )


def from_member(mail: Incoming, case: Case) -> list[Change]:
    """A member's mail of a known case: words to maild, else to a reporter or to the team.

    Words are heard in both modes; in observe mode everything else has its own ways.
    """
    if mail.facts.automatic:
        return []
    said = words.read(mail.facts.text)
    if said and _audience(mail) is not Audience.REPORTER and not _outsiders(mail):
        heard = commands.obey(mail, case, said)
        return [*_in_clear(mail, case), *heard, *_beside_words(mail, case)]
    if mail.policy.desk.mode is not Mode.RELAY:
        return []
    return [*_in_clear(mail, case), *_passed_on(mail, case, bool(said))]


def _passed_on(mail: Incoming, case: Case, said: bool) -> list[Change]:
    """Where a member's mail goes; *said*: there are words to maild in it that outsiders must not read."""
    if {a.address for a in mail.facts.recipients} & set(case.reporters):
        told = _author_told(mail, case, About.WORDS_SEEN) if said else []
        return [*copies(mail, case.id, Audience.REPORTER, case.sealed), *told]  # sent to him already
    if said:
        return _team_only(mail, case, About.INTERNAL_WORDS)
    match _audience(mail):
        case Audience.REPORTER:
            return _answers(mail, case)
        case Audience.TEAM:
            return copies(mail, case.id, Audience.TEAM, _inside(mail, case))
    return _team_only(mail, case, About.UNCLEAR_AUDIENCE)


def _audience(mail: Incoming) -> Audience | None:
    """What the token in a member's mail says; ``None`` without a member's token."""
    token = mail.thread.token
    return token.audience if token and token.side is Side.MEMBER else None


def _outsiders(mail: Incoming) -> bool:
    """Whether the mail is addressed to anybody beside the desk, its list and the team."""
    desk, team = mail.policy.desk, mail.policy.team
    return any(
        not desk.owns(a.address) and a.address not in desk.own_lists and not team.claimed_by(a.address)
        for a in mail.facts.recipients
    )


def _inside(mail: Incoming, case: Case) -> bool:
    """Whether what the team says among itself must be sealed for everybody."""
    return case.sealed or mail.facts.sealed


def _beside_words(mail: Incoming, case: Case) -> list[Change]:
    """What stands below the words is for the team, when there is more than the case that they are about."""
    rest = own_text(words.below(mail.facts.text)).replace(case.id, "")
    return copies(mail, case.id, Audience.TEAM, _inside(mail, case)) if rest.strip() else []


def _in_clear(mail: Incoming, case: Case) -> list[Change]:
    """Who writes in clear about a sealed case is told, once a case (ruling 17)."""
    member, relays = mail.author.member, mail.policy.desk.mode is Mode.RELAY
    if member is None or mail.facts.sealed or not (case.sealed and relays):
        return []
    name = f"notice:{About.IN_CLEAR}:{case.id}:{member.contact}"
    return [notice.to_one(name, case.id, About.IN_CLEAR, member.contact, mail.policy)]


def _answers(mail: Incoming, case: Case) -> list[Change]:
    """A reply to a reporter's mail: to him, and copies to the other members."""
    opened, people = mail.event.opened, mail.known.correspondents
    if opened is None or (opened.sealed and opened.decryption is not Decryption.OK):
        return _team_only(mail, case, About.ANSWER_NOT_OPENED)
    given = answer(opened.tree.root)
    if tells(given, mail.policy.private_addresses) or words.stray(given.text):
        return _team_only(mail, case, About.INTERNAL_WORDS)
    if given.empty or not people:
        return _team_only(mail, case, About.UNCLEAR_AUDIENCE)
    brief = given.words < mail.policy.respond_min_words
    answers = [_answer(mail, case, to, brief) for to in people]
    told = _author_told(mail, case, About.ANSWER_HELD) if any(one.held for one in answers) else []
    return [*answers, *told, *copies(mail, case.id, Audience.REPORTER, case.sealed)]


def _team_only(mail: Incoming, case: Case, about: About) -> list[Change]:
    """It goes to the team and nowhere else, and its author hears why."""
    shown = copies(mail, case.id, Audience.TEAM, _inside(mail, case))
    return [*shown, *_author_told(mail, case, about)]


def _author_told(mail: Incoming, case: Case, about: About) -> list[Change]:
    """The author of a member's mail hears what became of it."""
    if mail.author.member is None:
        return []
    name = f"notice:{about}:{mail.event.arrival.identity}"
    return [notice.to_one(name, case.id, about, mail.author.member.contact, mail.policy)]


def _answer(mail: Incoming, case: Case, to: Correspondent, brief: bool) -> OweLetter:
    """The answer to one reporter: sealed when he wrote sealed, or has a key that is to be used."""
    sealed = case.sealed or to.seals
    secret = mail.policy.desk.secret
    return OweLetter(
        dedupe=f"answer:{mail.event.arrival.identity}:{to.address}",
        kind=LetterKind.ANSWER,
        case_id=case.id,
        recipient=to.address,
        token=ids.token(secret, case.id, to.address, Audience.REPORTER),
        facts={"envelope": mail.event.arrival.envelope, "by": mail.author.authority, "brief": brief},
        sealed=sealed,
        held=HELD_NO_KEY if sealed and not to.has_key else "",
        reporter=to.address,
        in_reply_to=to.last_id,
    )
