"""The ciphertexts that a mail would have us open, known again by what is encrypted in them.

Who has seen a ciphertext can send it as their own report: it opens, and whoever answers it inline tells them
what it says. Armor, recipients and the pieces of a packet can be changed without a key; the encrypted data
cannot.
"""

import hashlib
from collections.abc import Iterator

from maild.core.mail.mime import Tree
from maild.core.mail.opened import Form
from maild.core.mail.packet import data_of
from maild.core.mail.packets import ENCRYPTED, packets_of
from maild.core.mail.sealed import Sealed, find_sealed
from maild.core.values import ids
from maild.core.values.phrases import Phrases

CIPHER, OWNED = "ciphertext", "ciphertext-of"
"""The kinds of features that say that a ciphertext was opened, and whose message it was in."""


def digests(tree: Tree, phrases: Phrases) -> tuple[str, ...]:
    """A digest of each ciphertext of the mail *tree* that is opened unasked, in order."""
    sealed = find_sealed(tree, phrases)
    return tuple(dict.fromkeys(_digests(sealed))) if sealed else ()


def known(cipher: str, secret: bytes) -> tuple[str, str]:
    """The feature that a mail with this ciphertext was opened."""
    return CIPHER, ids.digest(secret, CIPHER, cipher).hex()


def owned(cipher: str, owner: str, secret: bytes) -> tuple[str, str]:
    """The feature that it was a mail of *owner*, the address where they are answered."""
    return OWNED, ids.digest(secret, OWNED, cipher, owner).hex()


def _digests(sealed: Sealed) -> Iterator[str]:
    apart = [one.ciphertext for one in sealed.pieces if one.form is not Form.NONE and not one.quoted]
    for ciphertext in apart if sealed.pieces else [sealed.ciphertext]:
        found, data = hashlib.sha256(), False
        for piece in data_of(packets_of(ciphertext), ENCRYPTED):
            found.update(piece)
            data = True
        if data:
            yield found.hexdigest()
