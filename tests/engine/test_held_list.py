"""Held mail by mail, on a real desk: the daily letter, and what one word of an answer does."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.deciding import PASSED, SEALED
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
ANNA = "anna@project.example"
SPAM = mails.plain(
    subject="CHEAP PILLS 80% OFF!!! CLICK \x1b[31mhttps://evil.example/now",
    sender="win@spam.example",
    message_id="<s@x>",
)


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A relaying desk that lists held mail at eight; one spam arrived at half past nine the day before."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure(desk='mode = "relay"')
    made.path.write_text(made.path.read_text().replace('held_digest_at = ""', 'held_digest_at = "08:00"'))
    made.run()
    made.inbox.append(SPAM, made.clock)
    made.run()
    return made


def listed(desk: RunningDesk, reader: str) -> list[str]:
    """The texts of the lists that somebody got."""
    found = [
        message_from_bytes(one.raw, policy=policy.default)
        for one in desk.sink.letters
        if one.recipients == (reader,)
    ]
    return [
        str(one.get_content()) for one in found if "in quarantine as probable spam" in str(one["Subject"])
    ]


def answer(desk: RunningDesk, text: str, sender: str = ANNA) -> None:
    """An answer arrives and is handled."""
    raw = mails.plain(
        subject="Re: held", sender=sender, message_id=f"<{len(text)}{sender}>", text=text + "\n"
    )
    desk.inbox.append(raw, desk.clock)
    desk.run()


def word(desk: RunningDesk, act: str, reader: str = ANNA) -> str:
    """The word of a list for its only mail."""
    found = re.search(rf"{act}-[a-z2-7]{{12}}", listed(desk, reader)[-1])
    assert found
    return found[0]


def receipts(desk: RunningDesk) -> list[tuple[str, ...]]:
    """Whom receipts went to."""
    return [one.recipients for one in desk.sink.letters if b"Auto-Submitted: auto-replied" in one.raw]


def test_the_list_says_enough_to_judge_and_nothing_that_bites(desk: RunningDesk) -> None:
    """Sender, arrival, size, reasons, subject; no live link, no control character; one letter a day."""
    (text,) = listed(desk, ANNA)
    assert "win@spam[.]example" in text
    assert "CHEAP PILLS 80% OFF!!! CLICK [31mhttps[:]//evil[.]example/now" in text
    assert "Monday 2 March 2026, 09:30 UTC" in text
    assert "The subject speaks of medicines, diets or bodies." in " ".join(text.split())
    assert "\x1b" not in text
    desk.run()
    assert len(listed(desk, ANNA)) == 1
    desk.wait(timedelta(days=1))
    desk.run()
    assert len(listed(desk, ANNA)) == 2


def test_one_word_releases(desk: RunningDesk) -> None:
    """A case whose promises count from the arrival, a receipt, an answer to the member; no look is owed."""
    came = desk.clock
    desk.wait(timedelta(hours=2))
    answer(desk, word(desk, "release"))
    (case,) = desk.cases()
    due = {row["promise"]: row["due"] for row in case["promises"]}
    assert due["respond"] == (came + timedelta(hours=48)).isoformat()
    assert receipts(desk) == [("win@spam.example",)]
    assert desk.view("quarantine") == []
    assert any(b"1 message released, 0 rejected" in one.raw for one in desk.sink.letters)
    answer(desk, word(desk, "release") + "\n")
    assert len(desk.cases()) == 1


def test_one_word_rejects(desk: RunningDesk) -> None:
    """Nobody is answered, nothing is held, the mail is kept."""
    answer(desk, word(desk, "reject"))
    assert (desk.cases(), desk.view("quarantine"), receipts(desk)) == ([], [], [])
    desk.wait(timedelta(hours=13))
    desk.run()
    assert not [one for one in desk.sink.letters if b"message in quarantine was not looked at" in one.raw]


def test_a_stranger_with_a_members_word_releases_nothing(desk: RunningDesk) -> None:
    """Nor does a member with another one's word."""
    answer(desk, word(desk, "release"), "eve@x.example")
    answer(desk, word(desk, "release"), "bea@project.example")
    assert ("win@spam.example",) not in receipts(desk)
    assert [one["kind"] for one in desk.view("quarantine") if one["from"] == "win@spam.example"] == [
        "quarantine"
    ]


def test_sealed_mail_known_reporters_and_answers_are_never_held(desk: RunningDesk) -> None:
    """Whatever their subject: each is a case or joins one, on the real road."""
    lure = "CHEAP PILLS 80% OFF!!! CLICK NOW"
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    sealed = SEALED.replace(b"Subject: secret words", f"Subject: {lure}".encode())
    known = mails.plain(subject=lure, message_id="<2@reporter.example>")
    references = {"In_Reply_To": "<one@reporter.example>"}
    joined = mails.plain(subject=lure, sender="tim@third.example", message_id="<3@x>", **references)
    for raw in (sealed.replace(b"rita@", b"sam@"), known, joined):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    assert [one["mail"] for one in desk.view("quarantine")] == [1]
    assert len(desk.cases()) == 3
    assert sum(len(one["messages"]) for one in desk.cases()) == 4


def test_not_looked_at_for_twelve_hours_it_is_escalated(desk: RunningDesk) -> None:
    """Listing it is no look: the coordinator is told, once."""
    desk.wait(timedelta(hours=12, minutes=1))
    for _ in range(2):
        desk.run()
    told = [
        one.recipients for one in desk.sink.letters if b"message in quarantine was not looked at" in one.raw
    ]
    assert told == [("carl@phone.example",)]


def test_a_signed_answer_is_obeyed_once_and_opens_no_case_of_its_own(desk: RunningDesk) -> None:
    """The word releases the held mail; the answer itself is no report when it is opened afterwards."""
    said = word(desk, "release")
    kind = 'multipart/signed; micalg="pgp-sha512"; protocol="application/pgp-signature"; boundary="b"'
    raw = (
        f"From: {ANNA}\r\nTo: security@project.example\r\nSubject: Re: held\r\nMessage-ID: <signed@x>\r\n"
        f"Date: Tue, 3 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{said}\r\n--b\r\n"
        "Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nAA==\r\n"
        "-----END PGP SIGNATURE-----\r\n\r\n--b--\r\n"
    ).encode()
    desk.inbox.append(raw, desk.clock)
    desk.run()
    assert receipts(desk) == [("win@spam.example",)]
    assert (len(desk.cases()), desk.view("quarantine")) == (1, [])


def test_of_two_opposite_words_for_one_mail_the_release_wins(desk: RunningDesk) -> None:
    """A mail that is released is not rejected by the same answer: its text stays with its case."""
    answer(desk, f"{word(desk, 'reject')}\n{word(desk, 'release')}")
    assert receipts(desk) == [("win@spam.example",)]
    (case,) = desk.cases()
    assert case["state"] == "open"
    assert desk.status()["mail"].get("rejected") is None


def test_a_late_word_of_a_proved_member_is_no_report(desk: RunningDesk) -> None:
    """What is held no more cannot be released or rejected: he is told, and no case is opened or undone."""
    reject = word(desk, "reject")
    answer(desk, word(desk, "release"))
    proved = mails.plain(subject="Re: held", sender=ANNA, message_id="<late@x>", text=f"{reject}\n")
    desk.inbox.append(b"Authentication-Results: " + PASSED.encode() + b"\r\n" + proved, desk.clock)
    desk.run()
    assert len(desk.cases()) == 1
    assert desk.status()["mail"].get("rejected") is None


def test_in_a_flood_a_word_is_obeyed_too(desk: RunningDesk) -> None:
    """However many letters went to the team in the last hour."""
    said = word(desk, "release")
    desk.path.write_text(desk.path.read_text() + "\n[limits]\nteam_letters_per_hour = 1\n")
    desk.inbox.append(mails.plain(message_id="<flood@x>"), desk.clock)
    answer(desk, said)
    assert ("win@spam.example",) in receipts(desk)


def test_an_answer_names_several_and_the_next_list_goes_on(desk: RunningDesk) -> None:
    """Orders count in an answer to the list; what was on none yet stands before what was listed already."""
    more = [
        SPAM.replace(b"<s@x>", f"<s{n}@x>".encode()).replace(b"win@", f"w{n}@".encode()) for n in range(3)
    ]
    desk.inbox.append_many(more)
    desk.wait(timedelta(days=1))
    desk.run()
    text = " ".join(listed(desk, ANNA)[-1].split())
    assert "Message 2, Tuesday" in text or "Message 2, Monday" in text
    assert "and 3 more from the same sender, or with the same subject and score" in text
    assert "Message 1," not in text, "it was listed before, and is one of the three"
    last = [one.raw for one in desk.sink.letters if one.recipients == (ANNA,)][-1]
    their = {"In_Reply_To": re.findall(rb"(?mi)^Message-ID: (<[^>]+>)", last)[0].decode()}
    text = "release 3\n!spam the rest\n"
    raw = mails.plain(subject="Re: held", sender=ANNA, message_id="<orders@x>", text=text, **their)
    desk.inbox.append(raw, desk.clock)
    desk.run()
    assert receipts(desk) == [("w1@spam.example",)]
    assert desk.view("quarantine") == []
    assert desk.status()["mail"]["rejected"] == 3


def test_orders_without_the_list_are_nothing(desk: RunningDesk) -> None:
    """From a member's address, but no answer to a list that they got."""
    answer(desk, "!spam the rest\nrelease 1")
    assert [one["mail"] for one in desk.view("quarantine")][:1] == [1]
