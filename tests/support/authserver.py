"""An OAuth 2.0 authorization server on loopback, made of authlib's parts; its time is the test's."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.authgrants import Provider, Request, Thing

LIFE = 3600
Answer = tuple[int, object, dict[str, str]]


class AuthServer:
    """Grants tokens, and says whose one is (RFC 7662) to everybody who asks: it serves this machine only.

    ``clock`` tells its time, ``user`` who is logged in in every browser, ``yes``
    what they say there, ``broken`` a status that answers everything.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: TID251 - a server has a clock
        self.life = LIFE
        self.user, self.yes, self.broken = "", True, 0
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.asked: list[str] = []
        self._http = _Server(self)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self.provider = Provider(f"{self.url}/token", self._issued)
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
        return self.clock()

    def client(self, name: str, method: str = "none", **known: object) -> Thing:
        """Register an application; *method* is how it proves itself, *known* its secret, key, mailbox, users."""
        known = {"secret": "", "key": None, "mailbox": "", "users": (), **known}
        self.provider.clients[name] = Thing(client_id=name, method=method, **known)
        return self.provider.clients[name]

    def issue(self, user: str) -> str:
        """A new access token of *user*."""
        token = token_urlsafe(24)
        self.tokens[token] = user, self.now() + timedelta(seconds=self.life)
        return token

    def revoke(self) -> None:
        """No refresh token counts any more."""
        self.provider.refreshing.clear()

    def answer_device(self, code: str, yes: bool = True) -> None:
        """Somebody enters a device's *code*, and says yes or no."""
        self.provider.answers[code] = self.user, yes

    def answer(self, method: str, path: str, headers: Any, body: str) -> Answer:
        """Status, body and headers for one request."""
        place = f"/{urlsplit(path).path.rpartition('/')[2]}"  # below any tenant
        self.asked.append(place)
        if place == "/introspect":
            form = {key: values[0] for key, values in parse_qs(body).items()}
            return 200, self._introspect(form.get("token", "")), {"Content-Type": "application/json"}
        if self.broken:
            return self.broken, "out of order", {}
        request = Request(method, path, headers, body)
        if place == "/authorize":
            grant = self.provider.get_consent_grant(request, self.user)
            who = self.user if self.yes else None
            return self.provider.create_authorization_response(request, who, grant)
        if place == "/device":
            return self.provider.create_endpoint_response("device_authorization", request)
        if place == "/token":
            return self.provider.create_token_response(request)
        return 404, {"error": "not_found"}, {}

    def _issued(self, user: str) -> dict[str, object]:
        return {"access_token": self.issue(user), "expires_in": self.life}

    def _introspect(self, token: str) -> dict[str, object]:
        user, until = self.tokens.get(token, ("", self.now()))
        if until <= self.now():
            return {"active": False}
        return {"active": True, "username": user, "token_type": "Bearer"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, server: AuthServer) -> None:
        self.server = server
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(*self.server.server.answer("GET", self.path, self.headers, ""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(*self.server.server.answer("POST", self.path, self.headers, body))

    def _answer(self, status: int, body: object, headers: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""
