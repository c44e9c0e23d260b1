"""The submission server, and a test letter through it when somebody asks for one."""

import asyncio
from collections.abc import Iterator
from secrets import token_hex

from maild.app.check.line import Line, fault, from_error, ok
from maild.app.check.mailbox import certificate
from maild.app.desk import now, open_desk, smtp_account
from maild.config import Config
from maild.core.mail import letter
from maild.core.values.desk import Desk
from maild.errors import MaildError
from maild.gateways import smtp

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


def _letter(desk: Desk, recipient: str) -> bytes:
    name = token_hex(8)
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
