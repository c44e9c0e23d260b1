"""Ciphertexts that no honest program makes any more, put together from packets."""

import subprocess
from hashlib import sha1
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESOCB3

from tests.openpgp.kit import Kit


def packet(tag: int, body: bytes) -> bytes:
    """A packet in the new format with a four-byte length (RFC 9580 §4.2.1)."""
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


def recipient_of(ciphertext: bytes) -> bytes:
    """The first packet of *ciphertext* (old format, one-byte length: a recipient with an ECDH key)."""
    return ciphertext[: 2 + ciphertext[1]]


def anonymous(count: int) -> bytes:
    """*count* recipient packets that name nobody, for an RSA key."""
    body = b"\x03" + bytes(8) + b"\x01" + (2048).to_bytes(2, "big") + b"\xa5" * 256
    return packet(1, body) * count


def without_integrity(kit: Kit) -> bytes:
    """A message to the desk in the old packet that has no integrity check (tag 9, RFC 9580 §5.7)."""
    sealed = kit.encrypt("--cipher-algo", "AES256", "-z", "0")
    session = _session_key(kit, sealed)
    first = _cfb(session, bytes(16), bytes(16) + b"\x00\x00")
    rest = _cfb(session, first[2:18], kit.literal())
    return recipient_of(sealed) + packet(9, first + rest)


def authenticated(kit: Kit, inner: bytes = b"", *, to: str = "", chunk: int = 6) -> bytes:
    """*inner* (else a literal packet) to the desk in one authenticated packet (tag 20, AES-256 with OCB).

    gpg 2.3 and later write it to keys that say they read it (draft-koch-librepgp §5.16). The session key is
    that of an ordinary message *to* somebody; pieces have 2**(*chunk* + 6) octets.
    """
    sealed = kit.encrypt("--cipher-algo", "AES256", "-z", "0", to=to)
    cipher, start = AESOCB3(bytes.fromhex(_session_key(kit, sealed))), bytes(range(15))
    head, text = bytes([1, 9, 2, chunk]), inner or kit.literal()
    about, size = b"\xd4" + head, 1 << (chunk + 6)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    body = head + start
    for at, piece in enumerate(pieces):
        body += cipher.encrypt(_nonce(start, at), piece, about + at.to_bytes(8, "big"))
    end = about + len(pieces).to_bytes(8, "big") + len(text).to_bytes(8, "big")
    return recipient_of(sealed) + packet(20, body + cipher.encrypt(_nonce(start, len(pieces)), b"", end))


def _nonce(start: bytes, index: int) -> bytes:
    return start[:7] + (int.from_bytes(start[7:], "big") ^ index).to_bytes(8, "big")


def flooded_inside(kit: Kit, count: int) -> bytes:
    """A sound message to the desk in which, encrypted, *count* nameless recipients wait (tag 18)."""
    sealed = kit.encrypt("--cipher-algo", "AES256", "-z", "0")
    hidden = kit.gpg(kit.people, "--hidden-recipient", kit.old_key, "--encrypt", feed=b"")
    inner = recipient_of(hidden) * count + packet(18, b"\x01" + bytes(64))
    text = bytes(16) + b"\x00\x00" + inner + b"\xd3\x14"
    text += sha1(text, usedforsecurity=False).digest()
    return recipient_of(sealed) + packet(18, b"\x01" + _cfb(_session_key(kit, sealed), bytes(16), text))


def _session_key(kit: Kit, sealed: bytes) -> str:
    """The session key of *sealed* as hex digits."""
    path = kit.root / "session"
    path.write_bytes(sealed)
    command = ["gpg", "--homedir", str(kit.desk), "--batch", "--show-session-key", "-o", "/dev/null"]
    done = subprocess.run([*command, "--yes", "-d", str(path)], capture_output=True, check=False)
    return done.stderr.decode().split("session key: '9:")[1].split("'")[0]


def _cfb(key: str, start: bytes, text: bytes) -> bytes:
    command = ["openssl", "enc", "-aes-256-cfb", "-K", key, "-iv", start.hex()]
    return subprocess.run(command, input=text, capture_output=True, check=True).stdout


def bomb(kit: Kit, size: int, folder: Path) -> bytes:
    """*size* zero bytes, compressed and sealed to the desk: a few hundred bytes of mail."""
    path = folder / "zeros"
    with path.open("wb") as file:
        file.truncate(size)
    words = ("--compress-algo", "bzip2", "--bzip2-compress-level", "9", "-r", kit.desk_key, "-o", "-")
    return kit.gpg(kit.people, *words, "--encrypt", str(path))
