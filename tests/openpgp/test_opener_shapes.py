"""Every shape of sealed mail that people really send is opened; what is dangerous to open stays closed."""

import base64
import quopri

import pytest

from maild.core.mail.body import readable
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened
from maild.core.mail.sealed import QUOTED
from maild.engine.opener import NO_KEY_CONFIGURED, SEALED_AGAIN, SMIME, open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import HEAD, VERSION, data, multipart, pgp_mime, signed, text
from tests.support.phrases import PHRASES

WORDS = "Reading a crafted file crashes the daemon: ünder two seconds.\n"
ENTITY = text(WORDS)


def _encoded(kind: str, body: bytes, encoding: str, name: str = "") -> bytes:
    made = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    head = f"Content-Type: {kind}; charset=utf-8{name}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + made


def shapes(entity: bytes, plain: bytes) -> dict[str, tuple[Form, bytes]]:
    """*entity* is a sealed MIME entity, *plain* a sealed text."""
    block = armor(plain).decode()
    nbsp = block.replace("\n\n", "\n\u00a0\n", 1)
    indented = "".join(f"   {line}\n" for line in block.split("\n"))
    hypertext = (
        "<html><head><style>p{}</style></head><body>" + block.replace("\n", "<br>\n") + "</body></html>"
    )
    entities = hypertext.replace("+", "&#43;").replace("/", "&#x2f;").replace("<&#x2f;", "</")
    blank, footer = text("\n"), text("_______________\nsecurity mailing list\nhttps://lists.example/\n")
    bare = (
        b"Content-Type: application/octet-stream; name=report.gpg\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    kind = 'encrypted; protocol="application/pgp-encrypted"'
    return {
        "PGP/MIME": (Form.PGP_MIME, pgp_mime(entity)),
        "PGP/MIME with encoded data": (
            Form.PGP_MIME,
            multipart(kind, VERSION, _encoded("application/octet-stream", armor(entity), "base64")),
        ),
        "Exchange: mixed, all parts in base64": (
            Form.MANGLED,
            multipart(
                "mixed",
                blank,
                _encoded("application/pgp-encrypted", b"Version: 1\n", "base64"),
                _encoded("application/octet-stream", armor(entity), "base64"),
            ),
        ),
        "Proton: a placeholder text": (
            Form.MANGLED,
            multipart("mixed", text("Empty Message"), VERSION, data(entity)),
        ),
        "Google: multipart/encrypted beside an empty signature": (
            Form.MANGLED,
            multipart("mixed", text("\n-- \n\n\n"), pgp_mime(entity, head=b"", boundary="in")),
        ),
        "mailing list: a footer behind": (
            Form.MANGLED,
            multipart("mixed", pgp_mime(entity, head=b"", boundary="in"), footer),
        ),
        "only the data part is left": (Form.ATTACHMENT, multipart("mixed", blank, data(entity))),
        "inline": (Form.INLINE, text(block, head=HEAD)),
        "inline with a signature block behind": (Form.INLINE, text(block + "\n-- \nRita\n", head=HEAD)),
        "inline in quoted-printable": (
            Form.INLINE,
            HEAD + _encoded("text/plain", block.encode(), "quoted-printable"),
        ),
        "inline, flowed": (
            Form.INLINE,
            text(block.replace("\n", " \n"), head=HEAD).replace(
                b"text/plain;", b"text/plain; format=flowed;"
            ),
        ),
        "inline, no-break space as blank line": (Form.INLINE, text(nbsp, head=HEAD)),
        "inline, indented": (Form.INLINE, text(indented, head=HEAD)),
        "inline in HTML alone": (Form.INLINE, text(hypertext, "html", HEAD)),
        "inline in HTML with entities": (Form.INLINE, text(entities, "html", HEAD)),
        "inline with an HTML copy": (
            Form.INLINE,
            multipart("alternative", text(block), text(hypertext, "html")),
        ),
        "an armored file": (
            Form.ATTACHMENT,
            multipart("mixed", blank, data(plain, "application/pgp", "report.txt.asc")),
        ),
        "a binary file whatever its name": (
            Form.ATTACHMENT,
            multipart("mixed", bare.replace(b"report.gpg", b"notes.bin") + base64.encodebytes(plain)),
        ),
        "signed outside by somebody": (
            Form.PGP_MIME,
            signed(pgp_mime(entity, head=b"", boundary="in"), b"\x88\x00"),
        ),
    }


@pytest.mark.parametrize("case", shapes(b"", b""))
async def test_every_honest_shape_opens(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """The mail opens, its form is named, and the text inside is what was written."""
    form, mail = shapes(kit.encrypt(text=ENTITY), kit.encrypt(text=WORDS.encode()))[case]
    opened = await open_mail(parse(mail), pgp, PHRASES)
    assert (opened.form, opened.decryption) == (form, Decryption.OK), opened.reasons
    (leaf,) = opened.tree.root.leaves
    assert leaf.text.replace("\r\n", "\n").strip() == WORDS.strip()


def dangers(sealed: bytes) -> dict[str, bytes]:
    """Mails that quote or forward *sealed*: it may be somebody else's."""
    block = armor(sealed).decode()
    quoted = "".join(f"> {line}\n" for line in block.split("\n"))
    forward = b"Content-Type: message/rfc822\r\n\r\n" + pgp_mime(sealed, boundary="in")
    return {
        "in a quote": text("They wrote:\n" + quoted, head=HEAD),
        "in an HTML quote": text(f"<p>So:</p><blockquote><pre>{block}</pre></blockquote>", "html", HEAD),
        "in a forwarded mail": multipart("mixed", text("Look.\n"), forward),
        "in a forwarded mail without a word": multipart("mixed", forward),
    }


@pytest.mark.parametrize("case", dangers(b""))
async def test_what_is_quoted_or_forwarded_stays_closed(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """It is shown as it came, with the reason, and opened only where a person has looked."""
    mail = dangers(kit.encrypt(text=ENTITY))[case]
    opened = await open_mail(parse(mail), pgp, PHRASES)
    assert (opened.decryption, opened.reasons) == (Decryption.REFUSED, (QUOTED,))
    assert opened.tree.root.source == mail
    assert opened.sealed
    looked = await open_mail(parse(mail), pgp, PHRASES, looked=True)
    assert looked.decryption is Decryption.OK
    assert WORDS.strip() in readable(looked.tree.root)


async def _opened(pgp: OpenPGP | None, mail: bytes) -> Opened:
    return await open_mail(parse(mail), pgp, PHRASES)


async def test_a_second_ciphertext_inside_stays_closed(kit: Kit, pgp: OpenPGP) -> None:
    """What turns up sealed again inside an opened mail is flagged, not opened."""
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=text(armor(kit.encrypt()).decode()))))
    assert (opened.decryption, opened.reasons) == (Decryption.OK, (SEALED_AGAIN,))


async def test_without_a_key_sealed_mail_says_so(kit: Kit) -> None:
    """A desk without any key still tells sealed mail apart, and why it is closed."""
    opened = await _opened(None, pgp_mime(kit.encrypt()))
    assert (opened.form, opened.decryption) == (Form.PGP_MIME, Decryption.NO_KEY)
    assert opened.reasons == (NO_KEY_CONFIGURED,)


async def test_text_about_pgp_is_plain(pgp: OpenPGP) -> None:
    """Armor lines with prose between them are prose."""
    words = "Like so:\n-----BEGIN PGP MESSAGE-----\n\nyour words here...\n-----END PGP MESSAGE-----\n"
    opened = await _opened(pgp, text(words, head=HEAD))
    assert (opened.form, opened.decryption, opened.reasons) == (Form.NONE, Decryption.NONE, ())


async def test_a_bounce_of_sealed_mail_is_not_sealed(kit: Kit, pgp: OpenPGP) -> None:
    """A delivery report that returns a sealed mail is neither opened nor called sealed."""
    returned = b"Content-Type: message/rfc822\r\n\r\n" + pgp_mime(kit.encrypt(), boundary="in")
    opened = await _opened(pgp, multipart("report", text("It failed.\n"), returned))
    assert (opened.form, opened.decryption) == (Form.NONE, Decryption.NONE)


async def test_smime_is_named_and_left(pgp: OpenPGP) -> None:
    """S/MIME is not opened; the mail counts as sealed and says why it is closed."""
    mail = HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG"
    opened = await _opened(pgp, mail)
    assert (opened.decryption, opened.reasons, opened.sealed) == (Decryption.UNSUPPORTED, (SMIME,), True)


@pytest.mark.parametrize("kind", ["inline", "attachment"])
async def test_signed_or_literal_only_is_not_called_encrypted(kit: Kit, pgp: OpenPGP, kind: str) -> None:
    """A *message* in which nothing is encrypted is read, judged, and not marked as sealed."""
    inner = kit.gpg(kit.people, "--local-user", kit.member, "--sign", feed=WORDS.encode())
    for packets, fingerprint in ((inner, kit.member), (kit.literal(WORDS.encode()), "")):
        mail = (
            text(armor(packets).decode(), head=HEAD)
            if kind == "inline"
            else multipart("mixed", data(packets))
        )
        opened = await _opened(pgp, mail)
        assert (opened.form, opened.decryption, opened.sealed) == (Form.NONE, Decryption.NONE, False)
        assert opened.tree.root.text == WORDS
        assert opened.signature.fingerprint == fingerprint
