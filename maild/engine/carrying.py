"""Mail that letters carry on: opened and looked through once, however many members have a copy of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from maild.core.cases import alike
from maild.core.cases.remarks import Lines, Related, remarks
from maild.core.cases.standing import said
from maild.core.change import Verdict
from maild.core.mail import thread
from maild.core.mail.attached import attached_text
from maild.core.mail.facts import Facts, FolderRole, outer_author, read_facts
from maild.core.mail.letter import attachment, text_content
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption, Opened
from maild.core.mail.rejoined import labelled
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.engine import offloop, ownership
from maild.engine.offloop import ask
from maild.engine.opener import opening
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP
from maild.store import cases, envelopes, features, keys, standing
from maild.store.envelopes import Envelope
from maild.store.letters import Letter


@dataclass(frozen=True, slots=True)
class Carried:
    """The mail that a letter carries on, opened, with its case; in memory while its letters are composed.

    ``whole`` is what people are shown of it: of a mail that could be opened nothing of what it came in.
    ``known_key`` is the fingerprint of the key remembered for its author, ``alike`` are the other cases that
    share something with it, each with what may be named of it, and ``opens``: this mail opened the case.
    """

    whole: Part
    opened: Opened
    facts: Facts
    case: Case
    known_key: str = ""
    alike: Related = ()
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What all copies of one mail have in common: the mail, what is remarked on it, what stands below.

    ``token``: what the address stands for that it was sent to. ``offered`` are keys that came with it and
    are not used, as ``keys.came_with`` has them; ``known`` says what is known of the author of a new report.
    """

    mail: Carried
    token: Token | None
    offered: list[tuple[str, str]]
    known: str
    remarks: Lines = ()
    files: tuple[bytes, ...] = ()


async def carried(
    mail: int, letter: Letter, parts: Parts, pgp: OpenPGP | None, looked: bool = False
) -> Carried:
    """Load and open the *mail* that *letter* carries on; ``PermanentError`` when it is gone.

    *looked*: with what it quotes or forwards encrypted.
    """
    return await offloop.run(carrying(mail, letter, parts, pgp, looked))


async def carrying(mail: int, letter: Letter, parts: Parts, pgp: OpenPGP | None, looked: bool) -> Carried:
    """The steps of ``carried``."""
    policy, run = parts.policy, parts.database.run
    envelope, case, opens = await ask(run(_kept, mail, letter.case_id))
    if envelope is None or envelope.purged or case is None:
        raise PermanentError("the message it passes on was deleted")
    tree = parse(envelope.content)
    named = outer_author(tree.root.headers, policy)
    known_key, known = await ask(run(_key, named.address if named else "", case.id))
    anothers = await ownership.anothers(parts, tree, envelope.role)
    opened = await opening(tree, pgp, policy.phrases, parts.now(), known, looked, anothers)
    facts = read_facts(tree, policy, FolderRole(envelope.role), opened)
    found = alike.features(facts, opened, policy.screening.words, policy.common_names)
    secret = policy.desk.secret
    like = await ask(run(features.like, alike.hashed(found, secret), case.id))
    shared = tuple((one, () if one.sealed else alike.words_of(one, found, secret)) for one in like)
    whole = labelled(opened) if opened.decryption is Decryption.OK else tree.root
    return Carried(whole, opened, facts, case, known_key, shared, opens)


def _kept(connection: Connection, mail: int, case_id: str) -> tuple[Envelope | None, Case | None, bool]:
    """The mail, the case, and whether the mail was taken for a new report."""
    opens = envelopes.verdict(connection, mail) == Verdict.REPORT
    return envelopes.get(connection, mail), cases.get(connection, case_id), opens


def _key(connection: Connection, author: str, case_id: str) -> tuple[str, bytes]:
    """The fingerprint of the author's key that serves the case, and the key that is remembered for them."""
    return keys.fingerprint(connection, author, case_id), keys.content(connection, author)


class Carrying:
    """The mail that is carried on now, for the copies that are made of it one after another or at once.

    It holds one mail, and its plaintext for as long as letters are composed: ``forget`` ends that.
    """

    def __init__(self, parts: Parts, pgp: OpenPGP | None) -> None:
        self.parts = parts
        self.pgp = pgp
        self._about: tuple[int, str, bool] | None = None
        self._reading: asyncio.Task[Shown] | None = None

    async def shown(self, mail: int, letter: Letter, case: Case | None, looked: bool) -> Shown:
        """What *letter*, a copy, shows of *mail*, with its *case* as it is now; errors as ``carried``."""
        about = (mail, letter.case_id, looked)
        if self._reading is None or self._about != about or _failed(self._reading):
            self._about = about
            self._reading = asyncio.create_task(self._read(mail, letter, looked))
        found = await asyncio.shield(self._reading)
        if case is None:
            raise PermanentError("its case no longer exists")
        return replace(found, mail=replace(found.mail, case=case))

    def forget(self) -> None:
        """No copy is being made: nothing of the mail stays in memory."""
        self._about = self._reading = None

    async def _read(self, mail: int, letter: Letter, looked: bool) -> Shown:
        return await offloop.run(self._steps(mail, letter, looked))

    async def _steps(self, mail: int, letter: Letter, looked: bool) -> Shown:
        policy = self.parts.policy
        found = await carrying(mail, letter, self.parts, self.pgp, looked)
        tokens = thread.keys(found.facts, policy.desk).tokens
        return _shown(found, await ask(self.parts.database.run(_about, found, mail, tokens)), policy)


def _failed(reading: asyncio.Task[Shown]) -> bool:
    return reading.done() and (reading.cancelled() or reading.exception() is not None)


@dataclass(frozen=True, slots=True)
class _About:
    token: Token | None
    offered: list[tuple[str, str]]
    known: str


def _about(connection: Connection, mail: Carried, number: int, tokens: Sequence[str]) -> _About:
    """What the database knows of a mail that its copies show."""
    known = standing.of_case(connection, mail.case.id) if mail.opens else None
    return _About(cases.by_token(connection, tokens), keys.came_with(connection, number), said(known))


def _shown(mail: Carried, about: _About, policy: Policy) -> Shown:
    """Beside the loop: it takes as long as the mail is long."""
    opened = mail.opened
    inside = attached_text(mail.whole) if not opened.closed else ""
    return Shown(
        mail,
        about.token,
        about.offered,
        about.known,
        remarks(mail.facts, opened, mail.alike, policy.phrases, mail.opens, policy.asks),
        files=(
            *((text_content(inside),) if inside else ()),
            *(attachment(one) if one.filename else one.raw for one in opened.unpacked),
        ),
    )
