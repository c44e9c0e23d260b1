"""An OAuth 2.0 authorization server on loopback, made of authlib's parts; its time is the test's."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIFE = 3600


class AuthServer:
    """Says whose a token is (RFC 7662), to everybody who asks: it serves this machine only."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*server.answer("GET", self.path, self.headers, ""))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._answer(*server.answer("POST", self.path, self.headers, body))

            def _answer(self, status: int, body: object, headers: dict[str, str]) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Nothing is said."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @contextmanager
    def running(self) -> Iterator["AuthServer"]:
        """While it answers."""
        self._thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()

    def now(self) -> datetime:
        """Its time (aware UTC)."""
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - a server has a clock

    def issue(self, user: str, life: int = LIFE) -> str:
        """A new access token of *user*, for *life* seconds."""
        token = token_urlsafe(24)
        self.tokens[token] = user, self.now() + timedelta(seconds=life)
        return token

    def answer(self, _method: str, path: str, _headers: Any, body: str) -> tuple[int, object, dict[str, str]]:
        """Status, body and headers for one request."""
        self.asked.append(urlsplit(path).path)
        form = {key: values[0] for key, values in parse_qs(body).items()}
        if self.asked[-1] == "/introspect":
            return 200, self._introspect(form.get("token", "")), {"Content-Type": "application/json"}
        return 404, {"error": "not_found"}, {}

    def _introspect(self, token: str) -> dict[str, object]:
        user, until = self.tokens.get(token, ("", self.now()))
        if until <= self.now():
            return {"active": False}
        return {"active": True, "username": user, "token_type": "Bearer"}
