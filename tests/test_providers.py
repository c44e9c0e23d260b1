"""``[inbox] provider``: what is known of a mail provider lies beneath the file, and its own keys win."""

import json
from pathlib import Path

import pytest

from maild.config import Config, load, providers
from maild.core.mail.address import sender
from maild.core.mail.authentication import authenticate
from maild.core.mail.headers import parse_headers
from maild.errors import ConfigError
from tests.core.test_provider_heads import FROM, results
from tests.support.commanding import command
from tests.support.desk import GOOD_CONFIG
from tests.support.heads import SHAPES

NAMES = {"fastmail", "google", "icloud", "microsoft", "migadu", "proton", "self-hosted", "zoho"}
AT = {
    "Gmail": "google",
    "Microsoft 365": "microsoft",
    "Fastmail": "fastmail",
    "Zoho": "zoho",
    "Migadu": "migadu",
    "iCloud": "icloud",
    "Proton": "proton",
    "rspamd": "self-hosted",
    "OpenDKIM and OpenDMARC": "self-hosted",
    "Stalwart": "self-hosted",
    "Cyrus": "self-hosted",
    "Exim": "self-hosted",
    "Maddy": "self-hosted",
    "Zoho in Europe": "zoho",
    "Gmail, forwarded by another account there": "google",
}


def desk(folder: Path, inbox: str, smtp: str = "", more: str = "") -> Path:
    """A configuration whose servers are what *inbox* and *smtp* say."""
    text = GOOD_CONFIG.replace('host = "localhost"\npassword_file', f"{inbox}\npassword_file", 1)
    text = text.replace('sent = "Sent"\n', "").replace('[smtp]\nhost = "localhost"', f"[smtp]\n{smtp}")
    path = folder / "maild.toml"
    path.write_text(text + more)
    (folder / "secret").write_text("sesame\n")
    (folder / "secret").chmod(0o600)
    return path


def at(folder: Path, name: str) -> Config:
    """A desk at the provider *name*, with as little said as there can be."""
    host = 'host = "mx.desk.example"' if name == "self-hosted" else ""
    return load(desk(folder, f'provider = "{name}"\n{host}', host))


def test_all_providers_are_shipped() -> None:
    """Each of them with a name, a login and what the operator has to do there."""
    assert set(providers.names()) == NAMES
    assert all(one.name and one.login and one.todo for one in map(providers.provider, NAMES))


@pytest.mark.parametrize("name", sorted(NAMES - {"self-hosted"}))
def test_a_name_and_a_password_are_enough(name: str, tmp_path: Path) -> None:
    """Hosts and TLS are known, and letters leave by the same account."""
    file = at(tmp_path, name).file
    assert file.inbox.host
    assert file.smtp.host
    assert "none" not in (file.inbox.tls, file.smtp.tls)
    assert (file.smtp.username, file.smtp.password_file) == ("security@project.example", "secret")
    assert file.inbox.sent == "\\Sent"
    assert file.inbox.junk is None
    assert file.trust.authserv_id


@pytest.mark.parametrize("name", AT)
def test_members_are_proved_under_the_preset(name: str, tmp_path: Path) -> None:
    """The head that the provider writes proves its author with nothing else configured."""
    policy = at(tmp_path, AT[name]).policy(b"")
    headers = parse_headers((SHAPES[name][1](results(name)) + FROM).encode())
    rules = policy.authserv_ids, policy.local_submission, policy.trusted_hops, policy.results_below
    assert authenticate(headers, sender(headers), *rules).author


def test_the_files_own_keys_win(tmp_path: Path) -> None:
    """Whatever the provider says, and ``check --explain`` tells which is which."""
    path = desk(
        tmp_path,
        'provider = "google"\nport = 1993\nsent = ""',
        more='[trust]\nauthserv_id = "mx.me.example"\n',
    )
    file = load(path).file
    assert (file.inbox.host, file.inbox.port, file.inbox.sent) == ("imap.gmail.com", 1993, "")
    assert file.trust.authserv_id == ("mx.me.example",)
    rows = {
        row["key"]: (row["value"], row["from"])
        for row in json.loads(command(path, "check", "--explain", "--json").out)
    }
    assert rows["inbox.host"] == ("imap.gmail.com", "provider google")
    assert rows["inbox.port"] == ("1993", "file")
    assert rows["inbox.poll"] == ("60s", "default") or rows["inbox.poll"][1] == "default"
    assert rows["smtp.username"] == ("security@project.example", "as inbox")
    assert "app password" in command(path, "check", "--explain").out


def test_an_unknown_provider_is_a_fault_that_lists_the_known(tmp_path: Path) -> None:
    """By name, so that a slip is mended at once."""
    with pytest.raises(ConfigError) as caught:
        load(desk(tmp_path, 'provider = "gogle"\nhost = "localhost"', 'host = "localhost"'))
    (fault,) = caught.value.problems
    assert (fault.key, fault.value) == ("inbox.provider", "'gogle'")
    assert all(name in fault.wanted for name in NAMES)


def test_without_a_provider_nothing_is_added(tmp_path: Path) -> None:
    """An existing desk means what it meant: no login, folder or trust that nobody configured."""
    file = load(desk(tmp_path, 'host = "localhost"', 'host = "localhost"')).file
    assert (file.inbox.provider, file.inbox.sent, file.trust.authserv_id) == ("", "", ())
    assert (file.smtp.username, file.smtp.password_file) == ("", "")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("google", 'grant = "service-account"\naccount_file = "secret"'),
        ("microsoft", 'grant = "device-code"\nclient_id = "desk"\ntenant = "t"'),
    ],
)
def test_no_password_means_oauth(name: str, more: str, tmp_path: Path) -> None:
    """Inbox and letters log in with the token; the provider's preset knows where it is asked for."""
    path = desk(tmp_path, f'provider = "{name}"\n', "", f"[oauth]\n{more}\n")
    before = load(path)
    assert not before.by_oauth(before.file.inbox)
    path.write_text(path.read_text().replace('password_file = "secret"\n', ""))
    config = load(path)
    assert config.by_oauth(config.file.inbox)
    assert config.by_oauth(config.file.smtp)
    assert config.file.smtp.username == "security@project.example"
    assert "{" not in config.file.oauth.url("token")
    assert config.file.oauth.asked


def test_the_token_goes_to_the_desks_own_servers_only(tmp_path: Path) -> None:
    """The canary's account is elsewhere: no token of the desk's is for it."""
    oauth = '[oauth]\ngrant = "service-account"\naccount_file = "secret"\n'
    canary = '[canary]\nhost = "mail.other.example"\nusername = "bird@other.example"\n'
    path = desk(tmp_path, 'provider = "google"\n', "", oauth + canary)
    path.write_text(path.read_text().replace('password_file = "secret"\n', ""))
    config = load(path)
    servers = (config.file.inbox, config.file.smtp, config.file.canary)
    assert [config.by_oauth(one) for one in servers] == [True, True, False]
