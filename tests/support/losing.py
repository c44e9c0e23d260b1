"""A proxy before PostgreSQL's port that loses the connection where a test wants it: at a COMMIT, before or after."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

BEFORE, AFTER = "before", "after"
_COMMIT = re.compile(rb"(?<!READ )COMMIT")


@dataclass
class Losing:
    """``when``: at the next COMMIT the connection is lost, before the server has it or after it did it."""

    port: int
    when: str = ""
    lost: int = 0


@contextmanager
def losing(target: int) -> Iterator[Losing]:
    """The proxy before the server on port *target* of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Losing(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, target, proxy), daemon=True).start()
        yield proxy


def _accept(listener: socket.socket, target: int, proxy: Losing) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", target))
            threading.Thread(target=_pass_on, args=(client, server, proxy), daemon=True).start()
            threading.Thread(target=_pass_back, args=(server, client), daemon=True).start()


def _pass_on(client: socket.socket, server: socket.socket, proxy: Losing) -> None:
    with suppress(OSError):
        while data := client.recv(65536):
            if proxy.when and _COMMIT.search(data):
                when, proxy.when = proxy.when, ""
                proxy.lost += 1
                if when == AFTER:
                    client.shutdown(socket.SHUT_WR)  # its answer will reach nobody
                    server.sendall(data)
                    server.settimeout(5)
                    with suppress(OSError):
                        server.recv(65536)
                break
            server.sendall(data)
    _close(client, server)


def _pass_back(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while data := server.recv(65536):
            client.sendall(data)
    _close(client, server)


def _close(*both: socket.socket) -> None:
    for one in both:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
