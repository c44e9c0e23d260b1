"""Signed parts as raw slices, and one verdict out of several."""

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.mime import parse
from maild.core.mail.opened import Signature, SignatureStatus
from maild.core.mail.signed import OUTSIDE, clear_signed, combined, find_signed, signed_part

SIGNED = (
    b"Content-Type: multipart/signed; protocol=application/pgp-signature; boundary=b\r\n\r\n"
    b"--b\r\nX-Odd:\t1 \r\n\r\nx \r\n\r\n--b \r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niAA=\r\n--b--\r\n"
)


def test_the_verdict_of_several_signatures_follows_no_order() -> None:
    """A good one counts; without one the worst is told; preferred fingerprints win among good ones."""
    good, other = Signature(SignatureStatus.GOOD, "B" * 40), Signature(SignatureStatus.GOOD, "A" * 40)
    bad, unknown = Signature(SignatureStatus.BAD), Signature(SignatureStatus.UNKNOWN_KEY)
    assert combined([bad, good]) == combined([good, bad]) == good
    assert combined([unknown, bad]) == combined([bad, unknown]) == bad
    assert combined([good, other]) == combined([other, good]) == other
    assert combined([good, other], frozenset({"B" * 40})) == good
    assert combined([]) == Signature()


def test_the_signed_part_is_the_raw_slice() -> None:
    """The bytes to verify exclude the line break before the delimiter and include everything else."""
    signed = signed_part(parse(SIGNED).root)
    assert signed is not None
    assert signed.data == b"X-Odd:\t1 \r\n\r\nx \r\n"
    assert signed.signature == b"\x88\x00"
    assert signed.attempts == (signed.data,)


def test_bare_line_feeds_get_a_second_attempt() -> None:
    """A mail stored with line feeds is tried as it is and with network line ends, and in no third way."""
    signed = signed_part(parse(SIGNED.replace(b"\r\n", b"\n")).root)
    assert signed is not None
    assert signed.attempts == (b"X-Odd:\t1 \n\nx \n", b"X-Odd:\t1 \r\n\r\nx \r\n")


def test_text_beside_the_signed_part_is_told() -> None:
    """A signed part inside a mixed mail is found; words beside it are a reason, blanks are not."""
    top = b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
    for beside, reasons in ((b"words", (OUTSIDE,)), (b" ", ())):
        mail = top + SIGNED + b"\r\n--m\r\n\r\n" + beside + b"\r\n--m--\r\n"
        signed, found = find_signed(parse(mail).root)
        assert signed is not None
        assert found == reasons


def test_smime_signatures_are_none_of_ours() -> None:
    """A multipart/signed of another protocol is not a PGP signature."""
    mail = SIGNED.replace(b"pgp-signature", b"pkcs7-signature")
    assert find_signed(parse(mail).root) == (None, ())


def test_clear_signed_text_is_cut_at_its_own_lines() -> None:
    """Only the block itself goes to verification, not the words around it; a quoted one is none."""
    block = (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -- x\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niAA=\n-----END PGP SIGNATURE-----\n"
    )
    assert clear_signed(parse(b"\nbefore\n" + block + b"behind\n").root) == block
    assert clear_signed(parse(b"\n> " + block).root) == b""


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400))
def test_any_bytes_are_taken(source: bytes) -> None:
    """Whatever the bytes, signed parts and clear-signed text are found or not, and nothing is raised."""
    tree = parse(source)
    find_signed(tree.root)
    clear_signed(tree.root)
