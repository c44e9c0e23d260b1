"""An SMTP server that keeps what it is given and misbehaves on demand; it runs in a thread of its own.

``sink.answer("RCPT", "451 4.7.1 later")`` scripts the next answer at a stage, ``sink.always(...)`` every
one. Stages: CONNECT (the greeting), EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA (the command), TEXT (the
letter is on its way) and DOT (it is here). Instead of an answer: DROP hangs up, STALL says nothing more.
"""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.support.certificate import Certificate
from tests.support.ports import PATIENCE

logging.getLogger("mail.log").setLevel(logging.ERROR)  # the SMTP library's, which has a word at every login

DROP = "drop"
STALL = "stall"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was handed in: its envelope, its bytes, and how it came."""

    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...]
    tls: bool
    login: str


class SmtpSink:
    """One server on a free port of 127.0.0.1, from ``start`` to ``stop``.

    ``tls``: implicit, starttls or none. ``users``: passwords by name; when given, a login is offered, and
    required with starttls. ``smtputf8`` and ``dsn``: whether these extensions are offered.
    """

    def __init__(
        self,
        certificate: Certificate,
        tls: str = "starttls",
        users: dict[str, str] | None = None,
        smtputf8: bool = True,
        dsn: bool = False,
    ) -> None:
        self.letters: list[Letter] = []
        self.desks: list[Any] = []
        """The desks that hand in here: their databases say what must not be read outside."""
        self.commands: list[str] = []
        self.port = 0
        self.drip = 0.0  # seconds between the bytes of every answer
        self.transports: set[asyncio.Transport] = set()
        self._tls, self._users = tls, users or {}
        self._context = certificate.server_context()
        self._smtputf8, self._dsn = smtputf8, dsn
        self.offered = ""
        """Further ways to log in, as EHLO names them; what they are answered is scripted."""
        self._next: dict[str, list[str]] = defaultdict(list)
        self._always: dict[str, str] = {}
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()

    def answer(self, stage: str, *answers: str) -> None:
        """The next answers at ``stage``, in order; ``""`` among them is the usual one."""
        self._next[stage] += answers

    def always(self, stage: str, answer: str) -> None:
        """Every answer at ``stage`` from now on; ``""`` ends it. ``RCPT a@b.example`` is for one address."""
        self._always[stage] = answer

    def await_letters(self, count: int, seconds: float = PATIENCE) -> list[Letter]:
        """The letters, as soon as there are ``count``; TimeoutError when they do not come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.letters) >= count, seconds):
                raise TimeoutError(f"{len(self.letters)} of {count} letters")
            return list(self.letters)

    def start(self) -> None:
        """Start listening."""
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        assert listening.wait(10)

    def stop(self) -> None:
        """Stop, whatever conversations are open."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, listening: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        context = self._context if self._tls == "implicit" else None
        starting = self._loop.create_server(self._server, "127.0.0.1", self.port, ssl=context)
        server = self._loop.run_until_complete(starting)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        for transport in self.transports:
            transport.abort()
        self._loop.run_until_complete(asyncio.gather(*tasks, asyncio.sleep(0.001), return_exceptions=True))
        self._loop.close()

    def _server(self) -> "_Server":
        starttls = self._context if self._tls == "starttls" else None
        return _Server(
            self,
            self,  # the handler: handle_DATA below
            hostname="sink.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=self._authenticate if self._users else None,
            # the library warns about this where it did not start the TLS itself
            auth_required=bool(self._users) and starttls is not None,
            auth_require_tls=starttls is not None,
            enable_SMTPUTF8=self._smtputf8,
            loop=self._loop,
        )

    def _authenticate(
        self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        good = (
            isinstance(data, LoginPassword) and self._users.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """The extensions offered."""
        session.host_name = hostname
        more = [*(["250-DSN"] if self._dsn else []), *([f"250-AUTH {self.offered}"] if self.offered else [])]
        return [*responses[:-1], *more, responses[-1]]

    async def handle_DATA(self, server: "_Server", session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """The final dot is here."""
        answer = self.scripted("DOT")
        if not answer or answer[0] not in "45":
            options = (*envelope.mail_options, *server.dsn)
            login = session.auth_data or ""
            encrypted = server.transport.get_extra_info("sslcontext") is not None
            letter = Letter(
                envelope.mail_from.strip("<>"),  # the library leaves the null sender in brackets
                tuple(envelope.rcpt_tos),
                envelope.original_content,
                options,
                encrypted,
                login,
            )
            with self._arrived:
                self.letters.append(letter)
                self._arrived.notify_all()
        if answer in (DROP, STALL):
            await server.misbehave(answer)
        return answer or "250 2.0.0 kept"

    def scripted(self, stage: str, about: str = "") -> str:
        """What to answer now, empty for the usual."""
        if self._next[stage]:
            return self._next[stage].pop(0)
        return self._always.get(f"{stage} {about}".rstrip()) or self._always.get(stage, "")


def _scripted(stage: str) -> Callable[["_Server", str], Awaitable[None]]:
    usual: Callable[[SMTP, str], Awaitable[None]] = getattr(SMTP, f"smtp_{stage}")

    async def command(self: "_Server", arg: str) -> None:
        self.sink.commands.append(stage)
        about = arg.partition("<")[2].partition(">")[0] if stage == "RCPT" else ""
        if stage == "MAIL":  # RFC 3461, which the library does not know
            self.dsn = tuple(word for word in arg.split() if word.startswith(("RET=", "ENVID=")))
            arg = " ".join(word for word in arg.split() if word not in self.dsn)
        answer = self.sink.scripted(stage, about)
        if answer in (DROP, STALL):
            await self.misbehave(answer)
        elif answer:
            await self.push(answer)
        else:
            await usual(self, arg)

    return command


class _Server(SMTP):
    """One connection."""

    smtp_EHLO = _scripted("EHLO")  # noqa: N815 - the library's names, here and below
    smtp_STARTTLS = _scripted("STARTTLS")  # noqa: N815
    smtp_AUTH = _scripted("AUTH")  # noqa: N815
    smtp_MAIL = _scripted("MAIL")  # noqa: N815
    smtp_RCPT = _scripted("RCPT")  # noqa: N815
    smtp_DATA = _scripted("DATA")  # noqa: N815
    smtp_RSET = _scripted("RSET")  # noqa: N815
    smtp_QUIT = _scripted("QUIT")  # noqa: N815

    def __init__(self, sink: SmtpSink, *args: Any, **kwargs: Any) -> None:
        self.sink = sink
        self.dsn: tuple[str, ...] = ()
        self._greeted = False
        super().__init__(*args, **kwargs)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Also called again when TLS has begun."""
        # the plain one below TLS: a TLS transport that was closed twice can no more be aborted
        tls = getattr(transport, "_ssl_protocol", None)
        self.sink.transports.add(tls._transport if tls else transport)
        super().connection_made(transport)

    async def push(self, status: str | bytes) -> None:
        """Send an answer; the greeting and the go-ahead for the letter can be scripted too."""
        status = status.decode() if isinstance(status, bytes) else status
        stage = "" if self._greeted else "CONNECT"
        stage = "TEXT" if status.startswith("354") else stage
        self._greeted = True
        answer = self.sink.scripted(stage) if stage else ""
        if stage == "TEXT" and answer:
            await super().push(status)
        if answer in (DROP, STALL):
            await self.misbehave(answer)
        elif self.sink.drip:
            await self._drip(answer or status)
        else:
            await super().push(answer or status)

    async def misbehave(self, how: str) -> None:
        """Hang up, or never go on; either way the conversation ends here."""
        if how == DROP:
            self.transport.close()
        await asyncio.sleep(3600)

    async def _drip(self, status: str) -> None:
        for byte in status.encode() + b"\r\n":
            await asyncio.sleep(self.sink.drip)
            self._writer.write(bytes([byte]))


@contextmanager
def running(sink: SmtpSink) -> Iterator[SmtpSink]:
    """The sink, listening, for as long as the block lasts."""
    sink.start()
    try:
        yield sink
    finally:
        with suppress(RuntimeError):
            sink.stop()
