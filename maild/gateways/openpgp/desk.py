"""The desk's OpenPGP: opens and judges hostile mail, seals letters, keeps the team's keys apart."""

import asyncio
import copy
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Unpack

from maild.core.mail.opened import Decryption, Signature, SignatureStatus
from maild.core.mail.packets import Scan, bared, for_keys, packets_of
from maild.core.mail.signed import combined
from maild.errors import PermanentError, TemporaryError
from maild.gateways.openpgp import status, written
from maild.gateways.openpgp.homes import (
    Recipient,
    key_at_hand,
    keyring_arguments,
    public_keyring,
    recipient_arguments,
    scratch_home,
)
from maild.gateways.openpgp.listing import SecretKey, public_keys, secret_keys
from maild.gateways.openpgp.mailed import MailedKey, examine, key_file
from maild.gateways.openpgp.runner import Feed, Finished, Into, Runner, Streams, memory_file
from maild.gateways.openpgp.status import Decrypted

WRITING = ("--armor", "--compliance", "openpgp")
"""We write what every OpenPGP program reads. Of itself gpg 2.3 and later encrypt to keys that ask for it in a
packet that few others know (tag 20), and their owners read mail with other programs too."""


def _clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - only where the caller hands in no time of its own


class OpenPGP:
    """What maild does with OpenPGP, on one desk home with its agent.

    ``home`` holds the desk's secret keys, ``fingerprint`` names its primary key; ``team_home`` holds the
    team's public keys and ``keyrings`` further ones whose signatures are to be recognised. Who may act as
    the team is not decided here. Every method raises ``TemporaryError`` for trouble outside (gpg missing,
    agent dead, no room): the mail then waits.
    """

    def __init__(
        self,
        home: Path,
        fingerprint: str,
        passphrase: str | None = None,
        *,
        team_home: Path | None = None,
        keyrings: Sequence[Path] = (),
        runner: Runner | None = None,
        clock: Callable[[], datetime] = _clock,
    ) -> None:
        self.home = home
        self.fingerprint = fingerprint.replace(" ", "").upper()
        self.team_home = team_home
        self._passphrase = passphrase
        self._keyrings = tuple(keyrings)
        self._runner = runner or Runner()
        self._clock = clock
        self._known_key = b""
        self._key_ids: frozenset[str] = frozenset()  # as they were listed last

    def knowing(self, key: bytes) -> "OpenPGP":
        """The same, recognising signatures by one more public *key* (examined before) for one mail."""
        view = copy.copy(self)
        view._known_key = key  # noqa: SLF001 - of its own kind
        return view

    async def decrypt(self, ciphertext: bytes, now: datetime | None = None) -> Decrypted:
        """*ciphertext* (armored or not) opened, or why it stays closed; signatures inside judged at *now*."""
        return await self.opened(*await asyncio.to_thread(bared, ciphertext), now)

    async def opened(self, packets: bytes, seen: Scan, now: datetime | None = None) -> Decrypted:
        """``decrypt``, of packets that were *seen* (``bared``)."""
        word, reason = seen.foreseen(self._key_ids)
        if word is Decryption.NO_KEY:  # perhaps sealed to a key that came since we looked
            word, reason = seen.foreseen(await self.key_ids())
        if word is not Decryption.OK:
            return Decrypted(word, reason=reason)
        named = not (self._key_ids or await self.key_ids()).isdisjoint(seen.key_ids)
        ours = for_keys(packets[: seen.length]) if seen.passwords else packets[: seen.length]
        decrypted = await self._decrypt(ours, now, named)
        if decrypted.decryption is Decryption.NO_KEY and not (await self.key_ids()).isdisjoint(seen.key_ids):
            raise TemporaryError("the agent did not use the desk's secret key")
        return decrypted

    async def _decrypt(self, packets: bytes, now: datetime | None, named: bool) -> Decrypted:
        """One decryption; an agent that forgot the passphrase is told it again, once.

        Unless *named* (one of our keys is), gpg says the same of a locked key and one that does not fit.
        """
        done, lines, reason = await self._attempt(packets)
        if not done.killed and status.locked_out(lines, named, self._passphrase is not None):
            await self._prime_again()
            done, lines, reason = await self._attempt(packets)
        if reason and named and not done.killed and status.agent_trouble(lines):
            raise TemporaryError("the agent does not open the desk's secret key")
        if reason:
            word, why = status.failure(lines, reason, named)
            return Decrypted(word, reason=why)
        return Decrypted(Decryption.OK, done.output, await self._verdict(lines, now))

    async def _attempt(self, packets: bytes) -> tuple[Finished, tuple[status.Line, ...], str]:
        """One run of gpg on *packets*: what it gave, what it said, and why its output may not be used."""
        done = await self._on_desk("--no-armor", "--decrypt", feed=packets)
        lines = status.parse_status(done.status)
        return done, lines, status.usable(lines, done.output, done.killed)

    async def verify(self, data: bytes, signature: bytes, now: datetime | None = None) -> Signature:
        """The verdict on the detached *signature* (armored or not) over exactly the bytes *data*."""
        with memory_file(data) as descriptor:
            done = await self._no_secrets(
                "--verify", "--", "-", f"-&{descriptor}", feed=signature, descriptors=(descriptor,)
            )
        return await self._judged(done, now)

    async def verify_clear(self, text: bytes, now: datetime | None = None) -> Signature:
        """The verdict on clear-signed *text*; good for showing, never for acting on it."""
        verdict = await self._judged(await self._no_secrets("--verify", feed=text), now)
        return Signature(verdict.status, verdict.fingerprint, clear=True)

    async def unwrap(self, ciphertext: bytes, now: datetime | None = None) -> Decrypted:
        """The text of a message that is signed or literal only; no secret key is within reach."""
        packets = await asyncio.to_thread(packets_of, ciphertext)
        done = await self._no_secrets("--decrypt", feed=packets)
        lines = status.parse_status(done.status)
        reason = status.unsealed(lines, done.output, done.killed)
        if reason:
            return Decrypted(Decryption.FAILED, reason=reason)
        return Decrypted(Decryption.NONE, done.output, await self._verdict(lines, now))

    async def key_ids(self) -> frozenset[str]:
        """The ids (16 upper-case hex digits) of the desk's secret keys that decrypt."""
        await self._secret_keys()
        return self._key_ids

    async def _secret_keys(self) -> tuple[SecretKey, ...]:
        keys = await secret_keys(self._runner, self.home)
        if not keys:
            raise TemporaryError("no secret key of the desk can be reached")
        self._key_ids = frozenset(key.key_id for key in keys if key.can_encrypt)
        return keys

    async def prime(self) -> tuple[str, ...]:
        """Opens the desk's keys once, so that the agent keeps them open; also the test decryption at start.

        Later calls carry no passphrase, so that none is tried on what a stranger sent. Gives what is wrong as
        sentences; raises ``PermanentError`` when none of the keys opens.
        """
        keys = await self._secret_keys()
        opened = [await self._probe(key) for key in keys if key.can_encrypt]
        if not any(opened):
            raise PermanentError("the desk's key cannot be unlocked (wrong passphrase?)")
        return tuple(text for text in (await self._own_key_opens(), await self._own_key_signs()) if text)

    async def _own_key_opens(self) -> str:
        """What is amiss when somebody encrypts to the configured key now; empty when it opens."""
        sealed = await self._on_desk("--encrypt", "--recipient", self.fingerprint, feed=b"probe")
        if not sealed.output:
            return "nobody can encrypt to the desk's key (expired, or no subkey that encrypts?)"
        done = await self._with_passphrase("--decrypt", feed=sealed.output)
        reason = status.usable(status.parse_status(done.status), done.output, done.killed)
        return "what is encrypted to the desk's key does not open (another passphrase?)" if reason else ""

    async def _own_key_signs(self) -> str:
        """What is amiss with signing; empty when the configured key signs."""
        done = await self._with_passphrase("--detach-sign", "--local-user", self.fingerprint)
        if status.count(status.parse_status(done.status), "SIG_CREATED"):
            return ""
        return "the desk's key does not sign (expired, or another passphrase?)"

    async def _prime_again(self) -> None:
        try:
            await self.prime()
        except PermanentError as error:  # while running, a person may still set it right
            raise TemporaryError(str(error)) from None

    async def _probe(self, key: SecretKey) -> bool:
        """Whether a message sealed to *key* opens; an expired key is asked at a time when it was none."""
        past = ("--faked-system-time", f"{key.created + 1}!") if key.expired else ()
        sealed = await self._on_desk(*past, "--encrypt", "--recipient", f"{key.key_id}!", feed=b"probe")
        done = await self._with_passphrase("--decrypt", feed=sealed.output)
        return not status.usable(status.parse_status(done.status), done.output, done.killed)

    async def _with_passphrase(self, *arguments: str, feed: bytes = b"probe") -> Finished:
        if self._passphrase is None:
            return await self._on_desk(*arguments, feed=feed)
        with memory_file(self._passphrase.encode()) as descriptor:
            return await self._on_desk(
                "--passphrase-fd",
                str(descriptor),
                *arguments,
                feed=feed,
                descriptors=(descriptor,),
                pinentry="loopback",
            )

    async def examine_key(self, data: bytes, known: bytes = b"") -> MailedKey:
        """A mailed key looked at in a scratch home: what it is, cut down, or why it is refused.

        It is merged with the *known* copy of the same key, if there is one.
        """
        return await examine(self._runner, data, known)

    async def key_in(self, file: Path) -> bytes:
        """The public key in *file*, cut down; ``PermanentError`` when there is none that can be used."""
        key = await self.examine_key(key_file(file))
        if key.refused:
            raise PermanentError(f"{file.name}: {key.refused}")
        return key.minimal

    async def import_team_key(self, data: bytes | Path) -> MailedKey:
        """One team member's public key into the team's home, by way of a scratch home."""
        if self.team_home is None:
            raise PermanentError("no home for the team's keys is configured")
        key = await self.examine_key(key_file(data) if isinstance(data, Path) else data)
        if key.refused:
            return key
        done = await self._runner.run(self.team_home, "--no-autostart", "--import", feed=key.minimal)
        imported = {
            line.argument(1) for line in status.parse_status(done.status) if line.keyword == "IMPORT_OK"
        }
        if imported != {key.fingerprint}:
            raise TemporaryError("the team's home did not take the key")
        return key

    async def seal(
        self, data: Feed, recipients: Sequence[Recipient], sign: bool = True, into: Into = BytesIO
    ) -> bytes:
        """*data* encrypted to all *recipients* and signed by the desk, armored, as *into* holds it.

        Raises ``PermanentError`` when a recipient's key cannot be used, ``TemporaryError`` when the desk's
        own cannot for now: nothing is sealed then.
        """
        if not recipients:
            raise PermanentError("there is nobody to encrypt it to")
        signing = ("--sign", "--local-user", self.fingerprint) if sign else ()
        with recipient_arguments(recipients) as (them, held):
            words = (*WRITING, "--encrypt", *them, *signing)
            done = await self._signing(*words, feed=data, descriptors=held, into=into)
        return written.sealed(done, signed=sign)

    async def sign(self, data: Feed) -> bytes:
        """The desk's detached signature over exactly the bytes of *data*, armored."""
        done = await self._signing("--armor", "--detach-sign", "--local-user", self.fingerprint, feed=data)
        return written.signature(done)

    async def _signing(self, *words: str, **streams: Unpack[Streams]) -> Finished:
        """A run that signs; an agent that forgot the passphrase is told it again, once."""
        done = await self._on_desk(*words, **streams)
        if self._passphrase is None or status.count(status.parse_status(done.status), "SIG_CREATED"):
            return done
        await self._prime_again()
        return await self._on_desk(*words, **streams)

    async def _on_desk(self, *words: str, **streams: Unpack[Streams]) -> Finished:
        """A run in the desk's home, with the other keys at hand."""
        rings = keyring_arguments(self._other_rings())
        with key_at_hand(self._known_key) as (known, held):
            streams["descriptors"] = (*streams.get("descriptors", ()), *held)
            return await self._runner.run(self.home, *rings, *known, *words, **streams)

    async def _no_secrets(self, *words: str, feed: bytes, descriptors: Sequence[int] = ()) -> Finished:
        """A run away from every secret key, with all public ones at hand."""
        rings = keyring_arguments((public_keyring(self.home), *self._other_rings()))
        with scratch_home(self._runner.scratch) as home, key_at_hand(self._known_key) as (known, held):
            return await self._runner.run(
                home, "--no-autostart", *rings, *known, *words, feed=feed, descriptors=(*descriptors, *held)
            )

    def _other_rings(self) -> tuple[Path, ...]:
        team = (public_keyring(self.team_home),) if self.team_home else ()
        return (*team, *self._keyrings)

    async def _judged(self, done: Finished, now: datetime | None) -> Signature:
        verdict = await self._verdict(status.parse_status(done.status), now)
        if done.killed or verdict.status is SignatureStatus.NONE:
            return Signature(SignatureStatus.BAD)
        return verdict

    async def _verdict(self, lines: tuple[status.Line, ...], now: datetime | None) -> Signature:
        return await self.one_verdict(status.verdicts(lines, now or self._clock()))

    async def one_verdict(self, verdicts: Sequence[Signature]) -> Signature:
        """One verdict out of several on the same text; among good signers one of the team's home wins."""
        good = {one.fingerprint for one in verdicts if one.status is SignatureStatus.GOOD}
        if len(good) < 2 or self.team_home is None:
            return combined(verdicts)
        return combined(verdicts, await public_keys(self._runner, self.team_home))
