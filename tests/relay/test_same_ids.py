"""Mail under a Message-ID that is known: the same mail again, or another one (ruling 20)."""

import pytest

from tests.support import mails
from tests.support.relaying import BEA, CARL, RITA, RelayDesk, letter_text, reply

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
TIM = "tim@third.example"
EVE = "eve@elsewhere.example"
FORM = "<contact-form@www.site.example>"
WORDS = "We can reproduce it and work on a fix for the next release."
LIST = (
    "\n_______________________________________________\nReports mailing list\nhttps://lists.third.example/\n"
)


def form(desk: RelayDesk, who: str, words: str, **about: str) -> bytes:
    """What a form mailer makes of what somebody typed: always the same Message-ID."""
    return mails.plain(
        date=desk.clock, sender=who, message_id=FORM, text=f"{words}\n", subject="Vulnerability", **about
    )


def reporters(desk: RelayDesk) -> list[list[str]]:
    """The reporters of each case."""
    return [[p["address"] for p in one["participants"] if p["side"] == "reporter"] for one in desk.cases()]


def test_two_reporters_with_one_message_id_have_a_case_each(desk: RelayDesk) -> None:
    """The second has a receipt and promises of their own, and an answer to their mail goes to them alone."""
    desk.comes(form(desk, RITA, "The parser overflows on a long name."))
    desk.comes(form(desk, TIM, "A quokka in the writer makes it crash."))
    assert sorted(reporters(desk)) == [[RITA], [TIM]]
    assert len(desk.to(TIM)) == 1
    second = next(one for one in desk.cases() if reporters(desk)[desk.cases().index(one)] != [RITA])
    assert "possibly-related" in second["flags"]
    copy = next(one for one in desk.copies(CARL) if "quokka" in letter_text(one))
    desk.comes(reply(copy, CARL, WORDS), DOMAIN)
    assert (len(desk.answers(TIM)), len(desk.answers(RITA))) == (1, 0)


def test_one_robot_that_repeats_its_message_id_opens_a_case_for_each_finding(desk: RelayDesk) -> None:
    """Author, Message-ID and subject are the same each time; what it found is not."""
    for number in range(3):
        desk.comes(
            form(desk, "Scanner <scan@third.example>", f"Vulnerability {number}: overflow in f{number}.")
        )
    assert len(desk.cases()) == 3


def test_a_finding_below_a_rule_is_no_footer(desk: RelayDesk) -> None:
    """A report that goes on where an earlier one ended is another report, however it is set off."""
    desk.comes(form(desk, RITA, "Vulnerability: the parser overflows."))
    desk.comes(form(desk, RITA, "Vulnerability: the parser overflows.\n\n-----\nSo does the writer."))
    assert len(desk.cases()) == 2


@pytest.mark.parametrize("first", ["", "[desk] "])
@pytest.mark.parametrize("tagged", ["", "[Reports] ", "(external): [Reports] "])
def test_a_second_copy_by_a_list_is_shown_to_nobody_again(desk: RelayDesk, first: str, tagged: str) -> None:
    """The footer and the tag of the list make no other mail of it: one case, one receipt, one copy each."""
    words = "Vulnerability in the parser"
    about = {"message_id": "<one@third.example>", "sender": TIM, "subject": first + words}
    desk.comes(mails.plain(date=desk.clock, text="A long name overflows it.\n", **about))
    about["subject"] = tagged + words
    desk.comes(mails.plain(date=desk.clock, text=f"A long name\noverflows it.\n{LIST}", **about))
    assert reporters(desk) == [[TIM]]
    assert (len(desk.to(TIM)), len(desk.copies(CARL))) == (1, 1)


def test_a_reply_to_a_repeated_message_id_finds_its_authors_case(desk: RelayDesk) -> None:
    """Both cases know the Message-ID that is answered; each reporter's mail goes on in their own."""
    desk.comes(form(desk, RITA, "The parser overflows on a long name."))
    desk.comes(form(desk, TIM, "A quokka in the writer makes it crash."))
    more = mails.plain(
        date=desk.clock,
        sender=RITA,
        message_id="<more@reporter.example>",
        text="One more.\n",
        In_Reply_To=FORM,
    )
    desk.comes(more)
    assert len(desk.cases()) == 2
    copy = next(one for one in desk.copies(CARL) if "One more." in letter_text(one))
    desk.comes(reply(copy, CARL, WORDS), DOMAIN)
    assert (len(desk.answers(RITA)), len(desk.answers(TIM))) == (1, 0)


def test_a_reply_to_somebody_who_is_no_reporter_stays_with_the_team(desk: RelayDesk) -> None:
    """Somebody else wrote in the thread: what a member answers them is not for the reporter's eyes."""
    desk.comes(mails.plain(date=desk.clock))
    other = {"sender": EVE, "message_id": "<eve@elsewhere.example>", "In_Reply_To": "<one@reporter.example>"}
    desk.comes(mails.plain(date=desk.clock, text="Was I the first to report this?\n", **other))
    (copy,) = (one for one in desk.copies(CARL) if "the first" in letter_text(one))
    assert "goes to the TEAM only" in letter_text(copy)
    desk.comes(reply(copy, CARL, "No; let us not tell Rita about this person yet."), DOMAIN)
    assert desk.answers(RITA) == desk.answers(EVE) == []
    assert "not tell Rita" not in "".join(letter_text(one) for one in desk.to(RITA))
    assert len(desk.cases()) == 1
    assert desk.promises()["respond"] == "running"


def test_a_reply_to_a_members_own_mail_to_the_reporter_goes_to_the_reporter(desk: RelayDesk) -> None:
    """Carl wrote to Rita by himself, the desk in copy; Bea answers her by his copy."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS, Cc=RITA), DOMAIN)
    shown = desk.copies(BEA)[-1]
    desk.comes(reply(shown, BEA, "And the fix is in the release of the ninth of May."), DOMAIN)
    assert len(desk.answers(RITA)) == 1
