"""The same words of a member, handed in twice by a mail program: the reporter has them once."""

from datetime import timedelta

import pytest

from tests.openpgp.mails import multipart, text
from tests.relay.test_leaks import file
from tests.relay.test_meanwhile import RINGS, later
from tests.relay.test_several import TIM, joined
from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, header, letter_text, reply

__all__ = ["joined"]
pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
WORDS = "We can reproduce it and work on a fix."


@pytest.fixture
def reported(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    return desk


def says(desk: RelayDesk, number: int, words: str = WORDS) -> bytes:
    """Carl's answer to the first report, under a Message-ID of its own."""
    copy = desk.copies(CARL)[0]
    return reply(copy, f"Carl <{CARL}>", words, message_id=f"<again{number}@home.example>")


def said_to_rita(desk: RelayDesk) -> str:
    """The Message-ID of what she read last."""
    return header(desk.answers(RITA)[-1], "Message-ID")


def held(desk: RelayDesk) -> list[int]:
    """The numbers of the answers that wait."""
    rows = desk.view("outbox")
    return [row["letter"] for row in rows if row["kind"] == "answer" and row["state"] == "held"]


def test_what_a_program_sends_twice_goes_out_once(reported: RelayDesk) -> None:
    """In one pass or two: the second waits and its author hears how to send it; other words, and after an hour, go."""
    for number in (1, 2):
        reported.arrives(says(reported, number), DOMAIN)
    reported.taken_in()
    reported.comes(says(reported, 3), DOMAIN)
    assert (len(reported.answers(RITA)), len(held(reported))) == (1, 2)
    told = " ".join(letter_text(reported.to(RINGS)[-1]).split())
    assert "you sent the same words to the same reporter less than an hour ago" in told
    assert f"!send anyway {held(reported)[-1]}" in told
    reported.comes(says(reported, 4, "The fix is out now."), DOMAIN)
    assert len(reported.answers(RITA)) == 2
    assert reported.word("send", str(held(reported)[-1])).status == 0
    reported.run()
    assert len(reported.answers(RITA)) == 3
    reported.wait(timedelta(minutes=61))
    reported.comes(says(reported, 5), DOMAIN)
    assert len(reported.answers(RITA)) == 4


def test_the_same_short_answer_to_the_next_question_goes_out(reported: RelayDesk) -> None:
    """Rita wrote again in between: "Yes." is a new answer; said once more after that, it waits."""
    reported.comes(says(reported, 1, "Yes."), DOMAIN)
    reported.comes(
        mails.plain("Also on 4.2?", message_id="<next@x>", in_reply_to=said_to_rita(reported)), RITA
    )
    reported.comes(says(reported, 2, "Yes."), DOMAIN)
    assert (len(reported.answers(RITA)), held(reported)) == (2, [])
    reported.comes(says(reported, 3, "Yes."), DOMAIN)
    assert (len(reported.answers(RITA)), len(held(reported))) == (2, 1)


def test_what_waits_at_the_server_is_not_said_twice_either(reported: RelayDesk) -> None:
    """Both were put off for hours: one leaves."""
    reported.sink.always(f"RCPT {RITA}", "451 4.7.1 later")
    for number in (1, 2):
        reported.comes(says(reported, number), DOMAIN)
    reported.wait(timedelta(hours=3))
    reported.sink.always(f"RCPT {RITA}", "")
    later(reported)
    assert len(reported.answers(RITA)) == 1


def test_an_answer_that_did_not_go_may_be_said_again(reported: RelayDesk) -> None:
    """Its address was refused or changed meanwhile: the same words go to the new one."""
    reported.sink.always(f"RCPT {RITA}", "550 5.1.1 no such user")
    reported.comes(says(reported, 1), DOMAIN)
    assert reported.word("reporter", str(reported.one()["case"]), "rita@new.example").status == 0
    reported.comes(says(reported, 2), DOMAIN)
    assert len(reported.answers("rita@new.example")) == 1


def test_another_file_or_another_reader_is_another_answer(joined: RelayDesk) -> None:
    """The same sentence goes to the other reporter, and with another patch to the same one; not with the same patch."""
    for copy in joined.copies(CARL):
        joined.comes(reply(copy, f"Carl <{CARL}>", WORDS), DOMAIN)
    assert (len(joined.answers(RITA)), len(joined.answers(TIM))) == (1, 1)
    there = header(joined.copies(CARL)[0], "Reply-To")
    before = len(joined.answers(RITA)) + len(joined.answers(TIM))
    for number, (patch, more) in enumerate(((b"-a\n+b\n", 1), (b"-a\n+c\n", 2), (b"-a\n+c\n", 2))):
        lines = (
            f"From: Carl <{CARL}>",
            f"To: {there}",
            f"Message-ID: <p{number}@home.example>",
            "Subject: x",
        )
        name = header(joined.copies(CARL)[0], "Message-ID")
        head = "".join(f"{one}\r\n" for one in (*lines, f"In-Reply-To: {name}", "MIME-Version: 1.0"))
        parts = (text("Please test this."), file(b"diff --git a/x b/x\n" + patch, "fix.patch"))
        joined.comes(multipart("mixed", *parts, head=head.encode()), DOMAIN)
        assert len(joined.answers(RITA)) + len(joined.answers(TIM)) - before == more
