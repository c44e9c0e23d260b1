"""OpenPGP packets counted without decrypting anything (RFC 9580 §4, §5): whom a message is for.

This look decides before any key is used: a flood of hidden recipients, a password packet or a format
that the desk's key cannot read never reaches the tool that decrypts. It is also what the receipt's text
may follow (nothing else about sealed mail may).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.core.mail.armor import MESSAGE, dearmor
from maild.core.mail.opened import Decryption
from maild.core.mail.packet import Packet, walk

MAX_RECIPIENTS = 32
MAX_HIDDEN = 4
_HIDDEN = "0" * 16
_PKESK, _SIGNATURE, _SKESK, _ONE_PASS, _SECRET_KEY, _PUBLIC_KEY = 1, 2, 3, 4, 5, 6
_SECRET_SUBKEY, _COMPRESSED, _SED, _MARKER, _LITERAL, _USER_ID, _SUBKEY = 7, 8, 9, 10, 11, 13, 14
_ATTRIBUTE, _SEIPD, _AEAD, _PADDING = 17, 18, 20, 21
ENCRYPTED = frozenset({_SED, _SEIPD, _AEAD})
"""The packets that hold what is encrypted."""
_READABLE = (b"\x01", b"\x02", b"\x10", b"\x12", b"")
"""Public-key algorithms that gpg 2.2 decrypts with: RSA, Elgamal, ECDH (RFC 9580 §9.1)."""
_BINDING = (b"\x10", b"\x11", b"\x12", b"\x13", b"\x18", b"\x1f")
_WEAK = (b"\x01", b"\x02", b"\x03")  # MD5, SHA-1, RIPEMD-160 (RFC 9580 §9.5)
_PLAIN = frozenset({_SIGNATURE, _ONE_PASS, _COMPRESSED, _LITERAL})
_SOMETHING = re.compile(rb"[^\r\n\t \x00]")


class Container(StrEnum):
    """The packet that holds the data."""

    NONE = "none"
    PLAIN = "plain"  # signed, compressed or literal only: nothing is encrypted
    UNPROTECTED = "unprotected"  # tag 9: encrypted without any integrity check
    PROTECTED = "protected"
    UNKNOWN = "unknown"  # a version that gpg 2.2 cannot read


@dataclass(frozen=True, slots=True)
class Scan:
    """What a ciphertext says about itself: key ids (16 upper-case hex digits), counts, its container."""

    key_ids: tuple[str, ...] = ()
    recipients: int = 0
    hidden: int = 0
    passwords: int = 0
    container: Container = Container.NONE
    newer: bool = False
    trailing: bool = False
    length: int = 0

    @property
    def plain(self) -> bool:
        """Whether it is signed or literal only: called a message, but nothing in it is encrypted."""
        return self.container is Container.PLAIN and not (self.recipients or self.passwords)

    def addressed_to(self, ours: frozenset[str]) -> bool:
        """Whether one of the key ids *ours* may open it (a hidden recipient may be anybody)."""
        return self.hidden > 0 or not ours.isdisjoint(self.key_ids)

    def foreseen(self, ours: frozenset[str] | None = None) -> tuple[Decryption, str]:
        """What opening will come to, and why; ``OK`` means that nothing speaks against trying.

        *ours* are the key ids of the desk's secret keys, ``None`` when they are not to be asked about.
        """
        verdict = self._flood() or self._unreadable() or self._refusal()
        if verdict:
            return verdict
        if ours is not None and not self.addressed_to(ours):
            also = " but to others and a password" if self.passwords else ""
            return Decryption.NO_KEY, f"not encrypted to our key{also}"
        return Decryption.OK, ""

    def _flood(self) -> tuple[Decryption, str] | None:
        if self.hidden > MAX_HIDDEN:
            return Decryption.REFUSED, "too many hidden recipients"
        if self.recipients > MAX_RECIPIENTS:
            return Decryption.REFUSED, "too many recipients"
        return None

    def _unreadable(self) -> tuple[Decryption, str] | None:
        sealed = self.recipients or self.passwords
        if self.newer or (sealed and self.container is Container.UNKNOWN):
            return Decryption.UNSUPPORTED, "format our key cannot read"
        if self.plain:
            return Decryption.NONE, "signed or literal only, not encrypted"
        if self.container in (Container.NONE, Container.UNKNOWN):
            return Decryption.FAILED, "no PGP data"
        return None

    def _refusal(self) -> tuple[Decryption, str] | None:
        if self.passwords and not self.recipients:
            return Decryption.SYMMETRIC, "encrypted to a password"
        if self.container is Container.PLAIN or self.trailing:
            return Decryption.REFUSED, "more than one message in the ciphertext"
        if self.container is Container.UNPROTECTED:
            return Decryption.FAILED, "no integrity protection"
        return None


@dataclass(frozen=True, slots=True)
class KeyScan:
    """What key material holds, counted: primary keys, secret packets, user ids, subkeys, signatures.

    ``weak`` are the signatures that bind names and subkeys by MD5, SHA-1 or RIPEMD-160.
    """

    primary: int = 0
    secret: int = 0
    names: int = 0
    subkeys: int = 0
    signatures: int = 0
    others: int = 0
    weak: int = 0


def is_binary(content: bytes) -> bool:
    """Whether *content* begins like a packet and not like text (RFC 9580 §4.2)."""
    return bool(content) and content[0] >= 0x80


def packets_of(ciphertext: bytes) -> bytes:
    """*ciphertext* without its armor, if it wears one."""
    if is_binary(ciphertext):
        return ciphertext
    return dearmor(ciphertext, MESSAGE)


def bared(ciphertext: bytes) -> tuple[bytes, Scan]:
    """The packets of *ciphertext* without their armor, and what they say of themselves."""
    packets = packets_of(ciphertext)
    return packets, scan(packets)


def scan(ciphertext: bytes) -> Scan:
    """*ciphertext*, armored or not, looked at from outside; never fails, time linear in its length."""
    return _scan(packets_of(ciphertext))


def _scan(source: bytes) -> Scan:
    ids: dict[str, None] = {}
    recipients = hidden = passwords = strange = 0
    newer = False
    data: Packet | None = None
    for packet in walk(source):
        if packet.tag == _PKESK:
            recipients += 1
            key_id, readable = _recipient(packet.head)
            hidden += key_id == _HIDDEN
            strange += not readable
            if key_id and key_id != _HIDDEN and len(ids) <= MAX_RECIPIENTS:
                ids[key_id] = None
        elif packet.tag == _SKESK:
            passwords += 1
            newer = newer or packet.head[:1] == b"\x06"
        elif packet.tag not in (_MARKER, _PADDING):
            data = packet
            break
    newer = newer or (recipients > 0 and strange == recipients)
    if data is None:
        return Scan(tuple(ids), recipients, hidden, passwords, newer=newer)
    container = _container(data)
    newer = newer or (container is Container.UNKNOWN and data.tag == _SEIPD)
    trailing = _follows(source, data)
    return Scan(tuple(ids), recipients, hidden, passwords, container, newer, trailing, data.end)


def for_keys(source: bytes) -> bytes:
    """*source* without its password packets, where keys open it too: nobody is asked for a password."""
    kept, at = [], 0
    for packet in walk(source):
        if packet.tag != _SKESK:
            kept.append(source[at : packet.end])
        at = packet.end
        if packet.tag not in (_PKESK, _SKESK, _MARKER, _PADDING):
            break
    return b"".join((*kept, source[at:]))


def scan_key(source: bytes, limit: int = 4096) -> KeyScan:
    """The packets of the bare key material *source*, counted; at most *limit* are walked."""
    counts: dict[int, int] = {}
    weak = 0
    for packet in walk(source, limit):
        counts[packet.tag] = counts.get(packet.tag, 0) + 1
        weak += packet.tag == _SIGNATURE and _binds_weakly(packet.head)
    known = (_PUBLIC_KEY, _SECRET_KEY, _SECRET_SUBKEY, _USER_ID, _ATTRIBUTE, _SUBKEY, _SIGNATURE)
    return KeyScan(
        primary=counts.get(_PUBLIC_KEY, 0) + counts.get(_SECRET_KEY, 0),
        secret=counts.get(_SECRET_KEY, 0) + counts.get(_SECRET_SUBKEY, 0),
        names=counts.get(_USER_ID, 0) + counts.get(_ATTRIBUTE, 0),
        subkeys=counts.get(_SUBKEY, 0) + counts.get(_SECRET_SUBKEY, 0),
        signatures=counts.get(_SIGNATURE, 0),
        others=sum(count for tag, count in counts.items() if tag not in known),
        weak=weak,
    )


def _binds_weakly(head: bytes) -> bool:
    """Whether a signature that starts with *head* binds a name or subkey by a weak hash (RFC 9580 §5.2)."""
    kind, hashed = (2, 16) if head[:1] == b"\x03" else (1, 3)
    return head[kind : kind + 1] in _BINDING and head[hashed : hashed + 1] in _WEAK


def _follows(source: bytes, packet: Packet) -> bool:
    """Whether something that may be a packet stands after the data *packet*."""
    if packet.tag in _PLAIN:
        return False
    return _SOMETHING.search(source, packet.end) is not None


def _container(packet: Packet) -> Container:
    if packet.tag == _SEIPD:
        return Container.PROTECTED if packet.head[:1] == b"\x01" else Container.UNKNOWN
    if packet.tag == _AEAD:
        return Container.PROTECTED
    if packet.tag == _SED:
        return Container.UNPROTECTED
    return Container.PLAIN if packet.tag in _PLAIN else Container.UNKNOWN


def _recipient(head: bytes) -> tuple[str, bool]:
    """The key id of a recipient packet (RFC 9580 §5.1), and whether gpg 2.2 can read such a packet."""
    if head[:1] != b"\x06":
        return head[1:9].hex().upper() if len(head) >= 9 else "", head[9:10] in _READABLE
    length = int.from_bytes(head[1:2], "big")
    if length == 0:
        return _HIDDEN, False
    fingerprint = head[3 : 2 + length].hex().upper()
    return (fingerprint[-16:] if head[2:3] == b"\x04" else fingerprint[:16]), False
