"""Two hundred ordinary answers, of which hardly any is held: patches, signatures, quotes, pictures, archives, logs."""

import gzip
import io
import tarfile
import zipfile
from base64 import encodebytes
from collections.abc import Iterator

from maild.core.mail.body import readable
from maild.core.mail.letter import mixed, text_content
from maild.core.mail.mime import parse
from maild.core.writing.gate import check, reading
from maild.core.writing.gate.check import Known

QUESTIONS = (
    "We can reproduce it on the current main branch and are working on a fix.",
    "Could you tell us which version and which compiler flags you used?",
    "From what we see, the next release will contain the fix:\n- parser bounds\n- tests",
    "To: whom do you want the credit to go? Reply whenever you like.",
    "Case: the length is zero. Next: we look at the caller. Thanks!",
    "Wow! That is a nice find! important for us.\n\n!= and !ready are only code here:\nif (!done) return;",
    "The team only meets on Fridays, so please bear with us for the moment.",
    "Use `make check` and then *send* us the log, or \\_escaped\\_ names if you must.",
    "Our plan: 1. fix 2. release 3. announce. See https://project.example/a?x=1&y=2&amp;z=3",
    "Danke f\u00fcr den Hinweis \u2013 wir melden uns n\u00e4chste Woche. \u6211\u4eec\u4f1a\u5c3d\u5feb\u4fee\u590d\u3002",
)
PATCH = "--- a/src/parse.c\n+++ b/src/parse.c\n@@ -10,3 +10,4 @@ static int n(void)\n if (!ok)\n-  return;\n+  return 1;\n"
LOG = "".join(
    f"2026-11-{day:02} 10:00:{day:02} parser[42]: read {day * 64} bytes at 0x7f{day:04x}\n"
    for day in range(1, 29)
)
MAIL = "Return-Path: <dev@up.example>\nFrom: Dev <dev@up.example>\nTo: list@up.example\nSubject: [PATCH] bounds\n\nSee below.\n"
KNOWN = Known(
    tokens=frozenset({"abcdefghijklmnopq234", "zyxwvutsrqponmlkj765"}),
    private=frozenset({"anna@project.example", "carl@phone.example"}),
    internal=(
        "Case: EX-7KQ2M9, handled by Anna\nFrom: Rita <rita@reporter.example>\nCame: unencrypted; not signed\n"
        "Next: respond by 2026-12-01 09:30 UTC\nReply: goes to the REPORTER, rita@reporter.example\n",
        "I think that we should fix it before the conference and tell nobody but the release managers.",
    ),
)


def attached(name: str, content: bytes) -> bytes:
    """A file of an answer, as maild writes it."""
    head = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64(content)


def base64(content: bytes) -> bytes:
    """*content* in base64, in lines."""
    return encodebytes(content).replace(b"\n", b"\r\n")


def archives() -> Iterator[tuple[str, bytes]]:
    """A zip and a tar.gz of a proof of concept, and a compressed log."""
    packed, rolled = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("poc/poc.py", "import sys\nsys.stdout.write('x' * 4096)\n")
        archive.writestr("poc/shot.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    with tarfile.open(fileobj=rolled, mode="w:gz") as tar:
        one = tarfile.TarInfo("fix/0001-bounds.patch")
        one.size = len(PATCH)
        tar.addfile(one, io.BytesIO(PATCH.encode()))
    yield "poc.zip", packed.getvalue()
    yield "fix.tar.gz", rolled.getvalue()
    yield "log.gz", gzip.compress(LOG.encode())


def answers() -> Iterator[bytes]:
    """Each question with each kind of file, or with something in its text."""
    files = [
        *archives(),
        ("fix.patch", PATCH.encode()),
        ("parser.log", LOG.encode()),
        ("shot.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8),
        ("advisory.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 8),
        ("core.4711", b"\x7fELF\x02\x01\x01" + bytes(4000)),
        ("wire.pcapng", b"\n\r\r\n" + bytes(400)),
        ("upstream.eml", MAIL.encode()),
        ("settings.json", b'{"a": [1, 2], "to": "x@y.example"}'),
    ]
    texts = (
        "",
        f"\n\n{PATCH}",
        f"\n\n{MAIL}\n{PATCH}",
        "\n\n-- \nThe Security Team, Some Street 1, 12345 Some Town, Some Country",
        f"\n\n> A crafted file makes it crash.\n\nYes.\n\n{LOG}",
        "\n\nBest regards\nThe team",
        "\n\n| version | fixed |\n|---|---|\n| 1.8 | yes |",
        "\n\n<a href='x'>HTML</a> &lt;b&gt; a=3D1 \\*not bold\\*",
    )
    for words in QUESTIONS:
        yield from (mixed(text_content(words), [attached(*file)], "x") for file in files)
        yield from (text_content(words + more) for more in texts)


def test_hardly_any_ordinary_answer_is_held() -> None:
    """Of two hundred at most two wait for a person."""
    head = b"From: Example <security@project.example>\r\nTo: rita@reporter.example\r\nSubject: Re: x\r\n"
    made = [head + one for one in answers()]
    assert len(made) == 200
    held = [found for raw in made if (found := check.fault(reading.look(raw), KNOWN, written_in(raw)))]
    assert len(held) <= 2, held


def written_in(raw: bytes) -> str:
    """The text of an answer."""
    return readable(parse(raw).root)
