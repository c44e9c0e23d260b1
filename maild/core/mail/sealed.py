"""Sealed mail known by its shape: where the ciphertexts are, and whether they may be opened at all.

A mail that is one ciphertext is opened whole. Where more stands at its top, several ciphertexts or text in
clear, each piece is opened and shown apart (ruling 36). In a forward or a quote a ciphertext may be somebody
else's, replayed to make us read it out: there it stays closed until a person has looked.
"""

from dataclasses import dataclass, field

from maild.core.mail.armor import PRIVATE_KEY, blocks
from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import Part, Tree
from maild.core.mail.opened import Form
from maild.core.mail.packets import is_binary, scan, scan_key
from maild.core.mail.peeking import holds
from maild.core.mail.pieces import Piece, pieces
from maild.core.values.phrases import Phrases

ANOTHERS = "the same ciphertext came from another author before"
BESIDE = "ciphertext beside other text"
QUOTED = "ciphertext in a quote or forward"
SEVERAL = "more than one ciphertext"
TOO_MANY = "more than ten ciphertexts"

MAX_OPENED = 10
"""Ciphertexts of one mail that are opened."""
MOST_KEY = 4 << 20
"""Bytes of a part that are looked at for a secret key in binary form."""
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_MAX_LAYERS = 3


@dataclass(frozen=True, slots=True)
class Sealed:
    """A mail that holds ciphertext: bare packets where they could be cut out, else the bytes as they came.

    ``refused`` says why it stays closed; its ciphertext is then empty, so that nobody opens it by mistake.
    ``charset`` is what the armor or the part around it names, for text sealed without MIME inside.
    ``pieces``: what the mail consists of, if it is more than this one ciphertext; each is opened apart.
    """

    form: Form
    ciphertext: bytes = field(default=b"", repr=False)
    refused: str = ""
    charset: str = ""
    pieces: tuple[Piece, ...] = field(default=(), repr=False)

    @property
    def plain(self) -> bool:
        """Whether all of it is signed or literal only: called a message, but nothing is encrypted."""
        found = [one.ciphertext for one in self.pieces if one.form is not Form.NONE] or [self.ciphertext]
        return not self.refused and all(scan(one).plain for one in found)


def find_sealed(tree: Tree, phrases: Phrases, looked: bool = False) -> Sealed | None:
    """The ciphertexts of the mail *tree*, or ``None`` when it holds none (text *about* PGP holds none).

    *looked*: a person has looked at it, so that what is quoted or forwarded counts too. Bounces hold none:
    what they return is an old mail and never opened.
    """
    root = within_signature(tree.root)
    if root.content_type == "multipart/report":
        return None
    found = tuple(pieces(root, phrases, 3 if looked else 0))
    ciphers = [one for one in found if one.form is not Form.NONE]
    if not ciphers:
        return None
    form = ciphers[0].form
    if form is Form.PGP_MIME and root.content_type != "multipart/encrypted":
        form = Form.MANGLED
    if not looked and all(one.quoted for one in ciphers):
        return Sealed(form, refused=QUOTED)
    first, closed = ciphers[0], any(one.quoted for one in ciphers)
    if closed or len({one.ciphertext for one in ciphers}) > 1 or clear(found):
        return Sealed(form, pieces=found)
    return Sealed(form, first.ciphertext, charset=first.charset)


def clear(found: tuple[Piece, ...]) -> bool:
    """Whether something that was not encrypted, and says something, is among the pieces *found*."""
    return any(one.form is Form.NONE and not one.idle for one in found)


def within_signature(part: Part) -> Part:
    """What a multipart/signed (RFC 1847 §2.1) wraps; *part* itself when it is none."""
    for _ in range(_MAX_LAYERS):
        if part.content_type != "multipart/signed" or not part.children:
            break
        part = part.children[0]
    return part


def is_smime(tree: Tree) -> bool:
    """Whether the mail is sealed or wrapped with S/MIME (RFC 8551), which is not opened here."""
    return any(part.content_type in _SMIME for part in tree.root.walk())


def leaks_secret_key(tree: Tree) -> bool:
    """Whether somebody mailed a secret key, armored or as a file: never imported, the team is told."""
    return any(map(_is_secret, tree.root.leaves))


def _is_secret(part: Part) -> bool:
    begins = part.first(MOST_KEY)
    if is_binary(begins):
        found = scan_key(begins, 64)  # text in an old charset may begin like a packet, hence the whole shape
        return bool(found.secret and found.primary == 1 and found.names and not found.others)
    if not holds(part, b"-----BEGIN PGP PRIVATE KEY BLOCK"):
        return False
    return any(block.label == PRIVATE_KEY for block in blocks(decode_bytes(part.content)))
