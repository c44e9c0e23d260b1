"""A copy of somebody's mail that comes before the mail itself, with other outer fields.

Who reads a public post, or stands on the way of a mail, knows its Message-ID, author, subject, date and words.
Eve is the one of ``test_eve``.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.relay.test_eve import EVE, MEMBER, Scene
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, letter_text

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
WORDS = "We can reproduce it and work on a fix for the next release."
LISTED = "List-Id: <x.third.example>\r\nReceived: from x by y; Mon, 2 Mar 2026 09:40:00 +0000\r\n"

MARKED = ("as a machine's", "as bulk mail")
AHEAD: dict[str, Callable[[Scene, bytes], bytes]] = {
    "answered elsewhere": lambda _, raw: f"Reply-To: {EVE}\r\n".encode() + raw,
    "unreadable": lambda _, raw: raw.replace(b"text/plain; charset=utf-8", b"application/octet-stream"),
    "undecodable": lambda _, raw: raw.replace(b"Encoding: 8bit", b"Encoding: base64"),
    "by her token": lambda s, raw: raw.replace(
        b"security@", s.to(EVE, "reporter", s.hers).encode()[:29] + b"@"
    ),
    "in her thread": lambda _, raw: b"In-Reply-To: <eve@elsewhere.example>\r\n" + raw,
    "as a file": lambda _, raw: b"Content-Disposition: attachment; filename=a.txt\r\n" + raw,
    "as bulk mail": lambda _, raw: (
        b"Precedence: bulk\r\nList-Id: <x.example>\r\nList-Unsubscribe: <http://x>\r\n" + raw
    ),
    "as a machine's": lambda _, raw: b"Auto-Submitted: auto-replied\r\n" + raw,
}


def post(number: int, desk: RelayDesk) -> bytes:
    """What somebody reports, and has posted elsewhere too."""
    return mails.plain(
        subject="Re: heap overflow in the reader",
        text=f"The reader overflows its heap with a crafted index; case {number} of several.\n",
        sender=f"Tim <tim{number}@third.example>",
        message_id=f"<post{number}@third.example>",
        date=desk.clock,
    )


def test_a_copy_sent_ahead_takes_no_reports_place(desk: RelayDesk, kit: Kit) -> None:
    """Eight ways: each author has a case that is theirs alone, an acknowledgement, and is read by the team.

    What was sent ahead with the marks of a machine or of bulk mail opened the case already; there the team is
    asked to acknowledge.
    """
    s = Scene(desk, kit)
    for number, ahead in enumerate(AHEAD.values()):
        raw = post(number, desk)
        desk.inbox.append(ahead(s, raw), desk.clock)
        desk.inbox.append(raw, desk.clock)
    desk.run()
    theirs = [
        [one["address"] for one in case["participants"] if one["side"] == "reporter"] for case in desk.cases()
    ]
    for number, way in enumerate(AHEAD):
        author = f"tim{number}@third.example"
        assert [author] in theirs, way
        assert way in MARKED or len(desk.to(author)) >= 1, way
        assert any(f"case {number} of" in letter_text(one) for one in desk.copies(CARL)), way
    assert not [one for one in desk.to(EVE)[1:] if b"heap overflow" in one.raw]


def test_a_members_answer_is_not_lost_behind_a_copy(desk: RelayDesk, kit: Kit) -> None:
    """Carl's, vouched for, goes to Rita all the same; Mia's, whose signature the copy used, waits, and she is told."""
    s = Scene(desk, kit)
    carls = {"sender": f"Carl <{CARL}>", "message_id": "<c@x>", "text": WORDS, "date": desk.clock}
    desk.comes(mails.plain(**carls, to="security@project.example", In_Reply_To="<one@reporter.example>"))
    desk.comes(mails.plain(**carls, to=s.to(CARL, "reporter"), References="<one@reporter.example>"), DOMAIN)
    assert [letter_text(one).strip() for one in desk.answers(RITA)] == [WORDS]
    desk.wait(timedelta(seconds=5))
    part = text(f"{WORDS}\r\n\r\n{s.case}\r\n")
    body = signed(part, kit.detached(kit.member, text=part), head=b"")
    for to in ("security@project.example", s.to(MIA, "reporter")):
        desk.comes(f"From: {MEMBER}\r\nTo: {to}\r\nSubject: x\r\nMessage-ID: <m@x>\r\n".encode() + body)
    assert desk.about(MIA)[-1] == "Please sign your message again"


def test_one_mail_by_two_ways_is_one_mail(desk: RelayDesk, kit: Kit) -> None:
    """What a list adds makes no other mail of it; with the list's Reply-To nobody is shown or answered twice."""
    s = Scene(desk, kit)
    raw, before = post(1, desk), len(desk.cases())
    for copy in (raw, LISTED.encode() + raw, b"Reply-To: x@third.example\r\n" + LISTED.encode() + raw):
        desk.inbox.append(copy, desk.clock)
    desk.run()
    assert len(desk.cases()) == before + 1
    assert len(desk.to("tim1@third.example")) == 1
    assert len([one for one in desk.copies(CARL) if "case 1 of" in letter_text(one)]) == 1
    beas = mails.plain(sender=f"Bea <{BEA}>", message_id="<b@x>", text=WORDS, to=s.to(BEA, "reporter"))
    desk.comes(beas, DOMAIN)
    desk.comes(b"Reply-To: x@third.example\r\n" + LISTED.encode() + beas, DOMAIN)
    assert len(desk.answers(RITA)) == 1


def test_what_is_moved_is_no_other_mail(desk: RelayDesk) -> None:
    """A server that writes a mail anew when somebody moves it out of the junk folder makes no second case of it."""
    raw = b"Received: from a by b with ESMTP id 7; Mon, 2 Mar 2026 09:40:00 +0000\r\n" + post(1, desk)
    desk.inbox.append(raw, desk.clock, "Junk")
    desk.run()
    desk.comes(raw.replace(b"MIME-Version", b"Precedence: bulk\r\nMIME-Version"))
    assert len(desk.cases()) == 1
