"""Letters out: claimed, composed, their final bytes committed, sent, settled through the handler."""

import asyncio
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild import log
from maild.core.disclosure import gate, sending
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
from maild.engine.handler import handle, refused, settled
from maild.engine.lastlook import LastLook
from maild.engine.outcomes import SETTLED, TOO_BIG, down
from maild.engine.parts import Parts
from maild.engine.progress import Progress, backoff
from maild.engine.publishing import Outdated
from maild.engine.servertime import ServerTime
from maild.engine.storing import Storing
from maild.errors import PermanentError, StoreError, TemporaryError, fingerprint
from maild.gateways.smtp import Outcome, Sessions, SmtpAccount
from maild.store import letterbytes, letters, situation
from maild.store.letters import Letter
from maild.store.situation import Situation

HEAVY = 2_000_000
"""Bytes of a mail from which on its letters go out one by one: each is in memory several times."""
BACKOFF = (1, 5, 15, 60)
"""Minutes between tries, the last for ever after: trouble that may pass is no reason to give a letter up."""
LATE_AFTER = 4
"""After how many tries somebody is told that the server puts a letter off."""
IDLE = 5.0
"""Seconds between two looks at the outbox without being called."""
LOGIN_REST = timedelta(minutes=5)
"""How long nothing is tried after the server refused our login."""


class Dispatcher:
    """Sends what the outbox owes; ``down_since`` says since when the server has not been of use."""

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
        self.sent, self.ending = 0, False
        self.down_since: datetime | None = None
        self.refused_at: datetime | None = None
        self.sessions = Sessions(parts.database.holds)
        self.claims = Claims(parts)
        self._heavy = asyncio.Lock()
        self.storing = Storing(parts)

    async def drain(self) -> None:
        """Try every letter whose time has come, a few at once; none while a refused login rests."""
        try:
            while not (self.ending or self.rests()) and (due := await self.claims.next()):
                await asyncio.gather(*(self.send(letter, so) for letter, so in due))
        finally:
            self.composer.carrying.forget()
            await self.sessions.close()

    def rests(self) -> bool:
        """Whether nothing is handed in for now: every further login that is refused may lock the account."""
        return self.refused_at is not None and self.parts.now() - self.refused_at < LOGIN_REST

    async def send(self, letter: Letter, so: Situation) -> None:
        """One letter; one that carries a big mail waits for the others of its kind, as memory is short."""
        async with self._heavy if letter.weight > HEAVY else nullcontext():
            await self.hand_in(letter, so)
        if self.storing.progress:
            self.storing.progress.goes_on()

    async def hand_in(self, letter: Letter, so: Situation) -> None:
        """Its bytes are committed before the first word to the server, and fixed in every later try."""
        if await self.wanted(letter, so) and (outcome := await self.handed_in(letter, so)):
            await self.settle(letter, outcome)

    async def handed_in(self, letter: Letter, so: Situation) -> Outcome | None:
        """What the server said; ``None`` if it did not get so far. Its bytes are in memory until then."""
        try:
            made = await self.bytes_of(letter, so)
            fault = await self.stopped(letter, so, made)
        except StoreError:  # not the letter's trouble: it is composed anew as soon as the database is back
            await self.storing.persist(letters.take_back, letter.id)
            return None
        except TemporaryError as error:
            await self.postpone(letter, str(error))
            return None
        except PermanentError as error:
            delivery = Delivery.UNSEALED if letter.sealed else Delivery.FAILED
            delivery = Delivery.BARRED if isinstance(error, Outdated) else delivery
            await self.storing.persist(self.record, letter, delivery, str(error))
            return None
        except Exception as error:  # noqa: BLE001 - one letter that cannot be composed must not stop the rest
            await self.give_up(letter, f"cannot be composed: {fingerprint(error)}")
            return None
        if not await self.storing.persist(self.fix, letter, made, fault):
            return None
        content = made.final
        del made  # what was looked at is not needed any more, and may be large
        account, sender = self.way_out(letter)
        mark = ids.mark(self.parts.policy.desk.secret, letter.reference)
        return await self.sessions.send(account, sender, (letter.recipient,), content, mark)

    async def wanted(self, letter: Letter, so: Situation) -> bool:
        """Whether the letter is still to be sent; what is not is recorded with the reason."""
        if kinds.outside(letter.kind) and not await self.may_leave(letter, so.case):
            return False
        if letter.over:
            await self.give_up(letter, "its reader's time in the case is over")
            return False
        if why := self.composer.withdrawn(letter, so):
            await self.storing.persist(self.record, letter, Delivery.BARRED, why)
        return not why

    async def may_leave(self, letter: Letter, case: Case | None) -> bool:
        """Whether what a letter to outsiders was owed for is still so; else it waits, or people hear."""
        now = self.parts.now()
        if sending.overdue(letter.kind, letter.due, now):
            await self.storing.persist(self.record, letter, Delivery.OVERDUE, "nothing ran at its instant")
            return False
        text = letter.says
        if case is None or not isinstance(text, Prepared):
            return True
        bar = gate.barred(letter.kind, text.item, text.digest, case, now)
        if bar is None:
            again = gate.withdrawn(letter.kind, text.item, letter.recipient, case, self.parts.policy)
            if again:
                await self.storing.persist(self.stop, letter, Fault(again))
            return not again and not await self.waits_for_time(letter, case)
        if bar.until:
            await self.storing.persist(letters.put_off, letter.id, bar.until, bar.why)
        else:
            await self.storing.persist(self.record, letter, Delivery.BARRED, bar.why)
        return False

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
            fault = self.changed(letter, situation.of(connection, letter), made)
        if fault:
            self.stop(connection, letter, fault)
        elif not made.fixed:
            letterbytes.fix(connection, letter.id, made.final, made.key)
        return not fault

    def stop(self, connection: Connection, letter: Letter, fault: Fault) -> None:
        """Hold a letter, and have its author told why in the same transaction."""
        if letters.settle(connection, letter.id, letters.HELD, self.parts.now(), letters.LOOK + fault.name):
            event = replace(settled(letter, Delivery.STOPPED), why=fault.name, line=fault.line)
            handle(connection, event, self.parts.policy, self.parts.now())

    async def settle(self, letter: Letter, outcome: Outcome) -> None:
        """Sent or refused for good: an event. Trouble, or not knowing: the same bytes again later.

        An automatic letter may arrive again under one Message-ID, never not at all; after a few tries
        of which nobody knows it is parked for a person, as a person's answer is after the first.
        """
        log.letter(letter.id, letter.kind, letter.case_id, outcome.kind, outcome.code)
        self.down_since = (self.down_since or self.parts.now()) if down(outcome) else None
        self.refused_at = self.parts.now() if outcome.stage == "login" else None
        row = kinds.row(letter.kind)
        match outcome.kind:
            case "sent":
                self.sent += 1
                await self.storing.persist(self.record, letter, Delivery.SENT, "")
            case "permanent" if letter.attempts < row.refusals:
                await self.postpone(letter, outcome.text)
            case "permanent":
                await self.give_up(letter, outcome.text, too_big=outcome.code == TOO_BIG)
            case "unknown" if letter.doubts + 1 >= row.doubts:
                await self.storing.persist(self.record, letter, Delivery.UNKNOWN, outcome.text)
            case _:
                await self.postpone(letter, outcome.text, doubtful=outcome.kind == "unknown")
                if outcome.code and letter.attempts == LATE_AFTER:
                    await self.storing.persist(self.tell, letter, Delivery.LATE)
        if outcome.kind == "permanent":
            await self.storing.persist(refused, letter, self.parts.policy, self.parts.now())

    async def give_up(self, letter: Letter, why: str, too_big: bool = False) -> None:
        """A letter that will never go out: recorded, and told by whatever the handler decides."""
        await self.storing.persist(self.record, letter, Delivery.FAILED, why, too_big)

    async def postpone(self, letter: Letter, why: str, doubtful: bool = False) -> None:
        """Try again later."""
        minutes = BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
        again = self.parts.now() + timedelta(minutes=minutes)
        log.letter_trouble(letter.id, letter.kind, why, again)
        await self.storing.persist(letters.postpone, letter.id, again, why, doubtful)

    def record(
        self, connection: Connection, letter: Letter, delivery: Delivery, why: str, too_big: bool = False
    ) -> None:
        """Settle a letter and handle what follows, in one transaction."""
        size = len(letterbytes.read(connection, letter.id)) if too_big else 0
        row = kinds.row(letter.kind)
        held = delivery is Delivery.UNSEALED and row.waits_without_key
        held = held or (delivery is Delivery.FAILED and row.waits_if_refused)
        state = letters.HELD if held else SETTLED[delivery]
        if letters.settle(connection, letter.id, state, self.parts.now(), why):
            self.tell(connection, letter, delivery, size)

    def tell(self, connection: Connection, letter: Letter, delivery: Delivery, size: int = 0) -> None:
        """What became of a letter, as an event; *size* in bytes where that is why it was refused."""
        handle(connection, replace(settled(letter, delivery), size=size), self.parts.policy, self.parts.now())

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
            progress.turn(well=self.down_since is None)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.parts.owed.wait(), IDLE)

    def end(self) -> None:
        """No further letter is begun; ``run`` returns when those under way are settled."""
        self.ending = True
        self.parts.owed.set()
