"""``maild init`` with OAuth on a terminal of 80 columns and 24 lines, from the first question to a green check."""

import json
import re
import urllib.request

import pytest

from maild.config import load
from maild.gateways.oauth import tokenfile
from tests.cli.test_init import Place, kit  # noqa: F401 - a fixture
from tests.cli.test_interview import MOST, Talk, green
from tests.cli.test_interview_oauth import ADDRESS, TENANT, authority, mailbox, place  # noqa: F401 - fixtures
from tests.gateways.test_oauth_grants import KEY as SIGNING
from tests.gateways.test_oauth_grants import PUBLIC, certificate, pem
from tests.support.authserver import AuthServer

pytestmark = pytest.mark.dovecot
NARROW = (24, 80)
STANDS_IN = """
import time
from maild.config import providers
sleep = time.sleep
time.sleep = lambda seconds: sleep(min(seconds, 0.05))
known = providers.provider
def provider(name):
    found = known(name)
    found.below["oauth"] |= {{"authorize_url": "{url}/authorize?x=1", "device_url": "{url}/{{tenant}}/device",
        "token_url": "{url}" + ("/{{tenant}}" if name == "microsoft" else "") + "/token"}}
    return found
providers.provider = provider
"""
"""The provider's addresses are those of the server on loopback, and nobody waits long."""


@pytest.fixture
def talk(place: Place, authority: AuthServer) -> Talk:  # noqa: F811
    """An operator who begins; the servers stand in for the provider's."""
    imap, smtp = (place.servers[place.servers.index(key) + 1] for key in ("--imap", "--smtp"))
    first = STANDS_IN.format(url=authority.url)
    begun = Talk(place, "--imap", imap, "--smtp", smtp, first=first, size=NARROW)
    begun.says("published address", ADDRESS)
    return begun


def ends_green(talk: Talk, place: Place, ids: int) -> None:  # noqa: F811
    """The people, and a desk that checks, after so many answers at most; no line was wider than the terminal.

    *ids*: how many answers were ids and files of the application.
    """
    talk.says("Coordinator", "Mia <mia@project.example>")
    talk.says("Backup", "Bea <bea@project.example>")
    talk.says("Another handler", "")
    talk.says("desk's secret key", "")
    talk.ends()
    assert green(place)
    token = tokenfile.read(load(place.path).token_path)
    assert token is not None
    assert talk.answers - ids <= MOST
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", talk.shown.getvalue()).splitlines()
    typed = ("://", str(place.path.parent.parent))
    assert [one for one in lines if len(one) > NARROW[1] and not any(part in one for part in typed)] == []
    place.kit.end(place.path.parent / "state" / "gnupg")


def test_google_in_a_browser(talk: Talk, place: Place, authority: AuthServer) -> None:  # noqa: F811
    """A person says no first, then yes; the browser comes back to the loopback address."""
    authority.client("web", "client_secret_post", secret="sesame")
    authority.user = ADDRESS
    talk.says("Who keeps the mailbox", "gmail")
    talk.says("one of fastmail, google", "google")
    talk.says("way to log in", "authorization-code")
    for answer in (False, True):
        authority.yes = answer
        talk.says("application .client. id", "web" if not answer else "")
        talk.says("application's secret", str(place.path.parent.with_name("secret")))
        talk.terminal.expect(r"http://127\.0\.0\.1:\d+/authorize\?[^\s]+")
        address = str(talk.terminal.after)
        talk.terminal.expect("From another machine")
        try:
            urllib.request.urlopen(address, timeout=20).close()
        except urllib.error.HTTPError as error:
            error.close()
        talk.terminal.expect("Logged in:" if answer else "said no")
    ends_green(talk, place, 4 + 1)


def test_google_by_a_service_account(talk: Talk, place: Place, authority: AuthServer) -> None:  # noqa: F811
    """A file that is none is refused where it is named; one whose domain is not delegated where it is tried."""
    file = place.path.parent.with_name("account.json")
    file.write_text(
        json.dumps({"client_email": "m@x.example", "private_key_id": "k", "private_key": pem(SIGNING)})
    )
    authority.client("m@x.example", key=PUBLIC, users=())
    talk.says("Who keeps the mailbox", "google")
    talk.says("way to log in", "service-account")
    talk.says("JSON file", "/nowhere.json")
    talk.says("/nowhere.json: No such file", str(file))
    talk.terminal.expect("refuse|not delegated|unauthorized")
    authority.client("m@x.example", key=PUBLIC, users=(ADDRESS,))
    talk.says("JSON file", str(file))
    talk.terminal.expect("Logged in:")
    ends_green(talk, place, 3)


def test_microsoft_by_certificate(
    talk: Talk,
    place: Place,  # noqa: F811
    authority: AuthServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The certificate without its key is refused where it is named."""
    file = place.path.parent.with_name("desk.pem")
    file.write_text(certificate())
    authority.client("cert", "client_assertion_jwt", key=PUBLIC, mailbox=ADDRESS)
    monkeypatch.setattr(authority.provider, "token_url", f"{authority.url}/{TENANT}/token")
    talk.says("Who keeps the mailbox", "microsoft")
    talk.says("way to log in", "")
    talk.says("application .client. id", "cert")
    talk.says("directory .tenant. id", TENANT)
    talk.says("certificate and its key", str(file))
    talk.terminal.expect(r"makes\s+no\s+sense")
    file.write_text(pem(SIGNING) + certificate())
    talk.says(r"client.\s+id .cert", "")
    talk.says("tenant. id", "")
    talk.says("certificate and its key", str(file))
    talk.terminal.expect("Logged in:")
    ends_green(talk, place, 6)


def test_microsoft_by_a_code_on_any_device(talk: Talk, place: Place, authority: AuthServer) -> None:  # noqa: F811
    """Somebody else's account opens another mailbox: the login is refused, and asked for again."""
    authority.client("phone")
    talk.says("Who keeps the mailbox", "microsoft")
    talk.says("way to log in", "device-code")
    for user in ("mallory@project.example", ADDRESS):
        authority.user = user
        talk.says("application .client. id", "phone" if user != ADDRESS else "")
        talk.says("directory .tenant. id", TENANT if user != ADDRESS else "")
        talk.terminal.expect(r"and\s+enter\s+(\S+)")
        authority.answer_device(talk.terminal.match[1])
        if user != ADDRESS:
            talk.terminal.expect("refuses")
            talk.says("user name there", "")
            talk.says("way to log in", "")
    talk.terminal.expect("Logged in:")
    ends_green(talk, place, 4 + 2)
