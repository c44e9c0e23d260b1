"""The last look: what is internal is recognised by what it is, in any disguise, and waits for its author.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

import gzip
import html
import io
import quopri
import tarfile
import zipfile
from collections.abc import Callable, Iterable

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.relay.test_leaks import block, carls, file
from tests.relay.test_publishing import Publisher
from tests.support import mails
from tests.support.relaying import BEA, CARL, RITA, RelayDesk, header, letter_text, reply, team_address

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
WORDS = "We can reproduce it and work on a fix."
INTERNAL = "The vendor of the parser pays us until spring and must not hear about any of this."
WAITS = "Please look at your message again"


@pytest.fixture
def talking(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear, and Carl has said something to the team alone."""
    desk.comes(mails.plain(date=desk.clock))
    about = {"to": team_address(desk), "sender": f"Carl <{CARL}>", "message_id": "<team@home.example>"}
    desk.comes(mails.plain(date=desk.clock, subject="Among us", text=f"{INTERNAL}\n", **about), DOMAIN)
    assert desk.answers(RITA) == []
    return desk


def zipped(name: str, content: bytes) -> bytes:
    """A zip archive of one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    """A compressed tar archive of one file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        one = tarfile.TarInfo(name)
        one.size = len(content)
        archive.addfile(one, io.BytesIO(content))
    return made.getvalue()


def members(desk: RelayDesk) -> str:
    """Bea's own token of the case, by which she is recognised."""
    with desk.desk() as opened:
        return token(opened.policy.desk.secret, str(desk.one()["case"]), BEA, "team")


def nested(content: str) -> bytes:
    """A saved mail whose text is in quoted-printable."""
    top = "From: x@y.example\r\nSubject: saved\r\nContent-Type: text/plain; charset=utf-8\r\n"
    coded = quopri.encodestring(content.encode()).replace(b"m", b"=6D")
    return f"{top}Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode() + coded


def hidden(name: str) -> Callable[[str], list[bytes]]:
    """A way to hide a text in an answer, by its name in the table."""
    wide = str.maketrans({chr(one): chr(one + 0xFEE0) for one in range(0x21, 0x7F)})
    ways: dict[str, Callable[[str], list[bytes]]] = {
        "bare": lambda t: [text(f"{WORDS}\n\n{t}")],
        "bullets": lambda t: [text(f"{WORDS}\n\n" + "\n".join(f"* {one}" for one in t.splitlines()))],
        "markdown": lambda t: [text(f"{WORDS}\n\n" + t.replace("=", "\\=").replace("<", "\\<"))],
        "html escapes": lambda t: [text(f"{WORDS}\n\n" + "".join(f"&#{ord(one)};" for one in t))],
        "quoted-printable twice": lambda t: [
            text(f"{WORDS}\n\n" + quopri.encodestring(t.encode()).replace(b"e", b"=65").decode())
        ],
        "zero width": lambda t: [text(f"{WORDS}\n\n" + t.replace("e", "e\u200b"))],
        "full width": lambda t: [text(f"{WORDS}\n\n{t.translate(wide)}")],
        "soft hyphens": lambda t: [text(f"{WORDS}\n\n" + t.replace("a", "a\u00ad"))],
        "utf-16 file": lambda t: [text(WORDS), file(t.encode("utf-16"), "notes.txt", "text/plain")],
        "utf-16 without a mark": lambda t: [text(WORDS), file(t.encode("utf-16-le"), "notes.txt")],
        "html file": lambda t: [text(WORDS), file(html.escape(t).encode(), "page.html", "text/html")],
        "saved mail": lambda t: [text(WORDS), file(nested(t), "saved.eml")],
        "saved mail as rfc822": lambda t: [text(WORDS), b"Content-Type: message/rfc822\r\n\r\n" + nested(t)],
        "rtf": lambda t: [
            text(WORDS),
            file(b"{\\rtf1\\ansi " + t.replace(" ", " {\\b}").encode() + b"}", "n.rtf"),
        ],
        "docx": lambda t: [
            text(WORDS),
            file(zipped("word/document.xml", f"<w:t>{html.escape(t)}</w:t>".encode()), "notes.docx"),
        ],
        "zip": lambda t: [text(WORDS), file(zipped("notes.txt", t.encode()), "notes.zip")],
        "gz": lambda t: [text(WORDS), file(gzip.compress(t.encode()), "notes.gz")],
        "tar.gz": lambda t: [text(WORDS), file(tarred("notes.txt", t.encode()), "notes.tar.gz")],
        "zip in a zip": lambda t: [
            text(WORDS),
            file(zipped("in.zip", zipped("notes.txt", t.encode())), "notes.zip"),
        ],
    }
    return ways[name]


HIDDEN = (
    *("bare", "bullets", "markdown", "html escapes", "quoted-printable twice", "zero width", "full width"),
    *("soft hyphens", "utf-16 file", "utf-16 without a mark", "html file", "saved mail"),
    *("saved mail as rfc822", "rtf", "docx", "zip", "gz", "tar.gz", "zip in a zip"),
)


def comes(desk: RelayDesk, parts: list[bytes], number: int) -> None:
    """Carl answers Rita's mail with *parts*."""
    raw = carls(desk, *parts).replace(b"Message-ID: <", f"Message-ID: <{number}".encode())
    desk.comes(raw, DOMAIN)


def in_words_of_its_own(desk: RelayDesk, parts: list[bytes], number: int) -> bytes:
    """Carl's answer made of *parts*, which says nothing that another one says."""
    mine = "abcdefghijklmnopqrstuvwxyz"[number % 26] * (1 + number // 26)
    raw = carls(desk, *parts).replace(b"Message-ID: <", f"Message-ID: <{number}".encode())
    return raw.replace(WORDS.encode(), f"Thank you, {mine}.".encode())


def each_waits(desk: RelayDesk, attempts: Iterable[list[bytes]]) -> None:
    """Of all these answers, which arrive together, none goes out, and its author is told of each."""
    number = 0
    for number, parts in enumerate(attempts, 1):
        desk.arrives(in_words_of_its_own(desk, parts, number), DOMAIN)
    desk.taken_in()
    assert [letter_text(one) for one in desk.answers(RITA)] == []
    assert len(desk.about(RINGS)) == number > 0


def test_nothing_internal_goes_out_in_any_disguise(talking: RelayDesk) -> None:
    """Words said among the team, the block without its fence, a colleague's token: none reaches the reporter."""
    lines = block(talking).splitlines()[1:-1]
    secrets = (INTERNAL, "\n".join(lines), f"Ask security+{members(talking)}@project.example about it.")
    each_waits(talking, (hidden(name)(secret) for name in HIDDEN for secret in secrets))


def test_the_author_is_shown_the_line_and_one_command_sends_it(talking: RelayDesk) -> None:
    """The notice comes in the same pass and shows the words; ``maild send`` lets the letter go as it is."""
    comes(talking, hidden("zip")(INTERNAL), 1)
    (notice,) = [one for one in talking.to(RINGS) if WAITS in one.raw.decode()]
    shown = " ".join(letter_text(notice).split())
    assert "the vendor of the parser pays us until" in shown
    number = next(str(row["letter"]) for row in talking.view("outbox") if row["kind"] == "answer")
    assert f"`maild send {number}` does the same" in shown
    assert talking.promises()["respond"] == "running"
    assert talking.word("send", number).status == 0
    talking.run()
    assert len(talking.answers(RITA)) == 1
    assert talking.promises()["respond"] == "team:Carl"


def test_a_signed_word_by_mail_sends_it_as_it_is(talking: RelayDesk, kit: Kit) -> None:
    """``!send anyway`` with the member's signature lets the letter go; unsigned, or of another, it does not."""
    says = Publisher(talking, kit).says
    assert "is waiting for a second look" in says("!send anyway")
    for number in (1, 2):
        comes(talking, hidden("zip")(INTERNAL), number)
    first, second = (str(row["letter"]) for row in talking.view("outbox") if row["kind"] == "answer")
    notice = [one for one in talking.to(RINGS) if WAITS in one.raw.decode()][-1]
    assert f"!send anyway {second}" in " ".join(letter_text(notice).split())
    unsigned = {"to": team_address(talking), "sender": f"Carl <{CARL}>", "message_id": "<u@home.example>"}
    talking.comes(
        mails.plain(date=talking.clock, text=f"!send anyway {first} {talking.one()['case']}\n", **unsigned),
        DOMAIN,
    )
    assert "say which" in says("!send anyway")
    assert f"waiting in {talking.one()['case']}: {first}, {second}" in says("!send anyway 99999")
    assert talking.answers(RITA) == []
    assert f"Letter {first} " in says(f"!send anyway {first}")
    assert len(talking.answers(RITA)) == 1
    assert "is being sent as it is" in " ".join(says("!send anyway").split())
    assert len(talking.answers(RITA)) == 2


def test_the_same_words_from_the_reporter_are_no_secret(talking: RelayDesk) -> None:
    """A run of words that the reporter has written goes out, though the team has written it too."""
    talking.comes(reply(talking.to(RITA)[0], RITA, f"I have heard this: {INTERNAL}"))
    copy = talking.copies(CARL)[-1]
    talking.comes(reply(copy, CARL, f"You say: {INTERNAL} We do not think so."), DOMAIN)
    assert len(talking.answers(RITA)) == 1


@pytest.mark.parametrize(
    ("name", "content", "goes"),
    [
        ("mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), False),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(90), False),
        ("odd.bin", bytes(range(256)) * 4, False),
        ("core.7z", b"7z\xbc\xaf\x27\x1c" + bytes(90), False),
        ("shot.png", b"\x89PNG\r\n\x1a\n" + bytes(90), True),
        ("paper.pdf", b"%PDF-1.7\n" + bytes(range(256)), True),
        ("core.1234", b"\x7fELF\x02\x01\x01" + bytes(900), True),
        ("wire.pcap", b"\xd4\xc3\xb2\xa1" + bytes(900), True),
        ("fix.patch", b"--- a/parse.c\n+++ b/parse.c\n@@ -1 +1 @@\n-if (n)\n+if (n > 0)\n", True),
        ("me.bin", b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Bea\r\nEND:VCARD\r\n", False),
        ("key.txt", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n", False),
        ("smime.bin", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + bytes(60), False),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_read_waits_for_its_author(
    talking: RelayDesk, name: str, content: bytes, goes: bool
) -> None:
    """A file that nothing here opens, a key, a card: known by what it is, it waits; known kinds go out."""
    comes(talking, [text(WORDS), file(content, name)], 1)
    assert len(talking.answers(RITA)) == int(goes)
    assert (WAITS in talking.about(RINGS)) is not goes


@pytest.mark.parametrize(
    "line",
    ["`!close`", "* !close", "\uff01close", "!\u200bclose", "!clsoe", "1. !embargo 2026-12-01", "> - !sned"],
)
def test_a_command_in_disguise_asks_first(talking: RelayDesk, line: str) -> None:
    """A line that was meant for maild, in a mail to the reporter, does not go out unasked."""
    raw = carls(talking, text(f"{WORDS}\n\n{line.removeprefix('> ')}\n\nThank you."))
    talking.comes(raw, DOMAIN)
    assert talking.answers(RITA) == []
    assert talking.about(RINGS)


def test_an_attached_copy_gives_no_token_away(talking: RelayDesk) -> None:
    """A copy that was saved and attached holds tokens in its Message-ID and Reply-To alone: it waits."""
    saved = (
        b"Message-ID: <" + members(talking).encode() + b".abc@project.example>\r\nSubject: x\r\n\r\nHi.\r\n"
    )
    comes(talking, [text(WORDS), b"Content-Type: message/rfc822\r\n\r\n" + saved], 1)
    assert talking.answers(RITA) == []
    assert WAITS in talking.about(RINGS)


def test_an_answer_that_was_given_back_may_be_said_again(desk: RelayDesk) -> None:
    """A quote that keeps a piece of the block comes back to its author; without it the same words leave.

    The tag stands once in the subject of what the others read.
    """
    desk.comes(mails.plain(date=desk.clock))
    answer = reply(desk.copies(CARL)[0], f"Carl <{CARL}>", "We can reproduce it, and a fix comes by Friday.")
    lines = answer.decode().splitlines()
    piece = "\n".join(line for line in lines if not line.startswith("> =~=~= the message"))
    desk.comes(piece.replace("home.example>", "phone.example>").encode(), DOMAIN)
    assert desk.answers(RITA) == []
    (notice,) = [one for one in desk.to(RINGS) if "not sent to the reporter" in one.raw.decode()]
    assert "a part of the block" in " ".join(letter_text(notice).split())
    desk.comes(answer, DOMAIN)
    assert len(desk.answers(RITA)) == 1
    subjects = {header(one, "Subject") for one in desk.copies(BEA)[1:]}
    assert {subject.count(str(desk.one()["case"])) for subject in subjects} == {1}
