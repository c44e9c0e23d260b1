"""``maild export CASE``: everything about one case in one archive, sealed to whoever is to read it."""

import asyncio
import io
import json
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maild.app.desk import Desk, import_team, open_desk, open_pgp
from maild.app.operator import who
from maild.config import Config
from maild.core.disclosure import secrecy
from maild.core.event import CaseExported
from maild.core.mail.mbox import mbox
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption
from maild.core.values.case import Case
from maild.engine import handler
from maild.engine.opener import open_mail
from maild.errors import Refused
from maild.gateways.openpgp import OpenPGP, Recipient
from maild.store import cases, envelopes, keys, letterbytes, views

MOST = 500_000_000
"""Bytes of one archive; a case larger than that is exported mail by mail."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an archive is sealed to: a fingerprint that the desk knows, or a key."""

    fingerprint: str
    key: bytes = b""

    @property
    def recipient(self) -> Recipient:
        """As gpg is told."""
        return self.key or self.fingerprint


def case(config: Config, case_id: str, to: str, anyway: bool = False) -> bytes:
    """The archive (tar) of a case, armored and sealed to *to*: a member's name, ``desk``, or a key file.

    Without *to* it is in clear, which is refused when the case is sealed: whoever reads it then has the
    database, too. A key of somebody who may not know of the case is refused until it is public, or
    *anyway*: an archive sealed to a stranger is made to leave. Nothing touches a disk.
    """
    given = Path(to).read_bytes() if to and Path(to).is_file() else b""
    with open_desk(config) as desk, tempfile.TemporaryDirectory(prefix="maild-") as team:
        return asyncio.run(_case(desk, case_id, to, given, Path(team), anyway))


async def _case(desk: Desk, case_id: str, to: str, given: bytes, team: Path, anyway: bool) -> bytes:
    found = desk.ask(cases.get, case_id)
    if found is None:
        raise Refused(f"there is no case {case_id}; `maild cases --all` lists them")
    if found.sealed and not to:
        raise Refused(f"case {case_id} is encrypted: say with --to for whom to encrypt the archive")
    pgp = open_pgp(desk.config, team)
    if pgp:
        await import_team(desk.config, pgp)
        await pgp.prime()
    reader = await _reader(desk.config, to, given, pgp) if to else None
    stranger = reader is not None and not _may_know(desk, found, reader.fingerprint)
    why = secrecy.secret(found, desk.policy.process, desk.clock()) if stranger else ""
    if why and not anyway:
        known = f"{to} is not the known key of somebody who may see it (`maild access {case_id}`)"
        raise Refused(f"{why}, and {known}; --anyway encrypts it all the same, and the journal says so")
    archive = _tar(await _files(desk, case_id, pgp if reader else None))
    event = CaseExported(case_id, reader.fingerprint if reader else "", who(), anyway=bool(why))
    if pgp is None or reader is None:
        desk.ask(handler.handle, event, desk.policy, desk.clock())
        return archive
    sealed = await pgp.seal(archive, [reader.recipient])
    desk.ask(handler.handle, event, desk.policy, desk.clock())
    return sealed


def _may_know(desk: Desk, case: Case, fingerprint: str) -> bool:
    """Whether the key is the desk's, a member's, or one remembered of somebody who may know of the case."""
    team = {member.fingerprint for member in desk.policy.team.members}
    if fingerprint in {desk.policy.desk.fingerprint, *team}:
        return True
    outside = desk.ask(cases.outside, case.id, desk.clock())
    may = (*case.reporters, *outside.guests, *outside.told)
    return any(desk.ask(keys.fingerprint, one) == fingerprint for one in may)


async def _reader(config: Config, to: str, given: bytes, pgp: OpenPGP | None) -> Reader:
    """The key that *to* names; ``Refused`` when there is none that can be sealed to."""
    if pgp is None:
        raise Refused("nothing can be encrypted: set openpgp.key to the fingerprint of the desk's key")
    named = {member.name.lower(): member.fingerprint for member in config.file.team if member.fingerprint}
    # Names first: a file that somebody laid where the command is given must not stand for a member.
    if fingerprint := (named | {"desk": config.file.openpgp.key}).get(to.lower()):
        return Reader(fingerprint)
    if not given:
        known = ", ".join(["desk", *(member.name for member in config.file.team if member.fingerprint)])
        raise Refused(f"{to} is neither a key file nor somebody with a key ({known})")
    key = await pgp.examine_key(given)
    if key.refused or not key.can_encrypt:
        raise Refused(f"{to}: {key.refused or 'this key does not encrypt'}")
    return Reader(key.fingerprint, key.minimal)


async def _files(desk: Desk, case_id: str, pgp: OpenPGP | None) -> dict[str, bytes]:
    """What is in the archive by name; opened mail only where all of it will be sealed."""
    about = {"case": desk.ask(views.show, case_id), "access": desk.ask(views.access, case_id)}
    kept = [mail for mail in desk.ask(envelopes.of_case, case_id) if not mail.purged]
    if sum(len(mail.content) for mail in kept) > MOST:
        raise Refused(
            f"case {case_id} is too large for one archive; `maild export MAIL` writes out single messages"
        )
    files = {
        "case.json": json.dumps(about, ensure_ascii=False, indent=2).encode(),
        "mails.mbox": mbox((mail.at, mail.content) for mail in kept),
        "letters.mbox": mbox(desk.ask(letterbytes.of_case, case_id)),
    }
    opened = {f"opened/{mail.id}.eml": await _opened(desk, mail.content, pgp) for mail in kept if pgp}
    return files | {name: content for name, content in opened.items() if content}


async def _opened(desk: Desk, content: bytes, pgp: OpenPGP | None) -> bytes:
    """What was sealed in a mail, as far as it opens; nothing of a mail that came in clear."""
    tree = parse(content)
    opened = await open_mail(tree, pgp, desk.policy.phrases, desk.clock())
    return opened.tree.root.raw if opened.decryption is Decryption.OK else b""


def _tar(files: Mapping[str, bytes]) -> bytes:
    """One archive, made in memory."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    return whole.getvalue()
