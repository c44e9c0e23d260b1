"""A signature is used once, whatever is changed about the message, its packing or the signature's bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.support import mails
from tests.support.relaying import MIA, RelayDesk
from tests.support.varied import varied

pytestmark = pytest.mark.dovecot
AGAIN = "Please sign your message again"


@dataclass
class Member:
    """Mia: her key, the case that she writes about, and how many messages came so far."""

    desk: RelayDesk
    kit: Kit
    key: str
    case: str
    count: int = field(default=0)

    @property
    def state(self) -> str:
        """The state of that case."""
        return next(str(one["state"]) for one in self.desk.cases() if one["case"] == self.case)

    def head(self, sender: str = f"Mia <{MIA}>") -> bytes:
        """An outer head, of which nothing is signed."""
        self.count += 1
        lines = f"From: {sender}\r\nTo: security@project.example\r\nSubject: Re: Overflow [{self.case}]\r\n"
        return f"{lines}Message-ID: <s{self.count}@x>\r\nMIME-Version: 1.0\r\n".encode()

    def says(self, words: str) -> tuple[bytes, bytes]:
        """A signed entity and its signature."""
        part = text(f"{words}\r\n\r\n{self.case}\r\n")
        return part, self.kit.detached(self.key, text=part)


Copy = Callable[[Member, bytes, bytes], bytes]
COPIES: dict[str, Copy] = {
    "as it was": lambda m, part, made: signed(part, made, head=m.head()),
    "with LF": lambda m, part, made: signed(part.replace(b"\r\n", b"\n"), made, head=m.head()),
    "with mixed line ends": lambda m, part, made: signed(
        part.replace(b"\r\n", b"\n", 1), made, head=m.head()
    ),
    "encrypted": lambda m, part, made: pgp_mime(
        m.kit.encrypt(text=signed(part, made, head=b"")), head=m.head()
    ),
    "encrypted twice over": lambda m, part, made: pgp_mime(
        m.kit.encrypt("--compress-algo", "zlib", text=signed(part.replace(b"\r\n", b"\n"), made, head=b"")),
        head=m.head(),
    ),
    "wrapped": lambda m, part, made: multipart("mixed", signed(part, made, head=b""), head=m.head()),
    "another boundary": lambda m, part, made: signed(part, made, head=m.head(), boundary="other"),
    "signature twice": lambda m, part, made: signed(part, made + made, head=m.head()),
    "a stranger's signature beside it": lambda m, part, made: signed(
        part, m.kit.detached(m.kit.stranger, text=part) + made, head=m.head()
    ),
    "signature varied": lambda m, part, made: signed(part, varied(made, m.kit, m.key), head=m.head()),
    "signature varied, LF": lambda m, part, made: signed(
        part.replace(b"\r\n", b"\n"), varied(made, m.kit, m.key), head=m.head()
    ),
    "signature varied, encrypted": lambda m, part, made: pgp_mime(
        m.kit.encrypt(text=signed(part, varied(made, m.kit, m.key), head=b"")), head=m.head()
    ),
    "handed in as an attachment": lambda m, part, made: multipart(
        "mixed",
        text("See below.\r\n"),
        b"Content-Type: message/rfc822\r\n\r\n" + signed(part, made, head=m.head()),
        head=m.head(),
    ),
    "from somebody else": lambda m, part, made: signed(part, made, head=m.head("Eve <eve@evil.example>")),
}
ALGORITHMS = ("rsa2048", "nistp256", "ed25519")


@pytest.fixture(params=ALGORITHMS)
def mia(request: pytest.FixtureRequest, desk: RelayDesk, kit: Kit) -> Member:
    """Mia, with a key of each kind; there is one case."""
    key = _key(kit, request.param)
    public = armor(kit.public(kit.people, key), "PUBLIC KEY BLOCK")
    (desk.folder / "mia.asc").write_bytes(public)
    desk.path.write_text(desk.path.read_text().replace(kit.member, key))
    desk.comes(mails.plain(date=desk.clock))
    return Member(desk, kit, key, str(desk.one()["case"]))


def _key(kit: Kit, algorithm: str) -> str:
    words = ("--pinentry-mode", "loopback", "--passphrase", "", "--quick-gen-key", f"Mia {algorithm} <{MIA}>")
    kit.gpg(kit.people, *words, algorithm, "sign", "0", check=False)
    name = f"Mia {algorithm}".encode()
    return next(one for one in kit.prints(kit.people) if name in kit.gpg(kit.people, "-k", one))


def test_no_copy_is_obeyed_again(mia: Member) -> None:
    """A signed command is obeyed; undone by a person, no copy of it does it again, however it is made."""
    desk = mia.desk
    part, made = mia.says("!spam")
    desk.comes(signed(part, made, head=mia.head()))
    assert mia.state == "closed"
    assert desk.word("reopen", mia.case).status == 0
    for name, copy in COPIES.items():
        desk.comes(copy(mia, part, made))
        assert (name, mia.state) == (name, "open")
    held = [row for row in desk.view("quarantine") if row["kind"] == "held"]
    assert len(held) == len(COPIES)
    assert AGAIN in desk.about(MIA)


def taken(kit: Kit, part: bytes, made: bytes) -> bool:
    """Whether the gpg of this machine calls the signature good: 2.4.9 refuses what is beyond the curve's or key's order."""
    files = {"part": part, "part.sig": made}
    for name, content in files.items():
        (kit.root / name).write_bytes(content)
    words = ("--verify", str(kit.root / "part.sig"), str(kit.root / "part"))
    return b"GOODSIG" in kit.gpg(kit.people, "--status-fd", "1", *words, check=False)


def test_a_varied_signature_is_no_second_one(mia: Member) -> None:
    """Where gpg takes it for good it is obeyed, arriving first, and the original is not; else it is not."""
    part, made = mia.says("!spam")
    other = varied(made, mia.kit, mia.key)
    mia.desk.comes(signed(part, other, head=mia.head()))
    if not taken(mia.kit, part, other):
        assert mia.state == "open"
        return
    assert mia.state == "closed"
    mia.desk.word("reopen", mia.case)
    mia.desk.comes(signed(part, made, head=mia.head()))
    assert mia.state == "open"
