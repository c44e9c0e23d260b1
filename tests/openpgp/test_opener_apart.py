"""Mail that is more than one ciphertext: each piece is opened by itself and shown by itself, labelled."""

from base64 import encodebytes

import pytest

from maild.core.mail.body import readable
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption, Opened, SignatureStatus
from maild.core.mail.rejoined import CLEAR, labelled
from maild.core.mail.sealed import BESIDE, QUOTED, SEVERAL, TOO_MANY
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.craft import without_integrity
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import HEAD, VERSION, data, multipart, pgp_mime, text
from tests.support.phrases import PHRASES

FIRST, SECOND = "The walrus overruns its kiosk.\n", "Frame seven holds the gondola.\n"
DECRYPTED = "decrypted, not signed"
PASSWORD = ("--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric")


async def _opened(pgp: OpenPGP, mail: bytes, looked: bool = False) -> Opened:
    return await open_mail(parse(mail), pgp, PHRASES, looked=looked)


def _file(sealed: bytes, name: str) -> bytes:
    head = f'Content-Type: application/octet-stream; name="{name}"\r\n'
    return f'{head}Content-Disposition: attachment; filename="{name}"\r\n\r\n'.encode() + sealed


def shapes(first: bytes, second: bytes) -> dict[str, tuple[tuple[str, ...], bytes]]:
    """What clients send, and the labels; *first* and *second* are encrypted texts."""
    one, two = armor(first).decode(), armor(second).decode()
    inner, bare = pgp_mime(first, head=b"", boundary="in"), text("See the file.\n")
    typed = VERSION.replace(b"application/pgp-encrypted", b"application/octet-stream")
    picture = b"Content-Type: image/png; name=a.png\r\n\r\n\x89PNG"
    return {
        "text above inline armor": ((CLEAR, DECRYPTED), text("See below.\n\n" + one, head=HEAD)),
        "text below inline armor": ((DECRYPTED, CLEAR), text(one + "\nAnd answer soon.\n", head=HEAD)),
        "two inline": ((DECRYPTED, DECRYPTED), text(one + "\n" + two, head=HEAD)),
        "inline and an encrypted file": (
            (DECRYPTED, DECRYPTED),
            multipart("mixed", text(one), data(second, name="trace.txt.asc")),
        ),
        "two files in an empty mail": (
            (DECRYPTED, DECRYPTED),
            multipart("mixed", text("\n"), _file(first, "a.txt.gpg"), _file(second, "b.txt.gpg")),
        ),
        "two files below a line of text": (
            (CLEAR, DECRYPTED, DECRYPTED),
            multipart("mixed", bare, data(first, name="a.asc"), data(second, name="b.asc")),
        ),
        "a text part beside PGP/MIME": ((CLEAR, DECRYPTED), multipart("mixed", bare, inner)),
        "two behind one version part": (
            (DECRYPTED, DECRYPTED),
            multipart("mixed", VERSION, data(first), data(second)),
        ),
        "the version part retyped": (
            (CLEAR, DECRYPTED),
            multipart("mixed", bare, typed, data(first)),
        ),
        "a binary file that calls itself text": (
            (CLEAR, DECRYPTED),
            multipart(
                "mixed",
                bare,
                b"Content-Type: text/plain; name=a.txt.asc\r\nContent-Transfer-Encoding: base64\r\n"
                b"Content-Disposition: attachment; filename=a.txt.asc\r\n\r\n" + encodebytes(first),
            ),
        ),
        "a picture beside": ((DECRYPTED, CLEAR), multipart("mixed", data(first), picture)),
        "text inside the data part": (
            (CLEAR, DECRYPTED),
            pgp_mime(first).replace(b"-----BEGIN", b"Read this:\r\n-----BEGIN"),
        ),
        "an HTML copy that says more": (
            (DECRYPTED, CLEAR),
            multipart("alternative", text(one), text(f"<p>Hello!</p><pre>{one}</pre>", "html")),
        ),
    }


@pytest.mark.parametrize("case", shapes(b"", b""))
async def test_each_piece_is_opened_and_labelled(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """Every ciphertext at the top is read, what came in clear stands beside it, and nothing is HTML."""
    labels, mail = shapes(kit.encrypt(text=FIRST.encode()), kit.encrypt(text=SECOND.encode()))[case]
    opened = await _opened(pgp, mail)
    assert (opened.decryption, opened.labels, opened.closed) == (Decryption.OK, labels, ())
    shown = "\n".join(part.text for part in opened.tree.root.leaves)
    assert FIRST.strip() in shown
    assert (SECOND.strip() in shown) is (labels.count(DECRYPTED) == 2)
    assert {BESIDE} & set(opened.reasons) == ({BESIDE} if CLEAR in labels else set())
    assert (SEVERAL in opened.reasons) is (labels.count(DECRYPTED) == 2)
    assert not [part for part in opened.tree.root.leaves if part.content_type == "text/html"]
    assert all(f"[{label}]" in readable(labelled(opened)) for label in labels)


def whole(sealed: bytes, both: bytes) -> dict[str, bytes]:
    """What is one ciphertext after all: *both* is encrypted to a key and a password."""
    block, typed = armor(sealed).decode(), VERSION.replace(b"pgp-encrypted", b"octet-stream")
    kind = 'encrypted; protocol="application/pgp-encrypted"'
    return {
        "a phone's footer": text(block + "\nSent from my phone\n", head=HEAD),
        "a German phone's footer": text(block + "\nVon meinem iPhone gesendet\n", head=HEAD),
        "the version part retyped": multipart(kind, typed, data(sealed)),
        "the version part retyped in mixed": multipart("mixed", typed, data(sealed)),
        "the version part as text": multipart("mixed", text("Version: 1\n"), data(sealed)),
        "a key and a password": text(armor(both).decode(), head=HEAD),
        "a key and a password in PGP/MIME": pgp_mime(both),
        "the same twice": multipart("mixed", text(block), data(sealed)),
    }


@pytest.mark.parametrize("case", whole(b"", b""))
async def test_what_is_one_ciphertext_opens_as_one(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """Footers, version lines and passwords beside our key change nothing: it opens, with nothing beside it."""
    both = kit.encrypt(*PASSWORD, text=FIRST.encode())
    opened = await _opened(pgp, whole(kit.encrypt(text=FIRST.encode()), both)[case])
    assert (opened.decryption, opened.labels) == (Decryption.OK, ())
    assert readable(opened.tree.root).strip() == FIRST.strip()


async def test_what_stays_closed_says_the_true_reason(kit: Kit, pgp: OpenPGP) -> None:
    """Beside a piece that opens, each other one says by itself why it does not."""
    broken = armor(without_integrity(kit)).decode()
    parts = [
        text(armor(kit.encrypt(text=FIRST.encode())).decode() + "\n" + broken),
        data(kit.encrypt(to=kit.stranger), name="a.asc"),
        data(kit.gpg(kit.people, *PASSWORD, feed=b"x"), name="b.asc"),
    ]
    opened = await _opened(pgp, multipart("mixed", *parts))
    why = ("no integrity protection", "not encrypted to our key", "encrypted to a password")
    assert (opened.decryption, opened.closed) == (Decryption.OK, why)
    assert opened.labels == (DECRYPTED, *(f"encrypted, not opened: {one}" for one in why))


async def test_no_more_than_ten_are_opened(kit: Kit, pgp: OpenPGP) -> None:
    """The eleventh ciphertext stays closed, and says so."""
    parts = [data(kit.encrypt(text=b"number %d" % n), name=f"{n}.asc") for n in range(12)]
    opened = await _opened(pgp, multipart("mixed", *parts))
    assert (opened.decryption, opened.closed) == (Decryption.OK, (TOO_MANY,))
    assert opened.labels.count(DECRYPTED) == 10


async def test_no_signature_of_a_piece_covers_the_whole(kit: Kit, pgp: OpenPGP) -> None:
    """What a member signed is shown as signed; beside another's words nothing is accepted because of it."""
    mine = armor(kit.sealed_by(kit.member, text=FIRST.encode())).decode()
    for mail in (
        text("!close\n\n" + mine, head=HEAD),
        text(mine + "\n" + armor(kit.encrypt(text=SECOND.encode())).decode(), head=HEAD),
    ):
        opened = await _opened(pgp, mail)
        assert (opened.signature.status, opened.signature.clear) == (SignatureStatus.GOOD, True)
        assert "decrypted, signature good" in opened.labels


async def test_html_never_joins_the_pieces(kit: Kit, pgp: OpenPGP) -> None:
    """An image left open before a ciphertext and closed behind it (EFAIL) is text, and loads nothing."""
    inner = pgp_mime(kit.encrypt(text=text(f"<p>{FIRST}</p>", "html")), head=b"", boundary="in")
    lure = text('<img src="https://far.example/', "html")
    opened = await _opened(pgp, multipart("mixed", lure, inner, text('">', "html")))
    assert {part.content_type for part in _leaves(opened)} == {"text/plain"}
    assert FIRST.strip() in readable(opened.tree.root)


async def test_a_quote_beside_an_own_ciphertext_stays_closed(kit: Kit, pgp: OpenPGP) -> None:
    """The sender's own ciphertext opens; the one that they quote does not, until a person has looked."""
    quoted = "".join(f"> {line}\n" for line in armor(kit.encrypt(text=SECOND.encode())).decode().split("\n"))
    mail = text(armor(kit.encrypt(text=FIRST.encode())).decode() + "\nThey wrote:\n" + quoted, head=HEAD)
    opened = await _opened(pgp, mail)
    assert opened.labels[:3] == (DECRYPTED, CLEAR, f"encrypted, not opened: {QUOTED}")
    assert SECOND.strip() not in readable(opened.tree.root)
    assert SECOND.strip() in readable((await _opened(pgp, mail, looked=True)).tree.root)


async def test_an_encrypted_file_keeps_its_name(kit: Kit, pgp: OpenPGP) -> None:
    """A binary file encrypted by itself is a file again, under its name and without the ending."""
    sealed = _file(kit.encrypt(text=b"PK\x03\x04\x00\x00"), "proof.zip.gpg")
    opened = await _opened(pgp, multipart("mixed", text("See the file.\n"), sealed))
    assert [(part.filename, part.content) for part in _leaves(opened)][1] == (
        "proof.zip",
        b"PK\x03\x04\x00\x00",
    )


@pytest.mark.parametrize("how", ["; forwarded=no", ""])
async def test_headers_wrapped_in_a_message_are_the_mails(kit: Kit, pgp: OpenPGP, how: str) -> None:
    """A payload of message/rfc822 is the mail itself, with its fields; a forwarded one stays an attachment."""
    inside = HEAD.replace(b"Subject: ...", b"Subject: Inner words") + text(FIRST)
    wrapped = f"Content-Type: message/rfc822{how}\r\n\r\n".encode()
    opened = await _opened(pgp, pgp_mime(kit.encrypt(text=wrapped + inside)))
    assert opened.protected["subject"] == "Inner words"
    assert readable(opened.tree.root).strip() == FIRST.strip()
    other = inside.replace(b"rita@far.example", b"mia@project.example")
    if not how:
        forwarded = await _opened(pgp, pgp_mime(kit.encrypt(text=wrapped + other)))
        assert forwarded.protected == {}


def _leaves(opened: Opened) -> tuple[Part, ...]:
    return opened.tree.root.leaves
