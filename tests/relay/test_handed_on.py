"""What a member writes above a report that they forward, and who else has reported: neither reaches a reporter.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

import gzip

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.relay.test_kept_among_us import DOMAIN, One, answered
from tests.relay.test_last_look import zipped
from tests.relay.test_leaks import file
from tests.relay.test_meanwhile import copy_with, team_of
from tests.relay.test_several import TIM, joined
from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, header, letter_text
from tests.support.smtpsink import Letter

__all__ = ["joined"]
pytestmark = pytest.mark.dovecot
NOTE = "The vendor of the parser pays us until spring and must not hear about any of this."
THEIRS = "A quokka makes the picture decoder crash whenever it is drawn twice in a row."
TITLE = "How the picture decoder crashes whenever somebody draws a quokka"
FIX = "fix@vendor.example"
SAID = (
    "The board fears that Quentin from accounting tells his brother before the holidays",
    "Nobody may learn how much Hannah paid for silence about the decoder last summer",
    "Purchasing wants forty new licences signed before anyone outside reads this finding aloud",
    "Legal insists that Marlene alone answers journalists while the audit is still running",
    "Two engineers resigned yesterday because management buried their memo on parsers twice",
)


def forwards(desk: RelayDesk) -> None:
    """Carl forwards what Tim has sent him, with a note above."""
    inner = mails.plain(
        sender=f"Tim <{TIM}>", to=CARL, subject=TITLE, text=f"{THEIRS}\n", message_id="<t1@x>"
    )
    top = f"From: Carl <{CARL}>\r\nTo: security@project.example\r\nSubject: Fwd: {TITLE}\r\nMessage-ID: <f@x>\r\n"
    parts = (text(NOTE), b"Content-Type: message/rfc822\r\n\r\n" + inner)
    desk.comes(multipart("mixed", *parts, head=top.encode()), DOMAIN)


def to_tim(desk: RelayDesk, number: int, words: str) -> int:
    """Carl answers the newest message of Tim; how many answers Tim got by it."""
    copy, before = desk.copies(CARL)[-1], len(desk.answers(TIM))
    name = header(copy, "Message-ID")
    lines = (f"From: Carl <{CARL}>", f"To: {header(copy, 'Reply-To')}", f"In-Reply-To: {name}", "Subject: x")
    head = "".join(f"{one}\r\n" for one in (*lines, f"Message-ID: <q{number}@home.example>"))
    desk.comes(text(words, head=head.encode()), DOMAIN)
    return len(desk.answers(TIM)) - before


def test_a_note_above_a_forwarded_report_waits(desk: RelayDesk) -> None:
    """Pasted to its reporter, there and in another case of theirs, it waits; their own words and subject go out."""
    forwards(desk)
    honest = (f"You say: {THEIRS}", f"You call it: {TITLE}.")
    assert to_tim(desk, 1, f"As we see it: {NOTE}") == 0
    assert [to_tim(desk, 2 + number, words) for number, words in enumerate(honest)] == [1, 1]
    about = {"sender": f"Tim <{TIM}>", "subject": "Another", "message_id": "<t9@x>"}
    desk.comes(mails.plain(date=desk.clock, text="The writer leaks memory.\n", **about), TIM)
    assert to_tim(desk, 5, f"We think so: {NOTE}") == 0
    assert to_tim(desk, 6, f"You have said: {THEIRS}") == 1


def test_another_reporters_address_waits(desk: RelayDesk) -> None:
    """In the text, a patch, a page, in any letters: it waits, and nothing else does; not one that the reader named."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    about = {"sender": f"Tim <{TIM}>", "message_id": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, text="A quokka.\n", **about), TIM)
    patch = f"From: Carl <{CARL}>\n\nFix it.\n\nReported-by: Tim <{TIM}>\n---\ndiff --git a/x b/x\n-a\n+b\n"
    page = f'<a href="mailto:{TIM}?subject=x">Tim</a>'.encode()
    for number, parts in enumerate(
        (
            [text(f"It was {TIM} who found it first.")],
            [text(f"Please ask *{TIM.upper()}*'s friends.")],
            [text("Please try this."), file(patch.encode(), "fix.patch")],
            [text("Please see the page."), file(page, "p.html", "text/html")],
            [text("Please see the file."), file(b"x", f"for-{TIM}.txt")],
        )
    ):
        assert (number, answered(desk, number, *parts)) == (number, 0)
    (told,) = {" ".join(letter_text(one).split()).partition(", because ")[2][:47] for one in noticed(desk)}
    assert told == "it contains the address of another reporter. Th"
    assert answered(desk, 10, text(f"We write to {RITA} again on Monday.")) == 1
    name = header(desk.answers(RITA)[-1], "Message-ID")
    more = {"message_id": "<r2@reporter.example>", "In_Reply_To": name}
    desk.comes(mails.plain(date=desk.clock, text=f"My friend {TIM} knows of it, too.\n", **more), RITA)
    assert answered(desk, 11, text(f"Please tell {TIM} no more than that.")) == 1


def noticed(desk: RelayDesk) -> list[Letter]:
    """The notices that an answer waits for a look."""
    return [one for one in desk.to("carl@phone.example") if "look at your message" in header(one, "Subject")]


def test_a_reason_with_the_other_reporters_address_waits(joined: RelayDesk, kit: Kit) -> None:
    """In a draft for both, each of whom knows their own address: it goes to the one whose it is."""
    says = One(joined, kit).says
    says(f"!verdict out-of-scope as {TIM} says himself")
    says("!send")
    assert (len(joined.answers(RITA)), len(joined.answers(TIM))) == (0, 1)


def test_a_guest_reads_no_address_of_another_case(desk: RelayDesk) -> None:
    """A copy with the address of another case's reporter waits; with that of this one's it goes."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    case, copy = str(desk.one()["case"]), copy_with(desk, "crafted")
    about = {"sender": f"Tim <{TIM}>", "message_id": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, text="A quokka.\n", **about), TIM)
    assert desk.word("guest", case, FIX, "until", "9d").status == 0
    desk.run()
    before = len(desk.to(FIX))
    for number, (words, more) in enumerate(((f"I asked {TIM}.", 0), (f"I asked {RITA}.", 1))):
        to = {"to": team_of(copy), "sender": f"Carl <{CARL}>", "message_id": f"<g{number}@home.example>"}
        desk.comes(mails.plain(date=desk.clock, subject="x", text=f"{words}\n", **to), DOMAIN)
        assert (words, len(desk.to(FIX)) - before) == (words, more)


def notes() -> dict[str, bytes]:
    """Files and parts of mail to the team, each with a sentence of its own."""
    sheet = f"<sst><si><t>{SAID[0]}</t></si></sst>".encode()
    event = f"SUMMARY:Meeting\r\nDESCRIPTION:{SAID[1][:40]}\r\n {SAID[1][40:]}\r\n"
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
    box = f"From x\r\nFrom: a@b.example\r\nSubject: y\r\n\r\n{SAID[4]}\r\n"
    return {
        "a spreadsheet": file(zipped("xl/sharedStrings.xml", sheet), "plan.xlsx"),
        "an invitation": text(calendar, "calendar; method=REQUEST"),
        "a compressed text": file(gzip.compress(SAID[2].encode()), "notes.txt.gz"),
        "a text without an ending": file(SAID[3].encode(), "NOTES", "text/plain"),
        "a mailbox": file(box.encode(), "old.mbox"),
    }


def test_notes_to_the_team_of_any_kind_wait(desk: RelayDesk) -> None:
    """Words of a file or an invitation in mail among the team, pasted, wait; the table of a test goes out."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    to = team_of(desk.copies(CARL)[0])
    table = file(
        b"run,what happened\n1,the parser of the far reader stops in the second loop again\n", "t.csv"
    )
    for number, part in enumerate((*notes().values(), table)):
        top = (
            f"From: Carl <{CARL}>\r\nTo: {to}\r\nSubject: Among us {number}\r\nMessage-ID: <n{number}@x>\r\n"
        )
        desk.comes(multipart("mixed", text(f"See {number}."), part, head=top.encode()), DOMAIN)
    for number, name in enumerate(notes()):
        words = SAID[number]
        assert (name, answered(desk, number, text(f"It is so: {words}."))) == (name, 0)
    assert answered(desk, 20, text("Please compare this table with yours."), table) == 1
