"""Trying a mail account before anything is written: does it log in, what does it hold."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from maild.app.desk import PORTS
from maild.core.mail.headers import Headers
from maild.core.mail.mime import parse
from maild.errors import MaildError, TemporaryError
from maild.gateways import smtp
from maild.gateways.imap import Folders, ImapAccount, LoginRefused, Mailbox, UntrustedServer
from maild.gateways.smtp import SmtpAccount
from maild.gateways.tls import Tls

NEWEST = 100
"""How many of the newest messages are looked at."""
_CAP = 64 * 1024
T = TypeVar("T")
STARTTLS_PORTS = frozenset({25, 143, 587, 1025, 1143})


@dataclass(frozen=True, slots=True)
class Server:
    """A server as an operator names it; ``port`` 0 and ``tls`` "" where they did not say."""

    host: str
    port: int = 0
    tls: Tls | None = None
    ca_file: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def forms(self, protocol: str) -> Iterable["Server"]:
        """The ways to connect, the likelier first (port 587 or 143 means STARTTLS), then the other."""
        likely: Tls = "starttls" if self.port in STARTTLS_PORTS else "implicit"
        other: Tls = "implicit" if likely == "starttls" else "starttls"
        for tls in (self.tls,) if self.tls else (likely, other):
            yield replace(self, tls=tls, port=self.port or PORTS[protocol][tls])


@dataclass(frozen=True, slots=True)
class Held:
    """A mailbox that answered: how it was reached, its folders, and the heads of its newest messages."""

    server: Server
    folders: Folders
    heads: tuple[Headers, ...] = field(repr=False)


def imap(server: Server) -> Held:
    """Log in and look; ``MaildError`` with what is wrong."""
    return _first(server, "imap", _look)


def submission(server: Server) -> Server:
    """The form in which the SMTP *server* took the login; ``MaildError`` with what is wrong."""
    return _first(server, "smtp", _submits)


def _first(server: Server, protocol: str, attempt: Callable[[Server], T]) -> T:
    """The first form that works; else the trouble that tells most: a refused login, then a certificate."""
    trouble: list[MaildError] = []
    for form in server.forms(protocol):
        try:
            return attempt(form)
        except MaildError as error:
            trouble.append(error)
            if isinstance(error, LoginRefused | UntrustedServer) or "refuses the login" in str(error):
                break
    raise trouble[-1] if isinstance(trouble[-1], LoginRefused | UntrustedServer) else trouble[0]


def _look(form: Server) -> Held:
    tls: Tls = form.tls or "implicit"
    token = form.token or None
    account = ImapAccount(form.host, form.port, tls, form.ca_file, form.username, form.password, token)
    mailbox = Mailbox(account)
    try:
        mailbox.connect()
        folders = mailbox.folders()
        mailbox.select("INBOX", read_only=True)
        mails = mailbox.take(mailbox.uids_from(1)[-NEWEST:], _CAP, NEWEST * _CAP).mails
        return Held(form, folders, tuple(parse(mail.raw).root.headers for mail in mails))
    finally:
        mailbox.close()


def _submits(form: Server) -> Server:
    tls: Tls = form.tls or "implicit"
    who = (form.username, form.password, form.token or None)
    account = SmtpAccount(form.host, form.port, tls, form.ca_file, *who, timeout=20)
    try:
        asyncio.run(smtp.check(account))
    except TemporaryError as error:
        told = str(error).removeprefix(f"{form.host}: ")
        raise TemporaryError(f"{form.host}:{form.port}: {told}") from None
    return form
