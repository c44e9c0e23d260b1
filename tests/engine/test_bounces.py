"""Bounces over the whole road: which letter came back is proved by our mark, in three places, and only so."""

import re
import time
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
    """What others can know (Message-ID, recipient, the letter's name in it, the case) proves nothing."""
    letter = receipt(desk)
    before = {"met": True, "flags": [], "told": 0}
    name = message_from_bytes(letter.raw)["Message-ID"]
    reference = name.strip("<>").partition("@")[0].partition(".")[2]
    headers = f"Message-ID: {name}\r\nTo: rita@reporter.example\r\nX-Maild-Mark: {reference}.{'a' * 26}"
    for forged in (
        postfix(letter, to="security@project.example", envelope_id=reference, returned=headers),
        postfix(letter, to=f"security+{reference}@project.example", envelope_id="", returned=headers),
        postfix(letter, to=f"security+{reference}.{'a' * 26}@project.example", envelope_id=name, returned=""),
    ):
        found = comes_back(desk, forged)
        assert {key: found[key] for key in before} == before


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
    notices = [m for one in desk.sink.letters if "Bea cannot be sent mail" in (m := one.raw.decode())]
    assert len(notices) == 1
    assert "To: anna@project.example" in notices[0]


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
    end = time.monotonic() + 30
    while len(inbox.uids()) < count:
        assert time.monotonic() < end, "no mail came"
        time.sleep(0.05)
