"""Relay: maild is the list. Every mail of a case goes on to the team; a reply goes where its mail came from.

The audience of a member's mail is in the token that his copy bore: to the reporter, or to the team only.
What is unclear goes to the team only, and its author is told (ruling 16).
"""

from maild.core.cases import commands, leftout, readers
from maild.core.cases.incoming import Incoming
from maild.core.cases.routed import signed_for
from maild.core.change import Change, OweLetter
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Reply
from maild.core.mail.address import addresses
from maild.core.mail.answer import answer
from maild.core.mail.inline import is_forward
from maild.core.mail.opened import Decryption
from maild.core.mail.way import said as saying
from maild.core.values.case import Case
from maild.core.values.desk import Mode
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience, Side
from maild.core.words import reading
from maild.core.writing import answering, notice
from maild.core.writing.copying import Shown, to_team


def copies(
    mail: Incoming, case_id: str, audience: Audience, sealed: bool, everybody: bool = False
) -> list[Change]:
    """The team's copies of *mail*, for its author only with *everybody*; nothing where a list delivers.

    *sealed*: the case holds sealed mail, so a member without a key gets a notice and never the text.
    """
    arrival = mail.event.arrival
    shown = Shown(arrival.identity, case_id, sealed, Copy(arrival.envelope, audience.value))
    author = None if everybody else mail.author.member
    return to_team(shown, author, (guest for guest in mail.guests if guest != mail.reporter), mail.policy)


def audience(mail: Incoming) -> Audience:
    """Where a reply to an outsider's mail goes: to its author if they reported the case, else to the team."""
    case = mail.thread.case
    reports = case is None or bool(mail.by_reporter(case))
    return Audience.REPORTER if reports else Audience.TEAM


def from_member(mail: Incoming, case: Case) -> list[Change]:
    """A member's mail of a known case: words to maild, else to a reporter or to the team.

    Words are heard in both modes; in observe mode everything else has its own ways.
    """
    if mail.facts.automatic:
        return []
    said = reading.read(mail.facts.text)
    if said and _audience(mail) is not Audience.REPORTER and not _outsiders(mail):
        heard = commands.obey(mail, case, said)
        return [*_in_clear(mail, case), *heard, *([] if _copied(heard) else _beside_words(mail, case))]
    if mail.policy.desk.mode is not Mode.RELAY:
        return []
    return [*_in_clear(mail, case), *_passed_on(mail, case, bool(said))]


def _passed_on(mail: Incoming, case: Case, said: bool) -> list[Change]:
    """Where a member's mail goes; *said*: there are words to maild in it that outsiders must not read."""
    if readers.readers(mail, case):
        told = _author_told(mail, case, NoticeKind.WORDS_SEEN) if said else []
        return [*copies(mail, case.id, Audience.REPORTER, _inside(mail, case)), *told]  # sent to him already
    if said:
        return _team_only(mail, case, NoticeKind.INTERNAL_WORDS)
    match _audience(mail):
        case Audience.REPORTER:
            return _answers(mail, case)
        case Audience.TEAM:
            return copies(mail, case.id, Audience.TEAM, _inside(mail, case))
    return _team_only(mail, case, NoticeKind.UNCLEAR_AUDIENCE)


def _audience(mail: Incoming) -> Audience | None:
    """What the token in a member's mail says; ``None`` without one, or where they hand a copy on."""
    token = mail.thread.token
    if token is None or token.side is not Side.MEMBER:
        return None
    return None if token.audience is Audience.REPORTER and _handed_on(mail, token.token) else token.audience


def _handed_on(mail: Incoming, token: str) -> bool:
    """Whether only its references lead to a reporter, in a forward or in a mail that is not to the desk.

    Whoever forwards their copy to a colleague, with the desk in Cc or Bcc, answers nobody by that: nor if a
    mail client put the address of the copy there, which it knows as the desk's.
    """
    desk, forwards = mail.policy.desk, is_forward(mail.facts.subject, mail.policy.phrases)
    if any(token in one.address for one in mail.facts.recipients):
        return forwards and _outsiders(mail)
    to = (one.address for one in addresses(mail.facts.headers, "To"))
    return forwards or not any(desk.owns(one) or one in desk.own_lists for one in to)


def _outsiders(mail: Incoming) -> bool:
    """Whether the mail is addressed to anybody beside the desk, its list and the team."""
    desk, team = mail.policy.desk, mail.policy.team
    return any(
        not desk.owns(a.address) and a.address not in desk.own_lists and not team.claimed_by(a.address)
        for a in mail.facts.recipients
    )


def _inside(mail: Incoming, case: Case) -> bool:
    """Whether what a member wrote must be sealed for everybody else of the team."""
    return case.sealed or mail.facts.sealed


def _beside_words(mail: Incoming, case: Case) -> list[Change]:
    """What stands below the words is for the team, when there is more than the case that they are about."""
    return copies(mail, case.id, Audience.TEAM, _inside(mail, case)) if mail.below else []


def _copied(heard: list[Change]) -> bool:
    """Whether obeying the words has the others see the mail, or the draft that it sends, already."""
    return any(isinstance(one, OweLetter) and one.kind is LetterKind.COPY for one in heard)


def _in_clear(mail: Incoming, case: Case) -> list[Change]:
    """Who writes in clear about a sealed case is told, once a case (ruling 17)."""
    member, relays = mail.author.member, mail.policy.desk.mode is Mode.RELAY
    if member is None or mail.facts.sealed or not (case.sealed and relays):
        return []
    name = keys.notice(NoticeKind.IN_CLEAR, case.id, member.contact)
    return [notice.to_one(name, case.id, NoticeKind.IN_CLEAR, member.contact, mail.policy)]


def _answers(mail: Incoming, case: Case) -> list[Change]:
    """A reply to a reporter's mail: to him, and copies to the other members."""
    opened, people = mail.event.opened, mail.known.correspondents
    if opened is None or (opened.sealed and opened.decryption is not Decryption.OK):
        return _returned(mail, case, NoticeKind.ANSWER_NOT_OPENED)
    given = answer(opened.tree.root, mail.policy.phrases, mail.known.shown, mail.names, opened.unpacked)
    if answering.private(given, mail.policy, mail.author.member):
        return _returned(mail, case, NoticeKind.BLOCK_QUOTED)
    if given.empty or not people or not signed_for(mail, case, {one.address for one in people}):
        return _returned(mail, case, NoticeKind.UNCLEAR_AUDIENCE)
    if any(mail.policy.nobody_at(one.address) for one in people):
        return _returned(mail, case, NoticeKind.ANSWERS_NOBODY)
    arrival = mail.event.arrival
    brief = answering.brief(given.text, mail.policy)
    said = answering.Said(
        answer=keys.answer(saying(arrival.identity)),  # twice by two ways: sent once
        copy=arrival.identity,
        says=lambda _: Reply(arrival.envelope, mail.author.authority, brief, encrypted=mail.facts.sealed),
        shows=Copy(arrival.envelope, Audience.REPORTER.value),
        author=mail.author.member,
        guests=tuple(guest for guest in mail.guests if guest != mail.reporter),
        encrypted=mail.facts.sealed,
    )
    return [*answering.answers(said, case, people, mail.policy), *leftout.told(mail, case, given)]


def _team_only(mail: Incoming, case: Case, about: NoticeKind) -> list[Change]:
    """It goes to the team and nowhere else, and its author hears why."""
    shown = copies(mail, case.id, Audience.TEAM, _inside(mail, case))
    return [*shown, *_author_told(mail, case, about)]


def _returned(mail: Incoming, case: Case, about: NoticeKind) -> list[Change]:
    """An answer that cannot leave as it is: its author hears why, and may say the same words again."""
    shown = copies(mail, case.id, Audience.TEAM, _inside(mail, case))
    return [*shown, *_author_told(mail, case, about, keys.returned(mail.event.arrival.identity))]


def _author_told(mail: Incoming, case: Case, about: NoticeKind, name: str = "") -> list[Change]:
    """The author of a member's mail hears what became of it."""
    if mail.author.member is None:
        return []
    name = name or keys.notice(about, mail.event.arrival.identity)
    return [notice.to_one(name, case.id, about, mail.author.member.contact, mail.policy)]
