"""What a member writes reaches the reporter whole, whatever it looks like (ruling 18)."""

# ruff: noqa: RUF001 - punctuation of many languages

from base64 import encodebytes

import pytest

from maild.core.mail.mime import parse
from tests.openpgp.kit import Kit
from tests.relay.test_gone_wrong import sealed_reply
from tests.support import mails
from tests.support.quoting import STYLES
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, plain_text, read_by, reply
from tests.support.sealing import SAM, key_file, report
from tests.support.tnef import packed

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
REPORT = "A crafted file makes the parser write past its buffer.\n\nBest regards, Rita\n"
WRITTEN = {
    "a patch": "Please test this:\n\nFrom 3f2a9c1d5e Mon Sep 17 00:00:00 2001\nFrom: C <c@elsewhere.example>\n"
    "Subject: [PATCH] check it\n---\n@@ -1 +1 @@\n-  a\n+  b\n-- \n2.39.2\n\nIs Thursday fine for you?",
    "a prompt": "We tried:\n\n>>> import parser\n>>> parser.version\n'2.1'\n\nWhich version did you use?",
    "a configuration": "Please set:\n\n[parser]\nlimit = 64\n# --\nstrict = yes\n\nand try again.",
    "two dashes": "We used\n\nx' OR 1=1\n--\n\nand with it we get all rows, so we confirm it.",
    "a program that wrote": "On startup the daemon wrote:\n\n  assertion failed\n\nWe confirm it for 2.0 and 2.1.",
    "a fence": "Try this:\n\n```\n> SELECT 1;\n1\n```\n\nand tell us.",
    "a pasted head": "Your server sent:\n\nFrom: Kiosk <kiosk@elsewhere.example>\nSent: Monday\nTo: all\n"
    "Subject: hello\n\nand that is a leak too.",
    "a quote at its end": "As they say:\n\n> never trust a length",
    "a line of sections": "First.\n________________________________\n\nSecond.\n-----\nThird.",
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_a_member_wrote_goes_out_whole(desk: RelayDesk, kind: str) -> None:
    """Whatever its shape, every line is in the answer, and nothing of the quote is."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    desk.comes(reply(desk.copies(CARL)[0], CARL, WRITTEN[kind]), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).rstrip("\n") == WRITTEN[kind]
    assert desk.promises()["acknowledge"] in ("receipt", "team:Carl")


@pytest.mark.parametrize("style", STYLES)
def test_answers_between_the_lines_go_out_in_every_style(desk: RelayDesk, style: str) -> None:
    """Below a head that marks nothing as between marked lines; the line that is answered stays above."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    head, quote = STYLES[style]
    copy = letter_text(desk.copies(CARL)[0]).splitlines()
    body = copy.index(REPORT.splitlines()[0])
    written = [
        "Hi Rita, see below.",
        "",
        *head,
        *quote(copy[: body + 1]),
        "",
        "We can reproduce this with 2.1.",
    ]
    written += ["", *quote(copy[body + 1 :]), "", "We would like to publish on 12 March."]
    raw = reply(desk.copies(CARL)[0], CARL, "X").partition(b"\r\n\r\n")[0]
    desk.comes(raw + b"\r\n\r\n" + "\r\n".join(written).encode(), DOMAIN)
    (answer,) = desk.answers(RITA)
    said = letter_text(answer)
    for line in (
        "Hi Rita, see below.",
        "We can reproduce this with 2.1.",
        "We would like to publish on 12 March.",
    ):
        assert line in said.splitlines()
    assert "=~=" not in said
    assert "Sent: Monday" not in said
    assert "for the team" not in said


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: text/x-patch; name="fix.patch"\r\nContent-Disposition: inline; filename="fix.patch"',
        'Content-Type: text/plain; name="fix.patch"\r\nContent-Disposition: inline; filename="fix.patch"',
        'Content-Type: text/plain; charset=utf-8; name="fix.patch"',
        'Content-Type: text/html; name="page.html"\r\nContent-Disposition: inline; filename="page.html"',
        'Content-Type: application/octet-stream; name="fix.patch"',
    ],
)
def test_every_part_with_a_file_name_goes_along(desk: RelayDesk, head: str) -> None:
    """Inline, attached, or without any disposition: the reporter gets the file as a file, once."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    raw = reply(desk.copies(CARL)[0], CARL, "W", Content_Type='multipart/mixed; boundary="b"')
    fields = raw.partition(b"\r\n\r\n")[0]
    parts = f"--b\r\nContent-Type: text/plain\r\n\r\nPlease test the file.\r\n--b\r\n{head}\r\n\r\n+ if (n > 64)\r\n--b--\r\n"
    desk.comes(fields + b"\r\n\r\n" + parts.encode(), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).strip() == "Please test the file."
    assert answer.raw.count(b"+ if (n > 64)") + answer.raw.count(b"KyBpZiAobiA+IDY0K") == 1
    assert b"fix.patch" in answer.raw or b"page.html" in answer.raw


def test_observed_an_answer_between_the_lines_counts(desk: RelayDesk) -> None:
    """Below an unmarked head in the Sent folder: the answer is seen by the mail that it refers to."""
    desk.path.write_text(desk.path.read_text().replace('"relay"', '"observe"'))
    desk.run()
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    head = "From: Rita <rita@reporter.example>\nSent: Monday, March 2, 2026\nTo: security@project.example\n"
    words = (
        "We can reproduce this with 2.1 and 2.0, not with 1.9. A fix is planned for 12 March, is that fine?"
    )
    raw = mails.plain(
        date=desk.clock,
        sender=f"Carl <{CARL}>",
        to=RITA,
        message_id="<a1@project.example>",
        In_Reply_To="<one@reporter.example>",
        text=f"{head}Subject: Overflow in the parser\n\n{REPORT}\n[Carl] {words}\n",
    )
    desk.inbox.append(raw, desk.clock, "Sent")
    desk.run()
    assert desk.promises()["respond"] == "team:Carl"


def test_a_signature_with_the_members_name_stays_behind(desk: RelayDesk) -> None:
    """What the mail program adds below two dashes is not for the reporter."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    desk.comes(reply(desk.copies(CARL)[0], CARL, "We fix it.\n\n-- \nCarl\n+49 1"), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).strip() == "We fix it."
    assert header(answer, "In-Reply-To") == "<one@reporter.example>"


def test_the_author_hears_of_files_that_stay_behind(desk: RelayDesk) -> None:
    """What Outlook packed into winmail.dat is not sent, and whoever wrote it is told."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    raw = reply(desk.copies(CARL)[0], CARL, "W", Content_Type='multipart/mixed; boundary="b"')
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease test the file.\r\n--b\r\n"
        'Content-Type: application/ms-tnef; name="winmail.dat"\r\n\r\nx\r\n--b--\r\n'
    )
    desk.comes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + parts.encode(), DOMAIN)
    assert letter_text(desk.answers(RITA)[0]).strip() == "Please test the file."
    assert "Not sent to the reporter: winmail.dat" in desk.about("carl@phone.example")


def test_files_in_winmail_dat_go_along(desk: RelayDesk) -> None:
    """Each as a file of its own, byte for byte, past the same last look as any other."""
    content = b"--- a/parser.c\r\n+++ b/parser.c\r\n"
    desk.comes(with_winmail(desk, ("fix.patch", content)), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).strip() == "Please test the file."
    assert b"fix.patch" in answer.raw
    assert b"winmail.dat" not in answer.raw
    assert content in [part.content for part in parse(answer.raw).root.leaves]
    assert desk.about("carl@phone.example") == []


def test_the_team_gets_the_files_of_a_reporters_winmail_dat(desk: RelayDesk) -> None:
    """Beside the message as it came."""
    coded = encodebytes(packed(("poc.py", b"print(1)\n"))).decode()
    desk.comes(
        mails.plain(
            date=desk.clock,
            text=f"--b\nContent-Type: text/plain\n\n{REPORT}\n--b\nContent-Type: application/ms-tnef\n"
            f"Content-Transfer-Encoding: base64\n\n{coded}\n--b--\n",
            Content_Type='multipart/mixed; boundary="b"',
        )
    )
    parts = {part.filename: part.content for part in parse(desk.copies(CARL)[0].raw).root.leaves}
    assert parts["poc.py"] == b"print(1)\n"


def test_a_file_in_winmail_dat_that_tells_something_is_held(desk: RelayDesk) -> None:
    """What would be held as an attachment is held out of it too."""
    desk.comes(with_winmail(desk, ("notes.txt", b"ask mia@project.example")), DOMAIN)
    assert desk.answers(RITA) == []
    assert desk.about("carl@phone.example") == ["Your message was not sent to the reporter"]


def with_winmail(desk: RelayDesk, *files: tuple[str, bytes]) -> bytes:
    """A reply of Carl's to a new report, its files packed by Outlook."""
    raw = answered(desk, "W", Content_Type='multipart/mixed; boundary="b"')
    coded = encodebytes(packed(*files)).decode()
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease test the file.\r\n--b\r\n"
        'Content-Type: application/ms-tnef; name="winmail.dat"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--b--\r\n"
    )
    return raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + parts.encode()


def test_encrypted_an_answer_below_an_unmarked_head_goes_out(desk: RelayDesk, kit: Kit) -> None:
    """What it answers came encrypted, and is opened to tell the quote; the notice holds no word of it."""
    known = kit.public(kit.people, kit.stranger)
    desk.comes(report(kit, 1, key_file(known), words="A crafted file makes it crash on every start."))
    quote = "From: Sam via Example\r\nSent: Monday, March 2, 2026\r\nTo: x\r\nSubject: y\r\n\r\nA crafted file makes it crash on every start.\r\n"
    words = "[Mia] We can reproduce it with 2.1, and a fix is planned."
    desk.comes(sealed_reply(desk, kit, f"{quote}\r\n{words}\r\n\r\n-- \r\nMia of the team\r\n"))
    (answer,) = desk.answers(SAM)
    assert plain_text(read_by(kit, answer)).strip() == words
    assert desk.promises()["respond"] == "team:Mia"
    (told,) = [one for one in desk.to(MIA) if "Not sent to the reporter: 2 lines" in header(one, "Subject")]
    assert b"Mia of the team" not in told.raw


def answered(desk: RelayDesk, written: str, **headers: str) -> bytes:
    """A reply of Carl's to a new report, on its way."""
    desk.comes(mails.plain(date=desk.clock, text=REPORT))
    return reply(desk.copies(CARL)[0], CARL, written, **headers)


def test_a_member_signs_a_patch_with_their_own_address(desk: RelayDesk) -> None:
    """Git writes it into head and trailers; in any other place, and for anybody else's, it is held."""
    patch = WRITTEN["a patch"].replace("C <c@elsewhere.example>", f"Carl <{CARL}>")
    patch = patch.replace("---\n@@", f"\nSigned-off-by: Carl <{CARL}>\n---\ndiff --git a/p.c b/p.c\n@@", 1)
    desk.comes(answered(desk, patch), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).rstrip("\n") == patch
    for worse in (patch.replace(f"Carl <{CARL}>", "Mia <mia@project.example>"), f"{patch}\nAsk {CARL}."):
        desk.comes(reply(desk.copies(CARL)[0], CARL, worse), DOMAIN)
    assert len(desk.answers(RITA)) == 1
    assert desk.about("carl@phone.example") == ["Your message was not sent to the reporter"] * 2


def test_the_author_reads_which_lines_stay_behind(desk: RelayDesk) -> None:
    """A signature with their name, a telephone's line, a visiting card; the same ones once a case."""
    signed = "We fix it.\n\n-- \nCarl\n+49 1\n"
    desk.comes(answered(desk, signed), DOMAIN)
    desk.comes(reply(desk.copies(CARL)[0], CARL, signed.replace("We", "Next week we")), DOMAIN)
    assert desk.about("carl@phone.example") == ["Not sent to the reporter: 3 lines"]
    told = letter_text(desk.to("carl@phone.example")[-1])
    assert [line for line in told.splitlines() if line.startswith("> ")] == ["> --", "> Carl", "> +49 1"]
    desk.comes(reply(desk.copies(CARL)[0], CARL, "Done.\n\nSent from my phone"), DOMAIN)
    assert "> Sent from my phone" in letter_text(desk.to("carl@phone.example")[-1])
    assert len(desk.answers(RITA)) == 3


def test_the_author_hears_that_a_long_answer_was_cut(desk: RelayDesk) -> None:
    """What is beyond the limit does not go out in silence."""
    lines = "".join(f"{number}: nothing is like this line\n" for number in range(6500))
    desk.comes(answered(desk, lines), DOMAIN)
    assert desk.about("carl@phone.example") == ["Not sent to the reporter: the end of a long message"]
    assert "first 200,000" in letter_text(desk.to("carl@phone.example")[-1])


@pytest.mark.parametrize("kind", ["a patch", "two dashes", "a pasted head", "a program that wrote"])
def test_what_a_member_wrote_goes_out_whole_without_references(desk: RelayDesk, kind: str) -> None:
    """A program that names no message it answers costs no line: one of the case's is answered."""
    raw = answered(desk, WRITTEN[kind], In_Reply_To="", References="")
    copy = desk.copies(CARL)[0]
    token = header(copy, "Message-ID").strip("<").partition(".")[0]
    desk.comes(raw.replace(b"To: security@", f"To: security+{token}@".encode(), 1), DOMAIN)
    (answer,) = desk.answers(RITA)
    assert letter_text(answer).rstrip("\n") == WRITTEN[kind]


def test_html_beside_plain_text_goes_out_too(desk: RelayDesk) -> None:
    """Apple Mail puts what stands below a picture into another part; only a twin of plain text is left out."""
    raw = answered(desk, "W", Content_Type='multipart/mixed; boundary="b"')
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the picture.\r\n--b\r\n"
        'Content-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b\r\n'
        "Content-Type: text/html\r\n\r\n<p>We confirm it for 2.1.</p>\r\n--b--\r\n"
    )
    desk.comes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + parts.encode(), DOMAIN)
    said = letter_text(desk.answers(RITA)[0])
    assert "See the picture." in said
    assert "We confirm it for 2.1." in said


@pytest.mark.parametrize(
    ("written", "promise"),
    [
        ("您好，我们已经复现了这个漏洞，修复版本是 2.1.1。", "team:Carl"),
        ("再現できました。修正版は来週公開する予定です。", "team:Carl"),
        ("เราทำซ้ำช่องโหว่นี้ได้แล้ว และจะออกรุ่นแก้ไขในสัปดาห์หน้า", "team:Carl"),
        ("谢谢！", "running"),
        ("ขอบคุณ", "running"),
    ],
)
def test_an_answer_without_spaces_is_one(desk: RelayDesk, written: str, promise: str) -> None:
    """Chinese, Japanese and Thai count by their letters; a bare thanks is brief in them too."""
    desk.comes(answered(desk, written), DOMAIN)
    assert letter_text(desk.answers(RITA)[0]).strip() == written
    assert desk.promises()["respond"] == promise
