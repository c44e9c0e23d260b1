"""A desk in memory that takes in an archive at the mail's own times: the one handler, without any server."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from maild.app.desk import Desk
from maild.app.replay.archive import Archive, Past
from maild.config import Config
from maild.core.event import Delivery, MailShunted, SweepDue
from maild.core.mail.beginning import beginning
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.policy import Policy
from maild.core.promises.ladder import IDLE
from maild.core.values.desk import Mode
from maild.core.values.rule import Happening
from maild.engine.handler import handle, handle_arrival, handle_opened, settled
from maild.engine.opener import without_keys
from maild.errors import fingerprint
from maild.store import envelopes, lapses, letters
from maild.store.database import in_memory
from maild.store.envelopes import Received

TICK = timedelta(seconds=20)
"""The shortest time between two sweeps, as the daemon has it."""
AT_ONCE = 100
KEY = b"maild replay"
"""What names are keyed by: the same archive gives the same numbers each time, and never those of the desk."""


@contextmanager
def playing(config: Config, archive: Archive) -> Iterator[tuple[Desk, dict[int, str]]]:
    """The desk as it stands after the last mail of *archive*, and the name of each message by its number.

    No letter leaves, but each counts as sent when it is due. Encrypted mail stays closed.
    """
    policy = _watching(config.policy(KEY))
    database = in_memory()
    try:
        with asyncio.Runner() as loop:
            player = _Player(Desk(config, database, policy, lambda: player.now), loop)
            player.play(archive)
            yield player.desk, player.names
    finally:
        database.close()


def _watching(policy: Policy) -> Policy:
    """*policy* as it is replayed: the archive shows what was answered, so the desk observes.

    Nobody can look at what waits in quarantine, and no one goes away or comes back.
    """
    rules = tuple(rule for rule in policy.rules if rule.starts is not Happening.HELD)
    return replace(policy, desk=replace(policy.desk, mode=Mode.OBSERVE), rules=rules, look_again=IDLE)


class _Player:
    """Takes in one mail after the other; in between it does what falls due."""

    def __init__(self, desk: Desk, loop: asyncio.Runner) -> None:
        self.desk = desk
        self.loop = loop
        self.now = datetime.min.replace(tzinfo=UTC)
        self.names: dict[int, str] = {}
        self.swept = False

    @property
    def policy(self) -> Policy:
        return self.desk.policy

    def play(self, archive: Archive) -> None:
        """The whole archive, up to the instant of its last mail."""
        for number, mail in enumerate(archive.mails, 1):
            self.until(mail.at)
            self.now = mail.at
            self.take(mail, number)
        self.sweep()

    def until(self, end: datetime) -> None:
        """Everything that falls due up to the instant *end*."""
        while due := [at for at in (self.desk.ask(lapses.next_look), self.desk.ask(letters.next_due)) if at]:
            at = max(min(due), self.now + TICK)
            if at > end:
                return
            self.now = at
            self.sweep()

    def sweep(self) -> None:
        """What a sweep of the daemon does about promises, and every letter whose time has come."""
        self.desk.ask(handle, SweepDue(first=not self.swept), self.policy, self.now)
        self.swept = True
        self.send()

    def take(self, mail: Past, number: int) -> None:
        """One mail is kept and handled; one that meets a bug is set aside, as the daemon does."""
        envelope = self.desk.ask(envelopes.keep, self.received(mail, number), self.now)
        if envelope is None:
            return
        self.names.setdefault(envelope, mail.name)
        try:
            if self.desk.ask(handle_arrival, envelope, self.policy, self.now).closed:
                self.open(envelope)
        except Exception as error:  # noqa: BLE001 - a bug must not stop the replay: shunt
            self.desk.ask(handle, MailShunted(envelope, fingerprint(error)), self.policy, self.now)
        self.send()

    def received(self, mail: Past, number: int) -> Received:
        """*mail* as the mailbox would have given it."""
        raw, cap = mail.read(), self.desk.config.file.inbox.max_size
        content = beginning(raw, cap) if len(raw) > cap else raw
        role = FolderRole.SENT if mail.sent else FolderRole.INBOX
        return Received(
            folder=role.value,
            uidvalidity=1,
            uid=number,
            role=role.value,
            at=mail.at,
            odd=False,
            size=len(raw),
            truncated=len(raw) > cap,
            sha256=hashlib.sha256(content).hexdigest(),
            identity=identity(parse(content), KEY),
            content=content,
            date=mail.at,
        )

    def open(self, number: int) -> None:
        """Look inside without any key: what is encrypted stays closed, and no signature is judged."""
        envelope = self.desk.ask(envelopes.get, number)
        assert envelope
        tree = parse(envelope.content)
        opened = without_keys(tree, self.now)
        facts = read_facts(tree, self.policy, FolderRole(envelope.role), opened)
        self.desk.ask(handle_opened, envelope, facts, opened, (), self.policy, self.now)

    def send(self) -> None:
        """Every letter whose time has come counts as sent."""
        while due := self.desk.ask(letters.claim, self.now, AT_ONCE, self.policy.limits):
            for letter in due:
                self.desk.ask(letters.settle, letter.id, letters.SENT, self.now)
                self.desk.ask(handle, settled(letter, Delivery.SENT), self.policy, self.now)
