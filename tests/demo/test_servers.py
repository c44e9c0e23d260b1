"""The demo's mail servers, as a mail program finds them."""

import gc
import socket
from queue import SimpleQueue

import pytest
from imapclient import IMAPClient

pytest.importorskip("pymap")

from maild.demo import servers as demo
from maild.demo.screen import still_waiting
from maild.demo.servers import HOST, PASSWORD, USER, serving
from maild.errors import PermanentError, TemporaryError


def test_an_idle_connection_outlives_the_garbage_collector() -> None:
    """A connection that waits for its next command is still answered after the garbage was collected."""
    with serving() as servers, IMAPClient(HOST, servers.imap_port, ssl=False, timeout=5) as mailbox:
        mailbox.login(USER, PASSWORD)
        gc.collect()
        assert mailbox.noop()[0] == b"NOOP completed."
        gc.collect()
        assert mailbox.folder_exists("Sent")


def test_a_server_that_is_too_slow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits in vain is told what for, and how long, instead of a bare *timed out*."""
    with serving() as servers, socket.create_server((HOST, 0)) as deaf:
        monkeypatch.setattr(demo, "PATIENCE", 0.05)
        servers.imap_port = deaf.getsockname()[1]
        with pytest.raises(TemporaryError, match=r"took longer than 0\.05 seconds to open its mailbox"):
            servers.open_mailbox()


def test_servers_that_cannot_listen_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a loopback interface the demo ends at once, with the reason."""
    monkeypatch.setattr(demo, "HOST", "192.0.2.1")  # RFC 5737: nobody's
    with pytest.raises(PermanentError, match=r"cannot listen on 192\.0\.2\.1: .*loopback"), serving():
        pass


def test_what_takes_long_is_said() -> None:
    """While something takes long the demo says what it waits for; what is quick is not spoken of."""
    said: SimpleQueue[str] = SimpleQueue()
    with still_waiting(said.put, "gpg", after=60):
        pass
    assert said.empty()
    with still_waiting(said.put, "gpg to make three keys", after=0.001):
        assert said.get(timeout=30) == "Still waiting for gpg to make three keys ..."
