"""A desk with a real mailbox and a real SMTP server, run by the real engine under a clock of the test's."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from maild import log
from maild.app.desk import Desk, open_desk
from maild.app.run import engine
from maild.config import load
from maild.errors import MaildError
from maild.store import views
from tests.support.certificate import Certificate
from tests.support.cleanlog import assert_clean
from tests.support.desk import MX, NOW
from tests.support.dovecot import PASSWORD, User
from tests.support.listed import assert_listed
from tests.support.ports import free_ports
from tests.support.smtpsink import SmtpSink
from tests.support.umask import own_umask

CONFIG = """\
[desk]
name = "Example Security Team"
address = "security@project.example"
prefix = "EX"
state = "state"
policy_url = "https://project.example/security"
{desk}
[inbox]
host = "localhost"
port = {imap}
tls = "implicit"
ca_file = "{imap_ca}"
username = "{user}"
password_file = "imap-password"
sent = "Sent"
junk = "Junk"
timeout = "10s"
{inbox}
[smtp]
host = "localhost"
port = {smtp}
tls = "starttls"
ca_file = "{smtp_ca}"
username = "desk"
password_file = "smtp-password"
timeout = "10s"

[trust]
authserv_id = "{mx}"

[escalation]
digest_at = ""
held_digest_at = ""

[canary]
every = "0"

[[team]]
name = "Anna"
addresses = ["anna@project.example"]
roles = ["handler"]

[[team]]
name = "Carl"
addresses = ["carl@project.example"]
contact = "carl@phone.example"
roles = ["coordinator"]

[[team]]
name = "Bea"
addresses = ["bea@project.example"]
roles = ["backup"]
{more}
"""


class RunningDesk:
    """One desk, its mailbox, its SMTP server and its clock."""

    def __init__(self, folder: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> None:
        self.folder, self.inbox, self.sink = folder, inbox, sink
        self.path = folder / "maild.toml"
        self.clock = NOW
        sink.desks.append(self)
        self.trouble, self.database = "", ""
        self.log = StringIO()
        log.set_up(self.log, as_lines=False)
        self._certificate = certificate
        self._dropped = 0
        for name, word in (("imap-password", PASSWORD), ("smtp-password", PASSWORD)):
            (folder / name).write_text(word + "\n")
            (folder / name).chmod(0o600)
        self.configure()

    def configure(self, desk: str = "", inbox: str = "", more: str = "", imap: int = 0) -> None:
        """Write the configuration: further lines for two sections, further sections, another IMAP port.

        The desk observes unless *desk* says otherwise.
        """
        if "mode" not in desk:
            desk = 'mode = "observe"\n' + desk
        text = CONFIG.format(
            imap=imap or self.inbox.server.imaps,
            imap_ca=self.inbox.server.certificate.cert,
            user=self.inbox.name,
            smtp=self.sink.port,
            smtp_ca=self._certificate.cert,
            mx=MX,
            desk=desk,
            inbox=inbox,
            more=more,
        )
        self.path.write_text(text + self.database)

    def imap_down(self) -> None:
        """From now on nobody answers where the mailbox was."""
        port = self.inbox.server.imaps
        self.path.write_text(self.path.read_text().replace(f"port = {port}", f"port = {free_ports(1)[0]}"))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The open desk, at the test's time."""
        with own_umask(), open_desk(load(self.path), lambda: self.clock) as desk:
            yield desk

    def run(self) -> None:
        """What ``maild run --once`` does; ``trouble`` says what was wrong outside."""
        with self.desk() as desk:
            self.trouble = asyncio.run(_once(desk))
            assert_listed(desk)
        assert_clean(self.log.getvalue())

    def wait(self, length: timedelta) -> None:
        """Time goes by."""
        self.clock += length

    def drop(self, raw: bytes, at: datetime | None = None) -> None:
        """Put the very bytes into INBOX, as a file: IMAP itself refuses empty mail and NUL."""
        _ = self.inbox.client.select_folder("INBOX")
        there = self.inbox.home / "Maildir"
        owner = there.stat()
        self._dropped += 1
        file = there / "new" / f"{1_700_000_000 + self._dropped}.M1P1.test"
        file.write_bytes(raw)
        os.chown(file, owner.st_uid, owner.st_gid)
        seconds = (at or self.clock).timestamp()
        os.utime(file, (seconds, seconds))
        self.inbox.client.select_folder("INBOX")  # it gets its UID now

    def renumber(self, folder: str = "INBOX") -> None:
        """The server loses its index: all mail stays, under a new UIDVALIDITY."""
        before = self.inbox.client.select_folder(folder)[b"UIDVALIDITY"]
        self.inbox.log_out()
        there = self.inbox.home / "Maildir" / ("" if folder == "INBOX" else f".{folder}")
        for file in (there / "dovecot-uidlist", *there.glob("dovecot.index*")):
            file.unlink(missing_ok=True)
        assert self.inbox.client.select_folder(folder)[b"UIDVALIDITY"] != before

    def cases(self) -> list[dict[str, Any]]:
        """Every case with everything about it, in the order the cases were opened."""
        with self.desk() as desk:
            ids = [row["case"] for row in desk.ask(views.cases, True)]
            found = [desk.ask(views.show, name) for name in ids]
        return sorted((one for one in found if one), key=_age)

    def status(self) -> dict[str, Any]:
        """The desk in figures."""
        with self.desk() as desk:
            return desk.ask(views.status, self.clock)

    def view(self, name: str, *arguments: object) -> list[dict[str, Any]]:
        """A listing of ``maild.store.views`` by its name."""
        with self.desk() as desk:
            found: list[dict[str, Any]] = desk.ask(getattr(views, name), *arguments)
        return found


def _age(one: dict[str, Any]) -> tuple[str, int]:
    return one["opened"], one["messages"][0]["mail"] if one["messages"] else 0  # a joined case has none


async def _once(desk: Desk) -> str:
    async with engine(desk) as supervisor:
        try:
            await supervisor.once()
        except MaildError as error:
            return str(error)
    return ""
