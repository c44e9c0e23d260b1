"""Every place where security@ lives, on the real engine: nine kinds of messages, the letters and clocks of each.

``pytest -s tests/roads/test_shapes.py`` prints the tables. The golden ones are kept by mode alone: whoever keeps the
mailbox, and whatever stands in front of it, the same must come of a message.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.openpgp.conftest import kit
from tests.openpgp.kit import Kit
from tests.support import bounces, mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.golden import golden
from tests.support.ports import await_that
from tests.support.postfix import Postfix, find_postfix
from tests.support.relaying import BEA, CARL, MIA, RelayDesk, header, letter_text, reply
from tests.support.sealing import SAM, report
from tests.support.shaped import DESK, Shape, google_group, mailman, simplelogin
from tests.support.smtpsink import Letter, SmtpSink

__all__ = ["kit"]

pytestmark = pytest.mark.dovecot
GROUP = "report@project.example"
LISTED = "report@lists.project.example"

SELF = 'authserv_id = "mx.desk.example"\n'
SHAPES = (
    Shape("Workspace", "Gmail", "google"),
    Shape("Microsoft 365", "Microsoft 365", "microsoft"),
    Shape(
        "Google Group, observe",
        "Gmail",
        "google",
        mode="observe",
        carried=google_group(DESK),
        by_all=True,
    ),
    Shape(
        "Google Group, relay",
        "Gmail",
        "google",
        published=GROUP,
        carried=google_group(GROUP),
        desk=f'own_lists = ["{GROUP}"]',
    ),
    Shape(
        "Mailman 3, observe",
        "Migadu",
        "migadu",
        mode="observe",
        published=LISTED,
        carried=mailman,
        desk=f'own_lists = ["{LISTED}"]',
    ),
    Shape(
        "Mailman 3, relay",
        "Fastmail",
        "fastmail",
        published=LISTED,
        carried=mailman,
        desk=f'own_lists = ["{LISTED}"]',
    ),
    Shape("Forwarder", "Zoho", "zoho", carried=simplelogin),
    Shape("Shared mailbox", "rspamd", "self-hosted", inbox=f'only_to = ["{DESK}"]', trust=SELF),
)
POSTFIX = Shape(
    "Postfix and Dovecot, unix socket", "", "self-hosted", trust='authserv_id = "mx.project.example"\n'
)
WORDS = "Thank you, we can reproduce it and work on a fix."
PHONE = """\
--p
Content-Type: text/plain; charset=utf-8

{words}

Sent from my iPhone

{quoted}
--p
Content-Type: text/html; charset=utf-8

<html><body dir="auto">{words}<div><br></div><div dir="ltr">Sent from my iPhone</div>
<div dir="ltr"><blockquote type="cite">{quoted}</blockquote></div></body></html>
--p--
"""
NAMES = {
    MIA: "Mia",
    BEA: "Bea",
    CARL: "Carl",
    "carl@phone.example": "Carl's phone",
    SAM: "reporter",
    DESK: "desk",
}
Brings = Callable[[bytes, bool], None]


class Walk:
    """One place, and what comes of each kind of message there."""

    def __init__(self, desk: RelayDesk, shape: Shape, brings: Brings) -> None:
        self.desk, self.shape, self.brings, self.number = desk, shape, brings, 0
        desk.path.write_text(shape.configured(desk.path.read_text()))
        desk.run()

    # messages

    def comes(self, raw: bytes, published: bool = False) -> None:
        """A message arrives, and everything that follows is done."""
        self.desk.wait(timedelta(minutes=5))
        self.brings(raw, published)
        self.desk.run()
        assert self.desk.trouble == ""
        assert self.desk.view("shunted") == []

    def report(self) -> bytes:
        """A report of somebody new, in clear."""
        self.number += 1
        return mails.plain(
            subject=f"Overflow in reader {self.number}",
            text=f"A file of kind {self.number} makes the reader write past its buffer.\n",
            sender=f"Rita <{self.reporter}>",
            to=self.shape.published,
            message_id=f"<r{self.number}@reporter.example>",
            date=self.desk.clock,
        )

    @property
    def reporter(self) -> str:
        """Who wrote the last report in clear."""
        return f"rita{self.number}@reporter.example"

    @property
    def receipt(self) -> Letter:
        """The acknowledgement that they got."""
        return self.desk.to(self.reporter)[0]

    def answer(self, **about: str) -> bytes:
        """Carl, who has no key, answers: the copy that maild sent him, or the message that the list brought him."""
        who = f"Carl <{CARL}>"
        if self.shape.mode == "relay":
            return reply(self.desk.copies(CARL)[-1], who, WORDS, **about)
        known = f"<r{self.number}@reporter.example>"
        fields = {"to": self.reporter, "Cc": self.shape.published, "In_Reply_To": known, "References": known}
        name = f"<c{self.number}@project.example>"
        about = {"subject": f"Re: Overflow in reader {self.number}", **fields, **about}
        return mails.plain(text=f"{WORDS}\n", sender=who, message_id=name, date=self.desk.clock, **about)

    def away(self) -> bytes:
        """The reporter's mail program answers the acknowledgement by itself."""
        known = header(self.receipt, "Message-ID")
        return mails.plain(
            subject="Automatic reply: We received your report",
            text="I am out of the office until Monday.\n",
            sender=f"Rita <{self.reporter}>",
            to=header(self.receipt, "Reply-To"),
            message_id=f"<a{self.number}@reporter.example>",
            date=self.desk.clock,
            In_Reply_To=known,
            Auto_Submitted="auto-replied",
            X_Auto_Response_Suppress="All",
        )

    # what came of it

    def row(self, step: str, before: int) -> str:
        """Step, verdict, letters and clocks, since *before* letters had gone out."""
        newest = self.desk.word("mail", "--all", "--json")
        verdict = max(json.loads(newest.out), key=lambda one: one["id"] or 0)["verdict"]
        case = self.desk.promises(len(self.desk.cases()) - 1) if step != "spam" else {}
        clocks = ", ".join(f"{name} {how}" for name, how in case.items()) or "none"
        return f"{step}: {verdict}\n  letters: {self.letters(before)}\n  clocks: {clocks}\n"

    def letters(self, before: int) -> str:
        """Who got what."""
        kinds = {row["message_id"]: row["kind"] for row in self.desk.view("outbox", True)}
        found: dict[str, list[str]] = {}
        for one in self.desk.sink.letters[before:]:
            kind = kinds[header(one, "Message-ID")]
            if kind == "notice":
                kind += f" ({header(one, 'Subject').partition('] ')[2]})"
            name = NAMES.get(one.recipients[0], "reporter")
            found.setdefault(kind, []).append(
                f"{name}, encrypted" if b"multipart/encrypted" in one.raw else name
            )
        return (
            "; ".join(f"{kind} to {' and '.join(sorted(who))}" for kind, who in sorted(found.items()))
            or "none"
        )


def steps(walk: Walk, kit: Kit) -> Iterator[tuple[str, Callable[[], bytes], bool, bool]]:
    """Each kind of message: its name, how it is written, whether a report comes first, whether it is public.

    What is public goes to the published address: a member's answers, too, where a list brings the team its mail.
    """
    listed = walk.shape.mode == "observe"
    yield "new report", walk.report, False, True
    yield "encrypted report", lambda: report(kit), False, True
    yield (
        "follow-up",
        lambda: reply(walk.receipt, f"Rita <{walk.reporter}>", "It happens on ARM, too."),
        True,
        False,
    )
    yield "a keyless member's reply", walk.answer, True, listed
    yield "reply-all", lambda: walk.answer(**all_of(walk)), True, listed
    yield "from a phone", lambda: phoned(walk.answer()), True, listed
    yield "out-of-office", walk.away, True, False
    yield "bounce", lambda: bounces.postfix(walk.receipt), True, False
    yield "spam", lambda: spam(walk), False, True


def all_of(walk: Walk) -> dict[str, str]:
    """The further recipients of a member who replies to all."""
    return {
        "Cc": f"{walk.reporter}, {BEA}" if walk.shape.mode == "relay" else f"{walk.shape.published}, {BEA}"
    }


def phoned(raw: bytes) -> bytes:
    """The same message, as a phone writes it: plain text and HTML, the words above a quote, a line below them."""
    head, _, body = raw.decode().partition("\r\n\r\n")
    words, _, quoted = body.replace("\r\n", "\n").partition("\n")
    head = re.sub(r"(?m)^Content-Type: .*\r?$", 'Content-Type: multipart/alternative; boundary="p"', head)
    return (
        f"{head}\r\n\r\n{PHONE.format(words=words, quoted=quoted.strip())}".replace("\r\n", "\n")
        .replace("\n", "\r\n")
        .encode()
    )


def spam(walk: Walk) -> bytes:
    """What nobody has to look at."""
    about = {"sender": "Win <win@spam.example>", "to": walk.shape.published, "message_id": "<s@spam.example>"}
    return mails.plain("CHEAP PILLS 80% OFF!!! CLICK NOW", "Click here.\n", date=walk.desk.clock, **about)


def table(walk: Walk, kit: Kit) -> str:
    """Every step, one after the other."""
    rows = []
    for step, written, reported, published in steps(walk, kit):
        if reported:
            walk.comes(walk.report(), published=True)
        before = len(walk.desk.sink.letters)
        walk.comes(written(), published)
        rows.append(walk.row(step, before))
        answered(walk, step)
    return "".join(rows)


def answered(walk: Walk, step: str) -> None:
    """What goes to a reporter are the member's words, without what they quoted."""
    for one in walk.desk.answers(walk.reporter):
        said = letter_text(one)
        assert said.startswith(WORDS), step
        assert "via Example" not in said


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.name)
def test_the_same_comes_of_a_message_wherever_security_lives(
    shape: Shape, tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit
) -> None:
    """Nine kinds of messages at this place: the letters and clocks of its mode."""
    desk = RelayDesk(tmp_path, inbox, sink, certificate, kit)
    walk = Walk(desk, shape, lambda raw, published: inbox.append(shape.lies(raw, published), desk.clock))
    found = table(walk, kit)
    print(f"\n== {shape.name}\n{found}")
    golden(f"shapes/{shape.mode}.txt", found)


@pytest.mark.skipif(find_postfix() is None, reason="no postfix on this machine, or not root")
def test_postfix_hands_on_by_a_unix_socket(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit
) -> None:
    """The same by a real Postfix and Dovecot, where the head names no address of the last hop."""
    postfix = Postfix(inbox, DESK, sink.port, unix=True)
    try:
        postfix.start()
        desk = RelayDesk(tmp_path, inbox, sink, certificate, kit)

        def brings(raw: bytes, _published: bool) -> None:
            before = inbox.uids()
            postfix.hand_in("x@out.example", DESK, raw, "out.sender.example")
            await_that(lambda: inbox.uids() != before, "Postfix brings the message")

        found = table(Walk(desk, POSTFIX, brings), kit)
        head = inbox.client.fetch([inbox.uids()[-1]], ["BODY.PEEK[HEADER]"])
    finally:
        postfix.remove()
    assert b"with LMTP" in next(iter(head.values()))[b"BODY[HEADER]"]
    print(f"\n== {POSTFIX.name}\n{found}")
    golden("shapes/relay.txt", found)


def test_of_a_shared_mailbox_only_the_desk_s_part_is_touched(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit
) -> None:
    """What is for info@ stays as it was and is no report; an answer that lies in Sent keeps the promise."""
    shape = next(one for one in SHAPES if one.name == "Shared mailbox")
    desk = RelayDesk(tmp_path, inbox, sink, certificate, kit)
    walk = Walk(desk, shape, lambda raw, published: inbox.append(shape.lies(raw, published), desk.clock))
    walk.comes(mails.plain("An application", to="info@project.example", date=desk.clock), published=True)
    assert (desk.cases(), sink.letters, inbox.marks(inbox.uids()[-1])) == ([], [], set())
    walk.comes(walk.report(), published=True)
    about = {"In_Reply_To": "<r1@reporter.example>", "message_id": "<s1@project.example>"}
    inbox.append(mails.plain(sender=DESK, to=walk.reporter, date=desk.clock, **about), desk.clock, "Sent")
    desk.run()
    assert desk.promises() == {"acknowledge": "receipt", "respond": "team:desk", "update": "running"}
