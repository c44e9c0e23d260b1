"""TLS of the test's choosing in front of a server that speaks without."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.certificate import Certificate


@contextmanager
def tls_front(certificate: Certificate, target: int) -> Iterator[int]:
    """The port of 127.0.0.1 where TLS with this *certificate* leads to the port *target*."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = certificate.server_context()

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            try:
                sock = context.wrap_socket(raw, server_side=True)
            except OSError:  # the client trusts no such certificate
                raw.close()
                continue
            _join(sock, socket.create_connection(("127.0.0.1", target)))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _join(one: socket.socket, other: socket.socket) -> None:
    """Whatever one side says goes to the other, until one of them ends."""

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join(5)
    one.close()
    other.close()
