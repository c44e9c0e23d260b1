"""A desk that is well, and ways to make it ill."""

import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from maild.app import check as doctor
from maild.config import load
from maild.errors import ConfigError
from tests.openpgp.kit import Kit, armor
from tests.support.certificate import Certificate, make_certificate
from tests.support.sealing import SealedDesk
from tests.support.smtpsink import SmtpSink, running
from tests.support.tlsfront import tls_front
from tests.support.umask import own_umask


def machine_now() -> datetime:
    """The machine's clock: gpg and Dovecot read no other."""
    return datetime.now(UTC)  # noqa: TID251 - see above


@dataclass
class Patient:
    """A desk that is well, made ill by one fault; ``undo`` is what the mending step comes to."""

    desk: SealedDesk
    kit: Kit
    home: Path
    well: str
    stack: ExitStack
    undo: list[Callable[[], object]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where its configuration lies."""
        return self.desk.folder

    @property
    def state(self) -> Path:
        """Its state folder."""
        return self.folder / "state"

    def lines(self, look: str) -> list[doctor.Line]:
        """What is told when one thing is looked at; "load" is the loading of the configuration itself."""
        try:
            config = load(self.desk.path)
        except ConfigError as error:
            return doctor.of_faults(error)
        with own_umask():
            return doctor.check(config, look)

    def swap(self, old: str, new: str) -> None:
        """A wrong word in the configuration; mended by the right one."""
        text = self.desk.path.read_text()
        assert old in text, old
        self.desk.path.write_text(text.replace(old, new))
        self.undo.append(lambda: self.desk.path.write_text(self.well))

    def add(self, lines: str) -> None:
        """Further lines at the end of the configuration."""
        self.desk.path.write_text(self.desk.path.read_text() + lines)
        self.undo.append(lambda: self.desk.path.write_text(self.well))

    def file(self, name: str, content: bytes | None, mode: int = 0o600) -> None:
        """A file with other content (or gone); mended by the old one."""
        path = self.folder / name
        before, old_mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
        path.unlink()
        if content is not None:
            path.write_bytes(content)
            path.chmod(mode)

        def back() -> None:
            path.write_bytes(before)
            path.chmod(old_mode)

        self.undo.append(back)

    def key(self, *words: str, expires: str = "0", encrypts: bool = True, **more: str) -> str:
        """A key of the desk's own with a flaw, configured."""
        if encrypts:
            made = self.kit.key(
                self.home,
                f"Flawed {len(self.kit.prints(self.home))} <f@project.example>",
                *words,
                expires=expires,
                **more,
            )
        else:
            loopback = ("--pinentry-mode", "loopback", "--passphrase", "")
            before = self.kit.prints(self.home)
            self.kit.gpg(
                self.home, *loopback, "--quick-gen-key", "Bare <b@project.example>", "ed25519", "sign"
            )
            (made,) = self.kit.prints(self.home) - before
        self.desk.path.write_text(self.well.replace(self.kit.desk_key, made))
        return made

    def member(self, *words: str, expires: str = "0", encrypts: bool = True) -> None:
        """Mia's configured key is another one, with a flaw; mended by the old one."""
        folder = Path(tempfile.mkdtemp(prefix="mm", dir="/tmp"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self.stack.callback(self.kit.end, folder)
        if encrypts:
            made = self.kit.key(folder, "Mia <mia@project.example>", *words, expires=expires)
        else:
            loopback = ("--pinentry-mode", "loopback", "--passphrase", "")
            self.kit.gpg(folder, *loopback, "--quick-gen-key", "Mia <mia@project.example>", "ed25519", "sign")
            (made,) = self.kit.prints(folder)
        self.file("mia.asc", armor(self.kit.public(folder, made), "PUBLIC KEY BLOCK"))
        self.swap(self.kit.member, made)

    def sql(self, statement: str) -> None:
        """A change from outside."""
        with closing(sqlite3.connect(self.state / "maild.db")) as raw, raw:
            raw.execute(statement)

    def ports(self, protocol: str, port: int) -> None:
        """The configuration leads to another port."""
        right = self.desk.inbox.server.imaps if protocol == "imap" else self.desk.sink.port
        self.swap(f"port = {right}", f"port = {port}")

    def behind(self, protocol: str, certificate: Certificate, trusted: bool = True) -> None:
        """The server shows this certificate; mended by the right one."""
        if protocol == "imap":
            port = self.stack.enter_context(tls_front(certificate, self.desk.inbox.server.imap))
            old = self.desk.inbox.server.certificate.cert
        else:
            port = self.stack.enter_context(running(SmtpSink(certificate, users={"desk": "sesame"}))).port
            old = self.desk._certificate.cert
        self.ports(protocol, port)
        if trusted:
            self.swap(f'ca_file = "{old}"', f'ca_file = "{certificate.cert}"')

    def certificate(self, **how: object) -> Certificate:
        """A certificate with a flaw."""
        return make_certificate(Path(tempfile.mkdtemp(dir=self.folder)), **how)  # type: ignore[arg-type]
