"""The demo's mail servers, as a mail program finds them."""

import gc

import pytest
from imapclient import IMAPClient

pytest.importorskip("pymap")

from maild.demo.servers import HOST, PASSWORD, USER, serving


def test_an_idle_connection_outlives_the_garbage_collector() -> None:
    """A connection that waits for its next command is still answered after the garbage was collected."""
    with serving() as servers, IMAPClient(HOST, servers.imap_port, ssl=False, timeout=5) as mailbox:
        mailbox.login(USER, PASSWORD)
        gc.collect()
        assert mailbox.noop()[0] == b"NOOP completed."
        gc.collect()
        assert mailbox.folder_exists("Sent")
