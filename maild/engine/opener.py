"""Opening a mail, step by step: shape, look from outside, decrypt, read what is inside, verify, headers.

The steps wait for gpg and nothing else; all that they read themselves is read beside the event loop.

*Could not open* is a value with a reason. Trouble outside (``TemporaryError``) goes up: the mail waits as
not opened yet. Nothing here decides what a signature is good for.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.core.mail.address import sender
from maild.core.mail.combined import together
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Tree
from maild.core.mail.opened import (
    LEAKED_KEY,
    OTHER_AUTHOR,
    Decryption,
    Form,
    Opened,
    Signature,
    SignatureStatus,
)
from maild.core.mail.packets import scan
from maild.core.mail.plaintext import plaintext_tree
from maild.core.mail.protected import (
    protected_headers,
    unwrapped,
    without_legacy_display,
    wrapped_headers,
)
from maild.core.mail.sealed import ANOTHERS, MAX_OPENED, Sealed, find_sealed, is_smime, leaks_secret_key
from maild.core.mail.signed import CLEAR, Signed, clear_signed, covered, find_signed, signed_part
from maild.core.values.phrases import Phrases
from maild.engine import offloop
from maild.engine.offloop import Asking, Done
from maild.gateways.openpgp import Decrypted, OpenPGP
from maild.gateways.tnef import unpacked

NO_KEY_CONFIGURED = "no key configured"
SMIME = "S/MIME is not opened"
SEALED_AGAIN = "another ciphertext inside"
SIGNED_OUTSIDE = "signature outside the ciphertext"


@dataclass(frozen=True, slots=True)
class _Decrypted:
    """What gpg made of one ciphertext, which itself is not needed any more, and may be long."""

    form: Form
    charset: str
    given: Decrypted
    pgp: Asking


async def opening(
    tree: Tree,
    pgp: OpenPGP | None,
    phrases: Phrases,
    now: datetime | None = None,
    known_key: bytes = b"",
    looked: bool = False,
    anothers: bool = False,
) -> Opened:
    """The mail *tree* opened as far as it may be; *now* bounds the dates of signatures.

    *known_key* is the key remembered for the mail's author: its signature is judged, not unknown. *looked*:
    a person asked for what may be somebody else's, as what is *anothers* is by what was opened before, and
    what it quotes or forwards. Without *pgp* sealed mail stays closed (no key configured)
    and no signature is judged. Raises ``TemporaryError`` when something outside failed: try again later.
    These are steps; on the event loop it is ``open_mail``.
    """
    pgp = pgp.knowing(known_key) if pgp and known_key else pgp
    if anothers and not looked:
        return Opened(tree, _form(tree, phrases), Decryption.REFUSED, reasons=(ANOTHERS,))
    return await _steps(tree, phrases, Asking(pgp) if pgp else None, now, looked)


open_mail = offloop.beside(opening)
"""``opening``, each step of it in a thread."""


def _form(tree: Tree, phrases: Phrases) -> Form:
    sealed = find_sealed(tree, phrases)
    return sealed.form if sealed else Form.NONE


def without_keys(tree: Tree, phrases: Phrases, now: datetime | None = None) -> Opened:
    """The mail *tree* as a desk without keys opens it, at once: there is nothing to wait for."""
    step = offloop.advance(_steps(tree, phrases, None, now, looked=False))
    assert isinstance(step, Done), "nothing is asked without keys"
    opened: Opened = step.result
    return opened


async def _steps(
    tree: Tree, phrases: Phrases, pgp: Asking | None, now: datetime | None, looked: bool
) -> Opened:
    """Opened, with what Outlook packed into it."""
    opened = await _opened(tree, phrases, pgp, now, looked)
    return replace(opened, unpacked=unpacked(opened.tree.root))


async def _opened(
    tree: Tree, phrases: Phrases, pgp: Asking | None, now: datetime | None, looked: bool
) -> Opened:
    """Without what Outlook packed into it."""
    found = await _outside(tree, phrases, pgp, now, looked)
    return await _inside(tree, found, phrases, now)


async def _outside(
    tree: Tree, phrases: Phrases, pgp: Asking | None, now: datetime | None, looked: bool
) -> Opened | _Decrypted:
    """As far as it goes without what is inside a ciphertext, of which nothing stays in memory."""
    sealed = find_sealed(tree, phrases, looked)
    if sealed is None:
        return await _plain(tree, pgp, now)
    if sealed.refused:
        return Opened(tree, sealed.form, Decryption.REFUSED, reasons=(sealed.refused,))
    if sealed.pieces:
        return await _piece_by_piece(tree, sealed, phrases, pgp, now, looked)
    return await _whole(tree, sealed, pgp, now)


async def _whole(tree: Tree, sealed: Sealed, pgp: Asking | None, now: datetime | None) -> Opened | _Decrypted:
    """A mail that is one ciphertext, or one of its pieces as if it were that."""
    if sealed.plain:
        return await _unsealed(tree, sealed, pgp, now)
    if pgp is None:
        return Opened(tree, sealed.form, Decryption.NO_KEY, reasons=(NO_KEY_CONFIGURED,))
    decrypted = await pgp.decrypt(sealed.ciphertext, now)
    if decrypted.decryption is not Decryption.OK:
        return Opened(tree, sealed.form, decrypted.decryption, reasons=(decrypted.reason,))
    return _Decrypted(sealed.form, sealed.charset, decrypted, pgp)


async def _inside(tree: Tree, found: Opened | _Decrypted, phrases: Phrases, now: datetime | None) -> Opened:
    """The mail inside: its own signature (RFC 3156 §6.1), its protected headers, what is to be flagged."""
    if isinstance(found, Opened):
        return found  # there is nothing inside, or it stays closed
    decrypted, pgp = found.given, found.pgp
    inner = plaintext_tree(found.form, decrypted.plaintext, found.charset)
    signed, reasons = find_signed(inner.root)
    within = covered(decrypted.signature, decrypted.plaintext)
    verdicts = [within] if within.status is not SignatureStatus.NONE else []
    if signed:
        verdicts.append(await _verified(signed, bool(reasons), pgp, now))
    elif not verdicts and (outer := signed_part(tree.root)):
        verdicts.append(replace(await _verified(outer, False, pgp, now), clear=True))
        reasons += (SIGNED_OUTSIDE,)
    payload = signed.payload if signed and not reasons else inner.root
    wrapped = unwrapped(payload, tree.root.headers)
    shown = Tree(wrapped or without_legacy_display(payload), inner.faults)
    protected = wrapped_headers(wrapped) if wrapped else protected_headers(payload)
    if find_sealed(shown, phrases):
        reasons += (SEALED_AGAIN,)
    return Opened(
        shown,
        found.form,
        Decryption.OK,
        await pgp.one_verdict(verdicts),
        protected,
        reasons + _flags(tree, shown, protected),
    )


async def _piece_by_piece(
    tree: Tree, sealed: Sealed, phrases: Phrases, pgp: Asking | None, now: datetime | None, looked: bool
) -> Opened:
    """Each ciphertext of the mail opened by itself, at most ten, and put beside what came in clear.

    No signature in it covers the whole: it is shown, and nothing is accepted because of it.
    """
    opened: dict[bytes, Opened] = {}
    for one in sealed.pieces:
        if one.form is Form.NONE or (one.quoted and not looked) or one.ciphertext in opened:
            continue
        if len(opened) == MAX_OPENED:
            break
        alone = Sealed(one.form, one.ciphertext, charset=one.charset)
        opened[one.ciphertext] = await _inside(tree, await _whole(tree, alone, pgp, now), phrases, now)
    verdicts = [replace(one.signature, clear=True) for one in opened.values() if one.signature.fingerprint]
    signature = await pgp.one_verdict(verdicts) if pgp and verdicts else Signature()
    return together(tree, sealed, opened, signature, looked)


async def _unsealed(tree: Tree, sealed: Sealed, pgp: Asking | None, now: datetime | None) -> Opened:
    """A message that is signed or literal only: its text is read, but the mail does not count as sealed."""
    reason = scan(sealed.ciphertext).foreseen()[1]
    if pgp is None:
        return Opened(tree, reasons=(reason, NO_KEY_CONFIGURED))
    given = await pgp.unwrap(sealed.ciphertext, now)
    if given.decryption is not Decryption.NONE:
        return Opened(tree, reasons=(reason, given.reason))
    inner = plaintext_tree(sealed.form, given.plaintext, sealed.charset)
    verdict = covered(given.signature, given.plaintext)
    return Opened(inner, signature=verdict, reasons=(reason, *_flags(tree, inner, {})))


async def _plain(tree: Tree, pgp: Asking | None, now: datetime | None) -> Opened:
    """A mail that holds no ciphertext: at most its signature is judged."""
    if is_smime(tree):
        return Opened(tree, decryption=Decryption.UNSUPPORTED, reasons=(SMIME,))
    flags = _flags(tree, tree, {})
    signed, reasons = find_signed(tree.root)
    if pgp is None:
        return Opened(tree, reasons=(*reasons, *flags))
    if signed is None:
        return await _clear(tree, pgp, now, flags)
    verdict = await _verified(signed, bool(reasons), pgp, now)
    good = verdict.status is SignatureStatus.GOOD
    wrapped = unwrapped(signed.payload, tree.root.headers) if good and not reasons else None
    protected = wrapped_headers(wrapped) if wrapped else protected_headers(signed.payload) if good else {}
    shown = Tree(wrapped, tree.faults) if wrapped else tree
    flags = _flags(tree, shown, protected)
    return Opened(shown, signature=verdict, protected=protected, reasons=(*reasons, *flags))


async def _clear(tree: Tree, pgp: Asking, now: datetime | None, flags: tuple[str, ...]) -> Opened:
    text = next((text for part in tree.root.leaves if (text := clear_signed(part))), b"")
    if not text:
        return Opened(tree, reasons=flags)
    return Opened(tree, signature=await pgp.verify_clear(text, now), reasons=(CLEAR, *flags))


async def _verified(signed: Signed, beside: bool, pgp: Asking, now: datetime | None) -> Signature:
    """The verdict on a signed part: as it came, then with network line ends; *beside* spoils it."""
    if beside or not signed.signature:
        return Signature(SignatureStatus.BAD)
    verdicts: list[Signature] = []
    for data in signed.attempts:
        verdicts.append(covered(await pgp.verify(data, signed.signature, now), data))
        if verdicts[-1].status is not SignatureStatus.BAD:
            break
    return await pgp.one_verdict(verdicts)


def _flags(outer: Tree, shown: Tree, protected: dict[str, str]) -> tuple[str, ...]:
    """What the team should know about an opened mail beyond its text."""
    found = []
    if "from" in protected:
        inner = sender(Headers((("From", protected["from"]),)))
        given = sender(outer.root.headers)
        if inner is None or given is None or inner.address != given.address:
            found.append(OTHER_AUTHOR)
    if leaks_secret_key(shown):
        found.append(LEAKED_KEY)
    return tuple(found)
