"""The submission server, and a test letter through it when somebody asks for one."""

import asyncio
from collections.abc import Iterator
from secrets import token_hex
from time import sleep

from maild.app.check.line import Line, fault, from_error, ok, warning
from maild.app.check.mailbox import certificate
from maild.app.desk import imap_account, now, open_desk, smtp_account, uptime
from maild.config import Config
from maild.core.mail import letter
from maild.core.mail.mime import parse
from maild.core.values.desk import Desk
from maild.errors import MaildError
from maild.gateways import smtp
from maild.gateways.imap import Mailbox

PATIENCE = 60.0
STEP = 2.0
"""Seconds: how long a letter may take to come back, and from one look to the next."""
NEWEST = 5
TEXT = """\
This is a test message sent by `maild check` for {name}. If you can read it, letters from the desk
arrive. No reply is needed.
"""


def look(config: Config) -> Iterator[Line]:
    """Reached, encrypted, logged in."""
    end = asyncio.run(smtp.check(smtp_account(config)))
    yield ok("smtp", f"{config.file.smtp.host}: connected and logged in")
    yield from certificate("smtp", end)


def send_letter(config: Config, recipient: str) -> Line:
    """A test letter to *recipient*; the line says what the server answered."""
    try:
        with open_desk(config) as desk:
            raw = _letter(desk.policy.desk, recipient)
            outcome = asyncio.run(
                smtp.send(smtp_account(config), desk.policy.desk.address, (recipient,), raw)
            )
    except MaildError as error:
        return from_error("letter", error, "see the lines above")
    if outcome.kind == "sent":
        return ok(
            "letter", f"the server accepted it ({outcome.code}); check that it arrives, and not as spam"
        )
    return fault(
        "letter", outcome.text, "ask the provider why; the server must accept mail from the desk's address"
    )


def send_tagged(config: Config, patience: float) -> Line:
    """Whether a letter to the desk's address with a tag comes back within *patience* seconds."""
    section = config.file.desk
    local, _, domain = section.address.partition("@")
    tagged = f"{local}{section.subaddress}check-{token_hex(4)}@{domain}"
    no = "set desk.subaddress = false: replies then find their case by References"
    try:
        with open_desk(config) as desk:
            name, address = token_hex(8), desk.policy.desk.address
            raw = _letter(desk.policy.desk, tagged, name)
            outcome = asyncio.run(smtp.send(smtp_account(config), address, (tagged,), raw))
        if outcome.kind != "sent":
            return warning("address", f"an address with a tag is refused: {outcome.text}", no)
        there = _comes(config, f"<{name}@{desk.policy.desk.domain}>", patience)
    except MaildError as error:
        return from_error("address", error, "see the lines above")
    if there:
        return ok("address", "a letter to the desk's address with a tag came back")
    return warning("address", f"a letter to {tagged} did not come back within {patience:g} seconds", no)


def _comes(config: Config, message_id: str, patience: float) -> bool:
    """Whether the message with this id lies in a folder that is read, now or within *patience* seconds."""
    mailbox, end = Mailbox(imap_account(config)), uptime() + patience
    try:
        mailbox.connect()
        inbox = config.file.inbox
        folders = [*inbox.folders, inbox.junk_of(mailbox.folders().junk)]
        while True:
            if any(_lies(mailbox, folder, message_id) for folder in folders if folder):
                return True
            if uptime() >= end:
                return False
            mailbox.select(folders[0], read_only=True)
            if not mailbox.wait(STEP):  # at once where the server has no IDLE
                sleep(STEP / 4)
    finally:
        mailbox.close()


def _lies(mailbox: Mailbox, folder: str, message_id: str) -> bool:
    mailbox.select(folder, read_only=True)
    newest = mailbox.take(mailbox.uids_from(1)[-NEWEST:], 64 * 1024, NEWEST * 64 * 1024).mails
    return any(parse(mail.raw).root.headers.get("Message-ID") == message_id for mail in newest)


def _letter(desk: Desk, recipient: str, name: str = "") -> bytes:
    name = name or token_hex(8)
    head = letter.Head(
        author_name=desk.name,
        to=recipient,
        subject="Test message from maild check",
        message_id=f"<{name}@{desk.domain}>",
        reference=name,
        reply_to=desk.address,
        auto="auto-generated",
    )
    return letter.clear(head, letter.text_content(TEXT.format(name=desk.name)), desk, now())
