"""A mail in pieces: which part of it is a ciphertext, in which form, and which says nothing of its own."""

from base64 import b64encode

import pytest

from maild.core.mail.armor import MAX_HTML
from maild.core.mail.mime import parse
from maild.core.mail.opened import Form
from maild.core.mail.pieces import LONG, pieces
from tests.support.phrases import PHRASES

PACKETS = (
    b"\xc1\x1c\x03" + bytes.fromhex("1122334455667788") + b"\x12" + bytes(18) + b"\xd2\x10\x01" + bytes(15)
)
LITERAL = b"\xcb\x08b\0\0\0\0\0hi"


def armor(label: str = "MESSAGE", packets: bytes = PACKETS) -> bytes:
    """*packets* in armor."""
    return (
        f"-----BEGIN PGP {label}-----\n\n{b64encode(packets).decode()}\n-----END PGP {label}-----\n".encode()
    )


def part(kind: str, body: bytes) -> bytes:
    """A part."""
    return f"Content-Type: {kind}\n\n".encode() + body


def within(kind: str, *parts: bytes, edge: str = "b") -> bytes:
    """A multipart."""
    body = b"".join(f"--{edge}\n".encode() + one + b"\n" for one in parts)
    return part(f"multipart/{kind}; boundary={edge}", body + f"--{edge}--\n".encode())


def found(mail: bytes, forwards: int = 0) -> list[str]:
    """Each piece in a word or two: its form, or that it is clear or idle; whether it is quoted; its text."""
    said = []
    for one in pieces(parse(mail).root, PHRASES, forwards):
        form = ("idle" if one.idle else "clear") if one.form is Form.NONE else one.form.value
        assert not one.ciphertext or one.form is not Form.NONE
        text = "" if one.text is None else f": {' '.join(one.text.split())[:9]}"
        said.append(f"{form}{' quoted' if one.quoted else ''}{text}")
    return said


ARMORED = armor()
VERSION = part("application/pgp-encrypted", b"Version: 1\n")
DATA = part("application/octet-stream", ARMORED)
ENCRYPTED = 'encrypted; protocol="application/pgp-encrypted"'
PLAIN, PAGE = part("text/plain", b"It crashes."), part("text/html", b"<p>It crashes.</p>")
QUOTE = b"".join(b"> " + line + b"\n" for line in ARMORED.splitlines())


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (within(ENCRYPTED, VERSION, DATA), ["idle", "pgp-mime"]),
        (within("mixed", VERSION, DATA), ["idle", "mangled"]),
        (within("mixed", DATA, VERSION), ["attachment", "idle"]),
        (within("mixed", VERSION, part("image/png", b"x"), DATA), ["idle", "clear", "mangled"]),
        (within("mixed", VERSION, part("text/plain", ARMORED)), ["idle", "mangled"]),
        (within("mixed", VERSION, part("application/octet-stream", PACKETS)), ["idle", "mangled"]),
        (within("mixed", VERSION, VERSION), ["idle", "mangled"]),
        (within("mixed", VERSION), ["idle"]),
        (within(ENCRYPTED, part("text/x", b"Version: 1"), DATA), ["idle", "pgp-mime"]),
        (within(ENCRYPTED, DATA, part("text/x", b"Version: 1")), ["pgp-mime", "idle"]),
        (within(ENCRYPTED, PLAIN, DATA), ["clear", "pgp-mime"]),
        (within("encrypted", PLAIN, DATA), ["clear", "attachment"]),
        (within("mixed; protocol=application/pgp-encrypted", PLAIN, DATA), ["clear", "attachment"]),
        (within(ENCRYPTED, PAGE), ["clear"]),
        (within(ENCRYPTED, VERSION, part("application/octet-stream", b"See:\n" + ARMORED)), ["idle", "clear: See:", "pgp-mime"]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_version_part_is_the_ciphertext(mail: bytes, expected: list[str]) -> None:
    """As PGP/MIME has it, and as servers make a plain mixed mail of it, or take away the name of a part."""
    assert found(mail) == expected


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (PLAIN, ["clear"]),
        (part("text/plain", b" \n"), ["idle"]),
        (part("text/plain", b"Version: 1\n"), ["idle"]),
        (part("text/plain", b"Version: 1".ljust(199)), ["idle"]),
        (part("text/plain", b"Version: 1".ljust(200)), ["clear"]),
        (part("text/plain", ARMORED), ["inline"]),
        (part("text/plain\nContent-Disposition: attachment", ARMORED), ["attachment"]),
        (part("text/html", b"<pre>" + ARMORED + b"</pre>"), ["inline"]),
        (part("text/plain", b"See:\n" + ARMORED + b"Soon."), ["clear: See:", "inline", "clear: Soon."]),
        (part("text/plain", ARMORED + b"-- \nAnna"), ["inline", "idle: -- Anna"]),
        (part("text/plain", ARMORED * 2), ["inline: -----BEGI", "inline: -----BEGI"]),
        (part("text/plain", ARMORED + b"and\n" + ARMORED), ["inline: -----BEGI", "clear: and", "inline: -----BEGI"]),
        (part("text/plain", QUOTE), ["inline quoted: > -----BE"]),
        (part("text/plain", armor("PUBLIC KEY BLOCK")), ["idle"]),
        (part("text/plain", b"Mine:\n" + armor("PUBLIC KEY BLOCK")), ["clear"]),
        (part("text/plain", armor(packets=LITERAL)), ["inline"]),
        (part("text/plain", armor(packets=LITERAL) + b"-- \nAnna"), ["inline", "idle: -- Anna"]),
        (part("text/plain", b"See:\n" + armor(packets=LITERAL)), ["clear"]),
        (part("text/plain", armor(packets=LITERAL) + b"See above."), ["clear"]),
        (part("text/plain", b"See:\n" + armor(packets=LITERAL) + ARMORED), ["clear: See:", "inline: -----BEGI", "inline: -----BEGI"]),
        (part("text/plain", b"See:\n" + armor(packets=PACKETS[:30])), ["clear: See:", "inline"]),
        (part("text/plain", b"See:\n" + armor(packets=PACKETS[30:])), ["clear: See:", "inline"]),
        (part("text/plain", b"See:\n" + armor(packets=b"\xc3\x04\x04\x09\x00\x01")), ["clear: See:", "inline"]),
        (part("text/plain", b"See:\n" + armor(packets=b"This is not PGP.")), ["clear"]),
        (part("text/plain", armor(packets=b"This is not PGP.")), ["inline"]),
        (part("text/plain; charset=utf-8", "Größe:\n".encode() + ARMORED), ["clear: Größe:", "inline"]),
        (part("text/plain; name=a.asc", PACKETS), ["attachment"]),
        (part("text/plain", PACKETS), ["clear"]),
        (part("text/plain; name=a.txt", b"\xc4rger"), ["clear"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_its_armor_begins_and_ends(mail: bytes, expected: list[str]) -> None:
    """What stands around armor is a piece apart; what is only signed is one only where it is all."""
    assert found(mail) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PACKETS, "attachment"),
        (ARMORED, "attachment"),
        (LITERAL, "clear"),
        (PACKETS[:30], "clear"),
        (b"\xc3\x01\x04\xd2\x01\x01", "attachment"),
        (b"\xff\xd8\xff\xe0", "clear"),
        (armor("PUBLIC KEY BLOCK"), "idle"),
        (armor("PUBLIC KEY BLOCK") + armor("SIGNATURE"), "idle"),
        (armor("SIGNED MESSAGE"), "clear"),
        (armor("PUBLIC KEY BLOCK") + armor("SIGNED MESSAGE"), "clear"),
        (b"", "idle"),
        (b" \r\n", "idle"),
        (b" " * LONG, "idle"),
        (b" " * LONG + b".", "clear"),
        (b"log", "clear"),
        (b"Version: 1\n", "idle"),
        (b"Version: 1".ljust(199), "idle"),
        (b"Version: 1".ljust(200), "clear"),
    ],
)
def test_a_file_is_what_its_bytes_are(body: bytes, expected: str) -> None:
    """A ciphertext, something that says nothing (a key, blanks, a version line), or something in clear."""
    assert [one.partition(":")[0] for one in found(part("application/x-any", body))] == [expected]


@pytest.mark.parametrize(
    "kind", ["application/pgp-keys", "application/pgp-signature", "application/x-pkcs7-signature"]
)
def test_keys_and_signatures_say_nothing_of_their_own(kind: str) -> None:
    """A key or a signature beside a ciphertext counts as no text, whatever it holds."""
    assert found(part(kind, b"x")) == ["idle"]


FORWARD = part("message/rfc822", part("text/plain", ARMORED))


@pytest.mark.parametrize(
    ("mail", "forwards", "expected"),
    [
        (part("message/rfc822", PLAIN), 0, ["clear"]),
        (part("message/rfc822", PLAIN), 3, ["clear"]),
        (FORWARD, 0, ["attachment quoted"]),
        (FORWARD, 1, ["inline quoted"]),
        (part("message/global", part("text/plain", ARMORED)), 1, ["inline quoted"]),
        (part("message/rfc822", within(ENCRYPTED, VERSION, DATA)), 1, ["idle", "pgp-mime quoted"]),
        (part("message/rfc822", within(ENCRYPTED, VERSION, part("text/plain", b"x"))), 0, ["attachment quoted"]),
        (part("message/rfc822", FORWARD), 1, ["attachment quoted"]),
        (part("message/rfc822", FORWARD), 2, ["inline quoted"]),
        (part("message/rfc822", part("message/rfc822", FORWARD)), 3, ["inline quoted"]),
        (part("message/rfc822", part("message/rfc822", part("message/rfc822", FORWARD))), 9, ["attachment quoted"]),
    ],
)  # fmt: skip
def test_a_forwarded_message_is_looked_into_as_deep_as_asked(
    mail: bytes, forwards: int, expected: list[str]
) -> None:
    """Up to three deep; a ciphertext in it is quoted all the same."""
    assert found(mail, forwards) == expected


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ((PLAIN, PAGE), ["clear"]),
        ((part("text/plain", b""), part("text/html", b"<p></p>")), ["idle"]),
        ((part("text/plain", b""), PAGE), ["clear"]),
        ((part("text/plain", ARMORED), part("text/html", b"<pre>" + ARMORED + b"</pre>")), ["inline", "idle"]),
        ((part("text/plain", ARMORED), part("text/html", b"<p></p>")), ["inline", "idle"]),
        ((part("text/plain", ARMORED), PAGE), ["inline", "clear"]),
        ((part("text/plain", ARMORED), part("text/html", b"<p>Pay!</p><pre>" + ARMORED + b"</pre>")), ["inline", "clear"]),
        ((part("text/plain", ARMORED), part("text/html", b"<pre>" + ARMORED + b"</pre><p>Pay!</p>")), ["inline", "clear"]),
        ((part("text/plain", ARMORED), part("text/calendar", ARMORED)), ["inline", "attachment"]),
        ((part("text/plain", b""), part("text/html", b"<pre>" + ARMORED + b"</pre>")), ["idle", "inline"]),
        ((part("text/html", b"<pre>" + ARMORED + b"</pre>"), PLAIN), ["inline", "clear"]),
    ],
)  # fmt: skip
def test_the_copies_of_one_text_are_one_piece_unless_one_is_encrypted(
    copies: tuple[bytes, ...], expected: list[str]
) -> None:
    """Then the page beside an encrypted text is idle only as far as it says no more than the armor."""
    assert found(within("alternative", *copies)) == expected


def test_a_long_file_is_looked_at_for_armor_only() -> None:
    """Beyond two megabytes it is a text where armor begins in it, and else a file like any other."""
    filler = b"line\n" * (LONG // 5 + 1)
    assert found(part("application/x-any", filler)) == ["clear"]
    assert found(part("application/x-any", filler + ARMORED)) == ["clear: line line", "attachment"]
    assert found(part("text/plain", filler + ARMORED)) == ["clear: line line", "inline"]
    accented = "é\u00a0\n".encode() * (LONG // 5 + 1)
    assert found(part("text/plain", accented + ARMORED))[1:] == ["inline"]
    assert found(within(ENCRYPTED, VERSION, part("application/octet-stream", filler + ARMORED))) == [
        "idle",
        "clear: line line",
        "pgp-mime",
    ]


def test_a_page_is_looked_at_up_to_its_longest_size_and_a_text_whole() -> None:
    """Armor beyond it is not found in a page."""
    beyond = b" " * MAX_HTML + b"\n" + ARMORED
    assert found(part("text/html", beyond)) == ["idle"]
    assert found(part("text/plain", beyond)) == ["inline"]


def test_the_charset_of_an_encrypted_text_is_the_one_that_its_armor_or_its_part_names() -> None:
    """The armor's first; the packets are those in the armor."""
    named = ARMORED.replace(b"\n\n", b"\nCharset: koi8-r\n\n")
    for body, charset in ((ARMORED, "latin1"), (named, "koi8-r")):
        (one,) = pieces(parse(part("text/plain; charset=latin1", body)).root, PHRASES)
        assert (one.charset, one.ciphertext) == (charset, PACKETS)
