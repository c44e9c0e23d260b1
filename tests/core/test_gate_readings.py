"""In whatever shape internal words stand in a letter, they are read: attempts of a second pair of eyes."""

import base64
import binascii
import codecs
import gzip
import html
import io
import json
import quopri
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import pytest

from maild.core.writing.gate.check import Known, fault
from maild.core.writing.gate.files import Budget, unpacked
from maild.core.writing.gate.reading import look

INTERNAL = "The vendor of the parser pays us until spring and must not hear about any of this."
WORDS = INTERNAL.split()
THREES = [" ".join(WORDS[at : at + 3]) for at in range(0, len(WORDS), 3)]
IN_BASE64 = base64.encodebytes(INTERNAL.encode()).decode()
SAVED = f"From: x@y.example\r\nContent-Transfer-Encoding: base64\r\n\r\n{IN_BASE64}"
UU = "begin 644 notes.txt\n" + "".join(
    binascii.b2a_uu(INTERNAL.encode()[at : at + 45]).decode() for at in (0, 45)
)
CAPTURE = b"\xd4\xc3\xb2\xa1" + bytes(30)
MBOX = "From a@b Mon Mar  2 10:00:00 2026\n"


def zipped(name: str, content: str) -> bytes:
    """A zip archive of one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def points(form: str) -> str:
    """Every character by its number, in this form."""
    return "".join(form.format(ord(one)) for one in INTERNAL)


def pieces(text: str) -> list[str]:
    """*text* in lines of sixty letters."""
    return [text[at : at + 60] for at in range(0, len(text), 60)]


def owned(user: str, group: str) -> bytes:
    """A tar archive of one file that belongs to somebody."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        one = tarfile.TarInfo("n.txt")
        one.uname, one.gname = user, group
        archive.addfile(one)
    return made.getvalue()


def printed(page: str) -> bytes:
    """A PDF, as far as it matters here, with one page that is compressed."""
    compressed = zlib.compress(page.encode())
    return b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode>>stream\r\n" + compressed + b"\nendstream\nendobj\n"


PASTED: dict[str, str] = {
    "percent": "https://x.example/?body=" + points("%{:02X}"),
    "percent, blanks alone": "https://x.example/?body=" + INTERNAL.replace(" ", "%20"),
    "entities twice": points("&amp;#{};"),
    "escapes of a program": points("\\x{:02x}"),
    "escapes of old browsers": points("%u{:04x}"),
    "code points": points("U+{:04X} "),
    "escapes twice": json.dumps(json.dumps(points("\\u{:04x}"))),
    "struck through": "".join(f"{one}\u0336" for one in INTERNAL),
    "accents": INTERNAL.replace("e", "e\u0301"),
    "numbered lines": "\n".join(f"{at:6}\t{one}" for at, one in enumerate(THREES)),
    "a chat with times": "\n".join(f"10:3{at} {one}" for at, one in enumerate(THREES)),
    "hyphens at line ends": "\n".join(f"{one[:2]}-\n{one[2:]}" if len(one) > 3 else one for one in WORDS),
    "underscores": INTERNAL.replace(" ", "_"),
    "uuencoded": f"Here:\n\n{UU}`\nend\n",
    "base64": f"Here:\n\n{IN_BASE64}",
    "base64 in one line": "data:text/plain;base64," + IN_BASE64.replace("\n", ""),
    "base64, quoted": "Here:\n\n> " + IN_BASE64.replace("\n", "\n> "),
    "mathematical letters": "".join(
        chr(0x1D41A + ord(one) - 97) if "a" <= one <= "z" else one for one in INTERNAL
    ),
    "a bullet a word": "\n".join(f"- {one}" for one in WORDS),
    "initials before each line": "\n".join(f"CM> {one}" for one in THREES),
    "lines of a log": "\n".join(
        f"2026-03-02T10:00:0{at} host parser[1]: {one}" for at, one in enumerate(THREES)
    ),
    "a chat with names and times": "\n".join(f"Carl 10:0{at} AM\n{one}" for at, one in enumerate(THREES)),
    "beside another column": "\n".join(f"{one:20} | item {at}" for at, one in enumerate(THREES)),
    "wrapped within words": "\n".join(INTERNAL[at : at + 11] for at in range(0, len(INTERNAL), 11)),
    "letters apart": " ".join(INTERNAL),
    "words joined": "".join(one.title() for one in WORDS),
    "asterisks within words": INTERNAL.replace("e", "e*"),
    "letters that look alike": INTERNAL.translate(
        str.maketrans("aeopcy", "\u0430\u0435\u043e\u0440\u0441\u0443")
    ),
    "blanks that are letters": INTERNAL.replace(" ", "\u3164"),
    "turned by thirteen letters": codecs.encode(INTERNAL, "rot13"),
    "backwards": INTERNAL[::-1],
    "encoded words": " ".join(f"=?utf-8?b?{base64.b64encode(one.encode()).decode()}?=" for one in THREES),
    "octal numbers": points("\\{:03o}"),
    "numbers in braces": points("\\u{{{:x}}}"),
    "hexadecimal": INTERNAL.encode().hex(),
    "a dump by hexdump": "\n".join(
        f"{at:08x}  {INTERNAL[at : at + 16].encode().hex(' ')}  |.|" for at in range(0, len(INTERNAL), 16)
    ),
    "a dump by xxd": "\n".join(
        f"{at:08x}: {INTERNAL[at : at + 16].encode().hex(' ', 2)}  ." for at in range(0, len(INTERNAL), 16)
    ),
    "base64 in short lines": "\n".join(IN_BASE64.replace("\n", "")[at : at + 30] for at in range(0, 120, 30)),
    "base64 twice": base64.b64encode(IN_BASE64.encode()).decode(),
    "base64 of a gz": base64.b64encode(gzip.compress(INTERNAL.encode())).decode(),
    "base64 of a saved mail": base64.b64encode(SAVED.encode()).decode(),
    "base64 of utf-16": base64.b64encode(INTERNAL.encode("utf-16")).decode(),
    "base32": base64.b32encode(INTERNAL.encode()).decode(),
    "base32 in lines, lower case": "\n".join(pieces(base64.b32encode(INTERNAL.encode()).decode().lower())),
    "base32hex": base64.b32hexencode(INTERNAL.encode()).decode().rstrip("="),
    "base85": base64.b85encode(INTERNAL.encode()).decode(),
    "base85, quoted in lines": "> " + "\n> ".join(pieces(base64.b85encode(INTERNAL.encode()).decode())),
    "base85 in full lines": base64.b85encode(INTERNAL[:48].encode()).decode()[:60] + "\n\nHello.",
    "decimal numbers above words": " ".join(str(ord(one)) for one in INTERNAL) + "\n\nHello.",
    "Ascii85": base64.a85encode(INTERNAL.encode(), wrapcol=50, adobe=True).decode(),
    "decimal numbers": " ".join(str(ord(one)) for one in INTERNAL),
    "decimal numbers, commas": ", ".join(f"{ord(one):03}" for one in INTERNAL),
    "binary numbers": " ".join(f"{ord(one):08b}" for one in INTERNAL),
    "octal numbers, blanks": " ".join(f"{ord(one):03o}" for one in INTERNAL),
    "numbers of a program": ", ".join(f"0x{ord(one):02x}" for one in INTERNAL),
    "other words between": " ".join(f"{one} {WORDS[at % 7][::-1]}" for at, one in enumerate(WORDS)),
    "two words between": " ".join(f"{one} quite nice" for one in WORDS),
    "base64 behind many hashes": f"{'x'.join(['h1:' + 'A1b2' * 11] * 99)}\n{IN_BASE64}",
}


def picture(kind: bytes, content: bytes) -> bytes:
    """A PNG with one more chunk."""
    chunks = ((b"IHDR", bytes(13)), (kind, content), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(what).to_bytes(4, "big") + name + what + bytes(4) for name, what in chunks
    )


FILED: dict[str, tuple[str, bytes]] = {
    "second mail of an mbox file": ("a.mbox", f"{MBOX}Subject: one\n\nhello\n\n{MBOX}{SAVED}".encode()),
    "saved by Apple Mail": ("1.emlx", f"1234      \n{SAVED}".encode()),
    "saved mail with another first field": ("1.eml", f"ARC-Seal: i=1; a=x\r\n{SAVED}".encode()),
    "saved mail called a text": ("1.txt", SAVED.encode()),
    "docx in pieces of words": (
        "n.docx",
        zipped(
            "word/document.xml",
            "".join(f"<w:r><w:t>{INTERNAL[at : at + 5]}</w:t></w:r>" for at in range(0, len(INTERNAL), 5)),
        ),
    ),
    "odt": ("n.odt", zipped("content.xml", INTERNAL.replace(" ", "<text:s/>"))),
    "pptx": ("n.pptx", zipped("ppt/slides/slide1.xml", "".join(f"<a:t>{one}</a:t>" for one in WORDS))),
    "svg": ("n.svg", "".join(f"<text>{one}</text>" for one in WORDS).encode()),
    "html with tags within words": ("n.html", INTERNAL.replace("e", "e<b></b>").encode()),
    "json with line ends": ("n.json", json.dumps({"t": INTERNAL.replace(" ", "\n")}).encode()),
    "json in numbers": ("n.json", points("\\u{:04x}").encode()),
    "csv": ("n.csv", ";".join(f'"{one}"' for one in WORDS).encode()),
    "web archive": (
        "n.mht",
        b"From: <Saved by Blink>\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(html.escape(INTERNAL).encode()).replace(b"e", b"=65"),
    ),
    "utf-32": ("n.txt", INTERNAL.encode("utf-32")),
    "utf-32 without a mark": ("n.txt", INTERNAL.encode("utf-32-be")),
    "utf-16, big end first": ("n.txt", INTERNAL.encode("utf-16-be")),
    "zip behind a program": ("n.exe", b"MZ" + bytes(900) + zipped("n.txt", INTERNAL)),
    "zip behind a picture": ("n.png", b"\x89PNG\r\n\x1a\n" + bytes(900) + zipped("n.txt", INTERNAL)),
    "compressed comment of a picture": (
        "n.png",
        picture(b"zTXt", b"Comment\0\0" + zlib.compress(INTERNAL.encode())),
    ),
    "the same with its language": (
        "n.png",
        picture(b"iTXt", b"Comment\0\1\0en\0Comment\0" + zlib.compress(INTERNAL.encode())),
    ),
    "the name of a file": (INTERNAL.replace(" ", "_") + "txt", b"hello"),
    "rtf in numbers": ("n.rtf", b"{\\rtf1 " + points("\\u{}?").encode() + b"}"),
    "owner in tar": ("n.tar", owned(INTERNAL[:31], INTERNAL[31:62])),
    "behind the end of tar": ("n.tar", owned("x", "x") + INTERNAL.encode()),
    "behind the end of a zip": ("n.zip", zipped("n.txt", "x") + INTERNAL.encode()),
    "before a zip": ("n.zip", INTERNAL.encode() + zipped("n.txt", "x")),
    "remark in gz": (
        "n.gz",
        b"\x1f\x8b\x08\x10" + bytes(6) + INTERNAL.encode() + b"\0" + gzip.compress(b"x")[10:],
    ),
    "a printed page": ("n.pdf", printed(f"BT ({INTERNAL}) Tj ET")),
    "a printed page, letters moved": (
        "n.pdf",
        printed("".join(f"({one[:2]}) -20 ({one[2:]} )" for one in WORDS)),
    ),
    "quoted-printable in a capture": (
        "w.pcap",
        CAPTURE + quopri.encodestring(INTERNAL.encode()).replace(b"e", b"=65"),
    ),
    "base64 in a core dump": ("core", b"\x7fELF" + bytes(900) + IN_BASE64.encode() + bytes(900)),
    "percent signs in a capture": ("w.pcap", CAPTURE + b"GET /?q=" + points("%{:02x}").encode() + bytes(9)),
    "uuencoded file": ("n.uu", f"{UU}`\nend\n".encode()),
}


@pytest.mark.parametrize("empty", [4096, 100_000])
def test_a_database_is_no_wide_text(empty: int) -> None:
    """Its first page is nearly empty, as that of a disk image is: it waits like all that nothing here reads."""
    content = b"SQLite format 3\0" + bytes(empty) + INTERNAL.encode() + bytes(empty)
    assert kept_back(letter("Hello.", "mail.sqlite", content)) == "unread"


def test_the_name_that_gzip_keeps_is_read() -> None:
    """As a file of no bytes, before what is inside; without a name there is only that."""
    inside = gzip.compress(b"x")
    named = inside[:3] + b"\x08" + inside[4:10] + b"to Mia.txt\0" + inside[10:]
    assert list(unpacked("n.gz", named, Budget()) or ()) == [("to Mia.txt", b""), ("n", b"x")]
    assert list(unpacked("n.gz", inside, Budget()) or ()) == [("n", b"x")]


def letter(words: str, name: str = "", content: bytes = b"") -> bytes:
    """A letter with these words, and a file."""
    top = 'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    text = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n--b\r\n"
    about = f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    file = about.encode() + base64.b64encode(content) + b"\r\n--b--\r\n" if name else b"--b--\r\n"
    return f"{top}{text}".encode() + file


def kept_back(raw: bytes) -> str:
    """Why the letter waits; empty when it goes out."""
    found = fault(look(raw), Known(internal=(INTERNAL,)))
    return found.name if found else ""


@pytest.mark.parametrize(("levels", "found"), [(1, "internal"), (4, "internal"), (5, "unread")])
def test_archives_are_read_four_deep(levels: int, found: str) -> None:
    """Words in one within another are found; what lies deeper cannot be read, and waits."""
    content = zipped("notes.txt", INTERNAL)
    for level in range(levels - 1):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{level}.zip", content)
        content = made.getvalue()
    assert kept_back(letter("Our notes.", "notes.zip", content)) == found


@pytest.mark.parametrize("how", PASTED)
def test_pasted_words_are_read(how: str) -> None:
    """In the text of the letter, however they are written there."""
    assert kept_back(letter(PASTED[how])) == "internal"


@pytest.mark.parametrize("how", FILED)
def test_words_in_files_are_read(how: str) -> None:
    """In a file, whatever it is called and however it is packed."""
    assert kept_back(letter("Hello.", *FILED[how])) == "internal"


CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Bea\r\nEND:VCARD\r\n"
ENCODED: dict[str, Callable[[str], bytes]] = {
    "with a mark": lambda t: t.encode("utf-8-sig"),
    "utf-16": lambda t: t.encode("utf-16"),
    "utf-16 without a mark": lambda t: t.encode("utf-16-be"),
    "below blank lines": lambda t: f"\r\n\r\n  {t}".encode(),
    "in an archive": lambda t: zipped("c.dat", t),
}


@pytest.mark.parametrize("how", ENCODED)
@pytest.mark.parametrize("text", [CARD, CARD.replace("VCARD", "VCALENDAR")])
def test_cards_and_invitations_are_known_in_any_encoding(how: str, text: str) -> None:
    """By what they are, not by name or type."""
    assert kept_back(letter("Hello.", "notes.bin", ENCODED[how](text))) == "personal"


def test_a_key_below_words_about_it_is_a_key() -> None:
    """And one within a patch, where each line begins with a plus, is not."""
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n"
    assert kept_back(letter("Hello.", "key.txt", f"My key:\n\n{key}".encode())) == "personal"
    patch = "--- a/key\n+++ b/key\n@@ -0,0 +1,3 @@\n" + "".join(f"+{one}\n" for one in key.splitlines())
    assert kept_back(letter("Hello.", "fix.patch", patch.encode())) == ""


CLOSED = (
    b"\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
    b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3Yx\n-----END AGE ENCRYPTED FILE-----\n",
    b"$ANSIBLE_VAULT;1.1;AES256\n6162636465666768\n",
    b"U2FsdGVkX19kZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/\n",
    b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Encrypt 5 0 R/ID[<00><00>]>>\n%%EOF",
)


@pytest.mark.parametrize("sealed", CLOSED)
def test_a_ciphertext_waits(sealed: bytes) -> None:
    """Whatever it is called: nobody can see what is in it."""
    assert kept_back(letter("Hello.", "notes.txt", sealed)) == "unread"


@pytest.mark.parametrize("sealed", CLOSED[:2])
def test_a_ciphertext_in_the_text_waits(sealed: bytes) -> None:
    """It is for the reader alone, and nobody else can see what is in it."""
    assert kept_back(letter(f"Hello.\n{sealed.decode()}")) == "unread"


@pytest.mark.parametrize(
    "key", [b"ssh-ed25519 AAAAC3Nz carl@laptop.home.example\n", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"]
)
def test_a_key_of_ssh_waits(key: bytes) -> None:
    """It names the machine of whoever made it."""
    assert kept_back(letter("Hello.", "id", key)) == "personal"


def test_many_hashes_are_no_files() -> None:
    """Two thousand lines of a lock file use up nothing, and what stands beside them is looked at."""
    hashes = "".join(
        f"example.org/m v1.{at} h1:{base64.b64encode(bytes([at % 251]) * 32).decode()}\n"
        for at in range(2000)
    )
    assert kept_back(letter("Hello.", "go.sum", hashes.encode())) == ""
    assert kept_back(letter(INTERNAL, "go.sum", hashes.encode())) == "internal"


UNSEEN: dict[str, str] = {
    "tag letters": "".join(chr(0xE0000 + ord(one)) for one in INTERNAL),
    "tag letters within a word": "Hel" + "".join(chr(0xE0000 + ord(one)) for one in INTERNAL) + "lo",
    "variation selectors": "\U0001f600" + "".join(chr(0xE0100 + ord(one) - 16) for one in INTERNAL),
    "two that nobody sees": "".join("\u200b\u200c"[int(one)] for one in points("{:08b}")),
    "one behind each letter": "".join(
        one + chr(0xE0000 + ord(two)) for one, two in zip("Hello there. " * 9, INTERNAL, strict=False)
    ),
}


@pytest.mark.parametrize("how", UNSEEN)
def test_a_text_that_nobody_sees_waits(how: str) -> None:
    """However it is written: in the letter or in a file; emoji, flags and languages that need such signs do not."""
    assert kept_back(letter(UNSEEN[how])) == "unread"
    assert kept_back(letter("Hello.", "a.txt", UNSEEN[how].encode())) == "unread"
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    usual = (
        f"{england * 3} 1\ufe0f\u20e3 \U0001f469\u200d\U0001f4bb\ufe0f Sicher\u00adheits\u00adl\u00fccke " * 2
    )
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 " * 50
    assert kept_back(letter(usual + persian)) == ""


@pytest.mark.parametrize(
    "words",
    [
        "/usr/lib/x86_64-linux-gnu/security/modules/parser/" * 3,
        "See https://x.example/a%20b and 100% of C:\\new\\temp\\x41\\u0041.",
        "commit 5f2a9c0d1e3b4a6978c5d2e1f0a9b8c7d6e5f4a3\nbegin 644 the work\n",
        "A line that ends in a hyphen-\nated word, e\u0301galite\u0301, 1.2.3 and 10:30.",
    ],
)
def test_what_looks_like_a_coded_text_and_is_none_goes_out(words: str) -> None:
    """Paths, hashes, percent signs and hyphens are in many answers."""
    assert kept_back(letter(words)) == ""
