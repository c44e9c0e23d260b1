"""A desk that logs in with OAuth, on real servers: over three lives of its token, and when it is revoked."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from maild.app import desk as app_desk
from maild.app import token as oauth
from maild.app.check import token as checked
from maild.config import load
from maild.engine import tokenwatch
from maild.errors import TemporaryError
from maild.gateways.oauth import tokenfile
from maild.gateways.oauth.grants import GrantRefused
from tests.support import mails
from tests.support.authserver import AuthServer
from tests.support.certificate import Certificate
from tests.support.dovecot import Dovecot, User
from tests.support.postfix import Postfix, find_postfix
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running
from tests.support.underfire import Alerts

pytestmark = [
    pytest.mark.dovecot,
    pytest.mark.skipif(find_postfix() is None, reason="no postfix on this machine, or not root"),
]
MINUTES = timedelta(minutes=1)


@pytest.fixture
def authority() -> Iterator[AuthServer]:
    """The provider's authorization server."""
    with AuthServer().running() as server:
        yield server


@pytest.fixture
def mailbox(authority: AuthServer) -> Iterator[User]:
    """The desk's mailbox, at a Dovecot that asks the authorization server."""
    server = Dovecot(f"{authority.url}/introspect")
    try:
        server.start()
        yield server.user()
    finally:
        server.remove()


class OAuthDesk(RunningDesk):
    """The desk under test: Dovecot and Postfix both take its token, and nothing else."""

    def __init__(self, folder: Path, inbox: User, world: SmtpSink, certificate: Certificate) -> None:
        self.postfix = Postfix(inbox, "security@project.example", world.port, login=True)
        super().__init__(folder, inbox, world, certificate)

    def begin(self, authority: AuthServer, alerts: Alerts) -> None:
        """Configure it, and have a person say yes."""
        self.postfix.start()
        self.configure(more=f'[alert]\nsocket = "{alerts.path}"\n{OAUTH.format(url=authority.url)}')
        text = self.path.read_text()
        for given, wanted in (
            ('password_file = "imap-password"\n', ""),
            ('username = "desk"\npassword_file = "smtp-password"\n', f'username = "{self.inbox.name}"\n'),
            (f"port = {self.sink.port}", f"port = {self.postfix.port}"),
            (str(self._certificate.cert), str(self.postfix.certificate.cert)),
        ):
            assert given in text
            text = text.replace(given, wanted)
        self.path.write_text(text)
        authority.clock = lambda: self.clock
        authority.user = self.inbox.name
        authority.client("desk")

    def authorize(self, authority: AuthServer) -> None:
        """A person enters the code that the command prints."""

        def say(text: str) -> None:
            authority.answer_device(text.rpartition(" ")[2])

        asking = oauth.Asking(say, sleep=lambda _: None, clock=lambda: self.clock)
        oauth.authorize(load(self.path), asking)

    def refresh(self) -> None:
        """What the timer starts."""
        oauth.refresh(load(self.path), clock=lambda: self.clock)

    def receives(self, number: int) -> None:
        """A report arrives, and the desk runs."""
        sender = f"rita{number}@reporter.example"
        self.inbox.deliver(mails.plain(sender=sender, message_id=f"<{number}@reporter.example>"), sender)
        self.run()


OAUTH = """\
[oauth]
grant = "device-code"
client_id = "desk"
device_url = "{url}/device"
token_url = "{url}/token"
scopes = ["mail"]
"""


@pytest.fixture
def desk(
    tmp_path: Path,
    mailbox: User,
    authority: AuthServer,
    certificate: Certificate,
    alerts: Alerts,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OAuthDesk]:
    """It has its first token, and has run once."""
    with running(SmtpSink(certificate, tls="none")) as world:
        made = OAuthDesk(tmp_path, mailbox, world, certificate)
        try:
            made.begin(authority, alerts)
            monkeypatch.setattr(app_desk, "now", lambda: made.clock)
            monkeypatch.setattr(checked, "now", lambda: made.clock)
            made.authorize(authority)
            made.run()
            yield made
        finally:
            mailbox.log_out()
            made.postfix.remove()


@pytest.fixture
def alerts() -> Iterator[Alerts]:
    """The operator's socket."""
    with tempfile.TemporaryDirectory(prefix="maild-") as short:
        made = Alerts(Path(short))
        yield made
        made.close()


def look(desk: OAuthDesk) -> tuple[str, str, str]:
    """What ``maild check`` says about the token."""
    (line,) = checked.look(load(desk.path))
    return line.state, line.text, line.mend


def test_three_lives_of_a_token(desk: OAuthDesk, authority: AuthServer, alerts: Alerts) -> None:
    """Every twenty minutes a report, at every one an acknowledgement, and nobody hears of any trouble."""
    assert look(desk)[:2] == ("ok", "the token is 0 minutes old, valid until 10:30 UTC")
    for number in range(10):
        desk.wait(20 * MINUTES)
        desk.refresh()
        desk.receives(number)
        assert desk.trouble == ""
    assert len(authority.tokens) == 6
    assert len(desk.cases()) == 10
    desk.sink.await_letters(10)
    assert {one.recipients[0] for one in desk.sink.letters} >= {
        f"rita{n}@reporter.example" for n in range(10)
    }
    assert alerts.all() == []
    assert look(desk)[0] == "ok"


def test_a_revoked_token_is_told_and_nothing_is_lost(
    desk: OAuthDesk, authority: AuthServer, alerts: Alerts
) -> None:
    """At the first run after the first refused renewal, while the old token still lets mail flow; then mail waits."""
    authority.revoke()
    desk.wait(30 * MINUTES)
    with pytest.raises(GrantRefused):
        desk.refresh()
    desk.receives(1)
    assert (desk.trouble, alerts.all()) == ("", [("authorize-again", "token")])
    assert [row["kind"] for row in desk.view("outbox", True)].count("notice") == 1
    state, text, mend = look(desk)
    assert (state, mend) == ("fault", "authorize again: maild token authorize")
    assert "refuses to renew the token (invalid_grant); it is valid until 10:30 UTC" in text
    token = tokenfile.read(load(desk.path).token_path)
    assert {one.name: one.value for one in tokenwatch.figures(token)}["maild_token_refused"] == 1
    desk.wait(31 * MINUTES)
    desk.receives(2)
    assert "the OAuth token expired at 2026-03-02 10:30 UTC; authorize again" in desk.trouble
    desk.authorize(authority)
    desk.run()
    assert (desk.trouble, len(desk.cases())) == ("", 2)
    assert [one for one in alerts.all() if one[1] == "token"] == [
        ("authorize-again", "token"),
        ("authorized", "token"),
    ]


def test_a_server_that_refuses_the_token_is_told_at_once(
    desk: OAuthDesk, authority: AuthServer, alerts: Alerts
) -> None:
    """Also where the provider still renews it: somebody took the mailbox away from the application."""
    authority.tokens.clear()
    desk.wait(MINUTES)
    desk.receives(1)
    assert "check username and token" in desk.trouble
    assert alerts.all() == [("authorize-again", "token")]


def test_trouble_that_passes_is_not_told(desk: OAuthDesk, authority: AuthServer, alerts: Alerts) -> None:
    """The provider is away for a quarter of an hour: it is asked again after pauses, and the token lives on."""
    desk.wait(30 * MINUTES)
    authority.broken = 503
    for _ in range(15):
        with suppress(TemporaryError):
            desk.refresh()
        desk.wait(MINUTES)
    assert authority.asked.count("/token") == 1 + 4  # after 0, 1, 3 and 7 minutes; the next is after 15
    assert look(desk)[:2] == ("warning", "the token could not be renewed; it is valid until 10:30 UTC")
    authority.broken = 0
    desk.wait(10 * MINUTES)
    desk.refresh()
    desk.receives(1)
    assert (desk.trouble, alerts.all(), look(desk)[0]) == ("", [], "ok")
