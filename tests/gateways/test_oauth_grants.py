"""The four grants, against a real authorization server on loopback."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from maild.config.oauth import OAuthSection
from maild.core.values.token import Token
from maild.errors import PermanentError, TemporaryError
from maild.gateways.oauth import grants
from maild.gateways.oauth.grants import Application, GrantRefused
from maild.gateways.oauth.redirect import Redirect
from tests.support.authserver import AuthServer
from tests.support.ports import free_ports

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MAILBOX = "security@project.example"
KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = (
    KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


def certificate() -> str:
    """A certificate of KEY's."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "desk")])
    made = x509.CertificateBuilder(name, name, KEY.public_key(), 1, NOW, NOW + 9000 * HOUR)
    return made.sign(KEY, SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def server() -> Iterator[AuthServer]:
    """The provider."""
    with AuthServer().running() as made:
        made.user = MAILBOX
        yield made


def app(server: AuthServer, grant: str, **secrets: str) -> Application:
    """The application "desk" with *grant*."""
    files = {
        "client_secret_file": "x" if "secret" in secrets else "",
        "certificate_file": "x" if "certificate" in secrets else "",
        "account_file": "x" if "account" in secrets else "",
    }
    section = OAuthSection(
        grant=grant,
        client_id="desk",
        authorize_url=f"{server.url}/authorize",
        device_url=f"{server.url}/device",
        token_url=f"{server.url}/token",
        scopes=("mail",),
        **files,
    )
    return Application(section, MAILBOX, **secrets)


def owner(server: AuthServer, token: Token) -> str:
    """Whose mailbox *token* opens."""
    assert (token.obtained, token.expires) == (NOW, NOW + HOUR)
    return server.tokens[token.access][0]


def test_an_application_with_a_secret(server: AuthServer) -> None:
    """Client credentials: no person is needed, now or later."""
    server.client("desk", "client_secret_post", secret="s3cret", mailbox=MAILBOX)
    desk = app(server, "client-credentials", secret="s3cret")
    token = grants.alone(desk, NOW)
    assert owner(server, token) == owner(server, grants.renewed(desk, token, NOW)) == MAILBOX
    with pytest.raises(GrantRefused, match=r"secret or certificate is wrong.*\(invalid_client\)") as refused:
        grants.alone(app(server, "client-credentials", secret="wr0ng"), NOW)
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize("text", [pem(KEY) + certificate(), certificate() + pem(KEY)])
def test_an_application_with_a_certificate(server: AuthServer, text: str) -> None:
    """Signed with PS256, under the certificate's digest, as Microsoft wants it; whichever comes first in the file."""
    server.client("desk", "client_assertion_jwt", key=PUBLIC, mailbox=MAILBOX)
    assert owner(server, grants.alone(app(server, "client-credentials", certificate=text), NOW)) == MAILBOX
    assert server.provider.headers["alg"] == "PS256"
    assert len(server.provider.headers["x5t#S256"]) == 43


@pytest.mark.parametrize(
    "text", [certificate(), pem(KEY), certificate() + pem(ec.generate_private_key(ec.SECP256R1())), "nothing"]
)
def test_a_certificate_that_cannot_sign_is_said(server: AuthServer, text: str) -> None:
    """Without its key, without the certificate, or with a key of another kind: in words, and nothing is sent."""
    with pytest.raises(TemporaryError, match="makes no sense"):
        grants.alone(app(server, "client-credentials", certificate=text), NOW)
    assert server.asked == []


def test_a_service_account_for_the_mailbox(server: AuthServer) -> None:
    """Google's domain-wide delegation; where the mailbox is not delegated, the provider refuses."""
    account = {"client_email": "maild@x.example", "private_key_id": "k", "private_key": pem(KEY)}
    server.client("maild@x.example", key=PUBLIC, users=(MAILBOX,))
    desk = app(server, "service-account", account=json.dumps(account))
    assert owner(server, grants.alone(desk, NOW)) == MAILBOX
    server.client("maild@x.example", key=PUBLIC, users=())
    with pytest.raises(GrantRefused):
        grants.alone(desk, NOW)
    with pytest.raises(TemporaryError, match="makes no sense"):
        grants.alone(app(server, "service-account", account="[]"), NOW)


def test_a_code_entered_on_any_device(server: AuthServer) -> None:
    """It is asked for until the person has answered, more slowly when the provider says so."""
    server.client("desk")
    desk, pauses = app(server, "device-code"), []
    invitation = grants.invited(desk)

    def wait(seconds: float) -> datetime:
        pauses.append(seconds)
        if len(pauses) == 3:
            server.answer_device(invitation.code)
        return NOW

    assert owner(server, grants.by_device(desk, invitation, wait)) == MAILBOX
    assert pauses == [5, 10, 10]


def test_a_device_code_that_nobody_enters(server: AuthServer) -> None:
    """Who says no ends it at once, who says nothing at its end."""
    server.client("desk")
    desk = app(server, "device-code")
    invitation = grants.invited(desk)
    with pytest.raises(GrantRefused, match="nobody answered in time"):
        grants.by_device(desk, invitation, lambda _: NOW)
    server.answer_device(invitation.code, yes=False)
    with pytest.raises(GrantRefused, match="somebody said no"):
        grants.by_device(desk, invitation, lambda _: NOW)


def through_browser(server: AuthServer, desk: Application) -> Token:
    """A person's browser goes to the provider and comes back; before it, a stranger calls."""
    with Redirect(0, "st4te") as redirect:
        url = grants.consent_url(desk, redirect.url, "st4te", "v" * 50)

        def browse() -> None:
            for visit in (f"{redirect.url}/?state=guess&code=evil", f"{redirect.url}/favicon.ico", url):
                try:
                    urllib.request.urlopen(visit, timeout=10).close()
                except HTTPError as error:
                    error.close()

        browser = threading.Thread(target=browse)
        browser.start()
        try:
            code = redirect.code(10)
        finally:
            browser.join()
    return grants.by_code(desk, redirect.url, code, "v" * 50, NOW)


def test_a_browser_brings_the_code(server: AuthServer) -> None:
    """Over the loopback redirect with PKCE; whoever does not know the state is not heard."""
    server.client("desk")
    token = through_browser(server, app(server, "authorization-code"))
    assert owner(server, token) == MAILBOX
    assert token.refresh


def test_a_person_in_the_browser_says_no(server: AuthServer) -> None:
    """That is the end, in words."""
    server.client("desk")
    server.yes = False
    with pytest.raises(PermanentError, match="said no"):
        through_browser(server, app(server, "authorization-code"))


def test_nobody_comes_back_from_the_browser() -> None:
    """The wait has an end; so has a port that is taken."""
    with Redirect(free_ports(1)[0], "state") as redirect:
        with pytest.raises(PermanentError, match="nobody came back"):
            redirect.code(0.01)
        with pytest.raises(Exception, match="choose another one with --port"):
            Redirect(int(redirect.url.rpartition(":")[2]), "state")


def test_a_refresh_token_buys_the_next(server: AuthServer) -> None:
    """Each time another; one that was used, or revoked, is refused for good."""
    server.client("desk")
    desk = app(server, "authorization-code")
    first = through_browser(server, desk)
    second = grants.renewed(desk, first, NOW)
    assert owner(server, second) == MAILBOX
    assert second.refresh not in ("", first.refresh)
    server.revoke()
    with pytest.raises(GrantRefused, match=r"withdrawn or has expired \(invalid_grant\)"):
        grants.renewed(desk, second, NOW)


@pytest.mark.parametrize("status", [200, 302, 307, 404, 429, 500, 503])
def test_trouble_of_the_provider_passes(server: AuthServer, status: int) -> None:
    """No status without an answer is a refusal, and no redirect is followed with a secret."""
    server.broken = status
    with pytest.raises(TemporaryError, match=r"the provider|makes no sense"):
        grants.alone(app(server, "client-credentials", secret="s3cret"), NOW)
    assert server.asked == ["/token"]


def test_a_provider_that_is_not_there() -> None:
    """That passes, too."""
    with AuthServer().running() as away:
        pass
    with pytest.raises(TemporaryError, match="could not be reached"):
        grants.alone(app(away, "client-credentials", secret="s3cret"), NOW)
