"""A running desk that relays, with a team of three, and what people get to read of its letters."""

import asyncio
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any

from maild.core.mail.body import readable
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Opened
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit, armor
from tests.support import mails
from tests.support.client import Client
from tests.support.commanding import Said, command
from tests.support.desk import MX
from tests.support.phrases import PHRASES
from tests.support.sealing import MIA, SealedDesk
from tests.support.smtpsink import Letter

CARL = "carl@project.example"
BEA = "bea@project.example"
RITA = "rita@reporter.example"
PASSED = f"Authentication-Results: {MX}; dmarc=pass header.from={{}}\r\n"


@dataclass(frozen=True)
class Person:
    """Somebody outside maild: his key folder and the key in it (both may be missing)."""

    home: Path | None = None
    key: str = ""


class RelayDesk(SealedDesk):
    """Mia and Bea have keys, Carl has none."""

    @property
    def bea(self) -> str:
        """The fingerprint of Bea's key."""
        return self.kit.backup

    def configure(self, desk: str = "", inbox: str = "", more: str = "", imap: int = 0) -> None:
        """As ever, relaying, with a key for Bea too."""
        public = armor(self.kit.public(self.kit.people, self.bea), "PUBLIC KEY BLOCK")
        (self.folder / "bea.asc").write_bytes(public)
        super().configure(desk, inbox, more, imap)
        known = f'name = "Bea"\nfingerprint = "{self.bea}"\nkey_file = "bea.asc"'
        self.path.write_text(self.path.read_text().replace('name = "Bea"', known))

    def comes(self, raw: bytes, proved: str = "") -> None:
        """A mail arrives and everything that follows is done; our exchanger vouches for *proved*."""
        self.arrives(raw, proved)
        self.taken_in()

    def arrives(self, raw: bytes, proved: str = "") -> None:
        """A mail lies in the inbox, and nothing is done yet."""
        self.inbox.append(PASSED.format(proved).encode() + raw if proved else raw, self.clock)

    def taken_in(self) -> None:
        """Everything that follows from the mail in the inbox is done."""
        self.run()
        assert self.trouble == ""
        assert self.view("shunted") == []

    def word(self, *words: str) -> Said:
        """A command of the operator, which has the machine's clock; ours does not stay behind it."""
        said = command(self.path, *words)
        self.clock = max(self.clock, datetime.now(UTC))  # noqa: TID251 - as in SealedDesk
        return said

    def one(self) -> dict[str, Any]:
        """The only case."""
        (found,) = self.cases()
        return found

    def promises(self, number: int = 0) -> dict[str, str]:
        """The promises of a case: by whom they were met, ``running`` or ``stopped``."""
        rows = self.cases()[number]["promises"]
        return {row["promise"]: row["met_by"] or ("stopped" if row["stopped"] else "running") for row in rows}

    def copies(self, recipient: str) -> list[Letter]:
        """The copies that went to a member, in order."""
        kinds = {row["message_id"]: row["kind"] for row in self.view("outbox", True)}
        return [one for one in self.to(recipient) if kinds[header(one, "Message-ID")] == "copy"]

    def answers(self, recipient: str) -> list[Letter]:
        """The answers that went to a reporter, in order."""
        kinds = {row["message_id"]: row["kind"] for row in self.view("outbox", True)}
        return [one for one in self.to(recipient) if kinds[header(one, "Message-ID")] == "answer"]

    def about(self, recipient: str) -> list[str]:
        """The subjects of the notices that one person got."""
        kinds = {row["message_id"]: row["kind"] for row in self.view("outbox", True)}
        notices = [one for one in self.to(recipient) if kinds[header(one, "Message-ID")] == "notice"]
        return [re.sub(r"^\[[\w-]+\] ", "", header(one, "Subject")) for one in notices]


def header(sent: Letter, name: str) -> str:
    """One header of a letter, unfolded."""
    return str(message_from_bytes(sent.raw, policy=policy.default)[name] or "")


def read_by(kit: Kit, sent: Letter, key: str = "") -> Opened:
    """The letter as its reader opens it; it must open, and a signature must be the desk's good one."""
    pgp = OpenPGP(kit.people, key or kit.stranger, keyrings=[kit.desk / "pubring.kbx"])
    opened = asyncio.run(open_mail(parse(sent.raw), pgp, PHRASES))
    assert opened.decryption in (Decryption.OK, Decryption.NONE)
    return opened


def subject_as_read(opened: Opened) -> str:
    """The subject that the reader of a letter is shown: the protected one, else that of its head."""
    return opened.protected.get("subject", "") or str(
        message_from_bytes(opened.tree.root.raw, policy=policy.default)["Subject"] or ""
    )


def told_of_commands(kit: Kit, sent: list[Letter], key: str) -> str:
    """What the letters about a member's commands say among *sent*; *key* opens those that are encrypted."""
    found = []
    for one in sent:
        opened = read_by(kit, one, key) if key and b"multipart/encrypted" in one.raw else None
        subject = subject_as_read(opened) if opened else header(one, "Subject")
        if "Your commands" in subject:
            found.append(plain_text(opened) if opened else letter_text(one))
    return "\n".join(found)


def plain_text(opened: Opened) -> str:
    """Every text that the reader is shown, attachments too."""
    return "\n".join(part.text for part in opened.tree.root.leaves if part.content_type.startswith("text/"))


def letter_text(sent: Letter) -> str:
    """Every text of a letter in clear; of a sealed one nothing."""
    return readable(parse(sent.raw).root).replace("\r\n", "\n")


def reply(copy: Letter, who: str, words: str, **headers: str) -> bytes:
    """What any client makes of a plain Reply to *copy*: to its Reply-To, quoting what it could read."""
    name = header(copy, "Message-ID")
    quoted = "".join(f"> {line}\n" for line in letter_text(copy).splitlines())
    about = {
        "sender": who,
        "to": header(copy, "Reply-To"),
        "subject": f"Re: {header(copy, 'Subject')}",
        "text": f"{words}\n\nOn Mon, 2 Mar 2026 at 10:30, somebody via Example wrote:\n{quoted}",
        "message_id": f"<{sha256((name + who + words).encode()).hexdigest()[:20]}@home.example>",
        "In_Reply_To": name,
        "References": f"{header(copy, 'References')} {name}".strip(),
        "User_Agent": "Snoutmail 3.1",
        "X_Originating_IP": "192.0.2.7",
        "Received": "from laptop.home.example by mx.home.example; Mon, 2 Mar 2026 09:40:00 +0000",
    }
    return mails.plain(**(about | headers))


def team_address(desk: RelayDesk, who: str = CARL) -> str:
    """The address by which a member without a key writes to the team, as his copy tells it."""
    text = letter_text(desk.copies(who)[0])
    return next(line.split()[-1] for line in text.splitlines() if line.startswith("Team:"))


def key_folder(kit: Kit, name: str, secret: str = "") -> Path:
    """A client's own key folder: its secret key, and the desk's public one, which it trusts."""
    home = kit.home(name)
    if secret:
        kit.gpg(home, "--import", feed=kit.gpg(kit.people, "--export-secret-keys", secret))
    kit.copy(kit.desk, home, kit.desk_key)
    trust = ["gpg", "--homedir", str(home), "--batch", "-q", "--import-ownertrust"]
    subprocess.run(trust, input=f"{kit.desk_key}:6:\n".encode(), check=True, capture_output=True)
    return home


def client_of(desk: RelayDesk, program: str, who: str, name: str, folder: Path, **about: Any) -> Client:
    """A person at a real client."""
    home = folder / who.partition("@")[0]
    home.mkdir(parents=True, exist_ok=True)
    return Client(program, name, who, home, **about)


__all__ = ["BEA", "CARL", "MIA", "RITA", "RelayDesk"]
