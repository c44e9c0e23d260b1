"""security.txt: valid for an independent reader, never past its end, and warned about before."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sectxt import Parser

from maild.app import check
from maild.app.policy import expires_soon, expiry_fault, security_txt
from maild.cli.main import cli
from maild.errors import ConfigError, Refused
from tests.policy.conftest import Configured

# The reader looks at the real clock, so these tests begin at the real today.
TODAY = datetime.now(UTC)  # noqa: TID251 - see above
KEY = '[openpgp]\nkey = "0123456789ABCDEF0123456789ABCDEF01234567"\n'
URL = 'policy_url = "https://project.example/security"\n'


def ending(days: int, more: str = "") -> str:
    """A ``[policy]`` whose security.txt ends so many days from now."""
    return f"[policy]\nsecurity_txt_expires = {(TODAY + timedelta(days=days)).date()}\n{more}"


@pytest.mark.parametrize(
    "more",
    [
        "",
        KEY,
        'canonical = "https://project.example/.well-known/security.txt"\nlanguages = ["en", "pt-BR"]\n' + KEY,
    ],
)
def test_an_independent_reader_finds_it_valid(more: str, configured: Configured) -> None:
    """The ``sectxt`` library has no fault to find, and beside a signature and a key nothing to recommend."""
    parser = Parser(security_txt(configured(ending(200, more)), TODAY).encode(), is_local=True)
    assert parser.errors == []
    assert {one["code"] for one in parser.recommendations} <= {"not_signed", "no_encryption"}
    assert ("no_encryption" in {one["code"] for one in parser.recommendations}) is ("key" not in more)


def test_its_fields(configured: Configured, tmp_path: Path) -> None:
    """Contact, end, key, policy, languages and own address, each where it is known."""
    canonical = "https://project.example/.well-known/security.txt"
    config = configured(
        ending(200, f'canonical = "{canonical}"\nkey_url = "https://project.example/key.asc"\n')
    )
    path = tmp_path / "maild.toml"
    path.write_text(path.read_text().replace('state = "state"\n', f'state = "state"\n{URL}'))
    done = CliRunner().invoke(cli, ["--config", str(path), "policy", "security-txt"])
    assert done.stdout.splitlines() == [
        "Contact: mailto:security@project.example",
        f"Expires: {config.file.policy.security_txt_expires}T00:00:00Z",
        "Encryption: https://project.example/key.asc",
        "Policy: https://project.example/security",
        "Preferred-Languages: en",
        f"Canonical: {canonical}",
    ]


def test_a_desk_that_wants_no_sealed_mail_offers_no_key(configured: Configured) -> None:
    """With ``inbound = "discouraged"`` there is no Encryption field."""
    text = security_txt(configured(ending(200, KEY + 'inbound = "discouraged"\n')), TODAY)
    assert "Encryption" not in text
    assert Parser(text.encode(), is_local=True).errors == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "policy.security_txt_expires is missing: a day less than a year ahead"),
        (ending(-1), "is past; give a later day"),
        (ending(0), "is past; give a later day"),
        (ending(400), "a day less than a year ahead"),
    ],
)
def test_an_end_that_cannot_be_is_refused(more: str, words: str, configured: Configured) -> None:
    """Without an end, past it, or more than a year before it nothing is written."""
    with pytest.raises(Refused, match=words):
        security_txt(configured(more), TODAY)


def test_web_addresses_are_https(configured: Configured, tmp_path: Path) -> None:
    """RFC 9116 takes no plain http, wherever it stands in the file."""
    with pytest.raises(ConfigError, match=r"policy\.canonical"):
        configured(ending(200, 'canonical = "http://project.example/security.txt"\n'))
    configured(ending(200))
    path = tmp_path / "maild.toml"
    plain = URL.replace("https", "http")
    path.write_text(path.read_text().replace('state = "state"\n', f'state = "state"\n{plain}'))
    done = CliRunner().invoke(cli, ["--config", str(path), "policy", "security-txt"])
    assert isinstance(done.exception, Refused)
    assert "desk.policy_url" in str(done.exception)


def test_the_warning_begins_thirty_days_before() -> None:
    """From 30 days before the end to the end, and not outside; past it, it is a fault."""
    end = date(2027, 6, 1)
    midnight = datetime(2027, 6, 1, tzinfo=UTC)
    before = midnight - timedelta(days=30)
    assert expires_soon(end, before - timedelta(seconds=1)) == ""
    assert expires_soon(end, before) == (
        "security.txt expires on 2027-06-01, in 30 days: set a later day and publish it again"
    )
    assert "in 1 day:" in expires_soon(end, midnight - timedelta(hours=30))
    assert expires_soon(end, midnight) == ""
    assert expiry_fault(end, midnight - timedelta(seconds=1)) == ""
    assert expiry_fault(end, midnight)
    assert expires_soon(None, before) == ""


@pytest.mark.parametrize(("days", "state"), [(200, check.OK), (20, check.WARNING), (-3, check.FAULT)])
def test_check_tells_of_the_end(days: int, state: str, configured: Configured) -> None:
    """``maild check`` has a line for it: good, a warning, or a fault."""
    lines = [line for line in check.check(configured(ending(days))) if line.what == "policy"]
    assert [line.state for line in lines] == [state]


def test_the_warning_does_not_go_into_the_file(configured: Configured, tmp_path: Path) -> None:
    """Near its end the file is written all the same; the warning goes to standard error."""
    configured(ending(20))
    done = CliRunner().invoke(cli, ["--config", str(tmp_path / "maild.toml"), "policy", "security-txt"])
    assert "set a later day" in done.stderr
    assert Parser(done.stdout.encode(), is_local=True).errors == []
