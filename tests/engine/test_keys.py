"""Care for the keys in use: listed, exported, tried at every start, and warned of in time."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.openpgp.kit import PASSPHRASE, Kit, armor
from tests.support.certificate import Certificate
from tests.support.daemon import ROOT
from tests.support.dovecot import User
from tests.support.sealing import MIA, SealedDesk, report
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit, home: Path
) -> SealedDesk:
    """A desk with a key folder of its own."""
    return SealedDesk(tmp_path, inbox, sink, certificate, kit, home)


def maild(desk: SealedDesk, *words: str) -> bytes:
    """What a command writes."""
    command = [sys.executable, "-m", "maild", "--config", str(desk.path), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=True).stdout


def with_key(desk: SealedDesk, key: str, more: str = "") -> None:
    """The desk has another key."""
    desk.configure()
    text = desk.path.read_text().replace(f'key = "{desk.kit.desk_key}"', f'key = "{key}"{more}')
    desk.path.write_text(text)


def test_the_keys_in_use_are_listed(desk: SealedDesk, kit: Kit) -> None:
    """The desk's and each member's: whose, algorithm, end and use; no other key of the home."""
    rows = json.loads(maild(desk, "keys", "--json"))
    assert [(row["owner"], row["fingerprint"], row["secret"]) for row in rows] == [
        ("Example Security Team", kit.desk_key, True),
        ("Mia", kit.member, False),
    ]
    assert {(row["algorithm"], row["expires"], tuple(row["use"])) for row in rows} == {
        ("EdDSA ed25519", None, ("encrypt", "sign"))
    }


def test_the_export_is_what_reporters_seal_to(desk: SealedDesk, kit: Kit) -> None:
    """The public half alone, armored, and a report sealed to it opens."""
    exported = maild(desk, "keys", "export")
    assert b"PRIVATE" not in exported
    stranger = kit.home(f"s{len(list(kit.root.iterdir()))}")
    kit.gpg(stranger, "--import", feed=exported)
    assert kit.prints(stranger) == {kit.desk_key}


def test_a_key_that_ends_soon_is_told_in_time(desk: SealedDesk, kit: Kit) -> None:
    """Twenty days before: one letter to the handlers, not one a look; thirteen days later another."""
    with_key(desk, kit.key(desk.home, "Soon over <security@project.example>", expires="20d"))
    for _ in range(3):
        desk.run()
        desk.wait(timedelta(hours=6))
    assert [sent.recipients for sent in desk.notices("A key in use expires soon")] == [(MIA,)]
    desk.wait(timedelta(days=13))
    desk.run()
    assert len(desk.notices("A key in use expires soon")) == 2


def test_a_key_that_does_not_open_is_told_at_start_and_mail_waits(desk: SealedDesk, kit: Kit) -> None:
    """A wrong passphrase shows in the log at every start; the receipt goes out, and the mail waits."""
    key = kit.key(desk.home, "Locked <security@project.example>", passphrase=PASSPHRASE)
    kit.copy(desk.home, kit.people, key)
    kit.end(desk.home)
    (desk.folder / "word").write_text("not this one\n")
    (desk.folder / "word").chmod(0o600)
    with_key(desk, key, '\npassphrase_file = "word"')
    kit.gpg(desk.home, "--yes", "--delete-secret-keys", kit.desk_key)
    kit.gpg(desk.home, "--yes", "--delete-secret-keys", kit.old_key)
    sealed = kit.encrypt(to=key)
    desk.inbox.append(report(kit).partition(b"-----BEGIN")[0] + armored(sealed))
    desk.run()
    assert "cannot be unlocked (wrong passphrase?)" in desk.log.getvalue()
    assert "not this one" not in desk.log.getvalue()
    assert (desk.states(), len(desk.to("sam@far.example"))) == (["to-open"], 1)
    (desk.folder / "word").write_text(f"{PASSPHRASE}\n")
    desk.wait(timedelta(minutes=1))
    desk.run()
    assert desk.states() == ["done"]


def armored(sealed: bytes) -> bytes:
    """The end of a PGP/MIME mail around other packets."""
    return armor(sealed) + b"\r\n--bb1--\r\n"
