"""What a mail that holds ciphertext comes to: opened whole, in pieces, or not at all; and secret keys in mail."""

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Form
from maild.core.mail.sealed import QUOTED, Sealed, find_sealed, is_smime, leaks_secret_key, within_signature
from tests.core.test_packets import packet
from tests.core.test_pieces import (
    ARMORED,
    DATA,
    ENCRYPTED,
    LITERAL,
    PACKETS,
    PLAIN,
    QUOTE,
    VERSION,
    armor,
    part,
    within,
)
from tests.support.phrases import PHRASES

OTHER = part("text/plain", armor(packets=PACKETS.replace(b"\x11", b"\x12")))
TEXT = part("text/plain", ARMORED)
WHOLE = within(ENCRYPTED, VERSION, DATA, edge="e")


@pytest.mark.parametrize(
    ("mail", "form", "ciphertext", "refused", "count"),
    [
        (WHOLE, Form.PGP_MIME, PACKETS, "", 0),
        (within("mixed", WHOLE), Form.MANGLED, PACKETS, "", 0),
        (within("mixed", VERSION, DATA), Form.MANGLED, PACKETS, "", 0),
        (within("signed", WHOLE, part("application/pgp-signature", b"x")), Form.PGP_MIME, PACKETS, "", 0),
        (TEXT, Form.INLINE, PACKETS, "", 0),
        (within("mixed", TEXT, TEXT), Form.INLINE, PACKETS, "", 0),
        (within("mixed", TEXT, OTHER), Form.INLINE, b"", "", 2),
        (within("mixed", TEXT, PLAIN), Form.INLINE, b"", "", 2),
        (within("mixed", TEXT, part("text/plain", b"\n")), Form.INLINE, PACKETS, "", 0),
        (part("text/plain", QUOTE), Form.INLINE, b"", QUOTED, 0),
        (within("mixed", TEXT, part("text/plain", QUOTE)), Form.INLINE, b"", "", 2),
        (part("message/rfc822", TEXT), Form.ATTACHMENT, b"", QUOTED, 0),
    ],
)
def test_a_mail_is_opened_whole_only_where_it_is_one_ciphertext(
    mail: bytes, form: Form, ciphertext: bytes, refused: str, count: int
) -> None:
    """Where another one, a quoted one or words stand beside it, it is in pieces; a quote alone stays closed."""
    found = find_sealed(parse(mail), PHRASES)
    assert found is not None
    assert (found.form, found.ciphertext, found.refused, len(found.pieces)) == (
        form,
        ciphertext,
        refused,
        count,
    )


@pytest.mark.parametrize("mail", [part("text/plain", QUOTE), part("message/rfc822", TEXT)])
def test_what_is_quoted_is_opened_once_a_person_has_looked(mail: bytes) -> None:
    """In pieces, each with its mark."""
    found = find_sealed(parse(mail), PHRASES, looked=True)
    assert found is not None
    assert (found.refused, [one.ciphertext for one in found.pieces]) == ("", [PACKETS])
    deep = mail
    for _ in range(2):
        deep = part("message/rfc822", deep)
    assert find_sealed(parse(deep), PHRASES, looked=True)


def test_a_bounce_and_a_text_hold_none() -> None:
    """What a bounce returns is an old mail."""
    assert find_sealed(parse(within("report", TEXT)), PHRASES) is None
    assert find_sealed(parse(PLAIN), PHRASES) is None


def test_signatures_are_taken_off_up_to_three_deep() -> None:
    """A fourth one stays, and so does what says that it is signed and has no parts."""
    signed = TEXT
    for depth, edge in enumerate("abcd"):
        assert within_signature(parse(signed).root).content_type == "text/plain"
        signed = within("signed", signed, part("application/pgp-signature", b"x"), edge=edge)
        assert depth < 4
    assert within_signature(parse(signed).root).content_type == "multipart/signed"
    assert within_signature(parse(within("mixed", TEXT)).root).content_type == "multipart/mixed"


@pytest.mark.parametrize(
    ("found", "plain"),
    [
        (Sealed(Form.INLINE, LITERAL), True),
        (Sealed(Form.INLINE, PACKETS), False),
        (Sealed(Form.INLINE, refused=QUOTED), False),
        (Sealed(Form.INLINE, LITERAL, refused=QUOTED), False),
    ],
)
def test_what_is_only_signed_is_plain(found: Sealed, plain: bool) -> None:
    """Unless nobody may look at it."""
    assert found.plain is plain


@pytest.mark.parametrize(("packets", "plain"), [((LITERAL, LITERAL), True), ((LITERAL, PACKETS), False)])
def test_a_mail_in_pieces_is_plain_where_all_of_them_are(packets: tuple[bytes, ...], plain: bool) -> None:
    """One that is encrypted is enough for an encrypted mail."""
    files = (part("application/octet-stream", armor(packets=one)) for one in packets)
    found = find_sealed(parse(within("mixed", PLAIN, *files)), PHRASES)
    assert found is not None
    assert found.plain is plain


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/x-pkcs7-mime"])
def test_smime_is_known_wherever_it_stands(kind: str) -> None:
    """As the whole mail or within it."""
    assert is_smime(parse(part(kind, b"x")))
    assert is_smime(parse(within("mixed", PLAIN, part(kind, b"x"))))
    assert not is_smime(parse(PLAIN))


def key(*tags: int) -> bytes:
    """Key material of packets of these kinds."""
    return b"".join(packet(tag, b"\x04x") for tag in tags)


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        (key(5, 13, 2), True),
        (key(5, 13, 2, 7, 2), True),
        (key(6, 13, 7), True),
        (key(6, 13, 2, 14, 2), False),
        (key(5, 2), False),
        (key(5, 13, 5, 13), False),
        (key(5, 13, 11), False),
        (key(7, 13), False),
        (armor("PRIVATE KEY BLOCK"), True),
        (b"My key:\n" + armor("PUBLIC KEY BLOCK") + armor("PRIVATE KEY BLOCK"), True),
        (armor("PUBLIC KEY BLOCK"), False),
        (b"It begins with -----BEGIN PGP PRIVATE KEY BLOCK----- as a rule.", False),
        ("Schlüssel".encode("latin-1"), False),
        (b"", False),
    ],
)
def test_a_secret_key_is_known_by_its_shape(body: bytes, secret: bool) -> None:
    """In armor, or as packets: one key with a name and something secret, and nothing else."""
    assert leaks_secret_key(parse(part("application/octet-stream", body))) is secret
    assert leaks_secret_key(parse(within("mixed", PLAIN, part("text/x-key", body)))) is secret
