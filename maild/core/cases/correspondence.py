"""Mail of a known thread: it joins its case, may reopen it, and the team's may keep a promise (ruling 9)."""

from dataclasses import replace

from maild.core.cases import commands, freshness, outsiders, readers, relay
from maild.core.cases.authority import Standing, signed_in_place
from maild.core.cases.findings import unreadable
from maild.core.cases.incoming import Incoming
from maild.core.cases.thanks import only_thanks
from maild.core.change import (
    RELEASED,
    CaseReopened,
    Change,
    ClearFlag,
    SealCase,
    SetHandler,
    Verdict,
)
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.mail.answer import answer
from maild.core.mail.inline import is_forward
from maild.core.mail.opened import Decryption
from maild.core.mail.platforms import elsewhere
from maild.core.mail.reply import own_text
from maild.core.promises import clocks
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.desk import Mode
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience
from maild.core.values.rule import Happening
from maild.core.words import reading
from maild.core.writing import notice

REPLAYED = "its signature was used before"
UNPROVED = "claims to be from the team, without proof"
IN_PLACE = "its signature stands within the text or on a file alone"
SECOND = "a second copy of a message of the case"
_KEY = "application/pgp-keys"
TIME_OVER = "its author's time in the case is over"


def joins(mail: Incoming, case: Case) -> list[Change]:
    """A mail of a known thread: it belongs to the case whatever its subject says, and reopens it."""
    arrival = mail.event.arrival
    reasons = (f"thread: {mail.thread.by}", *((RELEASED,) if mail.event.released else ()))
    team = mail.author.standing is Standing.TEAM
    if mail.known.second and not team:
        return [mail.keep(Verdict.CORRESPONDENCE, SECOND, case=case), mail.message(case.id)]
    changes: list[Change] = [mail.keep(Verdict.CORRESPONDENCE, *reasons, case=case), mail.message(case.id)]
    changes += outsiders.flagged(mail, case)
    if mail.facts.sealed and not case.sealed and not team:
        changes.append(SealCase(case.id))
    if team:
        changes += _reopened(mail, case) if _reopens(mail, case) else []
        changes += from_team(mail, case)
    elif not _by_a_machine(mail):
        changes += _reached(case) if mail.by_reporter(case) else []
        changes += [] if _unread(mail) else said(mail, case)
    if mail.author.standing is not Standing.TEAM and mail.event.opened:
        changes += relay.copies(mail, case.id, relay.audience(mail), case.sealed or mail.facts.sealed)
    return changes + unreadable(mail.event.opened, case.id, arrival.envelope, mail.policy)


def said(mail: Incoming, case: Case) -> list[Change]:
    """What an outsider's message does once it can be read: it reopens the case and asks a question.

    A bare thanks does neither; of what could not be decrypted nobody knows, so it does both.
    """
    if _by_a_machine(mail) or _thanks(mail):
        return []
    at, writer = mail.event.arrival.at, mail.by_reporter(case)
    again = _reopened(mail, case) if case.state is CaseState.CLOSED else []
    asked = clocks.happened(case, Happening.QUESTION, writer, at, "", mail.policy) if writer else []
    return [*again, *asked]


def _by_a_machine(mail: Incoming) -> bool:
    """Whether no reporter speaks in it; a platform's notice carries the words of somebody whom it names."""
    author = mail.facts.author
    there = elsewhere(mail.facts.headers, author.address) if author else None
    return not mail.known.by_opener if there and there.handle else bool(mail.facts.automatic)


def _unread(mail: Incoming) -> bool:
    """Whether what it says is not seen yet: it is opened next, and counts from its arrival then."""
    return mail.facts.sealed and mail.event.opened is None


def _reopened(mail: Incoming, case: Case) -> list[Change]:
    """The case is open again, its promises run again, and whoever looks after it is told so."""
    at = mail.event.arrival.at
    name = keys.notice(NoticeKind.REOPENED, case.id, mail.event.arrival.envelope)
    people = notice.concerned(case, "", mail.policy)
    return [
        CaseReopened(case.id, at, "mail arrived"),
        *clocks.reopened(case, at, mail.policy),
        *notice.to_people(name, case.id, NoticeKind.REOPENED, people, mail.policy),
    ]


def _reached(case: Case) -> list[Change]:
    """A reporter who writes can be reached."""
    gone = Flag.REPORTER_UNREACHABLE
    return [ClearFlag(case.id, gone)] if gone in case.flags else []


def _reopens(mail: Incoming, case: Case) -> bool:
    """Whether a member wrote in a closed case, and not to the team alone."""
    if case.state is not CaseState.CLOSED or mail.facts.automatic:
        return False
    token = mail.thread.token
    by_token = token is not None and token.audience is Audience.REPORTER
    return by_token or any(a.address in case.reporters for a in mail.facts.recipients)


def _thanks(mail: Incoming) -> bool:
    """Whether the mail says thank you and no more: it forwards nothing; a public key adds nothing."""
    opened = mail.event.opened
    if is_forward(mail.facts.subject, mail.policy.phrases):
        return False
    attached = answer(opened.tree.root, mail.policy.phrases).attached if opened else ()
    if any(part.content_type != _KEY for part in attached):
        return False
    members = (one.name for one in mail.policy.team.members)
    said = own_text(mail.facts.text, mail.policy.phrases)
    return only_thanks(said, mail.policy.phrases, (*mail.names, *members, mail.policy.desk.name))


def held(mail: Incoming, case: Case) -> list[Change]:
    """Mail that claims to be a member's, or bears a member's token, without proof: it goes nowhere by itself.

    So it is with mail of somebody whose time in the case is over. People see that it is there, and release
    or reject it. It stops no clock.
    """
    late = too_late(mail)
    reason = TIME_OVER if late else _why_held(mail)
    relays = mail.policy.desk.mode is Mode.RELAY
    return [
        mail.keep(Verdict.HELD if relays else Verdict.CORRESPONDENCE, reason, case=case),
        replace(mail.message(case.id), authority="none", proved=""),
        *notice.flag(case.id, Flag.TIME_OVER if late else Flag.UNVERIFIED_MEMBER, mail.policy),
        *(_told(mail, case.id, reason) if (relays or _doubted(mail)) and not late else ()),
    ]


def _why_held(mail: Incoming) -> str:
    proved = mail.author.standing is Standing.TEAM
    if proved and mail.known.replayed:
        return REPLAYED
    in_place = signed_in_place(mail.event.opened, mail.policy)
    return (freshness.doubt(mail) if proved else "") or (IN_PLACE if in_place else UNPROVED)


def _doubted(mail: Incoming) -> bool:
    """Whether it is the member's, and may not have been written for this case."""
    return mail.author.standing is Standing.TEAM and not mail.known.replayed


def _told(mail: Incoming, case_id: str, reason: str) -> list[Change]:
    """The member whose name or signature a held mail bears hears of it, at most once an hour a reason."""
    member, hour = mail.author.member, f"{mail.event.arrival.at:%Y-%m-%dT%H}"
    if member is None:
        return []
    name = keys.notice(NoticeKind.YOUR_MAIL_HELD, case_id, member.contact, reason, hour)
    facts: dict[str, Detail] = {"again": reason == REPLAYED, "why": reason}
    return [notice.to_one(name, case_id, NoticeKind.YOUR_MAIL_HELD, member.contact, mail.policy, facts)]


def too_late(mail: Incoming) -> bool:
    """Whether a guest, somebody who was told, or a former member writes after his time in the case."""
    return mail.known.gone and mail.thread.case is not None and mail.author.standing is Standing.OUTSIDE


def held_apart(mail: Incoming) -> list[Change]:
    """Mail of no case that claims to be a member's, without proof: it waits; the handlers hear once a day."""
    about = Flag.UNVERIFIED_MEMBER
    name = keys.notice(about, mail.event.arrival.at.date().isoformat())
    reason = _why_held(mail)
    told = [*notice.tell(name, "", about, mail.policy), *_told(mail, "", reason)]
    return [mail.keep(Verdict.HELD, reason), *told]


def of_no_case(mail: Incoming) -> list[Change]:
    """A member's mail that is about no case: a word about himself, or an answer about held mail."""
    said = reading.read(mail.facts.text)
    return [
        mail.keep(Verdict.CORRESPONDENCE, "words of the team, about no case"),
        *(commands.obey_apart(mail, said) if said else ()),
    ]


def from_team(mail: Incoming, case: Case) -> list[Change]:
    """A member wrote: to a reporter, with words of his own, it is a reply (ruling 9)."""
    if mail.facts.automatic:
        return []  # a machine of theirs wrote: nobody has looked, and nobody looks after it by that
    changes: list[Change] = []
    at, by = mail.event.arrival.at, mail.author.authority
    seen = [Happening.HUMAN]
    if mail.author.member and not case.handler:
        changes.append(SetHandler(case.id, mail.author.member.name))
        seen.append(Happening.HANDLER)
    read = {one for one in readers.readers(mail, case) if not mail.policy.nobody_at(one)}
    answered = read if _is_reply(mail) else set()
    brief = _is_brief(mail)
    for reporter in case.reporters:
        met = [
            change for what in seen for change in clocks.happened(case, what, reporter, at, by, mail.policy)
        ]
        also = clocks.kind_of_answer(case, reporter, mail.policy, brief)
        changes += clocks.still_owed(met, also, mail.policy) if reporter in answered else met
    if mail.event.opened:
        changes += relay.from_member(mail, case)
    for reporter in (r for r in case.reporters if r in answered):
        changes += clocks.replied(case, reporter, at, by, mail.policy, brief=brief)
    return changes


def _is_reply(mail: Incoming) -> bool:
    """With text of its own; a sealed one is judged when it was opened, and counts if it stays closed."""
    if mail.facts.sealed and mail.event.opened is None:
        return False
    return _unseen(mail) or mail.own_words > 0


def _is_brief(mail: Incoming) -> bool:
    """Whether it says too little to be an answer in detail."""
    return not _unseen(mail) and mail.own_words < mail.policy.respond_min_words


def _unseen(mail: Incoming) -> bool:
    opened = mail.event.opened
    return mail.facts.sealed and opened is not None and opened.decryption is not Decryption.OK
