"""The loopback address that a browser comes back to with the provider's answer (RFC 8252 section 7.3)."""

from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from maild.errors import PermanentError, Refused

PAGE = b"<!doctype html><title>maild</title><p>maild has the answer. You can close this window.</p>\n"


class Redirect:
    """Listens on 127.0.0.1 while it is entered; *state* is what the answer has to repeat."""

    def __init__(self, port: int, state: str) -> None:
        self.state = state.encode()
        self.answer: dict[str, str] = {}
        try:
            self._server = _Server(self, port)
        except OSError as error:
            raise Refused(f"port {port}: {error.strerror}; choose another one with --port") from None
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._server.server_close()

    def code(self, seconds: float) -> str:
        """The code that the browser brings. ``PermanentError`` when somebody said no, or nobody came.

        *seconds* is how long to wait for each visitor; strangers, who do not know the state, change nothing.
        """
        self._server.timeout = seconds
        while not self.answer and not self._server.late:
            self._server.handle_request()
        if code := self.answer.get("code"):
            return code
        raise PermanentError("the provider said no" if self.answer else "nobody came back from the browser")

    def visit(self, path: str) -> bool:
        """Take the answer in *path*; whether it is for us."""
        given = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
        known = compare_digest(given.get("state", "").encode(), self.state)
        if known and {"code", "error"} & set(given):
            self.answer = given
        return known


class _Server(HTTPServer):
    def __init__(self, redirect: Redirect, port: int) -> None:
        self.redirect = redirect
        self.late = False
        super().__init__(("127.0.0.1", port), _Visit)

    def handle_timeout(self) -> None:
        self.late = True

    def handle_error(self, *_: object) -> None:
        """A visitor who breaks off is no news."""


class _Visit(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        known = self.server.redirect.visit(self.path)
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE) if known else 0))
        self.end_headers()
        if known:
            self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """The address holds the code: nothing is logged."""
