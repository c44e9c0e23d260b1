"""``maild init`` where a mailbox takes tokens only: a real authorization server, and a Dovecot that asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config import load
from maild.gateways.oauth import tokenfile
from tests.cli.test_init import PEOPLE, Place, kit  # noqa: F401 - a fixture
from tests.cli.test_interview import MOST, Talk, green
from tests.openpgp.kit import Kit
from tests.support.authserver import AuthServer
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import Dovecot, User
from tests.support.smtpsink import SmtpSink, running

pytestmark = pytest.mark.dovecot
ADDRESS = "security@project.example"
TENANT = "8c5a0f6e"
IDS_AND_RETRIES = 8
"""Two ids (twice), three files of the application, a wrong way to log in."""


@pytest.fixture(scope="module")
def authority() -> Iterator[AuthServer]:
    """The provider's authorization server, which knows the application by its secret."""
    with AuthServer().running() as server:
        server.client("desk", "client_secret_post", secret="sesame", mailbox=ADDRESS)
        yield server


@pytest.fixture(scope="module")
def mailbox(authority: AuthServer) -> Iterator[User]:
    """The desk's mailbox; it takes what the authorization server vouches for."""
    server = Dovecot(f"{authority.url}/introspect", "xoauth2")
    try:
        server.start()
        yield server.user(ADDRESS)
    finally:
        server.remove()


@pytest.fixture
def place(
    mailbox: User,
    certificate: Certificate,
    kit: Kit,  # noqa: F811
    request: pytest.FixtureRequest,
) -> Iterator[Place]:
    """Where the desk is founded; its SMTP server takes tokens."""
    folder = kit.root / f"o-{abs(hash(request.node.name)) % 10000}"
    folder.mkdir()
    with running(SmtpSink(certificate)) as sink:
        sink.offered = "XOAUTH2"
        sink.always("AUTH", "235 2.7.0 come in")
        (folder / "secret").write_text("sesame\n")
        yield Place(folder, mailbox, sink, kit, certificate)
        mailbox.log_out()


def servers(place: Place, authority: AuthServer) -> list[str]:
    """The addresses that stand in for Microsoft's."""
    imap, smtp = (place.servers[place.servers.index(key) + 1] for key in ("--imap", "--smtp"))
    return ["--imap", imap, "--smtp", smtp, "--token-url", f"{authority.url}/{{tenant}}/token"]


def test_an_application_is_asked_for_and_tried(place: Place, authority: AuthServer) -> None:
    """A wrong secret is told where it is given; then the desk has its token, its `[oauth]` and a green check."""
    wrong = place.path.parent.with_name("wrong")
    wrong.write_text("open")
    talk = Talk(place, "--key", "none", *servers(place, authority))
    talk.says("published address", ADDRESS)
    talk.says("Who keeps the mailbox", "microsoft")
    talk.terminal.expect("client-credentials: the application by itself")
    talk.says("way to log in", "password")
    talk.says("one of client-credentials, device-code", "")
    talk.says("application .client. id", "desk")
    talk.says("directory .tenant. id", TENANT)
    talk.says("certificate and its key", "/nowhere")
    talk.says("/nowhere: No such file", str(wrong))
    talk.terminal.expect(r"secret or certificate\s+is\s+wrong")
    talk.says("client. id .desk", "")
    talk.says("tenant. id .8c5a0f6e", "")
    talk.says("certificate and its key", str(place.path.parent.with_name("secret")))
    talk.terminal.expect("Logged in:")
    talk.says("Coordinator", "Mia <mia@project.example>")
    talk.says("Backup", "Bea <bea@project.example>")
    talk.says("Another handler", "")
    said = talk.ends()
    config = load(place.path)
    oauth, token = config.file.oauth, tokenfile.read(config.token_path)
    assert (oauth.grant, oauth.client_id, oauth.tenant) == ("client-credentials", "desk", TENANT)
    assert config.secret(oauth.client_secret_file) == "sesame"
    assert config.file.smtp.username == config.file.inbox.username == ADDRESS
    assert token is not None
    assert token.access in authority.tokens
    assert "sesame" not in said
    assert (place.path.parent / oauth.client_secret_file).stat().st_mode & 0o777 == 0o600
    assert green(place)
    assert talk.answers - IDS_AND_RETRIES <= MOST


def test_what_options_say_is_not_tried_again(place: Place, authority: AuthServer) -> None:
    """A provider that refuses an application given by options is asked once: the run ends with the reason."""
    wrong = place.path.parent.with_name("wrong")
    wrong.write_text("open")
    known = ("--grant", "client-credentials", "--client-id", "desk", "--tenant", TENANT)
    talk = Talk(place, *known, "--oauth-file", str(wrong), *servers(place, authority))
    talk.says("published address", ADDRESS)
    talk.says("Who keeps the mailbox", "microsoft")
    assert " ".join(talk.ends().split()).count("secret or certificate is wrong") == 1
    assert not place.path.exists()


def test_by_options_alone(place: Place, authority: AuthServer) -> None:
    """No terminal: the application's token is there all the same; what is missing is named."""
    words = ("--state", "state", "--ca-file", str(place.ca), "--address", ADDRESS, "--provider", "microsoft")
    begun = [*words, "--smtp-tls", "starttls", "--key", "none", *PEOPLE, *servers(place, authority)]
    assert "--grant or --token-file is missing" in command(place.path, "init", *begun).err
    granted = [*begun, "--grant", "client-credentials", "--client-id", "desk"]
    assert "--tenant is missing" in command(place.path, "init", *granted).err
    whole = [*granted, "--tenant", TENANT, "--oauth-file", str(place.path.parent.with_name("secret"))]
    assert not place.path.exists()
    command(place.path, "init", *whole)
    assert tokenfile.read(load(place.path).token_path) is not None
    assert green(place)


def test_a_provider_that_says_no_ends_the_run(place: Place, authority: AuthServer, tmp_path: Path) -> None:
    """Without a terminal nobody can try again: the reason is told, and nothing is written."""
    secret = tmp_path / "secret"
    secret.write_text("open")
    words = ("--address", ADDRESS, "--provider", "microsoft", "--grant", "client-credentials")
    known = ("--client-id", "desk", "--tenant", TENANT, "--oauth-file", str(secret))
    said = command(
        place.path,
        "init",
        "--state",
        "state",
        *words,
        *known,
        *PEOPLE,
        *servers(place, authority),
    )
    assert said.status != 0
    assert "secret or certificate is wrong" in said.err
    assert not place.path.exists()
