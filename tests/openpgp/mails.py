"""Mails around ciphertexts: every shape that clients and the servers between them make."""

from tests.openpgp.kit import armor

HEAD = (
    b"From: Rita Reporter <rita@far.example>\r\nTo: security@project.example\r\nSubject: ...\r\n"
    b"Message-ID: <1@far.example>\r\nDate: Mon, 02 Mar 2026 09:30:00 +0000\r\nMIME-Version: 1.0\r\n"
)
VERSION = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"


def multipart(kind: str, *parts: bytes, head: bytes = HEAD, boundary: str = "bb1") -> bytes:
    """A multipart; *kind* may carry parameters, *head* is what stands before its Content-Type."""
    mark = f"--{boundary}".encode()
    top = head + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return top + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def text(words: str, kind: str = "plain", head: bytes = b"", charset: str = "utf-8") -> bytes:
    """A text part, or with *head* a whole mail."""
    top = f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head + top.encode() + words.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)


def data(sealed: bytes, kind: str = "application/octet-stream", name: str = "encrypted.asc") -> bytes:
    """The data part of PGP/MIME."""
    top = f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return top.encode() + armor(sealed)


def pgp_mime(sealed: bytes, head: bytes = HEAD, boundary: str = "bb1") -> bytes:
    """PGP/MIME as it should be (RFC 3156 §4)."""
    kind = 'encrypted; protocol="application/pgp-encrypted"'
    return multipart(kind, VERSION, data(sealed), head=head, boundary=boundary)


def signed(entity: bytes, signature: bytes, head: bytes = HEAD, boundary: str = "ss1") -> bytes:
    """A multipart/signed (RFC 3156 §5) over exactly *entity*."""
    kind = 'signed; micalg=pgp-sha512; protocol="application/pgp-signature"'
    part = b"Content-Type: application/pgp-signature\r\n\r\n" + armor(signature, "SIGNATURE")
    return multipart(kind, entity, part, head=head, boundary=boundary)


def protected(
    subject: str = "Inner words", sender: str = "rita@far.example", how: str = 'hp="cipher"'
) -> bytes:
    """A MIME entity with header fields of its own."""
    top = f"From: {sender}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8; {how}\r\n\r\n"
    return top.encode() + b"What the desk should read.\r\n"
