"""Figures for Prometheus: a text file for node_exporter, and HTTP on loopback.

What is served is the last set that was handed over: a scrape never touches the database. Library:
prometheus-client, loaded only by a desk that shows figures.
"""

import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from maild.core.figures import MEANING, Figure
from maild.errors import PermanentError, TemporaryError

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

    from prometheus_client import CollectorRegistry
    from prometheus_client.core import GaugeMetricFamily

READABLE = 0o644
"""The text file's mode: node_exporter is somebody else, and the figures name nobody."""


def refused(address: str, port: int) -> str:
    """Why figures cannot be served there, with what to do; empty when they can."""
    try:
        family = socket.getaddrinfo(address, port)[0][0]
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        return f"metrics.listen {address}:{port}: {error.strerror}; choose another port"
    return ""


class Metrics:
    """Where the figures are shown."""

    def __init__(self, textfile: Path | None = None, address: str = "", port: int = 0) -> None:
        self._textfile = textfile
        self._figures: tuple[Figure, ...] = ()
        self._server = _server(port, address, self._registry()) if address else None

    @property
    def wanted(self) -> bool:
        """Whether anybody looks at them."""
        return bool(self._server or self._textfile)

    @property
    def port(self) -> int:
        """Where HTTP answers, 0 where it does not."""
        return int(self._server.server_port) if self._server else 0

    def show(self, figures: Iterable[Figure]) -> None:
        """From now on these are shown. ``TemporaryError`` when the text file cannot be written."""
        self._figures = tuple(figures)
        if self._textfile is None:
            return
        from prometheus_client import write_to_textfile

        try:
            write_to_textfile(str(self._textfile), self._registry())
            self._textfile.chmod(READABLE)
        except OSError as error:
            raise TemporaryError(f"metrics.textfile {self._textfile}: {error.strerror}") from None

    def _registry(self) -> "CollectorRegistry":
        from prometheus_client import CollectorRegistry

        made = CollectorRegistry()
        made.register(self)  # it only has to collect
        return made

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        """The figures as the library wants them; each is a gauge, since the database is the truth."""
        from prometheus_client.core import GaugeMetricFamily

        labels = {one.name: tuple(one.labels) for one in self._figures}
        families = {name: GaugeMetricFamily(name, MEANING[name], labels=labels[name]) for name in labels}
        for one in self._figures:
            families[one.name].add_metric(tuple(one.labels.values()), one.value)
        yield from families.values()

    def close(self) -> None:
        """Stop answering, and take the text file away: old figures would look like a desk that is well."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        if self._textfile:
            with suppress(OSError):
                self._textfile.unlink(missing_ok=True)


def _server(port: int, address: str, registry: "CollectorRegistry") -> "WSGIServer":
    from prometheus_client import start_http_server

    if why := refused(address, port):
        raise PermanentError(why)
    return start_http_server(port, address, registry)[0]
