"""What became of a mail that was opened in pieces, told as one."""

from collections.abc import Iterator, Mapping

from maild.core.mail.mime import Tree
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.mail.pieces import Piece
from maild.core.mail.rejoined import CLEAR, Beside, beside, entities, file_name, in_clear
from maild.core.mail.sealed import BESIDE, QUOTED, SEVERAL, TOO_MANY, Sealed, clear

_READ = (Decryption.OK, Decryption.NONE)


def together(
    tree: Tree, sealed: Sealed, opened: Mapping[bytes, Opened], signature: Signature, looked: bool
) -> Opened:
    """The pieces of *tree* side by side; *opened* has what each ciphertext came to.

    Where none of them opened, the mail stays as it came, with the reason of the first. *looked*: a person
    asked for what is quoted or forwarded.
    """
    every = list(opened.values())
    closed = tuple(dict.fromkeys(_closed(sealed, opened, looked)))
    said = dict.fromkeys(reason for one in every for reason in one.reasons)
    reasons = tuple(dict.fromkeys((*said, *closed, *_how(sealed))))
    if not any(one.decryption in _READ for one in every):
        return Opened(tree, sealed.form, every[0].decryption, reasons=reasons, closed=closed)
    shown, labels = beside([part for piece in _shown(sealed) if (part := _part(piece, opened, looked))])
    form, word = (Form.NONE, Decryption.NONE) if sealed.plain else (sealed.form, Decryption.OK)
    subject = next((one.protected["subject"] for one in every if "subject" in one.protected), None)
    protected = {} if subject is None else {"subject": subject}
    return Opened(shown, form, word, signature, protected, reasons, labels, closed)


def _how(sealed: Sealed) -> Iterator[str]:
    """Why the mail was not opened as a whole."""
    if clear(sealed.pieces):
        yield BESIDE
    if len({one.ciphertext for one in sealed.pieces if one.form is not Form.NONE}) > 1:
        yield SEVERAL


def _closed(sealed: Sealed, opened: Mapping[bytes, Opened], looked: bool) -> Iterator[str]:
    """Why pieces stayed closed."""
    for piece in sealed.pieces:
        if piece.form is not Form.NONE and (why := _why(piece, opened, looked)):
            yield why


def _why(piece: Piece, opened: Mapping[bytes, Opened], looked: bool) -> str:
    """Why a ciphertext stayed closed; empty when it was opened."""
    if piece.quoted and not looked:
        return QUOTED
    found = opened.get(piece.ciphertext)
    if found is None:
        return TOO_MANY
    return "" if found.decryption in _READ else "".join(found.reasons[:1])


def _shown(sealed: Sealed) -> Iterator[Piece]:
    """The pieces that are shown: each ciphertext once, and nothing of what only packs them."""
    seen: set[bytes] = set()
    for piece in sealed.pieces:
        if piece.form is Form.NONE:
            keys = piece.part.content_type == "application/pgp-keys"
            if keys or not piece.idle or (piece.text or "").strip():
                yield piece
        elif not piece.ciphertext or piece.ciphertext not in seen:
            seen.add(piece.ciphertext)
            yield piece


def _part(piece: Piece, opened: Mapping[bytes, Opened], looked: bool) -> Beside | None:
    """A piece below its label."""
    if piece.form is Form.NONE:
        label = "" if piece.part.content_type == "application/pgp-keys" else CLEAR
        return Beside(label, in_clear(piece))
    if why := _why(piece, opened, looked):
        return Beside(f"encrypted, not opened: {why}", in_clear(piece))
    found = opened[piece.ciphertext]
    name = file_name(piece) if piece.form is Form.ATTACHMENT else ""
    inside = tuple(entities(found.tree.root, name))
    return Beside(_label(found), inside) if inside else None


def _label(found: Opened) -> str:
    how = "not encrypted" if found.decryption is Decryption.NONE else "decrypted"
    status = found.signature.status
    by = "not signed" if status is SignatureStatus.NONE else f"signature {status}"
    return f"{how}, {by}"
