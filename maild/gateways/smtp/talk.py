"""One conversation with an SMTP server, and what its end means for the letter."""

import asyncio
import re
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponse, SMTPResponseException
from aiosmtplib import SMTPServerDisconnected as HungUp

from maild.core.letters.states import REFUSED
from maild.errors import MaildError, TemporaryError
from maild.gateways import tls, trouble
from maild.gateways.smtp.account import Outcome, SmtpAccount, Stage

TROUBLE = (MaildError, SMTPException, OSError, ValueError, RuntimeError)
"""Every family of exception that a talk can end with because of the other side."""

GOODBYE = 2.0
"""Seconds for the answer to QUIT."""
FINAL_PATIENCE = 5
"""The answer to the final dot may take so many times the account's timeout: servers scan mail then, and a
letter whose outcome is unknown is worse than a slow one (RFC 5321 §4.5.3.2.6)."""

TOKENLESS = "the server takes no OAuth tokens: it offers neither XOAUTH2 nor OAUTHBEARER"
_PIECE = 64 * 1024
_MANY = 1_000_000
_MAILMAX = re.compile(r"(?i)\bMAILMAX=(\d{1,6})\b")
_LINE_END = re.compile(rb"\r\n|\r|\n")
# About our account and not about the letter (RFC 4954 §6); 530 also stands for missing TLS.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


class Ended(Exception):  # noqa: N818 - not an error: the talk is over, and this is what came of it
    """The talk is over with this ``outcome``."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


class Talk:
    """One conversation; ``stage`` says how far it came, *may* whether a letter may still get its dot."""

    def __init__(self, account: SmtpAccount, may: Callable[[], bool] = lambda: True) -> None:
        self.account = account
        self.may = may
        self.stage: Stage = "connect"
        self._transport: asyncio.BaseTransport | None = None
        self.dotted = False  # the final dot is on its way: the server may have the letter
        self.letters = 0

    async def open(self) -> None:
        """Connect, encrypt and log in, or raise.

        A token that is refused is read once more: whoever keeps it fresh may have replaced it meanwhile.
        """
        token = self._token()
        try:
            await self._open(token)
        except SMTPAuthenticationError:
            newer = self._token()
            if newer == token:
                raise
            self.hang_up()
            self.stage = "connect"
            await self._open(newer)

    def _token(self) -> str | None:
        """The token of now, where the account has one and logs in."""
        token = self.account.token if self.account.username else None
        return token() if callable(token) else token

    async def _open(self, token: str | None) -> None:
        account = self.account
        context: ssl.SSLContext | None = None if account.tls == "none" else tls.context(account.ca_file)
        self.client = SMTP(
            hostname=account.host,
            port=account.port,
            use_tls=account.tls == "implicit",
            start_tls=False,
            tls_context=context,
            timeout=account.timeout,
            local_hostname="[127.0.0.1]",  # the desk's machine is nobody's business, and asks no DNS
        )
        await self.client.connect()
        self._transport = self.client.transport
        await self.client.ehlo()
        if account.tls == "starttls":
            self.stage = "tls"
            if not self.client.supports_extension("starttls"):
                raise TemporaryError("the server does not offer STARTTLS; nothing was sent")
            await self.client.starttls()
            self._transport = self.client.transport
            await self.client.ehlo()
        if account.username:
            self.stage = "login"
            await self._log_in(token)

    async def again(self) -> bool:
        """Whether the server waits for a further letter (RFC 5321 §4.1.1.5); it has had none of it yet."""
        self.stage, self.dotted = "mail", False
        try:
            patience = min(self.account.timeout, GOODBYE)
            return (await self.client.execute_command(b"RSET", timeout=patience)).code // 100 == 2
        except TROUBLE:
            return False

    @property
    def most(self) -> int:
        """How many letters the server takes over one connection, as far as it says (RFC 9422 §4.1)."""
        said = self.client.esmtp_extensions.get("limits", "")
        found = _MAILMAX.search(said)
        return int(found[1]) if found else _MANY

    def certificate_end(self) -> datetime | None:
        """When the server's certificate expires (aware UTC); ``None`` without TLS."""
        transport = self._transport
        return tls.certificate_end(transport.get_extra_info("ssl_object")) if transport else None

    async def _log_in(self, token: str | None) -> None:
        account, client = self.account, self.client
        if token is None:
            password = account.password() if callable(account.password) else account.password
            await client.login(account.username, password)
        elif "xoauth2" in client.server_auth_methods:
            await client.auth_xoauth2(account.username, token)
        elif "oauthbearer" in client.server_auth_methods:
            await self._bear(token)
        else:
            raise TemporaryError(TOKENLESS)

    async def _bear(self, token: str) -> None:
        """OAUTHBEARER (RFC 7628 section 3): what goes wrong is said as a challenge, which ^A answers."""
        user = self.account.username.replace("=", "=3D").replace(",", "=2C")
        text = b64encode(f"n,a={user},\x01auth=Bearer {token}\x01\x01".encode())
        said = await self.client.execute_command(b"AUTH", b"OAUTHBEARER", text)
        if said.code == 334:
            said = await self.client.execute_command(b64encode(b"\x01"))
        if said.code != 235:
            raise SMTPAuthenticationError(said.code, said.message)

    async def envelope(
        self, sender: str, recipients: tuple[str, ...], raw: bytes, envelope_id: str
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """MAIL and RCPT; the recipients refused, and those of them for now only."""
        self.stage = "mail"
        options = self._options((sender, *recipients), raw, envelope_id)
        said = await self.client.execute_command(b"MAIL", b"FROM:<" + sender.encode() + b">", *options)
        self._expect(2, said)
        self.stage = "rcpt"
        answers = {}
        for one in recipients:
            said = await self.client.execute_command(b"RCPT", b"TO:<" + one.encode() + b">")
            answers[one] = said
        refused = tuple(one for one, said in answers.items() if said.code // 100 != 2)
        deferred = tuple(one for one in refused if answers[one].code // 100 != 5)
        if len(refused) == len(answers):
            self._expect(2, answers[(deferred or refused)[0]])
        return refused, deferred

    def _options(self, addresses: tuple[str, ...], raw: bytes, envelope_id: str) -> list[bytes]:
        """What MAIL has to say about the letter, as far as the server knows of it."""
        options = []
        if not all(one.isascii() for one in addresses):
            if not self.client.supports_extension("smtputf8"):
                text = "an address has letters beyond ASCII, and the server cannot take it (no SMTPUTF8)"
                raise Ended(Outcome("permanent", "rcpt", text=text))
            options += [b"SMTPUTF8"]
        if not raw.isascii() and self.client.supports_extension("8bitmime"):
            options += [b"BODY=8BITMIME"]
        if envelope_id and self.client.supports_extension("dsn"):
            options += [b"RET=HDRS", b"ENVID=" + _xtext(envelope_id)]
        return options

    async def content(self, raw: bytes) -> int:
        """DATA, the letter and the dot; the code with which the server took it."""
        self.stage = "data"
        self._expect(3, await self.client.execute_command(b"DATA"))
        text = _on_the_wire(raw)
        for start in range(0, len(text), _PIECE):
            await self._write(text[start : start + _PIECE])
        said = await self._final_dot()
        self._expect(2, said)
        self.letters += 1
        return said.code

    async def _write(self, piece: bytes) -> None:
        """Hand over a piece and wait until the connection can take more.

        The library writes a letter in one go, and then nobody can tell whether a connection that broke
        had carried the dot.
        """
        if (protocol := self.client.protocol) is None:
            raise HungUp("lost")
        protocol.write(piece)
        async with asyncio.timeout(self.account.timeout):
            await protocol._drain_helper()  # noqa: SLF001 - asyncio's own flow control, no public name here
            await asyncio.sleep(0)  # lets a hang-up that is already here be seen

    async def _final_dot(self) -> SMTPResponse:
        if (protocol := self.client.protocol) is None:
            raise HungUp("lost")
        if not self.may():
            raise Ended(Outcome("temporary", self.stage, 0, "another host may have the desk by now"))
        protocol.write(b".\r\n")
        self.dotted = True
        return await protocol.read_response(timeout=self.account.timeout * FINAL_PATIENCE)

    def _expect(self, hundreds: int, said: SMTPResponse) -> None:
        """End the talk unless the reply is of the class wanted."""
        if said.code // 100 != hundreds:
            raise Ended(self._by_code(said.code))

    def _by_code(self, code: int) -> Outcome:
        """4xx temporary, 5xx permanent where it is about the letter; nonsense after the dot is unknown."""
        stage, host = self.stage, self.account.host
        about_letter = stage in ("mail", "rcpt", "data") and code not in _LOGIN_CODES
        if code // 100 == 5 and about_letter:
            return Outcome("permanent", stage, code, f"{host} {REFUSED} at {stage.upper()}: {code}")
        if self.dotted and code // 100 != 4:
            return Outcome("unknown", stage, 0, f"{host} gave no clear answer after the letter")
        return Outcome("temporary", stage, max(code, 0), f"{host} refused at {stage.upper()}: {max(code, 0)}")

    def broken(self, error: Exception) -> Outcome:
        """The outcome of a talk that ended in trouble, by where it ended."""
        host, stage = self.account.host, self.stage
        if why := tls.distrust(error):
            text = (
                f"{host}: certificate refused ({why}); nothing was sent; check host, ca_file and the server"
            )
            return Outcome("temporary", "tls", 0, text)
        if isinstance(error, SMTPAuthenticationError):
            text = f"{host} refuses the login ({error.code}); check username and password or token"
            return Outcome("temporary", stage, error.code, text)
        if isinstance(error, SMTPResponseException):
            return self._by_code(error.code)
        if self.dotted:
            return Outcome("unknown", stage, 0, f"{host}: {_cause(error)} after the letter was handed over")
        if stage in ("connect", "tls"):
            why = trouble.unreached(error, self.account.tls, self.account.port, stage == "tls")
            told = (
                f"{host}: {why}"
                if why
                else f"could not connect to {host}:{self.account.port}: {_cause(error)}"
            )
            return Outcome("temporary", stage, 0, told)
        return Outcome("temporary", stage, 0, f"{host}: {_cause(error)} at {stage.upper()}")

    async def quit(self) -> None:
        """Say goodbye; what comes of it changes nothing, and the letter is not settled before."""
        with suppress(*TROUBLE):
            await self.client.execute_command(b"QUIT", timeout=min(self.account.timeout, GOODBYE))

    def hang_up(self) -> None:
        """Close at once: a server that stalls would keep a TLS goodbye waiting for half a minute."""
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()


def _xtext(text: str) -> bytes:
    """Printable ASCII as it is, the rest by number (RFC 3461 §4)."""
    return b"".join(
        bytes([one]) if 33 <= one <= 126 and one not in b"+=" else b"+%02X" % one for one in text.encode()
    )


def _on_the_wire(raw: bytes) -> bytes:
    """The letter with CRLF everywhere and leading dots doubled (RFC 5321 §4.5.2), without the final dot."""
    if not raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r"):
        raw = _LINE_END.sub(b"\r\n", raw)  # slow on a big letter, and ours have CRLF already
    text = raw.replace(b"\r\n.", b"\r\n..")
    text = b"." + text if text.startswith(b".") else text
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _unconnected(error: OSError) -> str:
    """Why there is no connection, as the system says it."""
    below = error.__cause__
    return (below.strerror if isinstance(below, OSError) else "") or "no connection"


def _cause(error: Exception) -> str:
    """A short cause in our own words: library texts may quote what the server said."""
    if isinstance(error, MaildError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, HungUp):
        return "the server hung up"
    if isinstance(error, SMTPException):
        return (
            _unconnected(error) if isinstance(error, OSError) else "the server does not offer what is needed"
        )
    if isinstance(error, OSError):
        return error.strerror or "the connection broke"
    return f"an answer that makes no sense ({type(error).__name__})"
