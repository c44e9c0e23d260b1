"""The last look at a letter to anybody outside the team: what the pure gate has to know, gathered."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from maild.core.cases.authority import author_of
from maild.core.cases.heading import heading
from maild.core.disclosure.outward import IN_MAIL
from maild.core.facts.record import inside as inside_words
from maild.core.facts.table import ANNOUNCED_AT, PREPARED, PREPARED_TEXT
from maild.core.letters import kinds, payloads
from maild.core.letters.kinds import LetterKind, Reader
from maild.core.letters.kinds import Words as WhoseWords
from maild.core.letters.payloads import Copy, Notice, Prepared, Reply, SentCopy
from maild.core.mail.address import addresses
from maild.core.mail.answer import answer
from maild.core.mail.body import readable
from maild.core.mail.copy import FENCE, fenced
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption
from maild.core.mail.reply import own_text
from maild.core.values.people import Audience
from maild.core.values.phrases import Phrases
from maild.core.words import reading as reading_words
from maild.core.words.table import ROWS
from maild.core.writing.gate import check, reading
from maild.core.writing.gate.beside import beside, handed_on
from maild.core.writing.gate.check import Fault, Known
from maild.core.writing.gate.overtaken import overtaken
from maild.core.writing.gate.reading import Seen
from maild.core.writing.gate.signature import without_our_signature
from maild.engine import offloop, ownership, publishing
from maild.engine.carrying import carrying
from maild.engine.offloop import ask
from maild.engine.opener import opening
from maild.engine.parts import Parts
from maild.engine.tokens import Tokens
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP
from maild.store import envelopes, facts, lastlook
from maild.store.lastlook import Words
from maild.store.letters import Letter
from maild.store.situation import Situation

MOST_BLOCKS = 6
"""Messages of a case of whose copies the block is compared."""
AGAIN = timedelta(hours=1)
"""How long the same words of a member do not go to the same reporter once more by themselves."""
MOVED = "moved"
"""The fault of a letter whose reader is answered at another address by now."""


class LastLook:
    """Looks at letters; what it opens is in memory while one letter is looked at."""

    def __init__(self, parts: Parts, pgp: OpenPGP | None) -> None:
        self.parts = parts
        self.pgp = pgp
        self.tokens = Tokens(parts)

    def concerns(self, letter: Letter) -> bool:
        """Whether the letter goes to anybody outside the team."""
        reader = kinds.row(letter.kind).reader
        if reader is Reader.TEAM:
            return self.parts.policy.team.claimed_by(letter.recipient) is None and self._of_case(letter)
        return reader is not Reader.DESK

    def _of_case(self, letter: Letter) -> bool:
        contacts = {member.contact for member in self.parts.policy.team.members}
        return bool(letter.case_id) and letter.recipient not in contacts

    def overtaken(self, letter: Letter, so: Situation) -> str:
        """Why nobody may let *letter* go, by the name of a fault; empty when nothing has overtaken it."""
        if so.case is None or kinds.row(letter.kind).reader is not Reader.REPORTER:
            return ""
        if so.moved:
            return MOVED
        return overtaken(letter.kind, letter.says, letter.sealed or so.in_clear, so.case)

    async def fault(self, letter: Letter, raw: bytes) -> Fault | None:
        """What keeps *letter* back, whose reader reads *raw*; ``None`` when it may leave."""
        found = await offloop.run(self._looked(letter, raw), alone=False)
        private = isinstance(letter.says, Reply) and letter.says.encrypted
        return replace(found, line="") if found and private else found

    # From here on everything is steps, as it takes as long as the mails are long that are looked through.

    async def _looked(self, letter: Letter, raw: bytes) -> Fault | None:
        seen = reading.look(without_our_signature(raw))
        if isinstance(letter.says, Copy | SentCopy | Notice):
            return check.fault_for_guest(seen, await self._of_other_cases(letter, seen))
        known = await self.known(letter, seen)
        found = _fault(seen, known, raw if isinstance(letter.says, Reply) else b"")
        return found or await self._again(letter)

    async def _again(self, letter: Letter) -> Fault | None:
        """Whether its author has just said the same to its reader: mail programs send messages twice."""
        if not isinstance(letter.says, Reply):
            return None
        lately = await ask(self.parts.database.run(lastlook.answered_lately, letter.id, AGAIN))
        said = await self._said(letter.says.envelope) if lately else None
        return Fault("again") if said and any([await self._said(one) == said for one in lately]) else None

    async def _said(self, mail: int) -> tuple[str, list[bytes]] | None:
        """The letters and files of a member's message; ``None`` when it is gone."""
        if (root := await self._opened(mail)) is None:
            return None
        given = answer(root, self.parts.policy.phrases)
        letters = "".join(one for one in given.text.casefold() if one.isalnum())
        return letters, [one.content for one in given.attached]

    async def _of_other_cases(self, letter: Letter, seen: Seen) -> Known:
        """What a guest of this case may not read: tokens, and in a member's message words of other cases."""
        run, says = self.parts.database.run, letter.says
        tokens = await self.tokens.for_guest(letter, seen)
        if not isinstance(says, Copy) or not await ask(run(lastlook.by_team, says.envelope)):
            return Known(tokens)
        about = await ask(run(lastlook.foreign_words, letter.case_id, letter.recipient, self._team()))
        others = tuple([one async for one in self._elsewhere(about, letter.recipient)])
        people = await ask(run(lastlook.others_reporters, check.addresses(seen.texts), letter.case_id))
        return Known(tokens, internal=others, shared=await self._known_to(about, letter), people=people)

    async def _known_to(self, about: Words, letter: Letter) -> tuple[str, ...]:
        return tuple([one async for one in self._shared(about, letter.recipient)])

    def _team(self) -> frozenset[str]:
        return frozenset(one for member in self.parts.policy.team.members for one in member.addresses)

    async def _own(self, letter: Letter) -> frozenset[str]:
        """The addresses of the member who answers by it, or who prepared what two approved."""
        authority = payloads.by(letter.says)
        if isinstance(letter.says, Prepared):
            record = await ask(self.parts.database.run(facts.of_case, letter.case_id))
            prepared = record.fact(PREPARED, letter.says.item)
            authority = prepared.by if prepared else ""
        name = authority.partition(":")[2]
        return frozenset(one for member in self.parts.policy.team.named(name) for one in member.addresses)

    async def known(self, letter: Letter, seen: Seen) -> Known:
        """What must not be in *letter*, which reads as *seen*, and what its reader knows already."""
        policy, database = self.parts.policy, self.parts.database
        own, reader = await self._own(letter), letter.recipient
        tokens = await self.tokens.for_reporter(letter, seen, own)
        private = policy.private_addresses
        if letter.kind == LetterKind.RECEIPT:
            private -= policy.whom_to_write_to  # it names them, as the published policy does
        row = kinds.row(letter.kind)
        if row.reader is not Reader.REPORTER or row.words is WhoseWords.MAILD:
            return Known(tokens, private, own=own)  # no other mail is opened for it: gpg may not be able to
        about = await ask(database.run(lastlook.words, letter.case_id, reader, self._team()))
        record = await ask(database.run(facts.of_case, letter.case_id))
        people = await ask(database.run(lastlook.reporters, check.addresses(seen.texts)))
        inside = [one async for one in self._internal(about, reader)]
        texts = () if record.items(ANNOUNCED_AT) else record.items(PREPARED_TEXT).values()
        inside += [one async for one in self._typed(texts)]
        return Known(
            tokens,
            private,
            (*inside, *inside_words(record), *about.reasons),
            told=(*_from_maild(about), *about.said, *[one async for one in self._blocks(about, letter)]),
            shared=await self._known_to(about, letter),
            people=people - {reader},
            others=tuple([one async for one in self._elsewhere(about, reader)]),
            given=tuple(_said(letter)),
            own=own,
            prefix=policy.desk.prefix,
        )

    async def _internal(self, about: Words, reader: str) -> AsyncIterator[str]:
        usual, phrases = _usual(about), self.parts.policy.phrases
        for mail in about.internal:
            if (root := await self._opened(mail)) is not None:
                for one in (_spoken(root, phrases), *beside(root, phrases, reader)):
                    yield _unusual(one, usual)

    async def _elsewhere(self, about: Words, reader: str) -> AsyncIterator[str]:
        usual, phrases = _usual(about), self.parts.policy.phrases
        for text in (*about.typed, *[one async for one in self._typed(about.prepared)]):
            yield _unusual(text, usual)
        for mail in about.elsewhere:
            root = await self._opened(mail)
            if root is not None and not _addressed(root, reader):
                for one in (_own(root, phrases), *beside(root, phrases, reader)):
                    yield _unusual(one, usual)

    async def _blocks(self, about: Words, letter: Letter) -> AsyncIterator[str]:
        """The blocks on top of the newest copies, which most members got encrypted: values without labels."""
        policy, now = self.parts.policy, self.parts.now()
        for mail in (*about.internal, *about.shared)[:MOST_BLOCKS]:
            with suppress(PermanentError):  # it was deleted
                found = await carrying(mail, letter, self.parts, self.pgp, looked=False)
                author = author_of(found.facts, found.opened, policy, found.known_key, None)
                audience = Audience.REPORTER
                block = heading(found.case, found.facts, found.opened, author, audience, "", policy, now)
                yield "\n".join(value for _, value in block)

    async def _typed(self, texts: Iterable[str]) -> AsyncIterator[str]:
        """Texts for the public that were handed in on the command line, until they are announced."""
        for one in texts:
            if not one.startswith(IN_MAIL):
                with suppress(PermanentError):  # it is encrypted to a key that is gone
                    yield await ask(publishing.handed_in(one, self.parts, self.pgp))

    async def _shared(self, about: Words, reader: str) -> AsyncIterator[str]:
        if not (about.internal or about.copies or about.elsewhere or about.told):
            return
        for mail in about.shared:
            if (root := await self._opened(mail)) is not None:
                for one in reading.look(root.raw).texts:
                    yield one
        for raw in (*about.sent, *[one async for one in self._handed_on(about, reader)]):
            for one in reading.look(raw).texts:
                yield one
        for mail in about.answered:  # what a member quoted or hid in it did not go out with it
            if (root := await self._opened(mail)) is not None:
                yield _own(root, self.parts.policy.phrases)

    async def _handed_on(self, about: Words, reader: str) -> AsyncIterator[bytes]:
        for mail in about.handed_on:
            if (root := await self._opened(mail)) is not None:
                for raw in handed_on(root, reader):
                    yield raw

    async def _opened(self, mail: int) -> Part | None:
        """The mail as it was read; ``None`` when it is gone or stays closed."""
        envelope = await ask(self.parts.database.run(envelopes.get, mail))
        if envelope is None or envelope.purged:
            return None
        tree = parse(envelope.content)
        anothers = await ownership.anothers(self.parts, tree, envelope.role)
        phrases, now = self.parts.policy.phrases, self.parts.now()
        opened = await opening(tree, self.pgp, phrases, now, anothers=anothers)
        return None if opened.sealed and opened.decryption is not Decryption.OK else opened.tree.root


def _fault(seen: Seen, known: Known, written: bytes) -> Fault | None:
    """What keeps a letter back; *written* is it as composed where a member wrote it, else nothing."""
    return check.fault(seen, known, readable(parse(written).root) if written else "")


def _addressed(root: Part, reader: str) -> bool:
    """Whether the mail *root* went to *reader*, who knows it then."""
    return any(one.address == reader for one in addresses(root.headers, "To", "Cc"))


def _own(root: Part, phrases: Phrases) -> str:
    """What the author of the mail *root* wrote."""
    return own_text(readable(root), phrases)


def _spoken(root: Part, phrases: Phrases) -> str:
    """The same without what commands tell outsiders: a reason there is for the letter that is drafted."""
    return "\n".join(line for line in _own(root, phrases).splitlines() if not _told(line))


def _told(line: str) -> bool:
    rows = (ROWS.get(word.name) for word in reading_words.read(line))
    return any(row is not None and row.told for row in rows)


def _usual(about: Words) -> frozenset[str]:
    """The lines that somebody writes everywhere: a disclaimer below all of it is no secret."""
    return frozenset(line for raw in about.usual for line in _lines(readable(parse(raw).root)))


def _unusual(text: str, usual: frozenset[str]) -> str:
    return "\n".join(one for one in _lines(text) if one not in usual)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def _said(letter: Letter) -> Iterator[str]:
    """What a member had maild say in it: words that were given for its reader."""
    return (value for value in letter.facts.values() if isinstance(value, str))


def _from_maild(about: Words) -> list[str]:
    """What maild told the team: its letters, and the blocks on top of copies, with labels and without."""
    found = [_around_draft(readable(parse(raw).root)) for raw in about.told]
    for raw in about.copies:
        text = next((part.text for part in parse(raw).root.leaves), "")
        if FENCE in text:
            block = fenced(text)
            found += [block, "\n".join(line.partition(":")[2] for line in block.splitlines())]
    return found


def _around_draft(text: str) -> str:
    """*text* without a draft for the reporter in it, which its template marks with bars."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))
