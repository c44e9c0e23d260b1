"""A private Dovecot on loopback: own configuration, own folder, free ports, any number of users.

Started as root it serves mail as nobody (Dovecot refuses to do it as root); started by anybody else it
runs as that user altogether.
"""

import grp
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from maild.gateways.imap import ImapAccount
from tests.support.certificate import make_certificate
from tests.support.ports import PATIENCE, await_port, await_that, free_ports
from tests.support.processes import children, running

PASSWORD = "sesame"
NO_DOVECOT = "no dovecot on this machine: see tests/run"


def find_dovecot() -> str | None:
    """Where Dovecot is: /usr/sbin is not on everybody's path."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def language(program: str) -> str:
    """The configuration language that the Dovecot at *program* reads: ``2.3`` (and before) or ``2.4`` (and after)."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = (int(part) for part in said.split()[0].split(".")[:2])
    return "2.4" if (major, minor) >= (2, 4) else "2.3"


class Dovecot:
    """One running instance; ``stop`` ends it by its pid, and it ends when the test process dies."""

    def __init__(self, introspection: str = "", mechanisms: str = "xoauth2 oauthbearer") -> None:
        """*introspection* is where an authorization server says whose a token is; then *mechanisms* take it."""
        self.introspection, self.mechanisms = introspection, mechanisms
        # not pytest's folder: nobody has to get in, and socket paths have to be short
        self.folder = Path(tempfile.mkdtemp(prefix="dc"))
        self.folder.chmod(0o755)
        self.certificate = make_certificate(self.folder)
        self.imap, self.imaps, self.lmtp, self.sasl = free_ports(4)
        self.users = 0
        self._write_configuration()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        program = find_dovecot()
        assert program is not None, NO_DOVECOT
        command = ["setpriv", "--pdeathsig", "TERM", program, "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        for port in (self.imap, self.imaps, self.lmtp):
            await_port(port)

    def stop(self) -> None:
        """Stop with all that it started; the mail stays, ``start`` brings it back."""
        if self._process is not None:
            started = children(self._process.pid)
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None
            await_that(lambda: not any(map(running, started)), "Dovecot's processes end")

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def user(self, name: str = "") -> "User":
        """A new user with an empty mailbox (INBOX, Sent, Junk)."""
        self.users += 1
        name = name or f"user{self.users}"
        uid, gid = _mail_owner()
        home = self.folder / "mail" / name
        home.mkdir()
        os.chown(home, uid, gid)
        made = User(self, name)
        made.password(PASSWORD)
        return made

    def _write_configuration(self) -> None:
        for name in ("run", "state", "mail", "users"):
            (self.folder / name).mkdir()
        uid, gid = _mail_owner()
        me = pwd.getpwuid(os.geteuid()).pw_name
        root = os.geteuid() == 0
        values = {
            "dir": str(self.folder),
            "imap": self.imap,
            "imaps": self.imaps,
            "lmtp": self.lmtp,
            "uid": uid,
            "gid": gid,
            "login_user": "dovenull" if root else me,
            "internal_user": "dovecot" if root else me,
            "internal_group": "dovecot" if root else grp.getgrgid(os.getegid()).gr_name,
        }
        program = find_dovecot()
        assert program is not None, NO_DOVECOT
        spoken = language(program)
        values |= self._oauth(spoken) if self.introspection else {"mechanisms": "", "oauth": ""}
        template = (Path(__file__).parent / f"dovecot-{spoken}.conf.in").read_text()
        (self.folder / "dovecot.conf").write_text(template.format_map(values))

    def _oauth(self, spoken: str) -> dict[str, str]:
        """What the configuration says beside the rest: tokens count, here and for a Postfix beside it."""
        settings = {
            "introspection_mode": "post",
            "introspection_url": self.introspection,
            "username_attribute": "username",
            "active_attribute": "active",
            "active_value": "true",
        }
        sasl = f"service auth {{\n  inet_listener {'sasl ' if spoken == '2.4' else ''}{{\n    port = {self.sasl}\n  }}\n}}\n"
        if spoken == "2.4":  # tokens need no passdb there
            lines = "".join(f"  {key} = {value}\n" for key, value in settings.items())
            text = f"oauth2 {{\n{lines}}}\n"
        else:
            file = self.folder / "oauth2.conf.ext"
            file.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
            text = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {file}\n}}\n"
        return {"mechanisms": f" {self.mechanisms}", "oauth": text + sasl}


class User:
    """A user of the instance, as the world outside maild sees the mailbox."""

    def __init__(self, server: Dovecot, name: str) -> None:
        self.server, self.name = server, name
        self._client: IMAPClient | None = None

    @property
    def home(self) -> Path:
        """The user's folder on disk; ``Maildir`` is in it."""
        return self.server.folder / "mail" / self.name

    def password(self, word: str) -> None:
        """Set the password; Dovecot sees a change within two seconds."""
        uid, gid = _mail_owner()
        line = f"{self.name}:{{PLAIN}}{word}:{uid}:{gid}::{self.home}::\n"
        (self.server.folder / "users" / self.name).write_text(line)

    def account(self, tls: str = "implicit", **changes: object) -> ImapAccount:
        """How maild reaches this mailbox."""
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.server.imaps if tls == "implicit" else self.server.imap,
            "tls": tls,
            "ca_file": str(self.server.certificate.cert),
            "username": self.name,
            "password": PASSWORD,
            "timeout": 10.0,
        }
        return ImapAccount(**(values | changes))

    @property
    def client(self) -> IMAPClient:
        """A person's mail client, logged in, without TLS; made at the first use."""
        if self._client is None:
            self._client = IMAPClient("127.0.0.1", self.server.imap, ssl=False, timeout=10)
            self._client.login(self.name, PASSWORD)
        return self._client

    def append(self, raw: bytes, when: datetime | None = None, folder: str = "INBOX") -> None:
        """Put a mail into a folder, with ``when`` (aware) as its INTERNALDATE."""
        self.client.append(folder, raw, msg_time=when)

    def append_many(self, raws: list[bytes], folder: str = "INBOX") -> None:
        """Put many mails into a folder, in one command a hundred."""
        for start in range(0, len(raws), 100):
            self.client.multiappend(folder, raws[start : start + 100])

    def deliver(self, raw: bytes, sender: str = "rita@reporter.example") -> None:
        """Deliver by LMTP, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.server.lmtp) as lmtp:
            lmtp.sendmail(sender, [self.name], raw)

    def uids(self, folder: str = "INBOX") -> list[int]:
        """UIDs of a folder, ascending."""
        self.client.select_folder(folder)
        return sorted(self.client.search("ALL"))

    def flags(self, uid: int, folder: str = "INBOX") -> set[bytes]:
        """Flags and keywords of one mail."""
        self.client.select_folder(folder)
        return set(self.client.get_flags([uid])[uid])

    def marks(self, uid: int, folder: str = "INBOX") -> set[bytes]:
        """What clients have set on one mail: without the flags that the server sets of its own accord."""
        return self.flags(uid, folder) - {b"\\Recent", b"$HasAttachment", b"$HasNoAttachment"}

    def expunge(self, uid: int, folder: str = "INBOX") -> None:
        """Delete one mail for good."""
        self.client.select_folder(folder)
        self.client.delete_messages([uid], silent=True)
        self.client.uid_expunge([uid])

    def log_out(self) -> None:
        """Close the person's mail client, if it was used."""
        if self._client is not None:
            self._client.shutdown()
            self._client = None


def _mail_owner() -> tuple[int, int]:
    """Who owns the mail: nobody when we are root, else ourselves."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid
    return os.geteuid(), os.getegid()
