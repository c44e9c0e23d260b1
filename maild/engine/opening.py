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
from maild.core.mail.facts import Facts, FolderRole, outer_author, read_facts
from maild.core.mail.mime import Tree, parse
from maild.core.mail.offered import KeyData, OfferedKey, Source, names_author, offered
from maild.core.mail.opened import Decryption, Opened
from maild.core.mail.rejoined import labelled
from maild.core.mail.sealed import find_sealed
from maild.engine import offloop, ownership
from maild.engine.handler import arrival, handle_opened
from maild.engine.offloop import ask
from maild.engine.opener import opening
from maild.engine.parts import Parts, process, set_aside
from maild.engine.progress import Progress, backoff
from maild.errors import Deposed, StoreError, TemporaryError, fingerprint
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
            await self.parts.database.run(envelopes.begin, one, process())
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
        except (StoreError, Deposed):  # that is not the mail's trouble: it is the next again
            raise
        except TemporaryError as error:
            await self.wait(envelope, str(error))
        except Exception as error:  # noqa: BLE001 - a bug must not stop the queue: shunt
            await set_aside(self.parts, envelope_id, fingerprint(error))
        self.progress.goes_on()

    async def look_inside(self, envelope: Envelope) -> None:
        """Open and handle; the plaintext goes no further than this call."""
        log.opening(envelope.id, envelope.attempts)
        facts, opened, found = await offloop.run(self.looked(envelope))
        now, policy = self.parts.now(), self.parts.policy
        await self.parts.database.run(handle_opened, envelope, facts, opened, found, policy, now)
        self.parts.owed.set()

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

    # From here on everything is steps, as it takes as long as the mail is long.

    async def looked(self, envelope: Envelope) -> tuple[Facts, Opened, tuple[OfferedKey, ...]]:
        """The mail opened, what it says, and the keys that it offers."""
        policy = self.parts.policy
        tree = parse(envelope.content)
        author = outer_author(tree.root.headers, policy)
        known = await ask(self.parts.database.run(keys.content, author.address)) if author else b""
        found = digests(tree, policy.phrases)
        anothers = await ownership.anothers(self.parts, tree, envelope.role, found)
        opened = await self.opened(tree, anothers, known)
        log.opened(envelope.id, opened.form, opened.decryption, opened.signature.status)
        offers = await self.examine(tree, opened, author, known)
        facts = read_facts(tree, policy, FolderRole(envelope.role), opened)
        ciphers = found if opened.decryption is Decryption.OK else ()
        return facts, replace(opened, answers=await self.answered(facts), ciphers=ciphers), offers

    async def opened(self, tree: Tree, anothers: bool, known: bytes = b"") -> Opened:
        """The mail *tree* opened as far as it may be, a signature by the *known* key of its author judged."""
        phrases = self.parts.policy.phrases
        return await opening(tree, self.pgp, phrases, self.parts.now(), known, anothers=anothers)

    async def answered(self, facts: Facts) -> str:
        """What the mail says that a member's mail answers, where it came encrypted; else nothing."""
        member = facts.author and self.parts.policy.team.claimed_by(facts.author.address)
        run = self.parts.database.run
        found = await ask(run(answered_mails.find, facts.references)) if member else None
        kept = await ask(run(envelopes.get, found)) if found else None
        if kept is None or kept.purged:
            return ""
        tree = parse(kept.content)
        if not find_sealed(tree, self.parts.policy.phrases):
            return ""
        opened = await self.opened(tree, await ownership.anothers(self.parts, tree, kept.role))
        return quotable(labelled(opened)) if opened.decryption is Decryption.OK else ""

    async def examine(
        self, tree: Tree, opened: Opened, author: Address | None, known: bytes
    ) -> tuple[OfferedKey, ...]:
        """The keys that the mail offers, each looked at in a scratch home."""
        if self.pgp is None or author is None:
            return ()
        found = offered(tree.root.headers, opened.tree, author)
        return tuple([await self._examined(self.pgp, data, author, known) for data in found])

    async def _examined(self, pgp: OpenPGP, data: KeyData, author: Address, known: bytes) -> OfferedKey:
        """One key; a copy (or a bare revocation) of the *known* one is merged with what is kept of it."""
        key = await ask(pgp.examine_key(data.content))
        if known and (not key.refused or key.refused == NO_KEY):
            merged = await ask(pgp.examine_key(data.content, known))
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
