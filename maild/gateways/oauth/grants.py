"""Asking the provider for tokens, by four grants. Library: authlib with requests, an extra.

No text here holds a secret, a token or the provider's own words, but for an error code of RFC 6749.
"""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from time import monotonic
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import AssertionSession, OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from requests import RequestException, Response

from maild.config.oauth import OAuthSection
from maild.core.values.token import Token
from maild.errors import PermanentError, TemporaryError

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
TIMEOUT = 30.0
"""Seconds for connecting, and for each read."""
LONGEST = 60.0
"""Seconds for a whole answer, and how many bytes one may have: a provider could be in other hands."""
LARGEST = 100_000
PASSING = frozenset({"temporarily_unavailable", "server_error"})
NOT_YET = frozenset({"authorization_pending", "slow_down"})
MEANINGS: Mapping[str, str] = {
    "invalid_grant": "the permission was withdrawn or has expired",
    "invalid_client": "the application's id, secret or certificate is wrong, or has expired",
    "unauthorized_client": "the application may not do this",
    "invalid_scope": "the application may not do all that oauth.scopes names",
    "access_denied": "somebody said no",
    "expired_token": "nobody answered in time",
}
_CODE = re.compile(r"[a-z_]{1,40}")
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]{0,10}PRIVATE KEY-----[^-]+-----END [A-Z ]{0,10}PRIVATE KEY-----")
_LIFE = timedelta(hours=1)
_LONGEST = timedelta(days=1)


class GrantRefused(PermanentError):  # noqa: N818 - what happened, in an except clause
    """The provider gives no token; ``why`` is its code (RFC 6749 section 5.2)."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the provider refuses: {MEANINGS.get(why, 'for its own reasons')} ({why})")
        self.why = why


class NotYet(TemporaryError):  # noqa: N818 - what happened, in an except clause
    """The person has not answered; ``slower``: and we ask too often (RFC 8628 section 3.5)."""

    def __init__(self, slower: bool) -> None:
        super().__init__("nobody has answered yet")
        self.slower = slower


@dataclass(frozen=True, slots=True)
class Application:
    """The application as the provider knows it, and the mailbox that it is for.

    ``secret``, ``certificate`` (PEM with its key) and ``account`` (Google's JSON) are texts, empty where the
    grant needs none. ``ca_file`` empty means the authorities that the library ships.
    """

    section: OAuthSection
    mailbox: str
    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    ca_file: str = ""

    @property
    def scope(self) -> str:
        """What is asked for."""
        return " ".join(self.section.asked)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where a person goes, and what they enter there (RFC 8628 section 3.2)."""

    device: str = field(repr=False)
    code: str
    url: str
    pause: float
    seconds: float


def alone(app: Application, now: datetime) -> Token:
    """A token that needs no person: of the application itself, or of a service account for the mailbox."""
    with _in_words():
        if app.section.grant == "service-account":
            return _token(_delegated(app).refresh_token(), now)
        url, session = app.section.url("token"), _session(app)
        return _token(session.fetch_token(url, grant_type="client_credentials", scope=app.scope), now)


def renewed(app: Application, token: Token, now: datetime) -> Token:
    """The next token; its refresh token is the old one where the provider gives no other."""
    if app.section.grant in ("client-credentials", "service-account"):
        return alone(app, now)
    with _in_words():
        url, given = app.section.url("token"), {"refresh_token": token.refresh}
        return _token(_session(app).fetch_token(url, grant_type="refresh_token", **given), now, token.refresh)


def invited(app: Application) -> Invitation:
    """Begin the device grant."""
    with _in_words():
        data = {"client_id": app.section.client_id, "scope": app.scope}
        answer = _session(app).post(app.section.url("device"), data=data, withhold_token=True)
        said = answer.json()
        if "error" in said:
            raise GrantRefused(_code(said["error"]))
        return Invitation(
            _plain(said["device_code"]),
            _plain(said["user_code"]),
            _plain(said.get("verification_uri") or said["verification_url"]),
            min(max(_seconds(said.get("interval", 5)), 1.0), 60.0),
            min(_seconds(said["expires_in"]), 3600.0),
        )


def by_device(app: Application, invitation: Invitation, wait: Callable[[float], datetime]) -> Token:
    """The token, once the person has said yes; *wait* passes that many seconds and tells the time then."""
    left, pause = invitation.seconds, invitation.pause
    url, given = app.section.url("token"), {"device_code": invitation.device}
    while left > 0:
        now, left = wait(pause), left - pause
        try:
            with _in_words():
                return _token(_session(app).fetch_token(url, grant_type=DEVICE, **given), now)
        except NotYet as error:
            pause += 5 if error.slower else 0
    raise GrantRefused("expired_token")


def consent_url(app: Application, redirect: str, state: str, verifier: str) -> str:
    """Where a browser goes, for a person to say yes; it comes back to *redirect* (RFC 8252, RFC 7636)."""
    session, url = _session(app, redirect), app.section.url("authorize")
    return str(session.create_authorization_url(url, state=state, code_verifier=verifier)[0])


def by_code(app: Application, redirect: str, code: str, verifier: str, now: datetime) -> Token:
    """The token for the code that the browser brought."""
    with _in_words():
        url, given = app.section.url("token"), {"code": code, "code_verifier": verifier}
        session = _session(app, redirect)
        return _token(session.fetch_token(url, grant_type="authorization_code", **given), now)


def _session(app: Application, redirect: str = "") -> OAuth2Session:
    """Who asks, proved by certificate, by secret, or not at all."""
    method = PrivateKeyJWT.name if app.certificate else "client_secret_post" if app.secret else "none"
    session = OAuth2Session(
        app.section.client_id,
        _key(app.certificate) if app.certificate else app.secret or None,
        token_endpoint_auth_method=method,
        scope=app.scope,
        redirect_uri=redirect or None,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )
    if app.certificate:
        session.register_client_auth_method(_signing(app.certificate))
    return _guarded(session, app)


def _key(pem: str) -> RSAKey:
    """The private key in *pem*, which may hold a certificate before or after it."""
    found = _PRIVATE.search(pem)
    return RSAKey.import_key(found.group() if found else "")


def _signing(certificate: str) -> PrivateKeyJWT:
    """Proof by certificate, as Microsoft Entra wants it: PS256, and the certificate's digest."""
    digest = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(SHA256())
    named = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return PrivateKeyJWT(headers={"typ": "JWT", "x5t#S256": named}, alg="PS256")


def _delegated(app: Application) -> AssertionSession:
    """A service account of Google's, for the mailbox (RFC 7523, domain-wide delegation)."""
    account = json.loads(app.account)
    session = AssertionSession(
        app.section.url("token"),
        issuer=account["client_email"],
        subject=app.mailbox,
        claims={"scope": app.scope},
        header={"alg": "RS256", "kid": account["private_key_id"]},
        key=RSAKey.import_key(account["private_key"]),
        default_timeout=TIMEOUT,
    )
    return _guarded(session, app)


def _guarded(session: Any, app: Application) -> Any:
    """No secret follows a redirect to another address, or goes to a server that nobody vouches for."""
    session.max_redirects = 0
    session.hooks["response"].append(_bounded)
    if app.ca_file:
        session.verify = app.ca_file
    return session


def _bounded(response: Response, **_: object) -> None:
    """Read an answer within limits; ``ValueError`` when it goes beyond them.

    It is read byte by byte: of a longer piece nobody sees how slowly it comes, or what it unpacks to.
    """
    until, read = monotonic() + LONGEST, bytearray()
    for piece in response.iter_content(1):
        read += piece
        if len(read) > LARGEST or monotonic() > until:
            response.close()
            raise ValueError
    response._content = bytes(read)  # noqa: SLF001 - requests has no other place for what was read in time


def _token(found: Mapping[str, Any], now: datetime, refresh: str = "") -> Token:
    """The provider's answer as a token; ``ValueError`` and its like when it makes no sense."""
    seconds = found.get("expires_in")
    life = _LIFE if seconds is None else timedelta(seconds=int(seconds))
    if life <= timedelta(0):
        raise ValueError
    given = found.get("refresh_token") or refresh
    return Token(
        _plain(found["access_token"]), now, now + min(life, _LONGEST), _plain(given) if given else ""
    )


def _plain(value: object) -> str:
    """A text of visible ASCII; ``ValueError`` when it is anything else."""
    if not isinstance(value, str) or not re.fullmatch(r"[\x21-\x7e]{1,20000}", value):
        raise ValueError
    return value


def _seconds(value: str | float) -> float:
    """A number; ``ValueError`` when it is none, or has no end."""
    seconds = float(value)
    if not isfinite(seconds):
        raise ValueError
    return seconds


def _code(error: object) -> str:
    return error if isinstance(error, str) and _CODE.fullmatch(error) else "unknown_error"


@contextmanager
def _in_words() -> Iterator[None]:
    """What goes wrong with the provider, in our words: refused, not yet, or trouble that may pass."""
    try:
        yield
    except AuthlibBaseError as error:
        code = _code(error.error)
        if code in NOT_YET:
            raise NotYet(code == "slow_down") from None
        if code in PASSING:
            raise TemporaryError(f"the provider has trouble ({code})") from None
        raise GrantRefused(code) from None
    except JoseError as error:
        raise TemporaryError(f"the private key makes no sense ({type(error).__name__})") from None
    except RequestException as error:
        status = getattr(error.response, "status_code", 0)
        said = f"answered with status {status}" if status else "could not be reached"
        raise TemporaryError(f"the provider {said} ({type(error).__name__})") from None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise TemporaryError(f"an answer or a key makes no sense ({type(error).__name__})") from None
