"""The inbox: login, certificate, folders, what the server can do, and its clock."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from maild.app.check import proving
from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import imap_account, now
from maild.config import Config
from maild.errors import PermanentError, TemporaryError
from maild.gateways import systemd
from maild.gateways.imap import Folders, Mailbox

ASKED_IN = "maild-check"
"""A folder that is there for a moment, to see what time the server thinks it is."""
APART = timedelta(minutes=5)
JUNK = re.compile(r"(?:.*[/.])?(?:junk(?: e-?mail)?|spam|bulk mail|courrier indésirable)", re.IGNORECASE)
"""How junk folders are called where the server does not say which one it is."""
CERTIFICATE = timedelta(days=14)


def look(config: Config) -> Iterator[Line]:
    """As an operator would try it by hand."""
    mailbox = Mailbox(imap_account(config))
    try:
        mailbox.connect()
        yield from certificate("imap", mailbox.certificate_end())
        yield from _folders(mailbox, config)
        if "IDLE" not in mailbox.capabilities:
            poll = timedelta(seconds=config.file.inbox.poll.total_seconds())
            text = f"the server has no IDLE: new messages are seen at the next poll ({poll})"
            yield warning(
                "imap", text, "shorten inbox.poll if that is too slow, or ask the provider for IDLE"
            )
        heads = proving.recent(mailbox, config)
        for look_at in proving.LOOKS:
            yield from look_at(heads, config)
        yield _clock(mailbox)
    finally:
        mailbox.close()


def certificate(what: str, end: datetime | None) -> Iterator[Line]:
    """A line when a server's certificate ends soon (one that has ended is refused at the connection)."""
    if end is not None and end - now() < CERTIFICATE:
        text = f"the server's certificate expires on {end:%Y-%m-%d %H:%M} UTC"
        yield warning(what, text, "renew it, or ask the provider to; maild refuses an expired certificate")


def _folders(mailbox: Mailbox, config: Config) -> Iterator[Line]:
    inbox = config.file.inbox
    there = mailbox.folders()
    yield ok("imap", f"{inbox.host}: logged in; {len(there)} folder{'' if len(there) == 1 else 's'}")
    some = ", ".join(sorted(there)[:8])
    named = [("folders", one) for one in inbox.folders]
    for key, name in (*named, ("sent", inbox.sent_of(there.sent)), ("junk", inbox.junk or "")):
        if name and name not in there:
            mend = f"set inbox.{key} to one of: {some}"
            yield fault("imap", f'folder "{name}" does not exist; the server has: {some}', mend)
        elif name and key == "folders" and mailbox.select(name).read_only:
            mend = "let the account change flags there, so that people see which messages were handled"
            yield warning("imap", f'folder "{name}" is read-only', mend)
    yield from _read(there, config)


def _read(there: Folders, config: Config) -> Iterator[Line]:
    """Which folders are read and which are not, of those where reports and answers may lie."""
    inbox = config.file.inbox
    wanted = (*inbox.folders, inbox.junk_of(there.junk), inbox.sent_of(there.sent))
    read = [name for name in wanted if name in there]
    yield ok("folders", f"read: {', '.join(dict.fromkeys(read))}")
    for name in there:
        if name not in read and (name == there.junk or JUNK.fullmatch(name)):
            mend = f'set inbox.junk = "{name}"; a report in the spam folder is a report'
            yield warning("folders", f'"{name}" looks like a junk folder and is not read', mend)
    if there.sent and not inbox.sent:
        mend = f'if the team answers from this account, set inbox.sent = "{there.sent}"'
        yield warning("folders", f'"{there.sent}" is the folder for sent messages and is not read', mend)


def _clock(mailbox: Mailbox) -> Line:
    """Promises count from the server's INTERNALDATE (ruling 8): a wrong clock would move every deadline."""
    try:
        there = mailbox.clock(ASKED_IN)
    except (TemporaryError, PermanentError) as error:
        mend = "let the account create folders, so that the clocks can be compared"
        return warning("clock", f"cannot read the server's clock: {error}", mend)
    apart = now() - there
    if systemd.synchronised() is False:
        mend = "see timedatectl timesync-status; maild announces nothing by a clock that is not set"
        return warning("clock", "systemd-timesyncd has not set this machine's clock since it started", mend)
    if abs(apart) < APART:
        return ok("clock", "this machine and the mail server agree about the time")
    which = "ahead of" if apart > timedelta(0) else "behind"
    text = f"this machine's clock is {abs(apart) // timedelta(minutes=1)} minutes {which} the mail server's"
    mend = "set it by NTP (timedatectl set-ntp true); if it is right, tell the mail provider"
    return fault("clock", text, mend)
