"""Signed mail: the exact bytes that were signed, and one verdict out of several signatures.

The signed part is a slice of the mail as it came (RFC 3156 §5): the standard library does not write parts
back faithfully. Text signed in the clear is recognised for its status only; nothing is ever done because
of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from maild.core.mail.armor import SIGNATURE, SIGNED_MESSAGE, blocks, dearmor, line_feeds
from maild.core.mail.mime import Part
from maild.core.mail.opened import Signature, SignatureStatus
from maild.core.mail.packets import is_binary

OUTSIDE = "text outside the signed part"
CLEAR = "signed in the clear"
NOT_COVERED = "made over lines of text, some of which it does not cover"
MOST_COVERED = 19_000
"""Octets of a line that every gpg looks at."""
_ALONE = re.compile(rb"\r(?!\n)")

_SMIME_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")

_RANK = (
    SignatureStatus.GOOD,
    SignatureStatus.BAD,
    SignatureStatus.REVOKED,
    SignatureStatus.EXPIRED,
    SignatureStatus.UNKNOWN_KEY,
    SignatureStatus.NONE,
)
"""A good signature by a known key counts; without one, the worst is told."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A multipart/signed: the signed entity, its raw bytes, and the bare signature packets."""

    payload: Part = field(repr=False)
    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def attempts(self) -> tuple[bytes, ...]:
        """The byte strings to try, in order: as it came, then with network line ends; never more guesses."""
        canonical = network_lines(self.data)
        return (self.data,) if canonical == self.data else (self.data, canonical)


def signed_part(part: Part) -> Signed | None:
    """The signed entity and the signature of the PGP multipart/signed *part*, else ``None``.

    Exactly two parts, as RFC 1847 §2.1 wants; a signature that cannot be read is empty (and so bad).
    """
    if part.content_type != "multipart/signed" or len(part.children) != 2:
        return None
    payload, beside = part.children
    named = "application/pgp-signature" in (
        part.parameters.get("protocol", "").lower(),
        beside.content_type,
    )
    if not named:
        return None
    content = beside.content
    bare = content if is_binary(content) else dearmor(content, SIGNATURE)
    return Signed(payload, payload.raw, bare)


def find_signed(root: Part) -> tuple[Signed | None, tuple[str, ...]]:
    """The signed part that is the mail *root*, or that stands inside it, with what speaks against it.

    A mailing list may wrap a signed mail together with a footer of its own: the text outside is not
    signed, and a verdict on the whole mail would cover it. Then the reason says so.
    """
    if (whole := signed_part(root)) is not None:
        return whole, ()
    if (inner := _within_smime(root)) is not None:
        return find_signed(inner)
    if root.content_type != "multipart/mixed":
        return None, ()
    inside = [(child, signed) for child in root.children if (signed := signed_part(child))]
    if not inside:
        return None, ()
    rest = (child for child in root.children if child is not inside[0][0])
    return inside[0][1], (OUTSIDE,) if any(child.children or child.content.strip() for child in rest) else ()


def _within_smime(part: Part) -> Part | None:
    """What an S/MIME signature wraps (RFC 8551 §3.5.3), which may be signed with OpenPGP too."""
    kinds = [child.content_type for child in part.children]
    wraps = part.content_type == "multipart/signed" and len(kinds) == 2 and kinds[1] in _SMIME_SIGNATURES
    return part.children[0] if wraps else None


def network_lines(data: bytes) -> bytes:
    """*data* with every line ending in CRLF (RFC 3156 §3); a lone CR stays as it is."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def covered(verdict: Signature, data: bytes) -> Signature:
    """The *verdict*, not good where a signature over lines of text leaves open what *data* says.

    gpg passes over every CR at the end of a line, and over what is beyond its first 20,000 octets. With a
    CR more the head of a part ends elsewhere, and other words stand on top. In good mail no CR stands alone
    (RFC 5322 §2.3).
    """
    if not (verdict.lines and verdict.status is SignatureStatus.GOOD):
        return verdict
    longest = max(map(len, data.split(b"\n")))
    if longest <= MOST_COVERED and not _ALONE.search(data):
        return verdict
    return replace(verdict, status=SignatureStatus.BAD, fingerprint="", why=NOT_COVERED)


def clear_signed(part: Part) -> bytes:
    """The clear-signed text (RFC 9580 §7) in the text part *part*, as bytes to verify; empty without one."""
    content = part.content
    if part.content_type != "text/plain" or b"-----BEGIN PGP SIGNED MESSAGE-----" not in content:
        return b""
    text = content.decode("latin-1")  # keeps every byte
    found = blocks(text)
    for block, following in pairwise(found):
        if block.label == SIGNED_MESSAGE and following.label == SIGNATURE and not block.quoted:
            return line_feeds(text[block.start : following.end]).encode("latin-1") + b"\n"
    return b""


def combined(verdicts: Sequence[Signature], preferred: frozenset[str] = frozenset()) -> Signature:
    """One verdict out of several, whatever their order; among good ones *preferred* fingerprints win.

    It names all good signatures, so that none of them can be taken off and used alone.
    """
    if not verdicts:
        return Signature()
    best = min(
        verdicts,
        key=lambda one: (_RANK.index(one.status), one.fingerprint not in preferred, one.fingerprint),
    )
    return replace(best, made=tuple(sorted({name for one in verdicts for name in one.made})))
