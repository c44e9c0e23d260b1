"""Logging in with an OAuth token: at a real Dovecot that asks an authorization server, and at SMTP servers."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.core.values.token import Token
from maild.errors import PermanentError, TemporaryError
from maild.gateways.imap import ImapAccount, LoginRefused, Mailbox
from maild.gateways.oauth import tokenfile
from tests.support.authserver import AuthServer
from tests.support.dovecot import Dovecot, User, find_dovecot
from tests.support.imapscript import OK, ImapScript
from tests.support.ports import await_that

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def authority() -> Iterator[AuthServer]:
    """An authorization server."""
    with AuthServer().running() as server:
        yield server


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def user(authority: AuthServer, request: pytest.FixtureRequest) -> Iterator[User]:
    """A mailbox at a Dovecot that takes tokens by one mechanism alone."""
    if find_dovecot() is None:
        pytest.skip("no Dovecot on this machine (tests/run installs it)")
    server = Dovecot(f"{authority.url}/introspect", request.param)
    try:
        server.start()
        yield server.user()
    finally:
        server.remove()


@contextmanager
def _connected(account: ImapAccount) -> Iterator[Mailbox]:
    """A mailbox that is logged in. "Not at the moment", as a busy Dovecot says, is tried again, as maild does."""

    def tried() -> bool:
        try:
            box.connect()
        except LoginRefused:
            raise
        except TemporaryError as trouble:
            if "cannot check a login at the moment" not in str(trouble):
                raise
            return False
        return True

    with closing(Mailbox(account)) as box:
        await_that(tried, "Dovecot checks a login")
        yield box


def test_a_token_logs_in_at_a_real_server(authority: AuthServer, user: User) -> None:
    """By XOAUTH2 and by OAUTHBEARER."""
    with _connected(user.account(token=authority.issue(user.name))) as box:
        assert box.select("INBOX").uidnext == 1


@pytest.mark.parametrize("whose", ["nobody", "another"])
def test_a_token_that_does_not_count_is_a_refused_login(
    authority: AuthServer, user: User, whose: str
) -> None:
    """One that the authority does not know, and one of somebody else's; neither stands in the words."""
    token = "unknown" if whose == "nobody" else authority.issue("somebody")
    with (
        pytest.raises(LoginRefused, match="check username and token") as refused,
        _connected(user.account(token=token)),
    ):
        pass
    assert token not in str(refused.value)


def test_a_token_that_was_renewed_meanwhile_is_read_again(authority: AuthServer, user: User) -> None:
    """The server refuses the one that was read first, and nobody hears of it."""
    renewed = authority.issue(user.name)
    told = iter(["expired"])
    with _connected(user.account(token=lambda: next(told, renewed))):
        assert next(told, None) is None


def test_a_server_without_tokens_says_so(dovecot: Dovecot) -> None:
    """Nothing is tried, and no password is to blame."""
    box = Mailbox(dovecot.user().account(token="t0ken"))
    with pytest.raises(TemporaryError, match="neither XOAUTH2 nor OAUTHBEARER") as error:
        box.connect()
    assert not isinstance(error.value, LoginRefused)
    box.close()


def test_a_token_file_that_is_gone_is_said(tmp_path: Path) -> None:
    """It is trouble of its own, in words, and not the server's."""
    with ImapScript({"AUTHENTICATE": OK}).running() as script:
        box = Mailbox(replace(script.account(), token=(tmp_path / "none").read_text))
        with pytest.raises(TemporaryError, match="reading the token"):
            box.connect()
        box.close()


def test_the_token_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """What was written comes back, and a failed renewal with it; nothing else is left in the folder."""
    token = Token("t0ken", NOW, NOW + HOUR, "r3fresh").failed(NOW + HOUR / 2, "invalid_grant")
    tokenfile.write(tmp_path / "token.json", token)
    tokenfile.write(tmp_path / "token.json", token)
    assert tokenfile.read(tmp_path / "token.json") == token
    assert [path.name for path in tmp_path.iterdir()] == ["token.json"]
    assert (tmp_path / "token.json").stat().st_mode & 0o777 == 0o600
    assert "t0ken" not in repr(token)
    assert "r3fresh" not in repr(token)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"access": 1}', '"x"', "[" * 100_000, "\xff"])
def test_a_damaged_token_file_is_said(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, the words are ours."""
    (tmp_path / "token.json").write_text(text, "latin-1")
    with pytest.raises(PermanentError, match="does not hold a token"):
        tokenfile.read(tmp_path / "token.json")


def test_a_token_is_used_until_it_expires(tmp_path: Path) -> None:
    """Before the first one, and after its end, the words say what to do."""
    path = tmp_path / "token.json"
    with pytest.raises(TemporaryError, match="no OAuth token yet; `maild token authorize`"):
        tokenfile.access(path, NOW)
    token = Token("t0ken", NOW, NOW + HOUR)
    tokenfile.write(path, token)
    assert tokenfile.access(path, NOW + HOUR - timedelta(seconds=1)) == "t0ken"
    with pytest.raises(TemporaryError, match="expired at 2026-03-02 10:30 UTC; maild token refresh says why"):
        tokenfile.access(path, NOW + HOUR)
    tokenfile.write(path, token.failed(NOW, "invalid_grant"))
    with pytest.raises(TemporaryError, match="authorize again: maild token authorize"):
        tokenfile.access(path, NOW + HOUR)


def test_what_is_in_the_file_is_what_people_can_read(tmp_path: Path) -> None:
    """JSON with times in ISO 8601, so that other programs can watch it."""
    tokenfile.write(tmp_path / "token.json", Token("t0ken", NOW, NOW + HOUR))
    found = json.loads((tmp_path / "token.json").read_text())
    assert found["expires"] == "2026-03-02T10:30:00+00:00"
