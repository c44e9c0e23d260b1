"""More careless answers: what is internal, or names a colleague, in places that nobody thinks of.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator

import pytest

from tests.openpgp.mails import text
from tests.relay.test_last_look import (
    INTERNAL,
    WORDS,
    each_waits,
    in_words_of_its_own,
    members,
    talking,
    tarred,
    zipped,
)
from tests.relay.test_leaks import block, file
from tests.support import tnef
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, letter_text
from tests.support.smtpsink import Letter

__all__ = ["talking"]
pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
PHONE = "+49 170 5550199"
SLUG = INTERNAL.replace(" ", "_").rstrip(".")
Attempts = Iterator[tuple[str, list[bytes]]]


def part(head: str, body: str) -> bytes:
    """A part with just these fields."""
    return f"{head}\r\n\r\n{body}".encode()


def log(head: str) -> bytes:
    """A harmless file with more in its head."""
    return part(f"Content-Type: text/x-log\r\n{head}", "hello")


def page(body: str) -> bytes:
    """A text in HTML."""
    return text(f"<html><body><p>{WORDS}</p>{body}</body></html>", "html")


def commented() -> bytes:
    """A zip archive with words in the comment of a file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        one = zipfile.ZipInfo("a.txt")
        one.comment = INTERNAL.encode()
        archive.writestr(one, b"x")
    return made.getvalue()


def named(name: str) -> bytes:
    """A compressed file that keeps its old name."""
    made = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", fileobj=made) as packed:
        packed.write(b"x")
    return made.getvalue()


def remarked() -> bytes:
    """A tar archive with words in its extended head."""
    made = io.BytesIO()
    with tarfile.open(
        fileobj=made, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": INTERNAL}
    ) as rolled:
        one = tarfile.TarInfo("a")
        one.size = 1
        rolled.addfile(one, io.BytesIO(b"x"))
    return made.getvalue()


def of_copies(desk: RelayDesk) -> Attempts:
    """The whole copy, packed."""
    copy = desk.copies(CARL)[0].raw
    folder = b"From x@y.example Mon Mar  2 10:00:00 2026\nSubject: hi\n\nHi\n\n"
    folder += b"From x@y.example Mon Mar  2 10:00:00 2026\n" + copy.replace(b"\r\n", b"\n")
    yield "a mailbox", [text(WORDS), file(folder, "Inbox.mbox")]
    yield "a mailbox in gz", [text(WORDS), file(gzip.compress(folder), "Inbox.mbox.gz")]
    yield "base64 in a zip", [text(WORDS), file(zipped("copy.eml", b64encode(copy)), "c.zip")]
    yield "tar.gz", [text(WORDS), file(tarred("mail/copy.eml", copy), "c.tgz")]
    yield (
        "zip in a zip in a zip",
        [
            text(WORDS),
            file(zipped("a.zip", zipped("b.zip", zipped("copy.eml", copy))), "c.zip"),
        ],
    )
    yield "bz2", [text(WORDS), file(bz2.compress(copy), "c.bz2")]
    yield "xz", [text(WORDS), file(lzma.compress(copy), "c.xz")]
    yield "lzma", [text(WORDS), file(lzma.compress(copy, format=lzma.FORMAT_ALONE), "c.lzma")]
    yield "winmail.dat", [text(WORDS), file(tnef.packed(("copy.eml", copy)), "winmail.dat")]
    inner = tnef.packed(("n.txt", INTERNAL.encode()))
    yield "winmail.dat in a zip", [text(WORDS), file(zipped("winmail.dat", inner), "c.zip")]
    yield "a packet capture", [text(WORDS), file(b"\xd4\xc3\xb2\xa1" + bytes(30) + copy, "w.pcap")]


def of_words(desk: RelayDesk) -> Attempts:
    """Words of the team where few look."""
    words = INTERNAL.encode()
    cells = "".join(f"<td>{one}</td>" for one in INTERNAL.split())
    split = f"filename*0*=utf-8''{INTERNAL[:30].replace(' ', '%20')}; filename*1*={INTERNAL[30:].replace(' ', '%20')}"
    title = b"%PDF-1.7\n<</Title(\xfe\xff" + INTERNAL.encode("utf-16-be") + b")>>\n"
    yield "a word a cell", [page(f"<table><tr>{cells}</tr></table>")]
    yield "hidden by a style", [page(f"<div style='display:none'>{INTERNAL}</div>")]
    yield "file name", [text(WORDS), file(b"hello", f"{SLUG}.txt")]
    yield "file name in pieces", [text(WORDS), log(f"Content-Disposition: attachment; {split}")]
    yield "name in a zip", [text(WORDS), file(zipped(f"{INTERNAL}.txt", b"x"), "c.zip")]
    yield "folder in a zip", [text(WORDS), file(zipped(f"{SLUG}/", b""), "c.zip")]
    yield "comment in a zip", [text(WORDS), file(commented(), "c.zip")]
    yield "old name in gz", [text(WORDS), file(named(f"{SLUG}.txt"), "c.gz")]
    yield "name in tar", [text(WORDS), file(tarred(f"{SLUG}.txt", b"x"), "c.tgz")]
    yield "remark in tar", [text(WORDS), file(remarked(), "c.tar")]
    yield "text of a picture", [text(WORDS), file(b"\x89PNG\r\n\x1a\n" + bytes(9) + b"tEXt" + words, "s.png")]
    yield (
        "UTF-16 in a picture",
        [
            text(WORDS),
            file(b"\xff\xd8\xff\xe1\0\x20Exif" + INTERNAL.encode("utf-16-le"), "s.jpg"),
        ],
    )
    yield "UTF-16 in a PDF", [text(WORDS), file(title, "s.pdf")]
    core = b"\x7fELF" + bytes(300) + INTERNAL.encode("utf-16-le") + bytes(300)
    yield "UTF-16 in a core dump", [text(WORDS), file(core, "core")]
    yield "comment of a page", [text(WORDS), file(f"<html><!-- {INTERNAL} --></html>".encode(), "p.html")]
    yield "script of a page", [text(WORDS), file(f"<script>a='{INTERNAL}'</script>".encode(), "p.html")]
    odd = "Content-Type: text/plain; charset=cp037\r\nContent-Transfer-Encoding: base64"
    yield "EBCDIC", [text(WORDS), part(odd, b64encode(INTERNAL.encode("cp037")).decode())]
    diff = "--- a/n\n+++ b/n\n@@ -0,0 +1,9 @@\n" + "".join(f"+{one}\n" for one in INTERNAL.split())
    yield "lines of a patch", [text(WORDS), file(diff.encode(), "n.diff")]


def of_people(desk: RelayDesk) -> Attempts:
    """Who is in the team, and by what they are known."""
    own, card = members(desk), f"BEGIN:VCARD\nVERSION:3.0\nFN:Bea\nTEL:{PHONE}\nEND:VCARD\n"
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----\n"
    call = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDESCRIPTION:Call {PHONE}\nEND:VEVENT\nEND:VCALENDAR\n"
    yield "a card as a text", [text(WORDS), text(card)]
    yield "a card in the text", [text(f"{WORDS}\n\n{card}")]
    yield "an invitation as a text", [text(WORDS), text(call)]
    yield "a key in the text", [text(f"{WORDS}\n\n{key}")]
    yield "a token in capitals", [text(f"{WORDS}\n\nsecurity+{own}@project.example".upper())]
    yield "a token in a link", [text(f"{WORDS}\n\nhttps://x.example/?a=security%2B{own}%40project.example")]
    yield (
        "a token broken in a quote",
        [text(f"{WORDS}\n\n> security+{own[:10]}\n> {own[10:]}@project.example")],
    )
    yield (
        "a token broken by a soft end",
        [text(f"{WORDS}\n\nsecurity+{own[:10]}=\n{own[10:]}@project.example")],
    )
    yield "a token in a log", [text(WORDS), file(f"to=<security+{own}@project.example>".encode(), "mail.log")]
    yield "an address in a link", [text(f"{WORDS}\n\nhttps://x.example/u?m=carl%40phone.example")]
    yield "an address in UTF-16", [text(WORDS), file(f"ask {RINGS}".encode("utf-16"), "a.txt")]
    yield (
        "a commit of a colleague",
        [text(WORDS), file(f"Author: Mia <{MIA}>\n\n    fix\n".encode(), "log.txt")],
    )


def left_behind(desk: RelayDesk) -> Attempts:
    """What does not go along, though the words do."""
    link = "https://x.example/?q=" + INTERNAL.replace(" ", "+")
    data = "data:text/plain;base64," + b64encode(INTERNAL.encode()).decode()
    call = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:{INTERNAL}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    attached = "Content-Disposition: attachment; filename=a.log"
    yield "a comment", [page(f"<!-- {INTERNAL} -->")]
    yield "the text of a picture", [page(f"<img alt='{INTERNAL}' src='x.png'>")]
    yield "the title of a link", [page(f"<a title='{INTERNAL}' href='https://x.example'>here</a>")]
    yield "a link", [page(f"<a href='{link}'>here</a>")]
    yield "a link that is a file", [page(f"<a href='{data}'>here</a>")]
    yield "an invitation", [text(WORDS), part("Content-Type: text/calendar; method=REQUEST", call)]
    yield (
        "another name",
        [text(WORDS), part(f'Content-Type: x/log; name="{INTERNAL}"\r\n{attached}', "hello")],
    )
    yield "a description", [text(WORDS), log(f"Content-Description: {INTERNAL}\r\n{attached}")]
    yield "the name of a part", [text(WORDS), log(f"Content-ID: <{members(desk)}@x.example>\r\n{attached}")]


def answered(desk: RelayDesk, parts: list[bytes], number: int) -> list[Letter]:
    """The answers that come of these parts, each with words of its own."""
    before = len(desk.answers(RITA))
    desk.comes(in_words_of_its_own(desk, parts, number), DOMAIN)
    return desk.answers(RITA)[before:]


def test_the_rows_of_a_table_are_cut_like_any_quote(talking: RelayDesk) -> None:
    """A client that shows the block of the copy as a table: the answer leaves without it."""
    rows = "".join(
        f"<tr><td>{one.replace(':', '</td><td>', 1)}</td></tr>" for one in block(talking).splitlines()
    )
    (sent,) = answered(talking, [page(f"<table>{rows}</table>")], 1)
    assert letter_text(sent).strip() == "Thank you, b."


@pytest.mark.parametrize("attempts", [of_copies, of_words, of_people])
def test_it_waits_wherever_it_stands(talking: RelayDesk, attempts: object) -> None:
    """None of it reaches the reporter unasked, and its author is told each time."""
    assert callable(attempts)
    each_waits(talking, (parts for _, parts in attempts(talking)))


def test_what_is_no_text_of_it_stays_behind(talking: RelayDesk) -> None:
    """The words go out; comments, links, invitations and heads of parts do not."""
    token = members(talking).encode()
    for number, (name, parts) in enumerate(left_behind(talking), 1):
        (sent,) = answered(talking, parts, number)
        traces = [one in sent.raw for one in (b"vendor", b"parser pays", b"spring", token)]
        assert (name, traces) == (name, [False] * 4)
