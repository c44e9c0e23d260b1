"""What can be wrong with a desk: how it is broken, what finds it, and in which words."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import pytest

from maild.app import check as doctor
from maild.app.run import only_one
from maild.config import load
from tests.cli.patient import Patient, machine_now
from tests.openpgp.kit import PASSPHRASE, armor
from tests.support import mails
from tests.support.imapscript import ImapScript
from tests.support.ports import free_ports
from tests.support.smtpsink import SmtpSink, running

OLD = ("--faked-system-time", "20200101T000000!")


@dataclass(frozen=True)
class Fault:
    """One row: which look finds it, as what, in which words; ``typed``: the step is a command, run as told."""

    look: str
    what: str
    words: str
    break_: Callable[[Patient], object]
    state: str = doctor.FAULT
    typed: bool = False


W = doctor.WARNING


def _with_mail(p: Patient, *statements: str) -> None:
    """A mail was handled, then the database is changed from outside; mended by the database as it was."""
    p.desk.inbox.append(mails.plain(), p.desk.clock)
    p.desk.run()
    p.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file = p.state / "maild.db"
    whole = file.read_bytes()

    def back() -> None:
        for side in ("-wal", "-shm"):
            file.with_name(file.name + side).unlink(missing_ok=True)
        file.write_bytes(whole)

    p.undo.append(back)
    for statement in statements:
        p.sql(statement)


def _canary_lost(p: Patient) -> None:
    """A letter to ourselves went out an hour ago and is nowhere; mended when it arrives."""
    p.swap('every = "0"\n', 'every = "24h"\nwithin = "10m"\n')
    p.desk.run()
    (lost,) = [one for one in p.desk.sink.letters if one.recipients == ("security@project.example",)]
    p.sql("UPDATE letter SET settled = settled - 3600000000 WHERE kind = 'canary'")

    def back() -> None:
        p.desk.inbox.append(lost.raw, p.desk.clock)
        p.desk.run()

    p.undo.insert(0, back)


def _blind(p: Patient) -> None:
    _with_mail(p, "UPDATE folder SET read_at = read_at - 3600000000")
    p.stack.enter_context(only_one(load(p.desk.path)))


def _damaged(p: Patient) -> None:
    _with_mail(p)
    whole = (p.state / "maild.db").read_bytes()
    half = len(whole) // 8192 * 4096
    (p.state / "maild.db").write_bytes(whole[:half] + bytes(range(256)) * 64 + whole[half + 16384 :])


def _state_is_a_file(p: Patient) -> None:
    p.state.rename(p.folder / "away")
    p.state.write_text("")

    def back() -> None:
        p.state.unlink()
        (p.folder / "away").rename(p.state)

    p.undo.append(back)


def _full(p: Patient) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    small = p.folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)], check=True)
    p.stack.callback(subprocess.run, ["umount", str(small)], check=True)
    (small / "other").write_bytes(bytes(1_040_000))
    p.swap('state = "state"', 'state = "small/state"')


def _deaf(p: Patient) -> None:
    p.swap("[trust]", f'[alert]\nsocket = "{p.folder}/a.sock"\n\n[trust]')
    p.undo.clear()

    def listen() -> None:
        sock = p.stack.enter_context(closing(socket.socket(socket.AF_UNIX)))
        sock.bind(f"{p.folder}/a.sock")
        sock.listen()

    p.undo.append(listen)


def _gpg_gone(p: Patient) -> None:
    patch = p.stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("PATH", str(p.folder))
    p.undo.append(patch.undo)


def _gpg_old(p: Patient) -> None:
    """A gpg that gives an old version and is otherwise the real one."""
    real, script = shutil.which("gpg"), p.folder / "gpg"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *--list-config*) {real} "$@" | sed "s/^cfg:version:.*/cfg:version:2.2.20/";;\n'
        f'*) exec {real} "$@";; esac\n'
    )
    script.chmod(0o755)
    patch = p.stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("PATH", f"{p.folder}:{os.environ['PATH']}")
    p.undo.append(patch.undo)


def _long_home(p: Patient) -> None:
    far = p.folder / ("long" * 20)
    far.mkdir(mode=0o700)
    p.swap(f'home = "{p.home}"', f'home = "{far}"')


def _wrong_passphrase(p: Patient) -> None:
    p.key(passphrase=PASSPHRASE)
    p.kit.end(p.home)
    (p.folder / "word").write_text("wrong\n")
    (p.folder / "word").chmod(0o600)
    text = p.desk.path.read_text().replace("[openpgp]", '[openpgp]\npassphrase_file = "word"')
    p.desk.path.write_text(text)
    p.undo.append(lambda: (p.folder / "word").write_text(PASSPHRASE + "\n"))


def _secret_by_mistake(p: Patient) -> None:
    p.file("mia.asc", p.kit.gpg(p.kit.people, "--export-secret-keys", "--armor", p.kit.member))


def _other_member(p: Patient) -> None:
    p.file("mia.asc", armor(p.kit.public(p.kit.people, p.kit.stranger), "PUBLIC KEY BLOCK"))


def _no_idle(p: Patient) -> None:
    listed = b'* LIST () "/" INBOX\r\n* LIST () "/" Sent\r\n* LIST () "/" Junk\r\n{tag} OK done\r\n'
    bare = b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n{tag} OK done\r\n"
    server = p.stack.enter_context(ImapScript({"LIST": listed, "CAPABILITY": bare}).running())
    p.swap('tls = "implicit"', 'tls = "none"')
    p.ports("imap", server.port)


def _no_starttls(p: Patient) -> None:
    bare = b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"
    server = p.stack.enter_context(ImapScript({"CAPABILITY": bare}).running())
    p.swap('tls = "implicit"', 'tls = "starttls"')
    p.ports("imap", server.port)


def _smtp_bare(p: Patient) -> None:
    sink = p.stack.enter_context(running(SmtpSink(p.desk._certificate, tls="none")))
    p.ports("smtp", sink.port)


FAULTS: dict[str, Fault] = {
    # the configuration cannot be loaded: each is found with the key and what is wanted
    "no file": Fault("load", "configuration", "maild init", lambda p: p.file("maild.toml", None)),
    "no TOML": Fault("load", "configuration", "a readable TOML file", lambda p: p.swap("[desk]", "[desk")),
    "a misspelt key": Fault(
        "load", "configuration", "did you mean prefix?", lambda p: p.swap("prefix =", "prefiks =")
    ),
    "a placeholder": Fault(
        "load",
        "configuration",
        "in place of the placeholder",
        lambda p: p.swap('"Example Security Team"', '"CHANGE-ME"'),
    ),
    "no coordinator": Fault(
        "load", "configuration", 'the role "coordinator"', lambda p: p.swap('["coordinator"]', '["handler"]')
    ),
    "no backup": Fault(
        "load", "configuration", 'the role "backup"', lambda p: p.swap('["backup"]', '["handler"]')
    ),
    "an unknown unit": Fault(
        "load",
        "configuration",
        "poll",
        lambda p: p.swap('timeout = "10s"\n', 'timeout = "10s"\npoll = "6 blinks"\n'),
    ),
    "no TLS off loopback": Fault(
        "load",
        "configuration",
        "loopback",
        lambda p: p.swap('host = "localhost"', 'host = "mail.far.example"') or p.swap('"starttls"', '"none"'),
    ),
    "a secret missing": Fault(
        "load", "configuration", "a readable file", lambda p: p.file("imap-password", None)
    ),
    "a secret that all can read": Fault(
        "load", "configuration", "chmod 600", lambda p: p.file("imap-password", b"sesame\n", 0o644)
    ),
    "a ca_file missing": Fault(
        "load",
        "configuration",
        "ca_file",
        lambda p: p.swap(str(p.desk.inbox.server.certificate.cert), "/none.pem"),
    ),
    "an address of two": Fault(
        "load",
        "configuration",
        "only one member has",
        lambda p: p.swap('"bea@project.example"', '"carl@project.example"'),
    ),
    "the desk as a member": Fault(
        "load",
        "configuration",
        "reaches this person",
        lambda p: p.swap('"bea@project.example"', '"security@project.example"'),
    ),
    "a zone that is not": Fault(
        "load",
        "configuration",
        "a time zone such as",
        lambda p: p.swap('prefix = "EX"', 'prefix = "EX"\nzone = "Mars/Olympus"'),
    ),
    "a member's key file missing": Fault(
        "load", "configuration", "the member's public key", lambda p: p.file("mia.asc", None)
    ),
    "a port out of range": Fault("load", "configuration", "port", lambda p: p.ports("smtp", 99999)),
    "an unknown preset": Fault(
        "load", "configuration", "preset", lambda p: p.add('\n[policy]\npreset = "rust-1999"\n')
    ),
    # what the configuration says together
    "no proof of the team": Fault(
        "configuration",
        "team",
        "can ever be recognized",
        lambda p: [
            p.swap('sent = "Sent"\n', ""),
            p.swap('authserv_id = "mx.project.example"', 'tokens = "off"'),
            p.swap(f'fingerprint = "{p.kit.member}"\n', ""),
            p.swap('key_file = "mia.asc"\n', ""),
        ],
    ),
    "a folder that is not used": Fault(
        "configuration",
        "quarantine",
        "never moves messages",
        lambda p: p.swap('mode = "relay"', 'mode = "observe"') or p.add('\n[screening]\nquarantine = "Q"\n'),
        W,
    ),
    "security.txt ended": Fault(
        "configuration",
        "policy",
        "expire",
        lambda p: p.add('\n[policy]\nsecurity_txt_expires = "2021-01-01"\n'),
    ),
    "security.txt ends": Fault(
        "configuration",
        "policy",
        "expire",
        lambda p: p.add(
            f'\n[policy]\nsecurity_txt_expires = "{machine_now() + timedelta(days=9):%Y-%m-%d}"\n'
        ),
        W,
    ),
    # where it lives
    "the state is a file": Fault("place", "place", "is not a folder", _state_is_a_file),
    "the state is open": Fault(
        "place", "place", "open to others", lambda p: p.state.chmod(0o755), typed=True
    ),
    "the disk is full": Fault("place", "disk", "free on the disk", _full),
    "nobody hears the alert": Fault("place", "alert", "nothing is listening", _deaf),
    # the database
    "a changed journal": Fault(
        "database",
        "database",
        "other than maild changed it",
        lambda p: _with_mail(
            p, "DROP TRIGGER journal_no_update", "UPDATE journal SET what = 'nothing' WHERE id = 1"
        ),
    ),
    "a damaged database": Fault("database", "database", "", _damaged),
    "a newer database": Fault(
        "database",
        "database",
        "newer than this maild",
        lambda p: _with_mail(p, "UPDATE alembic_version SET version_num = '9999'"),
    ),
    "mail set aside": Fault(
        "database",
        "mail",
        "set aside",
        lambda p: _with_mail(p, "UPDATE envelope SET state = 'shunted', trouble = 'test'"),
        W,
    ),
    "a letter held": Fault(
        "database",
        "letters",
        "waiting for a person",
        lambda p: _with_mail(p, "UPDATE letter SET state = 'held'"),
        W,
    ),
    "a canary that is lost": Fault("database", "canary", "has not arrived", _canary_lost),
    "running and blind": Fault("database", "mailbox", "has not read", _blind),
    # keys
    "no key": Fault(
        "openpgp", "openpgp", "no key configured", lambda p: p.swap(f'key = "{p.kit.desk_key}"\n', ""), W
    ),
    "gpg is missing": Fault("openpgp", "openpgp", "gpg", _gpg_gone),
    "gpg is old": Fault("openpgp", "gpg", "2.2.20 has known flaws", _gpg_old, W),
    "the secret key is elsewhere": Fault(
        "openpgp", "openpgp", "the secret key", lambda p: p.swap(p.kit.desk_key, "F" * 40)
    ),
    "the desk's key ended": Fault(
        "openpgp", "openpgp", "expired on", lambda p: p.key(*OLD, expires="2020-02-01"), typed=True
    ),
    "the desk's key ends": Fault(
        "openpgp", "openpgp", "expires on", lambda p: p.key(expires="9d"), W, typed=True
    ),
    "the desk's key does not encrypt": Fault(
        "openpgp", "openpgp", "no encryption subkey", lambda p: p.key(encrypts=False), typed=True
    ),
    "the desk's key is weak": Fault(
        "openpgp", "openpgp", "SHA-1", lambda p: p.key(*OLD, "--cert-digest-algo", "SHA1"), W, typed=True
    ),
    "a member's key is weak": Fault(
        "openpgp", "team", "Mia's key relies on", lambda p: p.member("--cert-digest-algo", "SHA1"), W
    ),
    "a wrong passphrase": Fault("openpgp", "openpgp", "another passphrase", _wrong_passphrase),
    "the keys are open": Fault(
        "openpgp", "openpgp", "open to others", lambda p: p.home.chmod(0o755), typed=True
    ),
    "no key folder": Fault(
        "openpgp",
        "openpgp",
        "cannot be read",
        lambda p: p.swap(f'home = "{p.home}"', 'home = "/tmp/none/here"'),
    ),
    "too long a path": Fault("openpgp", "openpgp", "agent's socket", _long_home),
    "a member's key ended": Fault(
        "openpgp", "team", "Mia's key expired", lambda p: p.member(*OLD, expires="2020-02-01")
    ),
    "a member's key ends": Fault("openpgp", "team", "Mia's key expires", lambda p: p.member(expires="9d"), W),
    "a member's key only signs": Fault(
        "openpgp", "team", "nothing can be encrypted to", lambda p: p.member(encrypts=False)
    ),
    "another key in the file": Fault("openpgp", "team", "configured is", _other_member),
    "a secret key in the file": Fault("openpgp", "team", "secret key", _secret_by_mistake),
    "a fingerprint without a key": Fault(
        "openpgp",
        "team",
        "is missing",
        lambda p: p.swap(f'{p.kit.member}"\nkey_file = "mia.asc"', "F" * 40 + '"'),
    ),
    # the way in
    "an unknown host": Fault(
        "imap",
        "imap",
        "does not resolve",
        lambda p: p.swap('host = "localhost"', 'host = "no-such-host.invalid"'),
    ),
    "nobody at the port": Fault("imap", "imap", "refused", lambda p: p.ports("imap", free_ports(1)[0])),
    "a wrong password": Fault(
        "imap", "imap", "refuses the login", lambda p: p.file("imap-password", b"wrong\n")
    ),
    "an unknown authority": Fault(
        "imap", "imap", "certificate refused", lambda p: p.behind("imap", p.certificate(), trusted=False)
    ),
    "an expired certificate": Fault(
        "imap", "imap", "expired", lambda p: p.behind("imap", p.certificate(ago=60))
    ),
    "a certificate of another": Fault(
        "imap",
        "imap",
        "certificate refused",
        lambda p: p.behind("imap", p.certificate(names="DNS:other.example")),
    ),
    "a certificate that ends": Fault(
        "imap", "imap", "certificate expires on", lambda p: p.behind("imap", p.certificate(days=3)), W
    ),
    "no such folder": Fault(
        "imap",
        "imap",
        "does not exist",
        lambda p: p.swap('sent = "Sent"', 'sent = "Sent"\nfolders = ["Box"]'),
    ),
    "no such sent folder": Fault(
        "imap", "imap", "does not exist", lambda p: p.swap('"Sent"', '"Sent Items"')
    ),
    "no such junk folder": Fault("imap", "imap", "does not exist", lambda p: p.swap('"Junk"', '"Spam"')),
    "no STARTTLS": Fault("imap", "imap", "does not offer STARTTLS", _no_starttls),
    "no IDLE": Fault("imap", "imap", "no IDLE", _no_idle, W),
    # the way out
    "nobody takes letters": Fault("smtp", "smtp", "refused", lambda p: p.ports("smtp", free_ports(1)[0])),
    "a wrong login": Fault(
        "smtp", "smtp", "refuses the login", lambda p: p.file("smtp-password", b"wrong\n")
    ),
    "an untrusted way out": Fault(
        "smtp", "smtp", "certificate refused", lambda p: p.behind("smtp", p.certificate(), trusted=False)
    ),
    "an expired way out": Fault("smtp", "smtp", "expired", lambda p: p.behind("smtp", p.certificate(ago=60))),
    "a way out that ends": Fault(
        "smtp", "smtp", "certificate expires on", lambda p: p.behind("smtp", p.certificate(days=3)), W
    ),
    "no STARTTLS out": Fault("smtp", "smtp", "does not offer STARTTLS", _smtp_bare),
}
