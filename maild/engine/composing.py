"""From a letter owed to the bytes that go out: template, signature, seal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, assert_never

from maild.config.letters import Letters
from maild.core.due import current
from maild.core.facts.table import PREPARED_KEY
from maild.core.letters import kinds
from maild.core.letters.kinds import LetterKind, Reader, Seal, Words
from maild.core.letters.payloads import (
    Copy,
    Held,
    Notice,
    Payload,
    Prepared,
    Reply,
    SentCopy,
)
from maild.core.mail import letter as building
from maild.core.mail.keyname import fingerprint
from maild.core.mail.letter import Content, Head, Sealed
from maild.core.values.desk import Desk
from maild.core.values.noticekind import NoticeKind
from maild.engine import bundles, heldlist, publishing, relaying
from maild.engine.carrying import Carrying
from maild.engine.parts import Parts
from maild.errors import PermanentError, TemporaryError
from maild.gateways.openpgp import OpenPGP, Recipient
from maild.store import keys
from maild.store.letters import Letter
from maild.store.situation import Situation

WITHOUT = timedelta(minutes=5)
"""How long acknowledgements are not signed after gpg failed to."""
MOST_HEAD = 20_000
"""Bytes within which the head of a letter ends."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter: the bytes that go out, what its reader reads of them, and the key that opens them, if any.

    Of what stays within the team nothing is ``read``: the last look is not for it, and copies are long.
    ``fixed``: they are the bytes that were fixed at an earlier try.
    """

    final: bytes = field(repr=False)
    read: bytes = field(repr=False)
    key: str = ""
    fixed: bool = False

    def says_as(self, other: bytes) -> bool:
        """Whether *other* is the same letter apart from the moment at which it was written."""
        return _undated(self.final) == _undated(other)


def _undated(final: bytes) -> bytes:
    return re.sub(rb"\r\nDate: [^\r\n]*", b"", final[:MOST_HEAD], count=1) + final[MOST_HEAD:]


def is_sealed(final: bytes) -> bool:
    """Whether the bytes of a letter are encrypted to its reader."""
    return b"\r\nContent-Type: multipart/encrypted;" in final[:MOST_HEAD]


class Composer:
    """Composes letters; plaintext lives in memory for as long as one letter is made."""

    def __init__(self, parts: Parts, templates: Letters, pgp: OpenPGP | None) -> None:
        self.parts = parts
        self.templates = templates
        self.pgp = pgp
        self.carrying = Carrying(parts, pgp)
        self.signs_from = parts.now()

    async def compose(self, letter: Letter, so: Situation, looked_at: bool = True) -> Composed:
        """*letter*, composed from what is *so*. ``PermanentError`` when it must be sealed and cannot be."""
        head, content = await self.written(letter, so)
        key = await self.key_of(letter, so)
        final = await self.final(letter, head, content)
        desk, now = self.parts.policy.desk, self.parts.now()
        key = key if is_sealed(final) else ""
        if not looked_at:
            return Composed(final, b"", key)
        return Composed(final, building.clear(head, content, desk, now), key)

    async def final(self, letter: Letter, head: Head, content: Content) -> bytes:
        """The bytes that go out, in clear, signed or sealed as its kind has it."""
        match kinds.row(letter.kind).seal:
            case Seal.ANY_KEY:
                return await self.to_member(letter, head, content)
            case Seal.ALWAYS:
                return await self.to_list(letter, head, content)
            case Seal.SIGNED:
                return await self.in_the_desks_name(letter, head, content)
            case Seal.NONE:
                if letter.sealed:
                    return await self.sealed(letter, head, content)
                return building.clear(head, content, self.parts.policy.desk, self.parts.now())
            case seal:
                assert_never(seal)

    async def written(self, letter: Letter, so: Situation) -> tuple[Head, Content]:
        """Head and content of *letter*, from wherever its words come."""
        parts, pgp, says = self.parts, self.pgp, letter.says
        match says:
            case Copy():
                return await relaying.copy_letter(says, letter, so.case, self.carrying)
            case SentCopy():
                return await relaying.sent_copy(says, letter, parts, self.templates)
            case Reply():
                return await relaying.answer_letter(says, letter, parts, pgp)
            case Prepared():
                return await self.approved(says, letter)
            case _:  # its template says it
                return self.rendered(letter, await self.known(letter, so))

    async def known(self, letter: Letter, so: Situation) -> Mapping[str, Any]:
        """What the template of *letter* is filled with; some of it is looked up only now."""
        says = letter.says
        if isinstance(says, Held):
            return await heldlist.facts(says, letter, self.parts)
        if isinstance(says, Notice) and says.about == NoticeKind.MORE_MAIL:
            return await bundles.facts(says, letter, self.parts)
        return current.facts(says, so.known, letter.reporter, self.parts.policy, self.parts.now())

    def withdrawn(self, letter: Letter, so: Situation) -> str:
        """Why *letter* is not to be sent any more; empty when it is."""
        if kinds.outside(letter.kind) or not current.timely(letter.says):
            return ""
        return current.withdrawn(letter.says, so.known, letter.reporter, self.parts.policy, self.parts.now())

    def rendered(self, letter: Letter, known: Mapping[str, Any]) -> tuple[Head, bytes]:
        """What the template makes of what is *known*."""
        words = self.templates.render(letter.kind, {"case_id": letter.case_id, **known}, self.parts.policy)
        named = letter.kind is not LetterKind.ANSWER or letter.case_id in words.subject
        subject = words.subject if named else f"{words.subject} [{letter.case_id}]"
        return self.head(letter, subject), building.text_content(words.text)

    async def approved(self, says: Prepared, letter: Letter) -> tuple[Head, bytes]:
        """A text for outsiders: to a member who approves it, or to its readers as it was approved."""
        head = self.head(letter, "")
        if kinds.row(letter.kind).reader is Reader.TEAM:
            return await publishing.prepared_letter(says, letter, head, self.templates, self.parts, self.pgp)
        return await publishing.outward_letter(says, letter, head, self.parts, self.pgp)

    async def to_member(self, letter: Letter, head: Head, content: Content) -> bytes:
        """Sealed to the member where there is a key; in clear only what came in clear."""
        desk, now = self.parts.policy.desk, self.parts.now()
        member = self.parts.policy.team.claimed_by(letter.recipient)
        try:
            if letter.sealed or (member and member.fingerprint):
                return await self.sealed(letter, head, content)
        except PermanentError:
            if letter.sealed:
                raise
        if desk.subaddress:
            head = replace(head, reply_to=tagged(desk, letter))
        return building.clear(head, content, desk, now)

    async def in_the_desks_name(self, letter: Letter, head: Head, content: Content) -> bytes:
        """Sealed when it has to be; else in clear, signed by the desk where it has a key."""
        desk, now = self.parts.policy.desk, self.parts.now()
        if letter.sealed:
            return await self.sealed(letter, head, content)
        row = kinds.row(letter.kind)
        if desk.subaddress and row.reader is Reader.REPORTER and row.words is Words.MEMBER:
            head = replace(head, reply_to=tagged(desk, letter))
        if signature := await self.signature(content, needed=row.words is not Words.MAILD):
            return building.signed(head, content, signature, desk, now)
        return building.clear(head, content, desk, now)

    async def signature(self, content: Content, needed: bool) -> bytes:
        """The desk's signature; nothing where it has no key.

        An acknowledgement waits for no gpg: where the signature is not *needed* and none is to be had now, it
        leaves without, and so do those of the next minutes, as a gpg that hangs takes a while each time.
        """
        now = self.parts.now()
        if self.pgp is None or not (needed or self.signs_from <= now):
            return b""
        try:
            return await self.pgp.sign(content)
        except (PermanentError, TemporaryError):
            if needed:
                raise
            self.signs_from = now + WITHOUT
            return b""

    async def key_of(self, letter: Letter, so: Situation) -> str:
        """The name of the key that *letter* would be encrypted to now; empty when there is none."""
        if kinds.row(letter.kind).seal is Seal.ALWAYS:
            key = await self.key_of_list(letter.says)
            return sha256(key).hexdigest() if key else ""
        return self.key_of_reader(letter, so)

    def key_of_reader(self, letter: Letter, so: Situation) -> str:
        """The fingerprint of the key of its reader, who is no list."""
        member = self.parts.policy.team.claimed_by(letter.recipient)
        return (member.fingerprint if member else "") or so.key

    def other_key(self, letter: Letter, so: Situation, key: str) -> bool:
        """Whether the reader of a letter encrypted to *key* has another by now; lists are not asked about."""
        own = kinds.row(letter.kind).seal is not Seal.ALWAYS
        return bool(key) and own and key != self.key_of_reader(letter, so)

    async def key_of_list(self, says: Payload) -> bytes:
        """The key of the list that a text is for, as its file has it now; nothing where there is none."""
        listed = self.parts.policy.targets.listed(says.item) if isinstance(says, Prepared) else None
        if self.pgp is None or listed is None or not listed.key:
            return b""
        return await self.pgp.key_in(self.parts.config.beside(listed.key))

    async def approved_key(self, letter: Letter, so: Situation) -> bool:
        """Whether the key of its list is still the one that two members approved, if they approved any."""
        says = letter.says
        if not isinstance(says, Prepared) or kinds.row(letter.kind).seal is not Seal.ALWAYS:
            return True
        approved = so.case.record.value(PREPARED_KEY, says.item) if so.case else ""
        return not approved or fingerprint(await self.key_of_list(says)) == approved

    async def to_list(self, letter: Letter, head: Head, content: Content) -> bytes:
        """Sealed to the key of its list; the list's own tag is all that is seen outside."""
        desk, now = self.parts.policy.desk, self.parts.now()
        item = letter.says.item if isinstance(letter.says, Prepared) else ""
        listed = self.parts.policy.targets.listed(item)
        if self.pgp is None or listed is None or not listed.key:
            raise PermanentError("there is no key to encrypt it with")
        key = await self.key_of_list(letter.says)
        shown = f"{listed.subject_tag} {building.SEALED_SUBJECT}".strip()
        inside, around = building.protected(head, content, desk, now), partial(Sealed, head, desk, now, shown)
        return await self.pgp.seal(inside, [key], into=around)

    async def sealed(self, letter: Letter, head: Head, content: Content) -> bytes:
        """The letter sealed to its reader and signed by the desk; the team's has the case outside."""
        desk, now = self.parts.policy.desk, self.parts.now()
        key = await self.recipient(letter)
        if self.pgp is None or not key:
            raise PermanentError("there is no key to encrypt it with")
        ours = letter.case_id and self.parts.policy.team.claimed_by(letter.recipient)
        shown = f"[{letter.case_id}] {building.SEALED_SUBJECT}" if ours else building.SEALED_SUBJECT
        inside, around = building.protected(head, content, desk, now), partial(Sealed, head, desk, now, shown)
        return await self.pgp.seal(inside, [key], into=around)

    async def recipient(self, letter: Letter) -> Recipient:
        """Whom gpg encrypts *letter* to, a member or a reporter; empty where there is no key."""
        member = self.parts.policy.team.claimed_by(letter.recipient)
        if member and member.fingerprint:
            return member.fingerprint
        return await self.parts.database.run(keys.content, letter.recipient, letter.case_id)

    def head(self, letter: Letter, subject: str) -> Head:
        """The head of an automatic letter."""
        return Head(
            author_name=self.parts.policy.desk.name,
            to=letter.recipient,
            subject=subject,
            message_id=letter.message_id,
            reference=letter.reference,
            reply_to=self.parts.policy.desk.address,
            auto=kinds.row(letter.kind).submitted,
            in_reply_to=letter.in_reply_to,
            references=letter.references,
            author=self.parts.policy.canary.sender if kinds.row(letter.kind).reader is Reader.DESK else "",
        )


def tagged(desk: Desk, letter: Letter) -> str:
    """The desk's address with the token of the letter's reader, which is the head of its Message-ID."""
    local, _, domain = desk.address.rpartition("@")
    token = letter.message_id.lstrip("<").partition(".")[0]
    return f"{local}{desk.subaddress}{token}@{domain}"
