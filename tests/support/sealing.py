"""A running desk with a key of its own, and what reporters and members seal to it."""

from datetime import UTC, datetime
from pathlib import Path

from maild.core.change import OweLetter
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Notice
from maild.core.values.ids import token
from maild.store import keys, letters, views
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import pgp_mime
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import Letter, SmtpSink

SAM = "sam@far.example"
"""The reporter whose key the kit calls *stranger*."""
MIA = "mia@project.example"
"""A handler whose key is configured; the other members of the desk have none."""


class SealedDesk(RunningDesk):
    """A desk that opens mail. Its clock begins at the machine's: signatures carry real dates."""

    def __init__(
        self,
        folder: Path,
        inbox: User,
        sink: SmtpSink,
        certificate: Certificate,
        kit: Kit,
        home: Path | None = None,
    ) -> None:
        self.kit, self.home = kit, home or kit.desk
        super().__init__(folder, inbox, sink, certificate)
        self.clock = datetime.now(UTC)  # noqa: TID251 - gpg reads no other clock
        self.run()  # fixes the baseline

    def configure(self, desk: str = "", inbox: str = "", more: str = "", imap: int = 0) -> None:
        """As ever, with the desk's key, relaying, and with Mia instead of Anna."""
        (self.folder / "mia.asc").write_bytes(
            armor(self.kit.public(self.kit.people, self.kit.member), "PUBLIC KEY BLOCK")
        )
        openpgp = f'[openpgp]\nhome = "{self.home}"\nkey = "{self.kit.desk_key}"\n'
        super().configure('mode = "relay"\n' + desk, inbox, openpgp + more, imap)
        known = f'name = "Mia"\nfingerprint = "{self.kit.member}"\nkey_file = "mia.asc"'
        text = self.path.read_text().replace('name = "Anna"', known).replace("anna@", "mia@")
        self.path.write_text(text)

    def waiting(self) -> list[dict[str, object]]:
        """The mail that waits for a person's word."""
        with self.desk() as desk:
            return desk.ask(views.quarantine)

    def flags(self) -> set[str]:
        """The flags of all cases."""
        return {flag for one in self.cases() for flag in one["flags"]}

    def states(self) -> list[str]:
        """The states of all mail, in the order it came."""
        with self.desk() as desk:
            rows = desk.ask(lambda c: c.exec_driver_sql("SELECT state FROM envelope ORDER BY id").all())
        return [row.state for row in rows]

    def known_key(self, address: str = SAM) -> str:
        """The fingerprint remembered for an address."""
        with self.desk() as desk:
            return desk.ask(keys.fingerprint, address)

    def owe(self, recipient: str, name: str = "one", case_id: str = "", sealed: bool = True) -> None:
        """A notice about a case, to be sealed; the case is the only one unless named."""
        case_id = case_id or str(self.cases()[0]["case"])
        change = OweLetter(
            dedupe=f"test:{name}:{recipient}",
            kind=LetterKind.NOTICE,
            case_id=case_id,
            recipient=recipient,
            token=token(b"test", case_id, recipient, name),
            says=Notice("key-changed"),
            sealed=sealed,
            internal=False,
        )
        with self.desk() as desk:
            desk.ask(letters.owe, change, desk.policy.desk, self.clock)

    def notices(self, about: str) -> list[Letter]:
        """The notices in clear that went out with these words in their subject."""
        return [sent for sent in self.sink.letters if about.encode() in sent.raw.partition(b"\r\n\r\n")[0]]

    def to(self, recipient: str) -> list[Letter]:
        """What went out to one person."""
        return [sent for sent in self.sink.letters if recipient in sent.recipients]

    def outcomes(self) -> dict[str, str]:
        """What became of the letters, by their dedupe key."""
        with self.desk() as desk:
            rows = desk.ask(lambda c: c.exec_driver_sql("SELECT dedupe, state FROM letter").all())
        return {row.dedupe: row.state for row in rows}


def head(number: int = 1, sender: str = f"Sam Stranger <{SAM}>", subject: str = "...") -> bytes:
    """The outer head of a report."""
    lines = (
        f"From: {sender}",
        "To: security@project.example",
        f"Subject: {subject}",
        f"Message-ID: <{number}@far.example>",
        "Date: Mon, 02 Mar 2026 09:30:00 +0000",
        "MIME-Version: 1.0",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def entity(words: str, subject: str = "Overflow", *files: bytes) -> bytes:
    """What is sealed: a text under protected headers, and files."""
    first = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()
    kind = f'Subject: {subject}\r\nContent-Type: multipart/mixed; hp="cipher"; boundary="en"\r\n\r\n'.encode()
    parts = b"".join(b"--en\r\n" + part + b"\r\n" for part in (first, *files))
    return kind + parts + b"--en--\r\n"


def key_file(key: bytes) -> bytes:
    """A public key as an attachment."""
    return b"Content-Type: application/pgp-keys\r\n\r\n" + armor(key, "PUBLIC KEY BLOCK")


def report(kit: Kit, number: int = 1, *files: bytes, signer: str = "", words: str = "It crashes.") -> bytes:
    """A sealed report of Sam's, perhaps signed."""
    inside = entity(words, "Overflow", *files)
    sealed = kit.sealed_by(signer, text=inside) if signer else kit.encrypt(text=inside)
    return pgp_mime(sealed, head=head(number))
