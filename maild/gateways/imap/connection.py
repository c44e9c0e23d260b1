"""Opening one IMAP connection: TCP, TLS, login; and putting library trouble into words.

No text here holds a credential, a server's own words or anything of a mail.
"""

import logging
import socket
import ssl
from contextlib import suppress

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, ProtocolError

from maild.errors import PermanentError, TemporaryError
from maild.gateways import tls, trouble
from maild.gateways.imap.account import ImapAccount, LoginRefused, UntrustedServer, secret

TROUBLE = (
    IMAPClientError,  # imaplib's error (NO, BAD, nonsense), abort (BYE, end of stream) and readonly
    OSError,  # sockets, TLS, time limits
    EOFError,
    LookupError,  # the rest is what the libraries' parsers do on answers they did not foresee
    AttributeError,
    TypeError,
    ValueError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
"""Every family of exception that imapclient and imaplib raise because of the other side."""

_CAUSES = (
    (CapabilityError, "the server does not offer STARTTLS; nothing was sent"),
    (IMAPClientAbortError, "the server hung up"),
    (ProtocolError, "an answer that makes no sense"),
    (IMAPClientError, "the server said no"),
    (TimeoutError, "no answer in time"),
    (socket.gaierror, "the name does not resolve"),
)

_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}

# The library logs every line it reads, whole mails included, at DEBUG.
logging.getLogger("imapclient").setLevel(logging.WARNING)


def open_connection(account: ImapAccount) -> IMAPClient:
    """A connection that is encrypted as the account says, and logged in.

    A token that is refused is read once more: whoever keeps it fresh may have replaced it meanwhile. Raises
    UntrustedServer, LoginRefused, TemporaryError, or PermanentError for an unusable ``ca_file``.
    """
    token = _token(account)
    try:
        return _opened(account, token)
    except LoginRefused:
        newer = _token(account)
        if newer == token:
            raise
    return _opened(account, newer)


def _token(account: ImapAccount) -> str | None:
    """The token of now, where the account has one."""
    try:
        return None if account.token is None else secret(account.token)
    except OSError as error:
        raise in_words(account.host, "reading the token", error) from None


def _opened(account: ImapAccount, token: str | None) -> IMAPClient:
    """A connection of which nobody was told yet: logged in, or hung up with the trouble in words."""
    context = tls.context(account.ca_file)
    client: IMAPClient | None = None
    try:
        client = IMAPClient(
            account.host,
            account.port,
            ssl=account.tls == "implicit",
            ssl_context=context,
            timeout=account.timeout,
        )
        _prepare(client)
        if account.tls == "starttls":
            client.starttls(context)
        _log_in(client, account, token)
    except (*TROUBLE, TemporaryError, PermanentError) as error:
        hang_up(client)
        if why := trouble.unreached(error, account.tls, account.port, greeted=client is not None):
            raise TemporaryError(f"{account.host}: {why}") from None
        raise in_words(account.host, "connecting", error) from None
    return client


def _prepare(client: IMAPClient) -> None:
    client.normalise_times = False  # else INTERNALDATE comes back naive, in the machine's local time
    client._imap.debug = 0  # noqa: SLF001 - no public switch; it formats every line of every mail for the log
    sock = client.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # A command goes out in several pieces; without this each search waits 40 ms for an acknowledgement.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _log_in(client: IMAPClient, account: ImapAccount, token: str | None) -> None:
    """By *token*; else AUTH=PLAIN, which takes any character, before LOGIN, which takes ASCII."""
    offered = client.capabilities()
    try:
        if token is not None:
            _by_token(client, account, token)
        elif b"AUTH=PLAIN" in offered:
            client.plain_login(account.username, secret(account.password))
        elif b"LOGINDISABLED" in offered:
            raise TemporaryError(
                f"{account.host} does not allow a login on this connection; check tls and port"
            )
        else:
            client.login(account.username, secret(account.password))
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        # RFC 5530: these two are not about the credentials
        if any(code in str(error) for code in ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]")):
            raise TemporaryError(f"{account.host} cannot check a login at the moment") from None
        kind = "password" if token is None else "token"
        raise LoginRefused(f"{account.host} refuses the login; check username and {kind}") from None


def _by_token(client: IMAPClient, account: ImapAccount, token: str) -> None:
    """XOAUTH2, which all providers know, or OAUTHBEARER (RFC 7628)."""
    if client.has_capability("AUTH=XOAUTH2"):
        client.oauth2_login(account.username, token)
    elif client.has_capability("AUTH=OAUTHBEARER"):
        client.oauthbearer_login(account.username, token)
    else:
        raise TemporaryError(
            f"{account.host} takes no OAuth tokens: it offers neither XOAUTH2 nor OAUTHBEARER"
        )


def heard_already(client: IMAPClient) -> bool:
    """Whether the server has said something that was read from the socket and not looked at yet."""
    sock = client.socket()
    unread = getattr(client._imap, "_readbuf", None)  # noqa: SLF001 - as below
    if unread is not None:  # Python 3.14 and later: a buffer of its own, which a look must not bypass
        return any(unread) or (isinstance(sock, ssl.SSLSocket) and sock.pending() > 0)
    before = sock.gettimeout()
    sock.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))  # noqa: SLF001 - the library has no public look into its buffer
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(before)


def hang_up(client: IMAPClient | None) -> None:
    """Drop the connection without a word; never raises."""
    if client is not None:
        with suppress(*TROUBLE):
            client.shutdown()


def in_words(host: str, doing: str, error: BaseException) -> TemporaryError | PermanentError:
    """The trouble as one of ours, naming the host and what to do."""
    if isinstance(error, TemporaryError | PermanentError):
        return error
    if why := tls.distrust(error):
        return UntrustedServer(
            f"{host}: certificate refused ({why}); no login was tried; check host, ca_file and the server"
        )
    return TemporaryError(f"{host}: {_cause(error)} while {doing}")


def _cause(error: BaseException) -> str:
    """A short cause in our own words: the library's texts may quote what the server sent."""
    if isinstance(error, OSError) and not isinstance(error, TimeoutError | socket.gaierror):
        return error.strerror or "the connection broke"
    for kind, words in _CAUSES:
        if isinstance(error, kind):
            return words
    return f"an answer that makes no sense ({type(error).__name__})"
