"""What a member writes reaches the reporter whole, whatever it looks like (ruling 18)."""

import pytest

from tests.support import mails
from tests.support.quoting import STYLES
from tests.support.relaying import CARL, RITA, RelayDesk, header, letter_text, reply

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
