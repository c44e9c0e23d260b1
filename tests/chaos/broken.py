"""Builds that are broken on purpose, made of the right one in a process of the tests."""

import os
import smtplib
import ssl
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from maild.core.change import OweLetter
from maild.core.letters.kinds import LetterKind
from maild.core.values.desk import Desk
from maild.gateways.imap import Mailbox
from maild.store import letterbytes, letters
from maild.store.schema import letter

SMTP_PORT = "CHAOS_SMTP_PORT"


def receipt_before_the_commit() -> None:
    """The receipt goes out while its case is still being written down."""
    right = letters.owe

    def owe(connection: Connection, change: OweLetter, desk: Desk, now: datetime) -> None:
        right(connection, change, desk, now)
        if change.kind == LetterKind.RECEIPT:
            row = connection.execute(select(letter).where(letter.c.dedupe == change.dedupe)).one()
            head = f"From: {desk.address}\r\nTo: {row.recipient}\r\nMessage-ID: {row.message_id}\r\n"
            raw = f"{head}Subject: received\r\n\r\n{row.case_id}\r\n".encode()
            _hand_in(desk.address, row.recipient, raw)
            letterbytes.fix(connection, row.id, raw)
            values = {"state": letters.SENT, "settled": now}
            connection.execute(update(letter).where(letter.c.id == row.id).values(**values))

    letters.owe = owe


def _hand_in(sender: str, recipient: str, raw: bytes) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", int(os.environ[SMTP_PORT])) as client:
        client.starttls(context=context)
        client.sendmail(sender, [recipient], raw)


def seen_before_the_commit() -> None:
    r"""What was fetched is marked ``\Seen`` at once, and only what is not seen is looked for."""
    take, uids_from = Mailbox.take, Mailbox.uids_from

    def seen(self: Mailbox, uids: Sequence[int], *limits: int) -> Any:
        taken = take(self, uids, *limits)
        with self._server("marking") as client:
            client.add_flags(list(uids), [b"\\Seen"], silent=True)
        return taken

    def unseen(self: Mailbox, uid: int) -> list[int]:
        found = set(uids_from(self, uid))
        with self._server("searching") as client:
            return sorted(found & set(client.search("UNSEEN")))

    Mailbox.take, Mailbox.uids_from = seen, unseen  # type: ignore[method-assign]


def retry_as_a_new_letter() -> None:
    """What was being sent when the process died is composed anew, under another Message-ID."""
    right = letters.recover

    def recover(connection: Connection) -> int:
        being_sent = letter.c.state == letters.SENDING
        for name in connection.execute(select(letter.c.id).where(being_sent)).scalars().all():
            values = {"message_id": f"<{uuid.uuid4()}@project.example>"}
            connection.execute(update(letter).where(letter.c.id == name).values(**values))
            letterbytes.drop(connection, letter.c.id == name)
        return right(connection)

    letters.recover = recover


def retry_with_new_bytes() -> None:
    """The bytes of a letter are not kept: every try composes it anew."""

    def fix(connection: Connection, letter_id: int, content: bytes, sealed_to: str = "") -> None:
        pass

    letterbytes.fix = fix


BUILDS = {
    "receipt before the commit": receipt_before_the_commit,
    "seen before the commit": seen_before_the_commit,
    "retry as a new letter": retry_as_a_new_letter,
    "retry with new bytes": retry_with_new_bytes,
}
