"""``maild explain``: the contract of its JSON, every way to hand it a mail, and that it changes nothing."""

import concurrent.futures
import hashlib
import json
import mailbox
import os
import re
import subprocess
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SPAM
from tests.support import mails
from tests.support.commanding import Said, command
from tests.support.deciding import SEALED
from tests.support.desk import GOOD_CONFIG

SAYS_SO = "A program says that it sent this (Auto-Submitted: auto-replied)."
CONTRACT: dict[str, Any] = {
    "envelope": {"sha256", "size", "message_id", "from", "subject"},
    "opened": {"form", "decryption", "signature", "reasons"},
    "message": {"subject", "from", "protected_subject", "attachments"},
    "screening": {"verdict", "rules", "score", "reasons"},
    "thread": {"case", "by"},
    "acknowledgement": {"send", "to", "reasons"},
    "promises": list,
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A desk that has never run: explain needs no server and no database."""
    path = tmp_path / "maild.toml"
    path.write_text(GOOD_CONFIG)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    return path


def explained(config: Path, raw: bytes) -> dict[str, Any]:
    """The explanation of one mail on standard input."""
    said = command(config, "explain", "-", "--json", stdin=raw)
    assert (said.status, said.err) == (0, "")
    found: dict[str, Any] = json.loads(said.out)
    return found


def keeps_the_contract(found: dict[str, Any]) -> bool:
    """Whether every key of the contract is there (more may be)."""
    parts = all(keys <= set(found[name]) for name, keys in CONTRACT.items() if isinstance(keys, set))
    signature = {"status", "fingerprint", "authority"} <= set(found["opened"]["signature"])
    return parts and signature and all({"promise", "due"} == set(p) for p in found["promises"])


def test_a_plain_report(config: Path) -> None:
    """Every key with its value."""
    raw = mails.plain()
    found = explained(config, raw)
    assert keeps_the_contract(found)
    assert found["envelope"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert (found["envelope"]["size"], found["envelope"]["message_id"]) == (
        len(raw),
        "<one@reporter.example>",
    )
    assert found["opened"] == {
        "form": "none",
        "decryption": "none",
        "signature": {"status": "none", "fingerprint": None, "authority": "none"},
        "reasons": [],
        "parts": [],
    }
    assert found["message"]["from"] == "rita@reporter.example"
    assert found["screening"]["verdict"] == found["screening"]["rules"] == "report"
    assert found["thread"] == {"case": None, "by": "none"}
    assert (found["acknowledgement"]["send"], found["acknowledgement"]["to"]) == (
        True,
        "rita@reporter.example",
    )
    assert [p["promise"] for p in found["promises"]] == ["acknowledge", "respond"]


@pytest.mark.parametrize(
    ("raw", "verdict", "rules", "send"),
    [
        (mails.plain(), "report", "report", True),
        (SPAM, "quarantine", "quarantine", False),
        (
            mails.plain(subject="Automatic reply: Away", Auto_Submitted="auto-replied"),
            "automatic",
            "report",
            False,
        ),
        (
            mails.plain(subject="Our spring programme", List_Id="<n.x.example>", Precedence="bulk"),
            "quarantine",
            "report",
            False,
        ),
        (mails.plain(List_Id="<n.x.example>", Precedence="list"), "report", "report", False),
        (SPAM.replace(b"win@spam.example", b"carl@project.example"), "report", "quarantine", False),
    ],
)
def test_verdicts(config: Path, raw: bytes, verdict: str, rules: str, send: bool) -> None:
    """What would be done, beside what the subject rules alone would say."""
    found = explained(config, raw)
    assert (found["screening"]["verdict"], found["screening"]["rules"]) == (verdict, rules)
    assert found["acknowledgement"]["send"] is send
    assert found["screening"]["reasons"] or found["acknowledgement"]["reasons"]


def test_sealed_mail_that_cannot_be_opened(config: Path) -> None:
    """Form and outcome by their words; a report all the same, with its receipt."""
    found = explained(config, SEALED)
    assert (found["opened"]["form"], found["opened"]["decryption"]) == ("pgp-mime", "no-key")
    assert (found["screening"]["verdict"], found["acknowledgement"]["send"]) == ("report", True)


def test_attachments_are_listed_and_nothing_of_them_shown(config: Path) -> None:
    """Name (harmless), type and size."""
    raw = (
        b"From: rita@reporter.example\r\nSubject: crash\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/x-tar\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fpoc%00%E2%80%AE.tar\r\n\r\n"
        b"dGFy\r\n--b--\r\n"
    )
    (found,) = explained(config, raw)["message"]["attachments"]
    assert found == {"name": "../../poc.tar", "type": "application/x-tar", "size": 3}


BROKEN = {
    "empty": b"",
    "nul": b"\x00" * 2000,
    "headless": b"just text\n",
    "no blank line": b"Subject: x",
    "unclosed": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx",
    "charset": b"Subject: =?x-none?q?a?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xff",
    "brackets": mails.plain(message_id="<[x@y>"),
    "two authors": b"From: a@x.example\r\n" + mails.plain(),
    "surrogate": mails.plain(subject=r"=?unicode_escape?q?\ud800?= =?utf-7?q?+2AA-?="),
    "controls": mails.plain(subject="\x1b[2J\x07 overflow"),
    "mark": mails.plain(X_Maild_Mark="é.ü"),
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 50_000,
    "many words": b"Subject: " + b"=?utf-8?q?a?= " * 40_000 + b"\n\n",
    "received": b"Received: from " + b"x" * 60_000 + b"\n\n",
    "styles": b"Content-Type: text/html\n\n" + b"<style " * 100_000,
    "blanks": b"Subject: x\n\n" + b" " * 1_000_000,
}


@pytest.mark.parametrize("raw", list(BROKEN.values()), ids=list(BROKEN))
def test_bad_input_is_explained_like_any_other(config: Path, raw: bytes) -> None:
    """A case or a place in the quarantine, with a reason, and the whole contract; never a traceback."""
    found = explained(config, raw)
    assert keeps_the_contract(found)
    assert found["screening"]["verdict"] in ("report", "quarantine")
    assert found["screening"]["reasons"] or found["acknowledgement"]["reasons"]


def test_why_no_receipt_and_why_no_case_are_told_apart(config: Path) -> None:
    """A marked report is a case without a receipt; an out-of-office note has neither, each for its reason."""
    marked = explained(config, mails.plain(X_Auto_Response_Suppress="All"))
    assert marked["case"] == {"opens": True, "joins": None, "why_none": []}
    assert marked["acknowledgement"]["reasons"] == ["marked: asks for no automatic answer"]
    away = explained(config, mails.plain(subject="Automatic reply: Away", Auto_Submitted="auto-replied"))
    assert away["case"] == {"opens": False, "joins": None, "why_none": [SAYS_SO]}
    assert away["acknowledgement"]["send"] is False


def test_a_file_is_explained_for_eyes_too(config: Path, tmp_path: Path) -> None:
    """Without ``--json``: readable lines, and no control character of the mail among them."""
    (tmp_path / "a.eml").write_bytes(mails.plain(subject="\x1b[2J overflow"))
    said = command(config, "explain", str(tmp_path / "a.eml"))
    assert said.status == 0
    assert (
        "What maild would do\n  Open a case.\n  Send the acknowledgement to rita@reporter.example."
        in said.out
    )
    assert "\x1b" not in said.out


def rows(said: Said) -> list[dict[str, Any]]:
    """One JSON line a mail."""
    assert said.status == 0, said.err
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_folder_is_one_line_a_mail(config: Path, tmp_path: Path) -> None:
    """Every file below it, by name, in order."""
    (tmp_path / "mails" / "deep").mkdir(parents=True)
    (tmp_path / "mails" / "b.eml").write_bytes(SPAM)
    (tmp_path / "mails" / "deep" / "a.eml").write_bytes(mails.plain())
    found = rows(command(config, "explain", str(tmp_path / "mails"), "--json"))
    assert [row["file"] for row in found] == ["b.eml", "deep/a.eml"]
    assert all(keeps_the_contract(row) for row in found)


def test_a_folder_is_a_listing_for_eyes(config: Path, tmp_path: Path) -> None:
    """What each message is taken for, whether it opens a case, and whether it is acknowledged."""
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "b.eml").write_bytes(SPAM)
    (tmp_path / "mails" / "c.eml").write_bytes(mails.plain())
    said = command(config, "explain", str(tmp_path / "mails"))
    assert re.search(r"^b\.eml +quarantine +- +no +CHEAP", said.out, re.MULTILINE)
    assert re.search(r"^c\.eml +report +new +yes", said.out, re.MULTILINE)


def test_a_key_is_told_as_a_key(config: Path, tmp_path: Path) -> None:
    """Armored or bare: whose, until when; one that cannot be read, and why; never its bytes."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--passphrase", ""]
    made = ["--quick-gen-key", "Sam <sam@far.example>", "ed25519", "sign", "never"]
    subprocess.run([*gpg, *made], check=True, capture_output=True)
    for words in (["--export"], ["--armor", "--export"]):
        (tmp_path / "key").write_bytes(subprocess.run([*gpg, *words], check=True, capture_output=True).stdout)
        said = command(config, "explain", str(tmp_path / "key"))
        assert said.out.startswith("This is an OpenPGP key, and not a message.\nFingerprint: ")
        assert "\nName: Sam <sam@far.example>\nExpires: never\nCan be encrypted to: no\n" in said.out
    (tmp_path / "key").write_text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbroken\n")
    assert "maild would not take it" in command(config, "explain", str(tmp_path / "key")).out
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=True)


def test_a_maildir_is_its_mails_only(config: Path, tmp_path: Path) -> None:
    """What is new and what was seen, of all folders; nothing half delivered, no file of the server."""
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(message_from_bytes(mails.plain()))
    box.add_folder("Junk").add(message_from_bytes(SPAM))
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(b"Subject: half")
    for name in ("dovecot-uidlist", "subscriptions", "dovecot.index.log", "maildirfolder"):
        (tmp_path / "Maildir" / name).write_bytes(b"no mail")
    found = rows(command(config, "explain", str(tmp_path / "Maildir"), "--json"))
    assert sorted(row["screening"]["verdict"] for row in found) == ["quarantine", "report"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_mbox_is_one_line_a_mail(config: Path, tmp_path: Path, end: str) -> None:
    """Cut at its From lines, quoted ones unquoted, whatever its line ends."""
    body = ">From here on it crashes.\n\n>From the start?\n"
    mail = f"From rita Mon Mar  2 09:30:00 2026\nFrom: rita@reporter.example\nSubject: Overflow\n\n{body}\n"
    (tmp_path / "box").write_text((mail * 3).replace("\n", end), newline="")
    found = rows(command(config, "explain", str(tmp_path / "box"), "--json"))
    assert [row["file"] for row in found] == ["box#1", "box#2", "box#3"]
    assert {row["envelope"]["subject"] for row in found} == {"Overflow"}


@pytest.mark.parametrize(
    "raw",
    [
        b"From ",
        b"From rita",
        b"From rita Mon Mar  2 09:30:00 2026\nSubject: x\n\nFrom here it crashes.\n\nFrom the log:\nboom\n",
    ],
    ids=["no line", "no mail", "sentences"],
)
def test_one_mail_below_a_from_line_is_one_mail(config: Path, tmp_path: Path, raw: bytes) -> None:
    """Nothing but another From line with its time cuts it, and its digest is that of the file."""
    (tmp_path / "mail").write_bytes(raw)
    said = command(config, "explain", str(tmp_path / "mail"), "--json")
    assert json.loads(said.out)["envelope"]["sha256"] == hashlib.sha256(raw).hexdigest()


def test_an_mbox_in_a_folder_is_its_mails(config: Path, tmp_path: Path) -> None:
    """A folder of mboxes hides no mail, and a name that is no UTF-8 is shown all the same."""
    (tmp_path / "boxes").mkdir()
    mail = b"From rita Mon Mar  2 09:30:00 2026\nSubject: x\n\ny\n\n"
    Path(os.fsdecode(bytes(tmp_path / "boxes") + b"/\xe9")).write_bytes(mail * 2)
    found = rows(command(config, "explain", str(tmp_path / "boxes"), "--json"))
    assert [row["file"] for row in found] == ["\ufffd#1", "\ufffd#2"]


def test_a_pipe_is_a_mail(config: Path, tmp_path: Path) -> None:
    """What a shell hands over as a file that can be read once only is explained."""
    os.mkfifo(tmp_path / "pipe")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        writing = pool.submit((tmp_path / "pipe").write_bytes, mails.plain())
        said = command(config, "explain", str(tmp_path / "pipe"), "--json")
        assert writing.result() == json.loads(said.out)["envelope"]["size"]


def test_a_mail_longer_than_the_cap_is_read_as_the_daemon_would(config: Path) -> None:
    """Its size and digest are told of all of it, the rest of its beginning only, and the reason is given."""
    text = GOOD_CONFIG.replace("[inbox]", "[inbox]\nmax_size = 100000")
    config.write_text(text)
    raw = mails.plain() + b"-----BEGIN PGP MESSAGE-----\r\n\r\n" + b"A" * 100_000
    found = explained(config, raw)
    assert (found["envelope"]["size"], found["screening"]["verdict"]) == (len(raw), "report")
    assert "longer than inbox.max_size" in found["opened"]["reasons"][0]


@pytest.mark.parametrize("name", ["nowhere", "nowhere/at/all.eml"])
def test_a_file_that_is_not_there(config: Path, tmp_path: Path, name: str) -> None:
    """Exit status 1 and its name; nothing on standard output."""
    said = command(config, "explain", str(tmp_path / name))
    assert (said.status, said.out) == (1, "")
    assert "no such file or folder" in said.err


def test_nothing_is_changed(config: Path, tmp_path: Path) -> None:
    """No database, no folder, no file comes of explaining."""
    before = {path.name for path in tmp_path.iterdir()}
    explained(config, mails.plain())
    assert {path.name for path in tmp_path.iterdir()} == before
