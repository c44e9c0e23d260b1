"""``maild token``: what it says, how it exits, and that it costs the other commands nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.config import load
from maild.core.values.token import Token
from maild.gateways.oauth import tokenfile
from tests.support.authserver import AuthServer
from tests.support.commanding import command
from tests.support.desk import GOOD_CONFIG

HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[AuthServer]:
    """The provider."""
    with AuthServer().running() as made:
        made.client("desk", "client_secret_post", secret="sesame", mailbox="security@project.example")
        yield made


@pytest.fixture
def path(tmp_path: Path, server: AuthServer) -> Path:
    """A desk whose application logs in by itself."""
    text = GOOD_CONFIG.replace('password_file = "secret"\n', "") + (
        '[oauth]\ngrant = "client-credentials"\nclient_id = "desk"\nclient_secret_file = "secret"\n'
        f'token_url = "{server.url}/token"\nscopes = ["mail"]\n'
    )
    (tmp_path / "maild.toml").write_text(text)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    return tmp_path / "maild.toml"


def test_a_token_is_got_and_renewed(path: Path, server: AuthServer) -> None:
    """The end is said and nothing else; before half of its life is over it is renewed only when somebody says so."""
    for words, count in ((("authorize",), 1), (("refresh",), 1), (("refresh", "--now"), 2)):
        said = command(path, "token", *words)
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith("the token is valid until ")
        assert len(server.tokens) == count
    token = tokenfile.read(load(path).token_path)
    assert token is not None
    assert token.access in server.tokens
    assert load(path).token_path.stat().st_mode & 0o777 == 0o600


def test_a_refusal_is_the_exit_status_and_in_the_file(path: Path, server: AuthServer) -> None:
    """69 when only a person can help, 75 when the next try may; the token that there is stays."""
    now = datetime.now(UTC)  # noqa: TID251 - the command reads the clock
    load(path).state.mkdir(mode=0o700)
    tokenfile.write(load(path).token_path, Token("t0ken", now - HOUR, now + HOUR))
    server.broken = 503
    assert command(path, "token", "refresh").status == os.EX_TEMPFAIL
    server.broken = 0
    server.client("desk", "client_secret_post", secret="other")
    said = command(path, "token", "refresh", "--now")
    assert (said.status, said.out) == (os.EX_UNAVAILABLE, "")
    assert "secret or certificate is wrong" in said.err
    token = tokenfile.read(load(path).token_path)
    assert token is not None
    assert (token.access, token.failures, token.why) == ("t0ken", 2, "invalid_client")


def test_a_desk_without_oauth_says_so(tmp_path: Path) -> None:
    """There is nothing to authorize, and nothing to renew."""
    (tmp_path / "maild.toml").write_text(GOOD_CONFIG)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    for word in ("authorize", "refresh"):
        said = command(tmp_path / "maild.toml", "token", word)
        assert said.status == 1
        assert "oauth.grant is not set" in said.err


def test_a_person_is_asked_for_first(path: Path) -> None:
    """Nobody can renew what nobody got."""
    text = path.read_text().replace("client-credentials", "device-code")
    path.write_text(text + 'device_url = "https://login.example/device"\n')
    said = command(path, "token", "refresh")
    assert said.status == 1
    assert "maild token authorize" in said.err


def test_the_library_is_loaded_by_nothing_else() -> None:
    """The daemon and every other command start without it, also where the extra is not installed."""
    code = "import sys, maild.cli, maild.app.run; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"authlib", "requests", "joserfc"} & set(
        done.stdout.replace("'", " ").replace(",", " ").split()
    )


def test_check_says_when_nothing_uses_the_token(path: Path) -> None:
    """A password that is left in the file wins, and that is said."""
    path.write_text(path.read_text().replace("[inbox]\n", '[inbox]\npassword_file = "secret"\n', 1))
    said = command(path, "check", "--json")
    assert "nothing logs in with the token" in said.out
    assert "there is no token yet" in said.out
