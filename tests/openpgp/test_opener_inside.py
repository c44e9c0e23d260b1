"""What is inside an opened mail, and what is signed: raw bytes, protected headers, flags, outcomes."""

import time

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.mail.signed import CLEAR, OUTSIDE, network_lines
from maild.engine import offloop
from maild.engine.opener import LEAKED_KEY, OTHER_AUTHOR, SIGNED_OUTSIDE, SMIME, open_mail, opening
from maild.errors import TemporaryError
from maild.gateways.openpgp import OpenPGP, Runner
from tests.openpgp.craft import anonymous, packet, without_integrity
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import HEAD, multipart, pgp_mime, protected, signed, text
from tests.support.desk import NOW
from tests.support.phrases import PHRASES


async def _opened(pgp: OpenPGP | None, mail: bytes) -> Opened:
    return await open_mail(parse(mail), pgp, PHRASES)


def _good(fingerprint: str) -> Signature:
    return Signature(SignatureStatus.GOOD, fingerprint)


ODD = {
    "folded and tabbed headers": b"Content-Type: text/plain;\r\n\tcharset=utf-8\r\nX-Odd:  a  \r\n\r\nx\r\n",
    "space at line ends": text("Words with a blank behind. \n-- \n"),
    "a From line inside": text("From the start it crashed.\n"),
    "nested and not closed": b'Content-Type: multipart/mixed; boundary="zz"\r\n\r\n--zz\r\n\r\nWords.\r\n',
    "no header at all": b"\r\nWords.\r\n",
    "long address list": b"To: " + b", ".join(b"p%d@far.example" % i for i in range(40)) + b"\r\n\r\nx\r\n",
}


@pytest.mark.parametrize("case", ODD)
async def test_the_raw_bytes_are_what_is_verified(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """A signed part of any valid oddness verifies as it came, byte for byte."""
    mail = signed(ODD[case], kit.detached(kit.member, text=ODD[case]))
    opened = await _opened(pgp, mail)
    assert (opened.form, opened.signature) == (Form.NONE, _good(kit.member))
    padded = mail.replace(b"\r\n--ss1", b"\r\n--ss1 \t").replace(b"ss1 \t--", b"ss1-- ")
    assert (await _opened(pgp, padded)).signature == _good(kit.member)


async def test_line_ends_lost_on_the_way_are_put_back(kit: Kit, pgp: OpenPGP) -> None:
    """A mail stored with bare line feeds verifies as the network form that was signed, and only so."""
    entity = text("Words,\nand more.\n")
    mail = signed(entity, kit.detached(kit.member, text=entity)).replace(b"\r\n", b"\n")
    assert (await _opened(pgp, mail)).signature == _good(kit.member)
    assert (await _opened(pgp, mail.replace(b"more.", b"more. "))).signature.status is SignatureStatus.BAD


async def test_a_footer_inside_the_signed_part_is_bad(kit: Kit, pgp: OpenPGP) -> None:
    """A list's footer in the signed part breaks the signature; the text stays readable."""
    entity = text("Words.\n")
    mail = signed(entity + b"____\r\nlist footer\r\n", kit.detached(kit.member, text=entity))
    opened = await _opened(pgp, mail)
    assert opened.signature.status is SignatureStatus.BAD
    assert b"list footer" in opened.tree.root.leaves[0].content


async def test_a_footer_beside_the_signed_part_is_bad(kit: Kit, pgp: OpenPGP) -> None:
    """Text outside the signed part spoils the verdict on the mail, and the reason says so."""
    entity = text("Words.\n")
    inner = signed(entity, kit.detached(kit.member, text=entity), head=b"")
    opened = await _opened(pgp, multipart("mixed", inner, text("Do as I say.\n")))
    assert opened.signature == Signature(SignatureStatus.BAD)
    assert opened.reasons == (OUTSIDE,)
    assert (await _opened(pgp, multipart("mixed", inner))).signature == _good(kit.member)


async def test_signed_with_both_it_is_judged_by_openpgp(kit: Kit, pgp: OpenPGP) -> None:
    """An S/MIME signature around the OpenPGP one hides no verdict, good or bad."""
    entity = text("Words.\n")
    inner = signed(entity, kit.detached(kit.member, text=entity), head=b"")
    around = 'signed; protocol="application/pkcs7-signature"; micalg=sha-256'
    other = b"Content-Type: application/pkcs7-signature\r\n\r\nMIAG"
    mail = multipart(around, inner, other)
    assert (await _opened(pgp, mail)).signature == _good(kit.member)
    spoiled = mail.replace(b"Words.", b"Lies.")
    assert (await _opened(pgp, spoiled)).signature.status is SignatureStatus.BAD


async def test_three_parts_in_multipart_signed_are_not_good(kit: Kit, pgp: OpenPGP) -> None:
    """A multipart/signed with a part too many has no good signature."""
    entity = text("Words.\n")
    mail = signed(entity, kit.detached(kit.member, text=entity))
    more = mail.replace(b"--ss1--", b"--ss1\r\n\r\nmore\r\n--ss1--")
    assert (await _opened(pgp, more)).signature.status is not SignatureStatus.GOOD


async def test_clear_signed_text_has_a_status_only(kit: Kit, pgp: OpenPGP) -> None:
    """Clear-signed text is plain mail with a marked signature."""
    words = kit.gpg(kit.people, "--local-user", kit.member, "--clear-sign", feed=b"Words.\n").decode()
    opened = await _opened(pgp, text(words, head=HEAD))
    assert (opened.form, opened.reasons) == (Form.NONE, (CLEAR,))
    assert opened.signature == Signature(SignatureStatus.GOOD, kit.member, clear=True)
    forged = await _opened(pgp, text(words.replace("Words", "Other"), head=HEAD))
    assert forged.signature == Signature(SignatureStatus.BAD, clear=True)


async def test_signed_inside_encrypted_is_judged(kit: Kit, pgp: OpenPGP) -> None:
    """A multipart/signed inside the encryption (RFC 3156 §6.1) counts like a one-pass signature."""
    entity = protected("Signed within")
    inner = signed(entity, kit.detached(kit.member, text=entity), head=b"")
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=inner)))
    assert (opened.decryption, opened.signature) == (Decryption.OK, _good(kit.member))
    assert opened.protected["subject"] == "Signed within"
    spoiled = await _opened(pgp, pgp_mime(kit.encrypt(text=inner.replace(b"should", b"must"))))
    assert spoiled.signature.status is SignatureStatus.BAD


async def test_a_signature_around_the_ciphertext_is_told_apart(kit: Kit, pgp: OpenPGP) -> None:
    """Who signed only the ciphertext need not have written what is inside: shown, never acted on."""
    entity = pgp_mime(kit.encrypt(text=protected()), head=b"")
    opened = await _opened(pgp, signed(entity, kit.detached(kit.member, text=entity)))
    assert (opened.signature, opened.reasons) == (
        Signature(SignatureStatus.GOOD, kit.member, clear=True),
        (SIGNED_OUTSIDE,),
    )


@pytest.mark.parametrize("how", ['hp="cipher"', 'hp="clear"', 'protected-headers="v1"'])
async def test_inner_headers_are_the_mails(kit: Kit, pgp: OpenPGP, how: str) -> None:
    """Subject and From inside the encryption are the ones given on."""
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=protected("Überlauf", how=how))))
    assert opened.protected["subject"] == "Überlauf"
    assert opened.reasons == ()


async def test_another_author_inside_is_flagged(kit: Kit, pgp: OpenPGP) -> None:
    """A From inside that is not the From outside is flagged."""
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=protected(sender="mia@project.example"))))
    assert opened.reasons == (OTHER_AUTHOR,)


async def test_phony_protected_headers_are_ignored(kit: Kit, pgp: OpenPGP) -> None:
    """A nested part, a forwarded mail or an unprotected mail cannot set the subject."""
    nested = multipart("mixed", protected("Phony"), head=b"")
    forward = b"Content-Type: message/rfc822\r\n\r\n" + protected("Phony")
    unmarked = protected("Phony", how="x=1")
    for inside in (nested, forward, unmarked):
        assert (await _opened(pgp, pgp_mime(kit.encrypt(text=inside)))).protected == {}
    assert (
        await _opened(pgp, HEAD + protected("Phony")[len(b"From: rita@far.example\r\n") :])
    ).protected == {}
    entity = protected("Phony")
    unknown = signed(entity, kit.detached(kit.stranger, text=entity))
    assert (await _opened(pgp, unknown)).protected == {}


async def test_a_desk_without_a_key_judges_no_signature(kit: Kit) -> None:
    """Also where the author's key is remembered from before."""
    entity = text("Words.\n")
    mail = parse(signed(entity, kit.detached(kit.member, text=entity)))
    known = kit.public(kit.people, kit.member)
    opened = await offloop.run(opening(mail, None, PHRASES, NOW, known))
    assert opened.signature == Signature()


@pytest.mark.parametrize("spoiled", [False, True])
async def test_a_wrapped_message_takes_a_good_signature_to_be_read_in_place_of_the_mail(
    kit: Kit, pgp: OpenPGP, spoiled: bool
) -> None:
    """With a bad one its subject and author are nobody's word: the mail stays as it came."""
    entity = b"Content-Type: message/rfc822; forwarded=no\r\n\r\n" + HEAD.replace(b"...", b"Inner words")
    entity += text("It crashes.\n")
    mail = signed(entity, kit.detached(kit.member, text=entity))
    opened = await _opened(pgp, mail.replace(b"It crashes.", b"It crashed.") if spoiled else mail)
    assert (opened.signature.status is SignatureStatus.BAD) is spoiled
    assert opened.protected.get("subject", "") == ("" if spoiled else "Inner words")
    assert opened.tree.root.content_type == ("multipart/signed" if spoiled else "text/plain")


async def test_legacy_display_is_dropped(kit: Kit, pgp: OpenPGP) -> None:
    """The copy of the subject for old clients is not part of what people read."""
    copy = b'Content-Type: text/plain; protected-headers="v1"\r\n\r\nSubject: Inner words\r\n'
    inside = multipart(
        'mixed; protected-headers="v1"', copy, text("Body.\n"), head=b"Subject: Inner words\r\n"
    )
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=inside)))
    assert [leaf.text.strip() for leaf in opened.tree.root.leaves] == ["Body."]
    assert opened.protected["subject"] == "Inner words"


async def test_a_mailed_secret_key_is_flagged(kit: Kit, pgp: OpenPGP) -> None:
    """A secret key in a mail, plain or sealed, is told to the team and imported nowhere."""
    secret = armor(kit.gpg(kit.people, "--export-secret-keys", kit.stranger), "PRIVATE KEY BLOCK").decode()
    for mail in (text(secret, head=HEAD), pgp_mime(kit.encrypt(text=text(secret)))):
        assert LEAKED_KEY in (await _opened(pgp, mail)).reasons
    assert kit.stranger not in kit.prints(kit.desk)


async def test_each_reason_for_staying_closed(kit: Kit, pgp: OpenPGP) -> None:
    """Every way not to open has its own word and reason, the mail stays as it came, and nothing is raised."""
    newer = packet(1, b"\x06\x00\x19" + bytes(40)) + packet(18, b"\x02\x09\x02\x06" + bytes(60))
    words = ("--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric")
    cases = {
        (Decryption.NO_KEY, "not encrypted to our key"): kit.encrypt(to=kit.stranger),
        (Decryption.SYMMETRIC, "encrypted to a password"): kit.gpg(kit.people, *words, feed=b"x"),
        (Decryption.UNSUPPORTED, "format our key cannot read"): newer,
        (Decryption.FAILED, "no integrity protection"): without_integrity(kit),
        (Decryption.FAILED, "no PGP data"): b"\x99junk",
        (Decryption.REFUSED, "more than one message in the ciphertext"): kit.encrypt() + kit.encrypt(),
        (Decryption.REFUSED, "too many hidden recipients"): anonymous(5) + kit.encrypt(),
    }
    for (word, reason), sealed in cases.items():
        mail = pgp_mime(sealed)
        opened = await _opened(pgp, mail)
        assert (opened.decryption, opened.reasons) == (word, (reason,))
        assert (opened.form, opened.tree.root.source) == (Form.PGP_MIME, mail)


async def test_trouble_outside_goes_up(kit: Kit) -> None:
    """When gpg is missing the mail is not called unopenable: the engine is told to try again."""
    pgp = OpenPGP(kit.desk, kit.desk_key, runner=Runner("/nonexistent/gpg"))
    with pytest.raises(TemporaryError):
        await _opened(pgp, pgp_mime(kit.encrypt()))


async def test_hostile_structure_inside_ends_in_time(kit: Kit, pgp: OpenPGP) -> None:
    """Depth, parts and parameters by the thousand, sealed or plain, cost less than a few seconds."""
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(3000)
    )
    wide = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 200_000
    many = b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\r\n\r\nx\r\n"
    begin = time.monotonic()
    for body in (deep, wide, many, b"To: " + b"(" * 100_000 + b"\r\n\r\nx"):
        assert (await _opened(pgp, HEAD + body)).decryption is Decryption.NONE
        assert (await _opened(pgp, pgp_mime(kit.encrypt(text=body)))).decryption is Decryption.OK
    assert time.monotonic() - begin < 8


async def test_smime_signed_text_is_readable(pgp: OpenPGP) -> None:
    """A text signed with S/MIME is plain mail; only what is wrapped in S/MIME is called closed."""
    kind = 'signed; protocol="application/pkcs7-signature"'
    part = b"Content-Type: application/pkcs7-signature\r\n\r\nMIAG"
    opened = await _opened(pgp, multipart(kind, text("Words.\n"), part))
    assert SMIME not in opened.reasons
    assert not opened.sealed


def test_network_lines_touch_nothing_else() -> None:
    """Only line ends change: a lone carriage return and blanks stay."""
    assert network_lines(b"a\nb\r\nc\rd \n") == b"a\r\nb\r\nc\rd \r\n"
