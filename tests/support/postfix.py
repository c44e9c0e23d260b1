"""A private Postfix on loopback, between the world and the desk; its master has to be root.

Mail for the desk goes into Dovecot by LMTP, everything else to a sink, so that nothing leaves the machine.
"""

import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.support.certificate import make_certificate
from tests.support.dovecot import User
from tests.support.ports import await_port, free_ports

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
DOMAIN = "mailboxes.example"
"""Where Postfix sends what is for the desk; only Dovecot knows it."""
LOGIN = """\
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"""
RESULTS = """\
/^Authentication-Results: *mx\\.project\\.example/ IGNORE
/^From: .*@([a-z0-9.-]+)>?$/ PREPEND Authentication-Results: mx.project.example; dmarc=pass (p=reject dis=none) header.from=$1
"""
"""Stands for OpenDMARC, which removes results in the name of its host and writes its own below Received."""


def find_postfix() -> str | None:
    """Where Postfix is, when this process may run it."""
    found = shutil.which("postfix", path=os.environ.get("PATH", "") + ":/usr/sbin")
    return found if os.geteuid() == 0 else None


class Postfix:
    """One running instance; it takes mail with STARTTLS and no login from this machine."""

    def __init__(self, inbox: User, address: str, sink: int, login: bool = False, unix: bool = False) -> None:
        """With *login* only who logs in may hand mail in; the inbox's Dovecot says who that is."""
        self.folder = Path(tempfile.mkdtemp(prefix="pf"))
        self.folder.chmod(0o755)
        self.certificate = make_certificate(self.folder)
        (self.port,) = free_ports(1)
        self.configuration = self.folder / "conf"
        users, full = inbox.server.folder / "users", f"{inbox.name}@{DOMAIN}"
        (users / full).write_text((users / inbox.name).read_text().replace(inbox.name, full, 1))
        self._write(inbox, address, sink, login, unix)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        program = find_postfix()
        assert program is not None, "no postfix on this machine, or not root: see tests/run"
        command = [program, "-c", str(self.configuration), "start-fg"]
        self._process = subprocess.Popen(command, **QUIET)
        await_port(self.port)

    def hand_in(self, sender: str, recipient: str, raw: bytes, client_name: str = "") -> None:
        """Somebody's server hands in a mail: one on this machine, or one outside that has this name."""
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            if client_name:
                client.ehlo()
                client.docmd("XCLIENT", f"NAME={client_name} ADDR=198.51.100.9")
            client.sendmail(sender, [recipient], raw)

    def queued(self) -> int:
        """How many letters it has not delivered yet."""
        command = ["postqueue", "-c", str(self.configuration), "-j"]
        path = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin"}
        return len(subprocess.run(command, capture_output=True, check=True, env=path).stdout.splitlines())

    def remove(self) -> None:
        """Stop and delete everything."""
        with suppress(OSError, ValueError):
            master = int((self.folder / "queue/pid/master.pid").read_text())
            os.kill(master, signal.SIGTERM)
        if self._process is not None:
            self._process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, inbox: User, address: str, sink: int, login: bool, unix: bool) -> None:
        for name in ("conf", "queue", "data", "log"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        local, domain = address.replace(".", r"\.").split("@")
        pattern = rf"/^{local}(\+.*)?@{domain}$/ {inbox.name}@{DOMAIN}"
        (self.configuration / "desk").write_text(pattern + "\n")
        here = Path(__file__).parent
        (self.configuration / "results").write_text(RESULTS)
        lmtp = (
            f"unix:{inbox.server.folder}/run/lmtp-postfix" if unix else f"inet:127.0.0.1:{inbox.server.lmtp}"
        )
        values = {"dir": str(self.folder), "port": self.port, "lmtp": lmtp, "sink": sink}
        values |= {"checks": f"regexp:{self.configuration}/results" if unix else ""}
        values |= {"domain": DOMAIN}
        for name in ("main.cf", "master.cf"):
            text = (here / f"postfix-{name}.in").read_text().format_map(values)
            (self.configuration / name).write_text(text)
        if login:
            with (self.configuration / "main.cf").open("a") as more:
                more.write(LOGIN.format(sasl=inbox.server.sasl))
