"""Letters that carry a mail on: the team's copies, and a member's answer made the desk's own."""

from dataclasses import dataclass, replace

from maild.core import ids
from maild.core.candidates import Alike
from maild.core.cases import alike, words
from maild.core.cases.authority import author_of
from maild.core.cases.case import Case
from maild.core.cases.heading import heading
from maild.core.cases.people import Audience
from maild.core.cases.remarks import remarks
from maild.core.change import Verdict
from maild.core.mail import copy
from maild.core.mail.answer import answer, tells
from maild.core.mail.facts import Facts, FolderRole, outer_author, read_facts
from maild.core.mail.letter import Head, attachment, mixed, text_content
from maild.core.mail.mime import Tree, parse
from maild.core.mail.opened import Decryption, Opened
from maild.core.mail.text import harmless
from maild.core.policy import Desk
from maild.engine.opener import open_mail
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP
from maild.store import cases, envelopes, features, keys, views
from maild.store.letters import Letter


@dataclass(frozen=True, slots=True)
class Carried:
    """The mail that a letter carries on, opened, with its case; in memory while the letter is composed.

    ``known_key`` is the fingerprint of the key remembered for its author, ``alike`` are the other cases that
    share something with it, and ``opens``: this mail opened the case.
    """

    tree: Tree
    opened: Opened
    facts: Facts
    case: Case
    known_key: str = ""
    alike: tuple[Alike, ...] = ()
    opens: bool = False


async def carried(letter: Letter, parts: Parts, pgp: OpenPGP | None) -> Carried:
    """Load and open what *letter* carries on; ``PermanentError`` when it is gone."""
    envelope = await parts.database.run(envelopes.get, int(str(letter.facts["envelope"])))
    case = await parts.database.run(cases.get, letter.case_id)
    if envelope is None or envelope.purged or case is None:
        raise PermanentError("the mail it carries on was purged")
    tree = parse(envelope.content)
    named = outer_author(tree.root.headers, parts.policy)
    author = named.address if named else ""
    known_key = await parts.database.run(keys.fingerprint, author)
    opened = await open_mail(tree, pgp, parts.now(), await parts.database.run(keys.content, author))
    facts = read_facts(tree, parts.policy, FolderRole(envelope.role), opened)
    hashed = alike.hashed(alike.features(facts, opened), parts.policy.desk.secret)
    shared = await parts.database.run(features.like, hashed, case.id)
    opens = await parts.database.run(envelopes.verdict, envelope.id) == Verdict.REPORT
    return Carried(tree, opened, facts, case, known_key, shared, opens)


async def copy_letter(letter: Letter, parts: Parts, pgp: OpenPGP | None) -> tuple[Head, bytes]:
    """Head and content of a member's copy: the block on top, the mail itself untouched below."""
    mail = await carried(letter, parts, pgp)
    desk, audience = parts.policy.desk, Audience(str(letter.facts["audience"]))
    author = author_of(mail.facts, mail.opened, parts.policy, mail.known_key)
    lines = heading(mail.case, mail.facts, mail.opened, author, audience, _team_address(letter, desk))
    lines += remarks(mail.facts, mail.opened, mail.alike, mail.opens)
    whole = mail.opened.tree.root if mail.opened.decryption is Decryption.OK else mail.tree.root
    shown = mail.facts.author or mail.facts.shown_author
    name = (shown.name or shown.address.partition("@")[0]) if shown else "somebody"
    head = Head(
        author_name=f"{name} via {desk.name}",
        to=desk.address,
        subject=f"[{letter.case_id}] {harmless(mail.facts.subject) or '(no subject)'}",
        message_id=letter.message_id,
        reference=letter.reference,
        reply_to=desk.address,
        auto="auto-generated",
        references=letter.references,
    )
    return head, copy.content(lines, whole, letter.reference)


def _team_address(letter: Letter, desk: Desk) -> str:
    """Where the reader of a copy writes to the team alone."""
    if not desk.subaddress:
        return ""
    local, _, domain = desk.address.rpartition("@")
    token = ids.token(desk.secret, letter.case_id, letter.recipient, Audience.TEAM)
    return f"{local}{desk.subaddress}{token}@{domain}"


async def answer_letter(letter: Letter, parts: Parts, pgp: OpenPGP | None) -> tuple[Head, bytes]:
    """Head and content of an answer: the member's own words and attachments, from the desk (ruling 18)."""
    mail = await carried(letter, parts, pgp)
    desk = parts.policy.desk
    shown = await parts.database.run(views.show, letter.case_id)
    subject = "your report" if mail.case.sealed or not shown else str(shown["subject"])
    given = answer(mail.opened.tree.root)
    if letter.facts.get("below"):
        given = replace(given, text=words.below(given.text))
    if tells(given, parts.policy.private_addresses):
        raise PermanentError("it still holds words that are for the team only")
    head = Head(
        author_name=desk.name,
        to=letter.recipient,
        subject=f"Re: {subject} [{letter.case_id}]",
        message_id=letter.message_id,
        reference=letter.reference,
        reply_to=desk.address,
        in_reply_to=letter.in_reply_to,
    )
    attached = [attachment(part) for part in given.attached]
    return head, mixed(text_content(given.text), attached, letter.reference)
