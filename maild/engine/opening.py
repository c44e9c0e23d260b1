"""The second look at sealed and signed mail: opened outside any transaction, then handled like any event."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from maild import log
from maild.core.event import OpeningDelayed
from maild.core.mail.address import Address
from maild.core.mail.attached import quotable
from maild.core.mail.ciphers import digests
from maild.core.mail.facts import Facts, FolderRole, read_facts
from maild.core.mail.mime import Tree, parse
from maild.core.mail.offered import KeyData, OfferedKey, Source, names_author, offered
from maild.core.mail.opened import Decryption, Opened
from maild.core.mail.rejoined import labelled
from maild.core.mail.sealed import find_sealed
from maild.core.values.phrases import Phrases
from maild.engine import ownership
from maild.engine.carrying import outside
from maild.engine.handler import arrival, handle_opened
from maild.engine.opener import open_mail
from maild.engine.parts import Parts, set_aside
from maild.engine.progress import Progress, backoff
from maild.errors import StoreError, TemporaryError, fingerprint
from maild.gateways.openpgp import NO_KEY, OpenPGP
from maild.store import answered_mails, envelopes, keys
from maild.store.envelopes import Envelope

TRY_AGAIN = timedelta(minutes=1)


class Opening:
    """Opens what waits to be opened. Plaintext lives in memory for as long as one mail is looked at."""

    def __init__(self, parts: Parts, pgp: OpenPGP | None) -> None:
        self.parts = parts
        self.pgp = pgp
        self.wake = asyncio.Event()
        self.progress = Progress()

    async def drain(self) -> None:
        """Open everything whose time has come, two at a time; first, alone, what we may have died of."""
        ids = await self.parts.database.run(envelopes.unhandled, envelopes.TO_OPEN, self.parts.now())
        suspects = await self.parts.database.run(envelopes.suspected, envelopes.TO_OPEN) if ids else []
        for one in (one for one in suspects if one in ids):
            await self.parts.database.run(envelopes.begin, one)
            await self.open(one)
        rest = iter([one for one in ids if one not in suspects])
        side_by_side = (self.open_each(rest) for _ in range(envelopes.OPENED_AT_ONCE))
        for failed in await asyncio.gather(*side_by_side, return_exceptions=True):
            if failed:
                raise failed

    async def open_each(self, ids: Iterator[int]) -> None:
        """One after the other of what is left, whoever else takes from it."""
        for one in ids:
            await self.open(one)

    async def open(self, envelope_id: int) -> None:
        """Open one mail; trouble outside makes it wait, a bug sets it aside. Either way the loop goes on."""
        envelope = await self.parts.database.run(envelopes.get, envelope_id)
        if envelope is None:
            return
        try:
            await self.look_inside(envelope)
        except TemporaryError as error:
            await self.wait(envelope, str(error))
        except Exception as error:  # noqa: BLE001 - a bug must not stop the queue: shunt
            await set_aside(self.parts, envelope_id, fingerprint(error))
        self.progress.goes_on()

    async def look_inside(self, envelope: Envelope) -> None:
        """Open and handle; the plaintext goes no further than this call."""
        log.opening(envelope.id, envelope.attempts)
        policy = self.parts.policy
        tree, author = await asyncio.to_thread(outside, envelope.content, policy)
        anothers = await ownership.anothers(self.parts, tree, envelope.role)
        known = await self.known_key(author)
        opened = await open_mail(tree, self.pgp, policy.phrases, self.parts.now(), known, anothers=anothers)
        log.opened(envelope.id, opened.form, opened.decryption, opened.signature.status)
        now = self.parts.now()
        found = await self.examine(tree, opened, author)
        facts = await asyncio.to_thread(read_facts, tree, policy, FolderRole(envelope.role), opened)
        ciphers = await asyncio.to_thread(_ciphers, tree, opened, policy.phrases)
        opened = replace(opened, answers=await self.answered(facts), ciphers=ciphers)
        await self.parts.database.run(handle_opened, envelope, facts, opened, found, policy, now)
        self.parts.owed.set()

    async def answered(self, facts: Facts) -> str:
        """What the mail says that a member's mail answers, where it came encrypted; else nothing."""
        member = facts.author and self.parts.policy.team.claimed_by(facts.author.address)
        database = self.parts.database
        found = await database.run(answered_mails.find, facts.references) if member else None
        kept = await database.run(envelopes.get, found) if found else None
        if kept is None or kept.purged:
            return ""
        phrases = self.parts.policy.phrases
        tree = await asyncio.to_thread(_sealed, kept.content, phrases)
        if tree is None:
            return ""
        anothers = await ownership.anothers(self.parts, tree, kept.role)
        opened = await open_mail(tree, self.pgp, phrases, self.parts.now(), anothers=anothers)
        return await asyncio.to_thread(_quotable, opened)

    async def known_key(self, author: Address | None) -> bytes:
        """The key remembered for the *author* of a mail, or nothing."""
        return await self.parts.database.run(keys.content, author.address) if author else b""

    async def examine(self, tree: Tree, opened: Opened, author: Address | None) -> tuple[OfferedKey, ...]:
        """The keys that the mail offers, each looked at in a scratch home."""
        if self.pgp is None or author is None:
            return ()
        known = await self.known_key(author)
        found = await asyncio.to_thread(offered, tree.root.headers, opened.tree, author)
        return tuple([await self._examined(self.pgp, data, author, known) for data in found])

    async def _examined(self, pgp: OpenPGP, data: KeyData, author: Address, known: bytes) -> OfferedKey:
        """One key; a copy (or a bare revocation) of the *known* one is merged with what is kept of it."""
        key = await pgp.examine_key(data.content)
        if known and (not key.refused or key.refused == NO_KEY):
            merged = await pgp.examine_key(data.content, known)
            if merged.fingerprint == key.fingerprint or (key.refused and merged.revoked):
                key = merged
        ours = names_author(key.names, author) or data.source is Source.AUTOCRYPT
        return OfferedKey(
            source=data.source,
            fingerprint=key.fingerprint,
            minimal=key.minimal,
            names_author=ours,
            can_encrypt=key.can_encrypt,
            mutual=data.mutual,
            revoked=key.revoked,
            refused=key.refused,
        )

    async def wait(self, envelope: Envelope, why: str) -> None:
        """Gpg cannot be asked now: the mail stays *not opened yet*, and somebody is told once."""
        log.opening_waits(envelope.id, why)
        now = self.parts.now()
        first = await self.parts.database.run(envelopes.wait, envelope.id, now + TRY_AGAIN, why)
        if first:
            await self.parts.handle(OpeningDelayed(arrival(envelope)))

    async def run(self, progress: Progress) -> None:
        """Open for ever: when ingress says so, and every half minute for what has to be tried again."""
        self.progress = progress
        failures = 0
        while True:
            self.wake.clear()
            try:
                await self.drain()
            except StoreError as error:
                failures += 1
                progress.after(error)
                await asyncio.sleep(backoff(failures))
                continue
            failures = 0
            progress.turn()
            try:
                async with asyncio.timeout(30):
                    await self.wake.wait()
            except TimeoutError:
                continue


def _sealed(content: bytes, phrases: Phrases) -> Tree | None:
    """The mail *content* where it came encrypted; in a thread, as it takes as long as the mail is long."""
    tree = parse(content)
    return tree if find_sealed(tree, phrases) else None


def _ciphers(tree: Tree, opened: Opened, phrases: Phrases) -> tuple[str, ...]:
    """The digests of the ciphertexts that were opened; in a thread, as they are as long as the mail."""
    return digests(tree, phrases) if opened.decryption is Decryption.OK else ()


def _quotable(opened: Opened) -> str:
    """What people may quote of a mail that was *opened*; nothing where it stayed closed."""
    return quotable(labelled(opened)) if opened.decryption is Decryption.OK else ""
