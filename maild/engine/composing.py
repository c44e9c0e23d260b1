"""From a letter owed to the bytes that go out: template, signature, seal."""

from maild.config.letters import Letters
from maild.core.decision import LetterKind
from maild.core.mail import letter as building
from maild.core.mail.letter import Head
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP, Recipient
from maild.store import keys
from maild.store.letters import Letter


class Composer:
    """Composes letters; plaintext lives in memory for as long as one letter is made."""

    def __init__(self, parts: Parts, templates: Letters, pgp: OpenPGP | None) -> None:
        self.parts = parts
        self.templates = templates
        self.pgp = pgp

    async def compose(self, letter: Letter) -> bytes:
        """The final bytes of *letter*. ``PermanentError`` when it must be sealed and cannot be."""
        words = self.templates.render(
            letter.kind, {"case_id": letter.case_id, **letter.facts}, self.parts.policy
        )
        desk, now = self.parts.policy.desk, self.parts.now()
        head = self.head(letter, desk.name, words.subject)
        content = building.text_content(words.text)
        if not letter.sealed:
            return building.clear(head, content, desk, now)
        armored = await self.seal(letter.recipient, building.protected(head, content, desk, now))
        return building.sealed(head, armored, desk, now)

    def head(self, letter: Letter, author_name: str, subject: str) -> Head:
        """The head of an automatic letter."""
        return Head(
            author_name=author_name,
            to=letter.recipient,
            subject=subject,
            message_id=letter.message_id,
            reference=letter.reference,
            reply_to=self.parts.policy.desk.address,
            auto="auto-replied" if letter.kind == LetterKind.RECEIPT else "auto-generated",
            in_reply_to=letter.in_reply_to,
            references=letter.references,
        )

    async def seal(self, reader: str, content: bytes) -> bytes:
        """*content* sealed to its reader, a member or a reporter, and signed by the desk."""
        member = self.parts.policy.team.claimed_by(reader)
        key: Recipient = member.fingerprint if member else b""
        key = key or await self.parts.database.run(keys.content, reader)
        if self.pgp is None or not key:
            raise PermanentError("there is no key to seal it with")
        return await self.pgp.seal(content, [key])
