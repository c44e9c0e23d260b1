"""Letters out: claimed, composed, their final bytes committed, sent, settled through the handler."""

import asyncio
from contextlib import nullcontext, suppress

from sqlalchemy import Connection

from maild.core.disclosure import gate, sending
from maild.core.disclosure.gate import Barred
from maild.core.event import Delivery
from maild.core.letters import kinds
from maild.core.letters.kinds import Reader
from maild.core.letters.payloads import Prepared
from maild.core.mail.letter import envelope_sender
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.writing.asof import timely
from maild.core.writing.gate.check import Fault
from maild.engine.claiming import Claims
from maild.engine.composing import Composed, Composer, is_sealed
from maild.engine.lastlook import LastLook
from maild.engine.parts import Parts
from maild.engine.progress import Progress, backoff
from maild.engine.publishing import Outdated
from maild.engine.servertime import ServerTime
from maild.engine.settling import Settling
from maild.engine.storing import Storing
from maild.engine.turns import Turns
from maild.errors import PermanentError, StoreError, TemporaryError, fingerprint
from maild.gateways.smtp import Outcome, Sessions, SmtpAccount
from maild.store import letterbytes, letters, situation
from maild.store.letters import Letter
from maild.store.situation import Situation

HEAVY = 2_000_000
"""Bytes of a mail from which on its letters go out one by one: each is in memory several times."""
IDLE = 5.0
"""Seconds between two looks at the outbox without being called."""


class Dispatcher:
    """Sends what the outbox owes."""

    def __init__(
        self,
        parts: Parts,
        account: SmtpAccount,
        composer: Composer,
        outside: SmtpAccount | None = None,
        server_time: ServerTime | None = None,
    ) -> None:
        self.parts = parts
        self.account = account
        self.outside = outside or account
        self.composer = composer
        self.server_time = server_time
        self.last_look = LastLook(parts, composer.pgp)
        self.ending = False
        self.sessions = Sessions(parts.database.holds)
        self.claims = Claims(parts)
        self._heavy = asyncio.Lock()
        self._turns = Turns()
        self.storing = Storing(parts)
        self.settling = Settling(parts, self.storing)

    async def drain(self) -> None:
        """Try every letter whose time has come, a few at once; none while a refused login rests."""
        try:
            while not (self.ending or self.settling.rests()) and (due := await self.claims.next()):
                await asyncio.gather(*(self.send(letter, so) for letter, so in due))
        finally:
            self.composer.carrying.forget()
            await self.sessions.close()

    async def send(self, letter: Letter, so: Situation) -> None:
        """One letter; one that carries a big mail waits for the others of its kind, as memory is short."""
        async with self._heavy if letter.weight > HEAVY else nullcontext():
            await self.hand_in(letter, so)
        if self.storing.progress:
            self.storing.progress.goes_on()

    async def hand_in(self, letter: Letter, so: Situation) -> None:
        """Its bytes are committed before the first word to the server, and fixed in every later try."""
        if not await self.wanted(letter, so) or (made := await self.made(letter, so)) is None:
            return
        async with self._turns.turn() as soon:
            if not soon or self.ending or self.settling.rests():
                await self.storing.persist(letters.take_back, letter.id)
            elif await self.storing.persist(self.fix, letter, *made):
                content = made[0].final
                del made  # what was looked at is not needed any more, and may be large
                await self.settling.settle(letter, await self.handed_in(letter, content))

    async def made(self, letter: Letter, so: Situation) -> tuple[Composed, Fault | None] | None:
        """Its bytes, which are in memory until they are sent, and what holds it back; ``None``: not now."""
        try:
            made = await self.bytes_of(letter, so)
            return made, await self.stopped(letter, so, made)
        except StoreError:  # not the letter's trouble: it is composed anew as soon as the database is back
            await self.storing.persist(letters.take_back, letter.id)
        except TemporaryError as error:
            await self.settling.postpone(letter, str(error))
        except PermanentError as error:
            delivery = Delivery.UNSEALED if letter.sealed else Delivery.FAILED
            delivery = Delivery.BARRED if isinstance(error, Outdated) else delivery
            await self.settling.end_as(delivery, letter, str(error))
        except Exception as error:  # noqa: BLE001 - one letter that cannot be composed must not stop the rest
            await self.settling.give_up(letter, f"cannot be composed: {fingerprint(error)}")
        return None

    async def handed_in(self, letter: Letter, content: bytes) -> Outcome:
        """What the server said."""
        account, sender = self.way_out(letter)
        mark = ids.mark(self.parts.policy.desk.secret, letter.reference)
        return await self.sessions.send(account, sender, (letter.recipient,), content, mark)

    async def wanted(self, letter: Letter, so: Situation) -> bool:
        """Whether the letter is still to be sent; what is not is recorded with the reason."""
        if kinds.outside(letter.kind) and not await self.may_leave(letter, so.case):
            return False
        if letter.over:
            await self.settling.give_up(letter, "its reader's time in the case is over")
            return False
        if why := self.composer.withdrawn(letter, so):
            await self.settling.end_as(Delivery.BARRED, letter, why)
        return not why

    async def may_leave(self, letter: Letter, case: Case | None) -> bool:
        """Whether what a letter to outsiders was owed for is still so; else it waits, or people hear."""
        now = self.parts.now()
        if sending.overdue(letter.kind, letter.due, now):
            await self.settling.end_as(Delivery.OVERDUE, letter, "nothing ran at its instant")
            return False
        if case is None or not isinstance(letter.says, Prepared):
            return True
        bar, again = self.approved(letter, case)
        if again:
            await self.storing.persist(self.settling.stop, letter, Fault(again))
        elif bar and bar.until:
            await self.storing.persist(letters.put_off, letter.id, bar.until, bar.why)
        elif bar:
            await self.settling.end_as(Delivery.BARRED, letter, bar.why)
        return not (bar or again) and not await self.waits_for_time(letter, case)

    def approved(self, letter: Letter, case: Case | None) -> tuple[Barred | None, str]:
        """What bars a text for outsiders now, and why it needs people again, if anything does."""
        says = letter.says
        if case is None or not isinstance(says, Prepared) or not kinds.outside(letter.kind):
            return None, ""
        bar = gate.barred(letter.kind, says.item, says.digest, case, self.parts.now())
        policy = self.parts.policy
        return bar, "" if bar else gate.withdrawn(letter.kind, says.item, letter.recipient, case, policy)

    async def waits_for_time(self, letter: Letter, case: Case) -> bool:
        """Whether it would leave by our clock alone, which nobody confirms; people are asked then."""
        return self.server_time is not None and await self.server_time.holds(
            letter, case, self.storing.persist
        )

    def way_out(self, letter: Letter) -> tuple[SmtpAccount, str]:
        """The account that hands *letter* in, and its envelope sender: a canary comes from outside."""
        policy = self.parts.policy
        if kinds.row(letter.kind).reader is Reader.DESK and policy.canary.sender:
            return self.outside, policy.canary.sender
        return self.account, envelope_sender(policy.desk, letter.reference)

    async def bytes_of(self, letter: Letter, so: Situation) -> Composed:
        """The letter as it was fixed before; composed now if it was not, or if it would say something else.

        One that the server may have taken already stays as it is, and so does an encrypted one, but for a
        member who has another key by now: nobody knows who has the old one.
        """
        concerns = self.last_look.concerns(letter)
        if not letter.composed or (not concerns and self.composer.other_key(letter, so, letter.sealed_to)):
            return await self.composer.compose(letter, so, concerns)
        final = await self.parts.database.run(letterbytes.read, letter.id)
        fixed = Composed(final, b"" if is_sealed(final) else final, letter.sealed_to, fixed=True)
        if letter.doubts or is_sealed(final) or not timely(letter.says):
            return fixed
        fresh = await self.composer.compose(letter, so, concerns)
        return fixed if fresh.says_as(final) else fresh

    async def stopped(self, letter: Letter, so: Situation, made: Composed) -> Fault | None:
        """Why a letter to anybody outside the team may not leave now, at its first try and at every retry.

        Of what is encrypted already only the key can have become another: its words were looked at before.
        """
        if not self.last_look.concerns(letter):
            return None
        if fault := self.changed(letter, so, made):
            return fault
        if made.key and made.key != await self.composer.key_of(letter, so):
            return Fault("key")
        if not await self.composer.approved_key(letter, so):
            return Fault("key")
        return None if letter.looked or not made.read else await self.last_look.fault(letter, made.read)

    def changed(self, letter: Letter, so: Situation, made: Composed) -> Fault | None:
        """Whether the world has moved on since the letter was owed, or since it was composed."""
        if why := self.last_look.overtaken(letter, so):
            return Fault(why)
        return Fault("key") if self.composer.other_key(letter, so, made.key) else None

    def fix(self, connection: Connection, letter: Letter, made: Composed, fault: Fault | None) -> bool:
        """Commit the bytes that go out, if nothing holds them back and what they rest on is still so."""
        if not fault and self.last_look.concerns(letter):
            so = situation.of(connection, letter)
            if any(self.approved(letter, so.case)):  # it is claimed again, and found there
                letters.take_back(connection, letter.id)
                return False
            fault = self.changed(letter, so, made)
        if fault:
            self.settling.stop(connection, letter, fault)
        elif not made.fixed:
            letterbytes.fix(connection, letter.id, made.final, made.key)
        return not fault

    async def run(self, progress: Progress) -> None:
        """Send until ``end``: when a letter may be owed, at every ``IDLE`` for what another process owes."""
        self.storing.progress = progress
        failures = 0
        while not self.ending:
            self.parts.owed.clear()
            try:
                await self.drain()
            except StoreError as error:
                failures += 1
                self.storing.stuck(error, failures)
                await asyncio.sleep(backoff(failures))
                continue
            failures = 0
            progress.turn(well=self.settling.down_since is None)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.parts.owed.wait(), IDLE)

    def end(self) -> None:
        """No further letter is begun; ``run`` returns when those under way are settled."""
        self.ending = True
        self.parts.owed.set()
