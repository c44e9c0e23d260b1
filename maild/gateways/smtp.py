"""SMTP submission (RFC 5321, RFC 6409): one letter over one connection, and what became of it as a value.

Trouble is no exception here but an Outcome, because after the final dot it decides who may try again:
until that dot is sent the server cannot have the letter, after it only the server's answer tells
(RFC 5321 §6.1). Library: aiosmtplib, command by command.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponse, SMTPResponseException
from aiosmtplib import SMTPServerDisconnected as HungUp

from maild.errors import MaildError, PermanentError, TemporaryError
from maild.gateways import tls
from maild.gateways.tls import Tls

Stage = Literal["connect", "tls", "login", "mail", "rcpt", "data"]
Kind = Literal["sent", "temporary", "permanent", "unknown"]

FINAL_PATIENCE = 5
"""The answer to the final dot may take so many times the account's timeout: servers scan mail then, and a
letter whose outcome is unknown is worse than a slow one (RFC 5321 §4.5.3.2.6)."""

_PIECE = 64 * 1024
_LINE_END = re.compile(rb"\r\n|\r|\n")
_NO_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f]")
# About our account and not about the letter (RFC 4954 §6); 530 also stands for missing TLS.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where letters are handed in.

    ``password`` and ``token`` (OAuth2 bearer, XOAUTH2) are texts or functions asked at every login; no
    ``username``, no login. ``ca_file`` empty means the system's authorities. ``timeout`` in seconds, for
    connecting and for the answer to each command.
    """

    host: str
    port: int
    tls: Tls
    ca_file: str = ""
    username: str = ""
    password: str | Callable[[], str] = field(default="", repr=False)
    token: str | Callable[[], str] | None = field(default=None, repr=False)
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter.

    ``sent``: the server took it, for every recipient but those ``refused``; of these the ones in
    ``deferred`` were refused for now only. ``temporary``: it does not have it, later may be better.
    ``permanent``: it will not have it. ``unknown``: the connection was lost after the final dot.
    ``code`` is the server's reply code, 0 when it gave none. ``text`` is for people: our words, no
    address and nothing that the server said. ``stage`` is how far it came.
    """

    kind: Kind
    stage: Stage
    code: int = 0
    text: str = ""
    refused: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()


class _Ended(Exception):  # noqa: N818 - not an error: the talk is over, and this is what came of it
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


async def send(
    account: SmtpAccount,
    envelope_from: str,
    recipients: tuple[str, ...],
    raw: bytes,
    envelope_id: str = "",
) -> Outcome:
    """Hand in one letter: ``raw`` (headers and body, ASCII or 8-bit) for at least one recipient.

    ``envelope_from`` empty is the null sender. ``envelope_id`` (printable ASCII without ``+`` and ``=``)
    comes back in bounces as Original-Envelope-Id where the server can DSN (RFC 3461 §4.4); bounces are
    then asked to quote headers only. Never raises for anything the server does. When cancelled after
    the final dot was sent the outcome is unknown, and the caller has to take it so.
    """
    talk = _Talk(account)
    try:
        _check_form(envelope_from, recipients)
        await talk.open()
        refused, deferred = await talk.envelope(envelope_from, recipients, raw, envelope_id)
        code = await talk.content(raw)
        await talk.quit()
    except _Ended as ended:
        return ended.outcome
    except (MaildError, SMTPException, OSError, ValueError, RuntimeError) as error:
        return talk.broken(error)
    finally:
        talk.hang_up()
    return Outcome("sent", "data", code, "accepted", refused, deferred)


async def check(account: SmtpAccount) -> None:
    """Connect, encrypt, log in and leave; raises TemporaryError or PermanentError with what to do."""
    talk = _Talk(account)
    try:
        await talk.open()
        await talk.quit()
    except _Ended as ended:
        raise TemporaryError(ended.outcome.text) from None
    except PermanentError:
        raise
    except (MaildError, SMTPException, OSError, ValueError, RuntimeError) as error:
        raise TemporaryError(talk.broken(error).text) from None
    finally:
        talk.hang_up()


def _check_form(envelope_from: str, recipients: tuple[str, ...]) -> None:
    """Addresses that would break out of their command, or none at all, go nowhere."""
    if not recipients:
        raise _Ended(Outcome("permanent", "rcpt", text="the letter has no recipient"))
    if _NO_ADDRESS.search(envelope_from):
        raise _Ended(Outcome("permanent", "mail", text="the envelope sender is not an address"))
    if any("@" not in one or _NO_ADDRESS.search(one) for one in recipients):
        raise _Ended(Outcome("permanent", "rcpt", text="a recipient is not an address"))


class _Talk:
    """One conversation with the server; ``stage`` says how far it came."""

    def __init__(self, account: SmtpAccount) -> None:
        self.account = account
        self.stage: Stage = "connect"
        self._transport: asyncio.BaseTransport | None = None
        self.dotted = False  # the final dot is on its way: the server may have the letter

    async def open(self) -> None:
        """Connect, encrypt and log in, or raise."""
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
            await self._log_in()

    async def _log_in(self) -> None:
        account, client = self.account, self.client
        if account.token is None:
            password = account.password() if callable(account.password) else account.password
            await client.login(account.username, password)
        else:
            token = account.token() if callable(account.token) else account.token
            await client.auth_xoauth2(account.username, token)

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
                raise _Ended(Outcome("permanent", "rcpt", text=text))
            options += [b"SMTPUTF8"]
        if not raw.isascii() and self.client.supports_extension("8bitmime"):
            options += [b"BODY=8BITMIME"]
        if envelope_id and self.client.supports_extension("dsn"):
            options += [b"RET=HDRS", b"ENVID=" + envelope_id.encode("ascii")]
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
        protocol.write(b".\r\n")
        self.dotted = True
        return await protocol.read_response(timeout=self.account.timeout * FINAL_PATIENCE)

    def _expect(self, hundreds: int, said: SMTPResponse) -> None:
        """End the talk unless the reply is of the class wanted."""
        if said.code // 100 != hundreds:
            raise _Ended(self._by_code(said.code))

    def _by_code(self, code: int) -> Outcome:
        """4xx temporary, 5xx permanent where it is about the letter; nonsense after the dot is unknown."""
        stage, host = self.stage, self.account.host
        about_letter = stage in ("mail", "rcpt", "data") and code not in _LOGIN_CODES
        if code // 100 == 5 and about_letter:
            return Outcome("permanent", stage, code, f"{host} refused the letter at {stage.upper()}: {code}")
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
        return Outcome("temporary", stage, 0, f"{host}: {_cause(error)} at {stage.upper()}")

    async def quit(self) -> None:
        """Say goodbye; what comes of it changes nothing."""
        with suppress(SMTPException, OSError):
            await self.client.execute_command(b"QUIT", timeout=min(self.account.timeout, 5))

    def hang_up(self) -> None:
        """Close at once: a server that stalls would keep a TLS goodbye waiting for half a minute."""
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()


def _on_the_wire(raw: bytes) -> bytes:
    """The letter with CRLF everywhere and leading dots doubled (RFC 5321 §4.5.2), without the final dot."""
    if not raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r"):
        raw = _LINE_END.sub(b"\r\n", raw)  # slow on a big letter, and ours have CRLF already
    text = raw.replace(b"\r\n.", b"\r\n..")
    text = b"." + text if text.startswith(b".") else text
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _cause(error: Exception) -> str:
    """A short cause in our own words: library texts may quote what the server said."""
    if isinstance(error, MaildError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, HungUp):
        return "the server hung up"
    if isinstance(error, SMTPException):
        return "no connection" if isinstance(error, OSError) else "the server does not offer what is needed"
    if isinstance(error, OSError):
        return error.strerror or "the connection broke"
    return f"an answer that makes no sense ({type(error).__name__})"
