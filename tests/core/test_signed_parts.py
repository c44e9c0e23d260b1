"""Which part of a mail is signed, whether all of it is, and what several verdicts come to."""

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Made, Signature, SignatureStatus
from maild.core.mail.signed import (
    MOST_COVERED,
    NOT_COVERED,
    OUTSIDE,
    clear_signed,
    combined,
    covered,
    find_signed,
)

PGP, SMIME = "application/pgp-signature", "application/pkcs7-signature"
ARMORED = "-----BEGIN PGP SIGNATURE-----\r\n\r\niAA=\r\n-----END PGP SIGNATURE-----"


def part(body: str, kind: str = "text/plain") -> str:
    """A part."""
    return f"Content-Type: {kind}\r\n\r\n{body}"


def within(kind: str, *parts: str, edge: str = "b") -> str:
    """A multipart."""
    body = "".join(f"--{edge}\r\n{one}\r\n" for one in parts)
    return f"Content-Type: multipart/{kind}; boundary={edge}\r\n\r\n{body}--{edge}--\r\n"


TEXT, SIGNATURE = part("It crashes."), part(ARMORED, PGP)
SIGNED = within("signed", TEXT, SIGNATURE, edge="s")
OTHER = within("signed", part("Other."), SIGNATURE, edge="t")


@pytest.mark.parametrize(
    ("mail", "text", "reasons"),
    [
        (SIGNED, "It crashes.", ()),
        (within(f"signed; protocol={PGP}", TEXT, part(ARMORED)), "It crashes.", ()),
        (within(f'signed; protocol="{PGP.upper()}"', TEXT, part(ARMORED)), "It crashes.", ()),
        (within("signed", TEXT, part(ARMORED)), "", ()),
        (within("signed", TEXT), "", ()),
        (within("signed", TEXT, SIGNATURE, part("footer")), "", ()),
        (within("mixed", TEXT, SIGNATURE), "", ()),
        (within("mixed", SIGNED), "It crashes.", ()),
        (within("mixed", part(" \r\n"), SIGNED), "It crashes.", ()),
        (within("mixed", SIGNED, part("footer")), "It crashes.", (OUTSIDE,)),
        (within("mixed", SIGNED, OTHER), "It crashes.", (OUTSIDE,)),
        (within("related", SIGNED), "", ()),
        (within("signed", SIGNED, part("x", SMIME)), "It crashes.", ()),
        (within("signed", SIGNED, part("x", "application/x-pkcs7-signature")), "It crashes.", ()),
        (within("signed", within("mixed", SIGNED, part("footer"), edge="m"), part("x", SMIME)), "It crashes.", (OUTSIDE,)),
        (within("signed", TEXT, part("x", SMIME)), "", ()),
        (within("signed", SIGNED, part("x", SMIME), part("footer")), "", ()),
        (within("signed", part("x", SMIME), SIGNED), "", ()),
        (TEXT, "", ()),
    ],
)  # fmt: skip
def test_what_is_signed_is_the_first_of_two_parts(mail: str, text: str, reasons: tuple[str, ...]) -> None:
    """As the whole mail, within an S/MIME signature or beside a list's footer, which is told."""
    signed, found = find_signed(parse(mail.encode()).root)
    assert (signed.payload.text if signed else "") == text
    assert found == reasons


def test_a_signature_is_taken_in_armor_and_without() -> None:
    """One that cannot be read is empty, and so a bad one."""
    for body, bare in (("iAA=", b"\x88\x00"), ("bm90aGluZw==", b"")):
        coded = f"Content-Type: {PGP}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"
        signed, _ = find_signed(parse(within("signed", TEXT, coded).encode()).root)
        assert signed is not None
        assert signed.signature == bare


GOOD = Signature(SignatureStatus.GOOD, "A" * 40, made=(Made("A" * 40, 1),), lines=True)


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (b"one\r\ntwo\r\n", True),
        (b"one\ntwo", True),
        (b"", True),
        (b"x" * MOST_COVERED, True),
        (b"x" * (MOST_COVERED + 1), False),
        (b"x" * MOST_COVERED + b"\n" + b"x" * MOST_COVERED, True),
        (b"one\n" + b"x" * (MOST_COVERED + 1) + b"\ntwo", False),
        (b"one\rtwo\n", False),
        (b"one\r\r\n", False),
        (b"one\r", False),
    ],
)
def test_a_signature_over_lines_is_good_only_for_what_it_covers(data: bytes, good: bool) -> None:
    """Very long lines and a CR alone are not; a signature over bytes covers them all."""
    found = covered(GOOD, data)
    assert (found.status is SignatureStatus.GOOD, bool(found.fingerprint), found.why) == (
        good,
        good,
        "" if good else NOT_COVERED,
    )
    of_bytes = Signature(SignatureStatus.GOOD, "A" * 40)
    expired = Signature(SignatureStatus.EXPIRED, "A" * 40, lines=True)
    for other in (of_bytes, expired):
        assert covered(other, data) is other


BLOCK = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nIt crashes.\n{ARMORED}\n".replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        (part(BLOCK), BLOCK),
        (part(BLOCK.replace("\n", "\r\n")), BLOCK),
        (part(f"Hello\n{BLOCK}Bye\n"), BLOCK),
        (part(BLOCK, "text/html"), ""),
        (part("It crashes."), ""),
        (part(BLOCK.partition("-----BEGIN PGP SIGNATURE")[0]), ""),
        (part("".join(f"> {line}\n" for line in BLOCK.splitlines())), ""),
        (part("".join(f"> {line}\n" for line in BLOCK.splitlines()) + BLOCK), BLOCK),
        (part(BLOCK + BLOCK.replace("It", "That")), BLOCK),
        (part(f"{ARMORED}\n{BLOCK}"), BLOCK),
        (part(BLOCK.replace("SIGNATURE", "MESSAGE")), ""),
    ],
)
def test_clear_signed_text_goes_up_to_its_own_signature(mail: str, found: str) -> None:
    """The first that is not quoted; the words around it do not go to verification."""
    assert clear_signed(parse(mail.encode()).root).decode() == found


ORDER = [
    SignatureStatus.GOOD,
    SignatureStatus.BAD,
    SignatureStatus.REVOKED,
    SignatureStatus.EXPIRED,
    SignatureStatus.UNKNOWN_KEY,
    SignatureStatus.NONE,
]


@pytest.mark.parametrize("at", range(len(ORDER) - 1))
def test_of_two_verdicts_the_good_one_or_the_worse_is_told(at: int) -> None:
    """And every good signature is named, whichever is told."""
    made = (Made("B" * 40, 2),)
    one, other = Signature(ORDER[at], made=made), Signature(ORDER[at + 1], made=(Made("A" * 40, 1),))
    for verdicts in ([one, other], [other, one]):
        found = combined(verdicts)
        assert found.status is ORDER[at]
        assert found.made == (Made("A" * 40, 1), Made("B" * 40, 2))
