"""A desk in memory that takes in an archive at the mail's own times: the one handler, without any server."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from maild.app.desk import Desk
from maild.app.replay.archive import Archive, Past
from maild.config import Config
from maild.core.event import Delivery, MailShunted, SweepDue
from maild.core.mail.beginning import beginning
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import Tree, parse
from maild.core.policy import Policy
from maild.core.promises.ladder import IDLE
from maild.core.values.desk import Mode
from maild.core.values.rule import Happening
from maild.engine.handler import handle, handle_arrival, handle_opened, look, settled
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
        player = _Player(Desk(config, database, policy, lambda: player.now))
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

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now = datetime.min.replace(tzinfo=UTC)
        self.names: dict[int, str] = {}
        self.swept = False

    @property
    def policy(self) -> Policy:
        return self.desk.policy

    def play(self, archive: Archive) -> None:
        """The whole archive, up to the instant of its last mail."""
        for number, mail in enumerate(archive.mails, 1):
            self.desk.ask(self.until, mail.at)
            self.now = mail.at
            self.take(mail, number)
        self.desk.ask(self.sweep)

    def until(self, connection: Connection, end: datetime) -> None:
        """Everything that falls due up to the instant *end*, in one transaction: nothing here can be lost."""
        while due := [at for at in (lapses.next_look(connection), letters.next_due(connection)) if at]:
            at = max(min(due), self.now + TICK)
            if at > end:
                return
            self.now = at
            self.sweep(connection)

    def sweep(self, connection: Connection) -> None:
        """What a sweep of the daemon does about promises, and every letter whose time has come."""
        handle(connection, SweepDue(first=not self.swept), self.policy, self.now)
        self.swept = True
        self.send(connection)

    def take(self, mail: Past, number: int) -> None:
        """One mail is kept and handled; one that meets a bug is set aside, as the daemon does."""
        raw, cap = mail.read(), self.desk.config.file.inbox.max_size
        content = beginning(raw, cap) if len(raw) > cap else raw
        tree = parse(content)
        received = self.received(mail, number, content, len(raw), identity(tree, KEY))
        envelope = self.desk.ask(envelopes.keep, received, self.now)
        if envelope is None:
            return
        self.names.setdefault(envelope, mail.name)
        try:
            self.arrives(envelope, tree)
        except Exception as error:  # noqa: BLE001 - a bug must not stop the replay: shunt
            self.desk.ask(handle, MailShunted(envelope, fingerprint(error)), self.policy, self.now)
        self.desk.ask(self.send)

    def received(self, mail: Past, number: int, content: bytes, size: int, name: str) -> Received:
        """*mail* as the mailbox would have given it: its *content*, of so many bytes, known by its *name*."""
        role = FolderRole.SENT if mail.sent else FolderRole.INBOX
        return Received(
            folder=role.value,
            uidvalidity=1,
            uid=number,
            role=role.value,
            at=mail.at,
            odd=False,
            size=size,
            truncated=len(content) < size,
            sha256=hashlib.sha256(content).hexdigest(),
            identity=name,
            content=content,
            date=mail.at,
        )

    def arrives(self, number: int, tree: Tree) -> None:
        """A mail is handled and, where it has to be opened, looked into without any key.

        What is encrypted stays closed, and no signature is judged.
        """
        envelope = self.desk.ask(envelopes.get, number)
        assert envelope
        looked = look(envelope, self.policy, tree)
        if not self.desk.ask(handle_arrival, number, self.policy, self.now, looked=looked).closed:
            return
        opened = without_keys(tree, self.policy.phrases, self.now)
        facts = read_facts(tree, self.policy, FolderRole(envelope.role), opened)
        self.desk.ask(handle_opened, envelope, facts, opened, (), self.policy, self.now)

    def send(self, connection: Connection) -> None:
        """Every letter whose time has come counts as sent."""
        while due := letters.claim(connection, self.now, AT_ONCE, self.policy.limits):
            for letter in due:
                letters.settle(connection, letter.id, letters.SENT, self.now)
                handle(connection, settled(letter, Delivery.SENT), self.policy, self.now)
