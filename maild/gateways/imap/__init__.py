"""IMAP4rev1 (RFC 3501), the desk's mailbox: blocking calls on one connection, in a thread of their own.

Nothing here decides or remembers what was handled: that is the database's. ``BODY.PEEK[]`` always, so
that reading leaves no trace. Library: imapclient; every kind of trouble comes out as TemporaryError.
"""

from maild.gateways.imap.account import (
    UNKNOWN_DATE,
    Batch,
    Fetched,
    FolderState,
    ImapAccount,
    LoginRefused,
    UntrustedServer,
)
from maild.gateways.imap.asking import Folders
from maild.gateways.imap.mailbox import Mailbox
from maild.gateways.imap.worker import MailboxThread

__all__ = [
    "UNKNOWN_DATE",
    "Batch",
    "Fetched",
    "FolderState",
    "Folders",
    "ImapAccount",
    "LoginRefused",
    "Mailbox",
    "MailboxThread",
    "UntrustedServer",
]
