"""Sealed mail on the whole road, with a real gpg: opened, counted, and nowhere at rest in the clear."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.openpgp.kit import Kit, armor
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
WORDS = "xqsecret overflow, xqhidden in the reader"
MORE = """
[openpgp]
home = "{home}"
key = "{key}"

[[team]]
name = "Mia"
addresses = ["mia@project.example"]
fingerprint = "{member}"
key_file = "mia.asc"
"""


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    """Keys of the desk, a member and strangers."""
    if shutil.which("gpg") is None:
        pytest.skip("no gpg on this machine")
    made = Kit()
    yield made
    made.remove()


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit) -> RunningDesk:
    """A desk that can open what is sealed to it and knows Mia's key; signatures are dated by the machine."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - gpg has no other clock
    (tmp_path / "mia.asc").write_bytes(kit.public(kit.people, kit.member))
    made.configure(more=MORE.format(home=kit.desk, key=kit.desk_key, member=kit.member))
    made.run()
    return made


def sealed(packets: bytes, **about: str) -> bytes:
    """A PGP/MIME mail around a ciphertext."""
    plain = mails.plain(text="", Content_Transfer_Encoding="", **about)
    head = plain.replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"").rstrip() + b"\r\n"
    kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n\r\n'
    parts = b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
    body = b"Content-Type: application/octet-stream\r\n\r\n" + armor(packets).replace(b"\n", b"\r\n")
    return head + kind + parts + body + b"\r\n--b--\r\n"


def inner(text: str = WORDS) -> bytes:
    """What is inside: a MIME entity with its own subject."""
    head = 'Content-Type: text/plain; charset=utf-8; protected-headers="v1"; hp="cipher"\r\n'
    return f"{head}Subject: {WORDS}\r\n\r\n{text}\r\n".encode()


def in_the_clear(desk: RunningDesk) -> set[bytes]:
    """The words of the sealed mails that stand anywhere in what maild left: state, letters, log."""
    files = [path.read_bytes() for path in (desk.folder / "state").rglob("*") if path.is_file()]
    left = b"".join((*files, *(letter.raw for letter in desk.sink.letters), desk.log.getvalue().encode()))
    assert b"SQLite" in left
    return {word for word in (b"xqsecret", b"xqhidden", b"xqthanks") if word in left}


def test_what_came_sealed_rests_sealed(desk: RunningDesk, kit: Kit) -> None:
    """A sealed report is a case, acknowledged and opened; no word of it is anywhere afterwards."""
    desk.inbox.append(sealed(kit.encrypt(text=inner()), subject="..."), desk.clock)
    desk.run()
    (case,) = desk.cases()
    assert (case["subject"], case["flags"]) == ("(sealed)", [])
    assert [letter["kind"] for letter in case["letters"]] == ["receipt"]
    assert '"decryption": "ok"' in desk.log.getvalue()
    assert in_the_clear(desk) == set()


def test_what_is_sealed_to_another_key_is_told_to_the_team(desk: RunningDesk, kit: Kit) -> None:
    """The reporter gets the same receipt; the team learns that it cannot be read."""
    desk.inbox.append(sealed(kit.encrypt(text=inner(), to=kit.stranger), subject="..."), desk.clock)
    desk.run()
    (case,) = desk.cases()
    assert case["flags"] == ["unreadable"]
    assert {letter["kind"] for letter in case["letters"]} == {"notice", "receipt"}


@pytest.mark.parametrize(
    ("signer", "authority"), [("member", "team:Mia"), ("stranger", "none"), ("nobody", "none")]
)
def test_a_sealed_answer_counts_by_its_signature(
    desk: RunningDesk, kit: Kit, signer: str, authority: str
) -> None:
    """The listed key meets respond; another key, or none, meets nothing, whatever From says."""
    desk.clock = kit.now()
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    (case,) = desk.cases()
    text = inner(f"Thank you (xqthanks), we are looking into {case['case']}.")
    packets = kit.encrypt(text=text) if signer == "nobody" else kit.sealed_by(getattr(kit, signer), text=text)
    about = {
        "subject": "...",
        "sender": "Mia <mia@project.example>",
        "to": "rita@reporter.example",
        "Cc": "security@project.example",
        "message_id": "<answer@project.example>",
        "In_Reply_To": "<one@reporter.example>",
    }
    desk.wait(timedelta(minutes=2))
    desk.inbox.append(sealed(packets, **about), desk.clock)
    desk.run()
    (case,) = desk.cases()
    assert case["answered"] is (signer == "member")
    assert [message["authority"] for message in case["messages"]] == ["none", authority]
    assert ("unverified-member" in case["flags"]) is (signer != "member")
    assert in_the_clear(desk) == set()
