"""What names its author: keys, cards, invitations and signature files, by magic and name (ruling 40)."""

import re

_PRIVATE = (
    b"BEGIN:VCARD",
    b"BEGIN:VCALENDAR",
    b"-----BEGIN PGP PUBLIC KEY BLOCK-----",
    b"-----BEGIN PGP PRIVATE KEY BLOCK-----",
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN CERTIFICATE-----",
    b"-----BEGIN PKCS7-----",
    b"-----BEGIN OPENSSH PRIVATE KEY-----",
    *(b"ssh-ed25519 AAAA", b"ssh-rsa AAAA", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"),
)
_KEY_LINE = re.compile(rb"^-----BEGIN PGP P(?:UBLIC|RIVATE) KEY BLOCK-----\r?$", re.MULTILINE)
"""A key below words about it."""
_PRIVATE_NAMES = (".vcf", ".ics", ".p7s", ".p7m", ".p7c", ".pem.sig", "winmail.dat")
_DER = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""The object identifier of CMS signed data (RFC 5652 §5.1), near the beginning of an S/MIME signature."""
_CARD = re.compile(
    r"^(?:BEGIN:V(?:CARD|CALENDAR)|-----BEGIN PGP P(?:UBLIC|RIVATE) KEY BLOCK-----)[ \t\r]*+$", re.MULTILINE
)
"""A card, an invitation or a key among the words of a text."""
_KEY_PACKETS = (b"\x98", b"\x99", b"\xc6", b"\x94", b"\x95", b"\xc5")
"""First bytes of a binary OpenPGP key (RFC 9580 §4.2: tags 6 and 5)."""


def is_private(name: str, content: bytes) -> bool:
    """Whether it is a key, a visiting card, an invitation or a signature file, which name their author."""
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if start.startswith(tuple(one.upper() for one in _PRIVATE)) or _KEY_LINE.search(content):
        return True
    key = content.startswith(_KEY_PACKETS) and name.lower().endswith((".gpg", ".pgp", ".key"))
    return key or _DER in content[:64] or name.lower().endswith(_PRIVATE_NAMES)


def holds_card(text: str) -> bool:
    """Whether a visiting card, an invitation or a key stands in the words of *text*."""
    return _CARD.search(text) is not None
