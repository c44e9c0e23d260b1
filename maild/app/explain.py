"""What maild would do with a mail and why: the same reading, opening and deciding, nothing recorded."""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from maild import log
from maild.app import keyfile
from maild.app.desk import import_team, now, open_pgp, place_of
from maild.config import Config
from maild.core.candidates.mail import MailCandidates
from maild.core.cases.authority import Author, author_of
from maild.core.change import OpenCase, Verdict
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import Arrival, MailArrived
from maild.core.mail.beginning import beginning
from maild.core.mail.facts import Facts, FolderRole, identity, outer_author, read_facts
from maild.core.mail.mime import Part, Tree, parse
from maild.core.mail.opened import Opened
from maild.core.mail.text import harmless
from maild.core.policy import Policy
from maild.core.screening import screen
from maild.engine.opener import open_mail
from maild.errors import MaildError, Refused, TemporaryError
from maild.gateways.openpgp import OpenPGP
from maild.store import candidates, keys
from maild.store.database import Database, get_setting, in_memory
from maild.store.mails import words

SHOWN = {
    Verdict.CORRESPONDENCE: Verdict.REPORT,
    Verdict.OWN: Verdict.AUTOMATIC,
    Verdict.WAITING: Verdict.REPORT,
    Verdict.HELD: Verdict.REPORT,
}
"""``explain`` knows four verdicts: mail of a case is a report, our own letters are automatic."""

TRUNCATED = "longer than inbox.max_size: only its headers and the first 64 KiB are read"

Look = Callable[[bytes], dict[str, Any]]


@contextmanager
def explaining(config: Config) -> Iterator[Look]:
    """A function that explains one mail, on a read-only view of the desk's database (an empty one before)."""
    with (
        _read_only(config) as database,
        tempfile.TemporaryDirectory(prefix="maild-") as folder,
        asyncio.Runner() as loop,
    ):
        secret = database.call(get_setting, "secret")
        policy = config.policy(bytes.fromhex(secret) or b"no desk yet")
        pgp = open_pgp(config, Path(folder))
        if pgp:
            loop.run(_ready(config, pgp))
        cap = config.file.inbox.max_size
        yield lambda raw: _explain(raw, loop, pgp, database, policy, cap)


async def _ready(config: Config, pgp: OpenPGP) -> None:
    """Team keys and passphrase; where keys are amiss mail is still explained, as far as that goes."""
    try:
        await import_team(config, pgp)
        await pgp.prime()
    except MaildError as error:
        log.trouble("openpgp", str(error))


@contextmanager
def _read_only(config: Config) -> Iterator[Database]:
    place = place_of(config)
    database = place.open_read_only() if place.exists() else in_memory()
    try:
        yield database
    finally:
        database.close()


def _explain(
    raw: bytes, loop: asyncio.Runner, pgp: OpenPGP | None, database: Database, policy: Policy, cap: int
) -> dict[str, Any]:
    truncated = len(raw) > cap
    tree = parse(beginning(raw, cap) if truncated else raw)
    at = now()
    author = outer_author(tree.root.headers, policy)
    known_key = database.call(keys.content, author.address) if author else b""
    try:
        opened = loop.run(open_mail(tree, pgp, policy.phrases, at, known_key))
    except TemporaryError as error:
        opened = Opened(tree, reasons=(f"not opened yet: {error}",))
    facts = read_facts(tree, policy, FolderRole.INBOX, opened)
    arrival = Arrival(0, identity(tree, policy.desk.secret), at, truncated=truncated)
    event = MailArrived(arrival, facts, opened)
    known = database.call(candidates.load, event, policy, at)
    decision = decide(event, known, policy, at)
    fingerprint = database.call(keys.fingerprint, author.address) if author else ""
    token = known.by_token if isinstance(known, MailCandidates) else None
    writer = author_of(facts, opened, policy, fingerprint, token)
    return {
        "envelope": _envelope(raw, tree),
        "opened": _opened(opened, writer, truncated),
        "author": {
            "authority": writer.authority,
            "proved_by": writer.proved.value or None,
            "signature_fault": opened.signature.why or None,
        },
        "message": _message(facts, opened),
        "screening": _screening(facts, decision, policy),
        "thread": {
            "case": decision.thread.case.id if decision.thread.case else None,
            "by": decision.thread.by.value,
        },
        "case": _case(decision),
        "acknowledgement": {
            "send": decision.acknowledgement.send,
            "to": decision.acknowledgement.to.address if decision.acknowledgement.to else None,
            "reasons": list(decision.acknowledgement.reasons),
        },
        "key_file": keyfile.described(raw, loop),
        "promises": [{"promise": c.promise, "due": c.due.isoformat()} for c in decision.clocks],
    }


def _envelope(raw: bytes, tree: Tree) -> dict[str, Any]:
    headers = tree.root.headers
    return {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "message_id": headers.get("Message-ID").strip() or None,
        "from": harmless(headers.text("From")),
        "subject": harmless(headers.text("Subject")),
        "faults": list(tree.faults),
    }


def _opened(opened: Opened, author: Author, truncated: bool) -> dict[str, Any]:
    return {
        "form": opened.form.value,
        "decryption": opened.decryption.value,
        "signature": {
            "status": opened.signature.status.value,
            "fingerprint": opened.signature.fingerprint or None,
            "authority": author.authority,
        },
        "reasons": [*([TRUNCATED] if truncated else []), *opened.reasons],
        "parts": [label for label in opened.labels if label],
    }


def _message(facts: Facts, opened: Opened) -> dict[str, Any]:
    protected = opened.protected.get("subject")
    shown = facts.author or facts.shown_author
    return {
        "subject": harmless(facts.subject),
        "from": shown.address if shown else None,
        "protected_subject": harmless(protected) if protected is not None else None,
        "attachments": [_attachment(part) for part in opened.tree.root.leaves if _is_attachment(part)],
    }


def _is_attachment(part: Part) -> bool:
    return part.disposition == "attachment" or not part.content_type.startswith("text/")


def _attachment(part: Part) -> dict[str, Any]:
    return {"name": harmless(part.filename) or None, "type": part.content_type, "size": len(part.content)}


def _screening(facts: Facts, decision: Decision, policy: Policy) -> dict[str, Any]:
    alone = screen(facts.subject, facts.headers, policy.screening)
    kept = decision.kept
    verdict = kept.verdict if kept else Verdict.REPORT
    return {
        "verdict": SHOWN.get(verdict, verdict).value,
        "rules": alone.verdict,
        "score": round(alone.score, 2),
        "reasons": list(dict.fromkeys((*(kept.reasons if kept else ()), *alone.reasons))),
    }


def _case(decision: Decision) -> dict[str, Any]:
    """Whether it opens a case or joins one, and if neither, why not; the receipt has reasons of its own."""
    opens = any(isinstance(change, OpenCase) for change in decision.changes)
    joins, kept = decision.thread.case, decision.kept
    reasons = [words(one) for one in kept.reasons] if kept and not opens and not joins else []
    return {"opens": opens, "joins": joins.id if joins else None, "why_none": reasons}


def mails(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The mails at *path* (a folder, a Maildir, an mbox, a mail) as names and ways to read them.

    Each mail of an mbox of several is called by its file and its number. ``Refused`` when nothing is there.
    """
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file() and _is_mail(p)):
            yield from _kept_in(file, _text(file.relative_to(path)))
    elif not path.exists():
        raise Refused(f"{path}: no such file or folder")
    elif path.is_file():
        yield from _kept_in(path, _text(path.name))
    else:  # a pipe can be read once only
        yield _text(path.name), path.read_bytes


def _kept_in(file: Path, name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    with file.open("rb") as opened:
        mbox = opened.read(5) == b"From "
    several = list(_mbox(file.read_bytes())) if mbox else []
    if len(several) < 2:  # many tools leave one From line above a single mail
        yield name, file.read_bytes
        return
    for number, raw in enumerate(several):
        yield f"{name}#{number + 1}", lambda raw=raw: raw  # type: ignore[misc]


def _text(name: str | Path) -> str:
    """*name* as a text that can be printed, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_mail(file: Path) -> bool:
    """In a Maildir only what lies in ``cur`` and ``new`` is mail; elsewhere every file is taken for one."""
    maildir = any((folder / "cur").is_dir() and (folder / "new").is_dir() for folder in file.parents)
    return file.parent.name in ("cur", "new") if maildir else not file.name.startswith(".")


def _mbox(content: bytes) -> Iterator[bytes]:
    """The mails of an mbox; a line cuts when it has the time of day in it (RFC 4155), as no sentence has."""
    cuts = list(re.finditer(rb"\AFrom [^\n]*(?:\n|\Z)|\n\r?\nFrom [^\n]*\d\d:\d\d[^\n]*\n", content))
    ends = [*(cut.start() for cut in cuts[1:]), len(content)]
    for start, end in zip((cut.end() for cut in cuts), ends, strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", content[start:end])
