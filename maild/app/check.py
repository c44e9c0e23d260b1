"""``maild check``: can this desk run? One line a thing, and what to do about what is wrong."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from maild.app import policy
from maild.app.desk import imap_account, import_team, now, open_desk, open_pgp, smtp_account
from maild.config import Config
from maild.errors import MaildError
from maild.gateways import smtp
from maild.gateways.imap import Mailbox
from maild.gateways.openpgp import check_home
from maild.store import journal

OK = "ok"
WARNING = "warning"
FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    what: str
    state: str
    text: str


def check(config: Config) -> list[Line]:
    """Every line, in the order a mail would meet the things."""
    looks: tuple[tuple[str, Callable[[Config], list[Line]]], ...] = (
        ("configuration", _configuration),
        ("policy", _policy),
        ("database", _database),
        ("openpgp", _openpgp),
        ("imap", _imap),
        ("smtp", _smtp),
    )
    return [line for what, look in looks for line in _looked(what, look, config)]


def _looked(what: str, look: Callable[[Config], list[Line]], config: Config) -> list[Line]:
    try:
        return look(config)
    except MaildError as error:
        return [Line(what, FAULT, str(error))]
    except OSError as error:
        return [Line(what, FAULT, f"{error.filename or what}: {error.strerror or error}")]


def _configuration(config: Config) -> list[Line]:
    file = config.file
    lines = [Line("configuration", OK, str(config.path))]
    proof = file.inbox.sent or file.trust.authserv_id or any(member.fingerprint for member in file.team)
    if not proof:
        wanted = "inbox.sent, trust.authserv_id or a member's fingerprint"
        lines.append(Line("team", FAULT, f"no answer of the team can ever be recognised: configure {wanted}"))
    if file.screening.quarantine and file.desk.mode == "observe":
        lines.append(
            Line("quarantine", WARNING, "in observe mode mail is never moved: the folder is not used")
        )
    return lines


def _policy(config: Config) -> list[Line]:
    """The end of the published security.txt, where one is configured."""
    expires = config.file.policy.security_txt_expires
    if expires is None:
        return []
    if fault := policy.expiry_fault(expires, now()):
        return [Line("policy", FAULT, fault)]
    soon = policy.expires_soon(expires, now())
    return [Line("policy", WARNING if soon else OK, soon or f"security.txt is good until {expires}")]


def _database(config: Config) -> list[Line]:
    def whole(connection: Connection) -> str:
        return str(connection.execute(text("PRAGMA quick_check")).scalar())

    with open_desk(config) as desk:
        found, broken = desk.ask(whole), desk.ask(journal.broken_at)
    if found != "ok":
        return [Line("database", FAULT, f"{config.state}: damaged ({found}); restore the last backup")]
    if broken is not None:
        return [
            Line(
                "database",
                FAULT,
                f"the journal's chain is broken at row {broken}: it was changed from outside",
            )
        ]
    return [Line("database", OK, str(config.state))]


def _openpgp(config: Config) -> list[Line]:
    pgp = open_pgp(config)
    if pgp is None:
        return [
            Line("openpgp", WARNING, "no key configured: encrypted reports become cases but cannot be opened")
        ]
    faults = check_home(config.pgp_home)
    if faults:
        return [Line("openpgp", FAULT, fault) for fault in faults]

    async def look() -> tuple[str, ...]:
        return (*await import_team(config, pgp), *await pgp.prime())

    faults = asyncio.run(look())
    lines = [Line("openpgp", OK, f"key {pgp.fingerprint} opens{'' if faults else ' and signs'}")]
    return lines + [Line("openpgp", FAULT, fault) for fault in faults]


def _imap(config: Config) -> list[Line]:
    inbox = config.file.inbox
    mailbox = Mailbox(imap_account(config))
    try:
        mailbox.connect()
        there = set(mailbox.folders())
        lines = [Line("imap", OK, f"{inbox.host}: logged in, {len(there)} folders")]
        for name in (*inbox.folders, inbox.sent, inbox.junk):
            if name and name not in there:
                some = ", ".join(sorted(there)[:8])
                lines.append(Line("imap", FAULT, f'folder "{name}" is not there; the server has: {some}'))
        if "IDLE" not in mailbox.capabilities:
            poll = timedelta(seconds=inbox.poll.total_seconds())
            lines.append(Line("imap", WARNING, f"no IDLE: new mail is seen at the next poll ({poll})"))
        return lines
    finally:
        mailbox.close()


def _smtp(config: Config) -> list[Line]:
    asyncio.run(smtp.check(smtp_account(config)))
    return [Line("smtp", OK, f"{config.file.smtp.host}: reached, logged in")]
