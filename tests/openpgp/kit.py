"""Throw-away keys and ciphertexts, made with the installed gpg in folders with short names."""

import shutil
import subprocess
import tempfile
import time
from base64 import b64encode
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

SIGNING = frozenset({"--sign", "--detach-sign", "--clear-sign", "--clearsign"})
PASSPHRASE = "open for tests only"
TEXT = b"The parser writes past its buffer when the length field is negative.\r\n"


class Kit:
    """Homes: ``desk`` (two encryption keys, no passphrase), ``people`` (senders), ``team`` (public only)."""

    def __init__(self) -> None:
        self._last = 0
        self.root = Path(tempfile.mkdtemp(prefix="mk", dir="/tmp"))
        self.desk, self.people, self.team = (self.home(name) for name in ("d", "p", "t"))
        self.desk_key = self.key(self.desk, "Desk <security@project.example>")
        self.old_key = self.key(self.desk, "Old desk <security@project.example>")
        self.member = self.key(self.people, "Mia Member <mia@project.example>")
        self.stranger = self.key(self.people, "Sam Stranger <sam@far.example>")
        self.copy(self.desk, self.people, self.desk_key)
        self.copy(self.desk, self.people, self.old_key)
        self.copy(self.people, self.team, self.member)

    @cached_property
    def backup(self) -> str:
        """The key of Bea, the second member of a team that needs one; made when first asked for."""
        return self.key(self.people, "Bea Backup <bea@project.example>")

    def home(self, name: str) -> Path:
        """A key folder under the kit's root."""
        folder = self.root / name
        folder.mkdir(mode=0o700)
        return folder

    def gpg(self, home: Path, *words: str, feed: bytes = b"", check: bool = True) -> bytes:
        """What gpg writes to standard output."""
        command = ["gpg", "--homedir", str(home), "--batch", "--no-tty", "-q", "--trust-model", "always"]
        if SIGNING.intersection(words) and "--faked-system-time" not in words:
            words = ("--faked-system-time", f"{self._second()}!", *words)
        done = subprocess.run([*command, *words], input=feed, capture_output=True, timeout=60, check=False)
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout

    def _second(self) -> int:
        """Now, or a moment later: no two signatures of a kit are made in the same second (ruling 14)."""
        self._last = max(int(time.time()), self._last + 1)  # noqa: TID251 - gpg knows no other clock
        return self._last

    def now(self) -> datetime:
        """When this kit signs next, aware UTC: a desk whose clock is there finds its signatures fresh."""
        return datetime.fromtimestamp(self._second(), UTC)

    def key(self, home: Path, name: str, *words: str, passphrase: str = "", expires: str = "0") -> str:
        """A signing key with an encryption subkey; its fingerprint."""
        loopback = ("--pinentry-mode", "loopback", "--passphrase", passphrase, *words)
        before = self.prints(home)
        self.gpg(home, *loopback, "--yes", "--quick-gen-key", name, "ed25519", "sign", expires)
        (made,) = self.prints(home) - before
        self.gpg(home, *loopback, "--quick-add-key", made, "cv25519", "encr", expires)
        return made

    def prints(self, home: Path) -> set[str]:
        """The primary fingerprints in *home*."""
        listed = self.gpg(home, "--with-colons", "-k", check=False).decode("latin-1")
        rows = [line.split(":") for line in listed.split("\n")]
        return {after[9] for row, after in pairwise(rows) if row[0] == "pub"}

    def public(self, home: Path, fingerprint: str) -> bytes:
        """A public key, not armored."""
        return self.gpg(home, "--export", fingerprint)

    def copy(self, source: Path, target: Path, fingerprint: str) -> None:
        """A public key from one home into another."""
        self.gpg(target, "--import", feed=self.public(source, fingerprint))

    def encrypt(self, *words: str, text: bytes = TEXT, to: str = "") -> bytes:
        """*text* sealed by somebody to the desk (or *to*), not armored."""
        return self.gpg(self.people, *words, "-r", to or self.desk_key, "--encrypt", feed=text)

    def sealed_by(self, signer: str, *words: str, text: bytes = TEXT) -> bytes:
        """*text* signed by *signer* and sealed to the desk."""
        return self.encrypt("--local-user", signer, "--sign", *words, text=text)

    def detached(self, signer: str, *words: str, text: bytes = TEXT) -> bytes:
        """A detached signature, not armored."""
        return self.gpg(self.people, *words, "--local-user", signer, "--detach-sign", feed=text)

    def literal(self, text: bytes = TEXT) -> bytes:
        """*text* as a bare literal packet."""
        return self.gpg(self.people, "-z", "0", "--store", feed=text)

    def end(self, home: Path) -> None:
        """Ends the agent of one home."""
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=False)

    def remove(self) -> None:
        """Ends the agents of all homes and removes the folders."""
        for home in self.root.iterdir():
            if home.is_dir():
                self.end(home)
        shutil.rmtree(self.root, ignore_errors=True)


def armor(packets: bytes, label: str = "MESSAGE") -> bytes:
    """*packets* in plain armor, without a checksum."""
    data = b64encode(packets).decode()
    lines = "\n".join(data[i : i + 64] for i in range(0, len(data), 64))
    return f"-----BEGIN PGP {label}-----\n\n{lines}\n-----END PGP {label}-----\n".encode()
