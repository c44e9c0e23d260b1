"""Bounces over the whole road: which letter came back is proved by our mark, in three places, and only so."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from tests.support import mails
from tests.support.bounces import postfix
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.ports import await_that
from tests.support.postfix import Postfix, find_postfix
from tests.support.running import RunningDesk
from tests.support.smtpsink import Letter, SmtpSink, running

pytestmark = pytest.mark.dovecot
RELAY = 'mode = "relay"\n'


@pytest.fixture
def dsn_sink(certificate: Certificate) -> Iterator[SmtpSink]:
    """A server that takes envelope ids."""
    with running(SmtpSink(certificate, users={"desk": "sesame"}, dsn=True)) as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, inbox: User, dsn_sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose server returns bounces to an address of the letter's own."""
    made = RunningDesk(tmp_path, inbox, dsn_sink, certificate)
    verp(made)
    made.run()
    return made


def verp(desk: RunningDesk, section: str = "") -> None:
    """As configured, with an envelope sender for each letter."""
    desk.configure(section)
    desk.path.write_text(desk.path.read_text().replace("[smtp]\n", '[smtp]\nenvelope = "verp"\n'))


def receipt(desk: RunningDesk) -> Letter:
    """The receipt of a report that has just come."""
    desk.inbox.deliver(mails.plain())
    desk.run()
    return next(one for one in desk.sink.letters if one.recipients == ("rita@reporter.example",))


def comes_back(desk: RunningDesk, bounce: bytes) -> dict[str, object]:
    """The server's word arrives; what is known of the case then."""
    desk.inbox.deliver(bounce, "")
    desk.run()
    (case,) = desk.cases()
    ack = next(row for row in case["promises"] if row["promise"] == "acknowledge")
    told = [row["kind"] for row in desk.view("outbox", True)].count("notice")
    return {"met": bool(ack["met"]), "flags": case["flags"], "told": told, "people": case["participants"]}


@pytest.mark.parametrize(
    ("to", "envelope_id", "returned"),
    [
        (None, "", ""),
        ("security@project.example", None, ""),
        ("security@project.example", "", None),
    ],
    ids=["address", "envelope-id", "header"],
)
def test_a_bounce_is_known_by_each_of_three_marks(
    desk: RunningDesk, to: str | None, envelope_id: str | None, returned: str | None
) -> None:
    """One is enough: unreachable, told once however often it comes, the promise runs again."""
    letter = receipt(desk)
    assert letter.envelope_from.startswith("security+")
    bounce = postfix(letter, to=to or "", envelope_id=envelope_id, returned=returned)
    found = comes_back(desk, bounce)
    assert (found["met"], found["flags"], found["told"]) == (False, ["reporter-unreachable"], 1)
    assert comes_back(desk, bounce.replace(b"Message-Id: <", b"Message-Id: <again.")) == found


def test_a_forged_bounce_changes_nothing(desk: RunningDesk) -> None:
    """What others can know proves nothing: no promise changes, and the handler hears of it.

    Once a day and case.
    """
    letter = receipt(desk)
    name = message_from_bytes(letter.raw)["Message-ID"]
    reference = name.strip("<>").partition("@")[0].partition(".")[2]
    headers = f"Message-ID: {name}\r\nTo: rita@reporter.example\r\nX-Maild-Mark: {reference}.{'a' * 26}"
    for told, forged in (
        (1, postfix(letter, to="security@project.example", envelope_id=reference, returned=headers)),
        (1, postfix(letter, to=f"security+{reference}@project.example", envelope_id="", returned=headers)),
        (
            1,
            postfix(
                letter, to=f"security+{reference}.{'a' * 26}@project.example", envelope_id=name, returned=""
            ),
        ),
    ):
        found = comes_back(desk, forged)
        assert (found["met"], found["flags"], found["told"]) == (True, [], told)
    assert "A letter may not have been delivered" in desk.sink.letters[-1].raw.decode()


TEXT = """Your message did not reach some or all of the intended recipients.

   Subject: {subject}

rita@reporter.example
   Error Type: SMTP
   Remote server (192.0.2.9) issued an error: 550 mailbox unavailable
"""


@pytest.mark.parametrize("by", ["In-Reply-To", "subject", "address"])
def test_a_bounce_in_words_alone_is_told_to_the_handler(desk: RunningDesk, by: str) -> None:
    """It changes no promise: nothing but a Message-ID or a case number ties it to the case."""
    letter = message_from_bytes(receipt(desk).raw)
    reply = letter["Message-ID"] if by == "In-Reply-To" else ""
    subject = letter["Subject"] if by == "subject" else "Message undeliverable"
    bounce = mails.plain(
        sender="mailer-daemon@mx.example",
        subject=subject,
        text=TEXT.format(subject=subject),
        message_id="<words@mx.example>",
        Return_Path="<>",
        In_Reply_To=reply,
    )
    found = comes_back(desk, bounce)
    assert (found["met"], found["flags"], found["told"]) == (True, [], 1)
    assert "no deadline has changed" in desk.sink.letters[-1].raw.decode()
    assert desk.cases()[0]["case"] in desk.sink.letters[-1].raw.decode()


def test_a_bounce_that_names_nobody_we_wrote_to_is_kept_and_no_more(desk: RunningDesk) -> None:
    """Stray bounces are common, and concern no case."""
    receipt(desk)
    text = "Could not deliver to joe@elsewhere.example: 550 unknown"
    bounce = mails.plain(
        sender="mailer-daemon@mx.example", text=text, message_id="<s@mx.example>", Return_Path="<>"
    )
    found = comes_back(desk, bounce.replace(b"Overflow", b"Undeliverable"))
    assert (found["met"], found["told"]) == (True, 0)


def test_a_bounce_of_what_somebody_else_wrote_is_told_to_nobody(desk: RunningDesk) -> None:
    """The mail that it returns has a Message-ID of another domain: somebody forged the desk's address."""
    letter = receipt(desk)
    spoofed = "From: security@project.example\r\nMessage-ID: <spam@elsewhere.example>\r\nSubject: Buy"
    found = comes_back(desk, postfix(letter, to="security@project.example", envelope_id="", returned=spoofed))
    assert (found["met"], found["told"]) == (True, 0)


WRAPPINGS = {
    "in a multipart": b"",
    "as an attachment": b"Content-Type: message/rfc822\r\n\r\n",
}


@pytest.mark.parametrize("how", WRAPPINGS)
def test_a_bounce_that_a_gateway_has_wrapped_is_known(desk: RunningDesk, how: str) -> None:
    """A banner around it, a return path of the gateway's own: the mark inside proves it all the same."""
    bounce = postfix(receipt(desk), to="security@project.example", envelope_id="")
    _, _, content = bounce.partition(b"Content-Type: multipart/report")
    wrapped = (
        b"Return-Path: <srs0=x=postmaster@gw.example>\r\nFrom: Mail Delivery System <postmaster@gw.example>\r\n"
        b"To: security@project.example\r\nSubject: [EXTERNAL] Undelivered\r\nMessage-ID: <w@gw.example>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="w"\r\n\r\n--w\r\n'
        + WRAPPINGS[how]
        + b"Content-Type: multipart/report"
        + content
        + b"\r\n--w\r\nContent-Type: text/plain\r\n\r\nThis message came from outside.\r\n--w--\r\n"
    )
    found = comes_back(desk, wrapped)
    assert (found["met"], found["flags"], found["told"]) == (False, ["reporter-unreachable"], 1)


def test_a_letter_that_is_late_has_not_failed(desk: RunningDesk) -> None:
    """The server goes on trying: kept, and nothing else."""
    found = comes_back(desk, postfix(receipt(desk), "delayed"))
    assert (found["met"], found["flags"], found["told"]) == (True, [], 0)


def test_a_copy_that_comes_back_is_told_to_the_others(desk: RunningDesk) -> None:
    """A member whom mail does not reach is named to the other handlers, once a day."""
    verp(desk, RELAY)
    receipt(desk)
    copy = next(one for one in desk.sink.letters if one.recipients == ("bea@project.example",))
    for again in (b"", b"again."):
        comes_back(desk, postfix(copy).replace(b"Message-Id: <", b"Message-Id: <" + again))
    notices = [m for one in desk.sink.letters if "Bea is not getting through" in (m := one.raw.decode())]
    assert len(notices) == 1
    assert "To: anna@project.example" in notices[0]


def test_copies_that_all_come_back_are_told_to_everybody(desk: RunningDesk) -> None:
    """Not while one of them may have arrived."""
    verp(desk, RELAY)
    receipt(desk)
    copies = [
        one
        for one in desk.sink.letters
        if b"Overflow in the parser" in one.raw and one.recipients != ("rita@reporter.example",)
    ]
    said = []
    for number, copy in enumerate(copies):
        comes_back(desk, postfix(copy).replace(b"Message-Id: <", b"Message-Id: <%d." % number))
        said.append(sum(b"Nobody on the team has received" in one.raw for one in desk.sink.letters))
    assert said == [*[0] * (len(copies) - 1), len(copies)]


@pytest.mark.skipif(
    find_postfix() is None, reason="no Postfix on this machine, or not root (tests/run installs it)"
)
def test_what_a_real_postfix_returns_is_known_by_each_mark(
    tmp_path: Path, inbox: User, certificate: Certificate
) -> None:
    """The receipt it could not deliver comes back; address, envelope id or header alone would prove it."""
    with running(SmtpSink(certificate)) as world:
        world.always("RCPT rita@reporter.example", "550 5.1.1 no such user")
        postfix = Postfix(inbox, "security@project.example", world.port)
        try:
            postfix.start()
            desk = behind(postfix, tmp_path, inbox, world, certificate)
            desk.run()
            postfix.hand_in("rita@reporter.example", "security@project.example", mails.plain())
            await_mail(inbox, 1)
            desk.run()
            assert desk.cases()[0]["flags"] == []
            await_mail(inbox, 2)
            desk.run()
            assert desk.cases()[0]["flags"] == ["reporter-unreachable"]
            each_mark_alone_proves(desk)
        finally:
            postfix.remove()


def each_mark_alone_proves(desk: RunningDesk) -> None:
    """The last mail, which is a bounce, with our mark left in one of its places at a time."""
    last = desk.inbox.uids()[-1]
    bounce = desk.inbox.client.fetch([last], ["BODY.PEEK[]"])[last][b"BODY[]"]
    mark = re.search(rb"X-Maild-Mark: (\S+)", bounce)
    assert mark
    nowhere = bounce.replace(mark[1], b"gone")
    with desk.desk() as opened:
        for place in (rb"\nTo: security\+", rb"Original-Envelope-Id: ", rb"X-Maild-Mark: "):
            only = re.sub(rb"(" + place + rb")gone", rb"\g<1>" + mark[1], nowhere)
            assert only != nowhere, place
            facts = read_facts(parse(only), opened.policy, FolderRole.INBOX)
            assert facts.returned_mark == mark[1].decode().partition(".")[0], place
        assert read_facts(parse(nowhere), opened.policy, FolderRole.INBOX).returned_mark == ""


def behind(
    postfix: Postfix, folder: Path, inbox: User, world: SmtpSink, certificate: Certificate
) -> RunningDesk:
    """A desk that hands its letters in to this Postfix, with a sender of its own for each."""
    desk = RunningDesk(folder, inbox, world, certificate)
    verp(desk)
    head, smtp, tail = desk.path.read_text().partition("[smtp]\n")
    tail = tail.replace(f"port = {world.port}", f"port = {postfix.port}").replace('username = "desk"', "")
    tail = tail.replace(str(certificate.cert), str(postfix.certificate.cert), 1)
    desk.path.write_text(head + smtp + tail)
    return desk


def await_mail(inbox: User, count: int) -> None:
    """Until so many mails stand in the inbox."""
    await_that(lambda: len(inbox.uids()) >= count, f"{count} mails")
