"""Letters that carry a mail on: the team's copies, and a member's answer made the desk's own."""

import asyncio
from dataclasses import replace

from maild.config.letters import Letters
from maild.core.cases.authority import author_of
from maild.core.cases.heading import (
    Lines,
    closed_lines,
    dated,
    heading,
    heading_for_guest,
    heading_of_answer,
    heading_of_answer_for_guest,
    key_lines,
)
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Reply, SentCopy, fields
from maild.core.mail import copy
from maild.core.mail.answer import Answer, answer, tells
from maild.core.mail.attached import quotable
from maild.core.mail.body import spoken
from maild.core.mail.letter import Content, Head, attachment, mixed, text_content
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.mail.rejoined import labelled
from maild.core.mail.text import harmless
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.values.desk import Desk
from maild.core.values.people import Audience
from maild.core.words import reading
from maild.core.writing import reporter
from maild.engine.carrying import Carried, Carrying, carried
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP
from maild.store import answered_mails, cases, envelopes
from maild.store.letters import Letter


async def copy_letter(
    says: Copy, letter: Letter, case: Case | None, carrying: Carrying
) -> tuple[Head, Content]:
    """Head and content of a member's copy: the block on top, the mail itself untouched below."""
    shown = await carrying.shown(says.envelope, letter, case, says.looked)
    mail, parts = shown.mail, carrying.parts
    desk, audience = parts.policy.desk, Audience(says.audience)
    lines = dated(await asyncio.to_thread(_block, mail, shown.token, audience, letter, parts), says.at)
    if parts.policy.team.claimed_by(letter.recipient):
        lines += key_lines(shown.offered)
        lines += closed_lines(mail.opened, says.envelope)
        lines += (("Known", shown.known),) if shown.known else ()
        lines += shown.remarks
    named = mail.facts.author or mail.facts.shown_author
    name = (named.name or named.address.partition("@")[0]) if named else "somebody"
    subject = harmless(mail.facts.subject) or "(no subject)"
    head = _copy_head(letter, f"{name} via {desk.name}", subject, desk)
    return head, await asyncio.to_thread(copy.pieces, lines, mail.whole, letter.reference, shown.files)


def _block(mail: Carried, token: Token | None, audience: Audience, letter: Letter, parts: Parts) -> Lines:
    """The lines on top of a copy; a guest is not told what is the team's own business."""
    policy = parts.policy
    author = author_of(mail.facts, mail.opened, policy, mail.known_key, token)
    team_address = _team_address(letter, policy.desk)
    if policy.team.claimed_by(letter.recipient) is None:
        return heading_for_guest(mail.case, mail.facts, mail.opened, author, team_address, policy)
    now = parts.now()
    return heading(mail.case, mail.facts, mail.opened, author, audience, team_address, policy, now)


async def sent_copy(says: SentCopy, letter: Letter, parts: Parts, templates: Letters) -> tuple[Head, bytes]:
    """Head and content of a member's copy of a draft that somebody sent to the reporter."""
    case = await parts.database.run(cases.get, letter.case_id)
    if case is None:
        raise PermanentError("its case no longer exists")
    desk, by = parts.policy.desk, says.by.partition(":")[2]
    words = templates.render(LetterKind.ANSWER, {"case_id": letter.case_id, **fields(says)}, parts.policy)
    audience = Audience(says.audience)
    lines = heading_of_answer(case, by, audience, _team_address(letter, desk), parts.policy, parts.now())
    if parts.policy.team.claimed_by(letter.recipient) is None:
        lines = heading_of_answer_for_guest(case, by, _team_address(letter, desk))
    head = _copy_head(letter, f"{by} via {desk.name}", words.subject, desk)
    text = parse(text_content(words.text)).root  # our own, and short
    return head, copy.content(dated(lines, says.at), text, letter.reference)


def _copy_head(letter: Letter, author: str, subject: str, desk: Desk) -> Head:
    return Head(
        author_name=author,
        to=desk.address,
        subject=_tagged(letter.case_id, subject),
        message_id=letter.message_id,
        reference=letter.reference,
        reply_to=desk.address,
        auto="auto-generated",
        references=letter.references,
    )


def _tagged(case_id: str, subject: str) -> str:
    """*subject* with the tag of the case in front, once; an answer to one of our letters bears it already."""
    tag = f"[{case_id}]"
    return " ".join([tag, *subject.replace(tag, " ").split()])


def _team_address(letter: Letter, desk: Desk) -> str:
    """Where the reader of a copy writes to the team alone."""
    if not desk.subaddress:
        return ""
    local, _, domain = desk.address.rpartition("@")
    token = ids.token(desk.secret, letter.case_id, letter.recipient, Audience.TEAM)
    return f"{local}{desk.subaddress}{token}@{domain}"


async def _own_subject(letter: Letter, case: Case, parts: Parts) -> str:
    """The subject of the first message of the letter's reader; of an encrypted case none is told."""
    first = await parts.database.run(cases.first_mail, case.id, letter.reporter)
    envelope = await parts.database.run(envelopes.get, first) if first is not None else None
    if case.sealed or envelope is None or envelope.purged:
        return reporter.NO_SUBJECT
    return await asyncio.to_thread(lambda: reporter.subject(parse(envelope.content).root, parts.policy))


async def text_shown(mail: Carried, envelope: int, letter: Letter, parts: Parts, pgp: OpenPGP | None) -> str:
    """The text of the mail that *mail*, which is *envelope*, answers, opened if it came encrypted.

    Where no reference tells which that is, the texts of the newest mails of its case; where that is a letter
    in maild's own words, none.
    """
    found = await parts.database.run(answered_mails.find, mail.facts.references, letter.case_id)
    if found == answered_mails.NO_MAIL:
        return ""
    if found is not None:
        return await _text(found, letter, parts, pgp)
    newest = await parts.database.run(answered_mails.lately, letter.case_id, envelope)
    return "\n".join([await _text(one, letter, parts, pgp) for one in newest])


async def _text(mail: int, letter: Letter, parts: Parts, pgp: OpenPGP | None) -> str:
    try:
        answered = await carried(mail, letter, parts, pgp, looked=True)
    except PermanentError:
        return ""  # it was purged
    return await asyncio.to_thread(lambda: quotable(labelled(answered.opened)))


async def answer_letter(says: Reply, letter: Letter, parts: Parts, pgp: OpenPGP | None) -> tuple[Head, bytes]:
    """Head and content of an answer: the member's own words and attachments, from the desk (ruling 18)."""
    mail = await carried(says.envelope, letter, parts, pgp)
    desk = parts.policy.desk
    subject = await _own_subject(letter, mail.case, parts)
    shown = await text_shown(mail, says.envelope, letter, parts, pgp)
    given = await asyncio.to_thread(_given, says, mail.opened, shown, parts.policy)
    head = Head(
        author_name=desk.name,
        to=letter.recipient,
        subject=f"Re: {subject} [{letter.case_id}]",
        message_id=letter.message_id,
        reference=letter.reference,
        reply_to=desk.address,
        in_reply_to=letter.in_reply_to,
    )
    return head, await asyncio.to_thread(_content, given, letter.reference)


def _given(says: Reply, opened: Opened, shown: str, policy: Policy) -> Answer:
    """What a member's mail says to the reporter; ``PermanentError`` where something internal is left in it.

    In a thread, as it takes as long as the mail is long.
    """
    member = policy.team.named(says.by.partition(":")[2])
    own = [address for one in member for address in one.addresses]
    names = [*own, *(one.name for one in member)]
    given = answer(opened.tree.root, policy.phrases, shown, names, opened.unpacked)
    if says.below:
        text = spoken(opened.tree.root)
        below = reading.text_below(text, policy.desk, policy.phrases, shown, names)
        given = replace(given, text=below)
    if tells(given, policy.private_addresses, own):
        raise PermanentError("it still contains text that is for the team only")
    return given


def _content(given: Answer, reference: str) -> bytes:
    return mixed(text_content(given.text), [attachment(part) for part in given.attached], reference)
