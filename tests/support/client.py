"""A person's real mail client (neomutt or mutt) on a terminal of its own, with a Maildir and a key folder.

In batch mode both send plain text whatever they are told, so every mail is written by pressing keys.
"""

import os
import re
import shutil
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pexpect
import pytest

CONFIGURATION = """\
set realname = "{name}"
set from = "{address}"
set folder = "{home}"
set mbox_type = Maildir
set record = ""
set postponed = "{home}/postponed"
set sendmail = "{home}/sendmail"
set editor = "{home}/editor"
set hostname = "home.example"
set charset = "utf-8"
set user_agent = yes
set include = yes
set fast_reply = yes
set abort_unmodified = no
set abort_nosubject = no
set reply_to = yes
set reply_self = yes
set wait_key = no
set confirmappend = no
set delete = no
set quit = yes
set mail_check = 0
set beep = no
set crypt_use_gpgme = yes
set crypt_autopgp = yes
set crypt_replyencrypt = yes
set crypt_replysign = {signs}
set crypt_replysignencrypted = {signs}
set crypt_autosign = {signs}
set crypt_autoencrypt = {seals}
set crypt_verify_sig = no
set crypt_protected_headers_write = yes
set pgp_default_key = "{key}"
set pgp_sign_as = "{key}"
"""
FOREIGN: dict[str, tuple[str, ...]] = {"neomutt": ("pgp_sign_as",), "mutt": ()}
"""Settings that a program does not know."""
SENDMAIL = """\
#!/bin/sh
cat > "{home}/sent/new"
mv "{home}/sent/new" "{home}/sent/$(ls "{home}/sent" | wc -l)"
"""
EDITOR = """\
#!{python}
import sys
from pathlib import Path
draft, words = Path(sys.argv[1]), Path("{home}/words").read_text()
quoted = draft.read_text()
draft.write_text(words.replace("@QUOTED@", quoted) if "@QUOTED@" in words else words + "\\n" + quoted)
"""


@dataclass
class Client:
    """One person at a client: ``program`` neomutt or mutt; ``key`` a fingerprint in ``gnupg``, or empty."""

    program: str
    name: str
    address: str
    home: Path
    gnupg: Path | None = None
    key: str = ""
    signs: bool = False
    seals: bool = False
    received: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Everything the client reads."""
        if shutil.which(self.program) is None:
            pytest.skip(f"no {self.program} on this machine (tests/run installs it)")
        for folder in ("Mail", "sent"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        values = {"home": self.home, "python": sys.executable, "name": self.name, "address": self.address}
        for name, text in (("sendmail", SENDMAIL), ("editor", EDITOR)):
            (self.home / name).write_text(text.format(**values))
            (self.home / name).chmod(stat.S_IRWXU)
        about = {"key": self.key, "signs": _word(self.signs), "seals": _word(self.seals)}
        lines = CONFIGURATION.format(**values, **about)
        kept = [
            line for line in lines.splitlines() if not any(word in line for word in FOREIGN[self.program])
        ]
        if not self.key:
            kept = [line for line in kept if "pgp_" not in line]
        (self.home / "rc").write_text("\n".join(kept) + "\n")

    def receives(self, raw: bytes) -> None:
        """A letter arrives; it lies in a mailbox of its own, so that the client cannot mean another."""
        self.received += 1
        there = self.home / f"box{self.received}"
        for folder in ("new", "cur", "tmp"):
            (there / folder).mkdir(parents=True)
        (there / "new" / f"{1_700_000_000 + self.received}.M1P1.home").write_bytes(
            raw.replace(b"\r\n", b"\n")
        )

    def writes(self, to: str, subject: str, words: str, *files: Path) -> bytes:
        """A new mail; its bytes as they leave the client."""
        (self.home / "words").write_text(words)
        attached = [part for file in files for part in ("-a", str(file))]
        return self._send(["-s", subject, *attached, "--", to], "")

    def replies(self, words: str, *files: Path, key: str = "r", number: int = 0) -> bytes:
        """A plain Reply to the newest mail (or the one of this *number*), the mail quoted below the words.

        ``@QUOTED@`` in the words stands for the quote. *key*: ``g`` replies to all.
        """
        (self.home / "words").write_text(words)
        box = self.home / f"box{number or self.received}"
        attached = "".join(f"a{file}\r" for file in files)
        return self._send(["-f", str(box)], key, attached)

    def _send(self, arguments: list[str], keys: str, in_compose: str = "") -> bytes:
        before = len(list((self.home / "sent").iterdir()))
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
            "GNUPGHOME": str(self.gnupg or self.home / "Mail"),
        }
        screen = pexpect.spawn(
            self.program,
            ["-n", "-F", str(self.home / "rc"), *arguments],
            env=environment,
            dimensions=(50, 160),
            timeout=15,
            encoding="utf-8",
            codec_errors="replace",
        )
        seen = (self.home / "screen").open("a")
        screen.logfile_read = seen
        try:
            if keys:
                screen.expect("Mailbox|:Quit|q:", timeout=15)
                screen.send(keys)
            while True:
                found = screen.expect([r"y:Send", r"To: ", r"Subject: ", pexpect.EOF])
                if found == 0:
                    break
                assert found != 3, self.screen()
                screen.send("\r")
            if in_compose:
                screen.send(in_compose)
            screen.send("y")
            if keys:
                screen.expect("Mail sent|sent")
                screen.send("q")
            screen.expect(pexpect.EOF)
        except pexpect.ExceptionPexpect as error:
            raise AssertionError(self.screen()) from error
        finally:
            screen.close(force=True)
            seen.close()
        sent = sorted((self.home / "sent").iterdir(), key=lambda file: int(file.name))
        assert len(sent) == before + 1, self.screen()
        return re.sub(rb"\r?\n", b"\r\n", sent[-1].read_bytes())

    def screen(self) -> str:
        """What stood on the terminal, for whoever has to find out what went wrong."""
        return re.sub(r"\x1b[\[(][0-9;?]*[A-Za-z]", " ", (self.home / "screen").read_text())[-3000:]


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
