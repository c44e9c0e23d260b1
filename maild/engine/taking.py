"""A fetched mail as it is kept: its name, its place, when it counts from. Read before the transaction."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.event import Doubt
from maild.core.mail.addressed import others
from maild.core.mail.facts import FolderRole, identity
from maild.core.mail.mime import Tree, parse
from maild.core.values.ids import digest
from maild.engine import marking
from maild.engine.parts import Parts
from maild.gateways.imap import Fetched
from maild.store.envelopes import Received
from maild.store.unfetched import Tried

EARLY = timedelta(minutes=5)
"""How much earlier than the last reading of its folder a mail may have arrived without being odd."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it is being read."""

    folder: str
    role: FolderRole
    uidvalidity: int
    tried: Mapping[int, Tried]


@dataclass(frozen=True, slots=True)
class Asked:
    """The UIDs that a batch is about, and those of all that an operator ``wanted``."""

    uids: Sequence[int]
    wanted: set[int]


@dataclass(frozen=True, slots=True)
class Named:
    """A fetched mail, and the name under which it is known again."""

    mail: Fetched
    identity: str


def named(mails: Iterable[Fetched], place: Place, parts: Parts, wanted: set[int]) -> list[Named]:
    """What of *mails* is the desk's, where it shares its mailbox; what is *wanted* or was sent always is.

    Each is parsed once; in a thread, as that takes as long as they are long.
    """
    read = ((mail, parse(mail.raw)) for mail in mails)
    return [
        Named(mail, _identity(mail, tree, place, parts))
        for mail, tree in read
        if mail.uid in wanted or not _of_others(tree, place, parts)
    ]


def _of_others(tree: Tree, place: Place, parts: Parts) -> bool:
    only_to = parts.config.file.inbox.only_to
    if not only_to or place.role is FolderRole.SENT:
        return False
    return bool(others(tree.root.headers, only_to, parts.policy.desk.subaddress))


def _identity(mail: Fetched, tree: Tree, place: Place, parts: Parts) -> str:
    """The name under which *mail* is known again; one of which nothing could be had goes by its place."""
    secret = parts.policy.desk.secret
    if mail.truncated and not mail.raw:
        return digest(secret, "place", place.folder, str(place.uidvalidity), str(mail.uid)).hex()
    return identity(tree, secret)


def received(
    one: Named, place: Place, read_at: datetime | None, until: datetime | None, now: datetime
) -> Received:
    """A mail as it is kept; promises count from INTERNALDATE or *now*, the earlier (ruling 8).

    One that seems to have arrived before the folder was last read is odd, and flagged; *until* is the time
    up to which mail may have been answered before a restore.
    """
    mail = one.mail
    arrived = min(mail.internal_date, now)
    return Received(
        folder=place.folder,
        uidvalidity=place.uidvalidity,
        uid=mail.uid,
        role=place.role.value,
        at=arrived,
        odd=read_at is not None and arrived < read_at - EARLY,
        size=mail.size,
        truncated=mail.truncated,
        sha256=hashlib.sha256(mail.raw).hexdigest(),
        identity=one.identity,
        content=mail.raw,
        date=mail.internal_date,
        doubt=_doubt(mail, until),
    )


def _doubt(mail: Fetched, until: datetime | None) -> Doubt:
    """Whether a mail may have been answered before a restore; our mark on it proves that it was handled."""
    if until is None or mail.internal_date > until:
        return Doubt.NONE
    return Doubt.PROVED if marking.OURS & mail.keywords else Doubt.OPEN
