"""Free ports on loopback."""

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 180.0
"""Seconds a test waits for what has to come before it says that it does not: no measure of speed, for a machine
that has much else to do is as good as any."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; all different."""
    with ExitStack() as held:
        socks = [held.enter_context(socket.socket()) for _ in range(count)]
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in socks]


def await_port(port: int, seconds: float = PATIENCE) -> None:
    """Return as soon as somebody accepts connections on ``port``; TimeoutError when nobody does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on port {port}")


def await_that(ready: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """What *ready* gives as soon as it is true; TimeoutError that says *what* was waited for when it is not."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)
    return found
