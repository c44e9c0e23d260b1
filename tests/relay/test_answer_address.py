"""One answer address for a case, and nothing to an address that nobody reads (ruling 16)."""

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
HOME = "rita@home.example"
SITE = "noreply@site.example"
PLATFORM = "Platform <notifications@platform.example>"
TOKEN = "reply+abcdefghijklmnop@reply.platform.example"
WORDS = "We can reproduce it and work on a fix for the next release."


def reporter(desk: RelayDesk) -> list[str]:
    """Where the reporters of the only case are answered."""
    return [one["address"] for one in desk.one()["participants"] if one["side"] == "reporter"]


def test_the_single_reply_to_is_where_everything_goes(desk: RelayDesk) -> None:
    """In another domain too: it is shown to the team, and answers and later mail go by it."""
    desk.comes(mails.plain(date=desk.clock, Reply_To=f"Rita <{HOME}>"))
    assert reporter(desk) == [HOME]
    (copy,) = desk.copies(CARL)
    assert f"Wants replies at: {HOME}" in letter_text(copy)
    desk.comes(reply(copy, CARL, WORDS), DOMAIN)
    assert (len(desk.answers(HOME)), len(desk.to(RITA))) == (1, 0)
    more = {
        "message_id": "<two@reporter.example>",
        "In_Reply_To": header(desk.answers(HOME)[0], "Message-ID"),
    }
    desk.comes(mails.plain(date=desk.clock, text="One more thing.\n", Reply_To=HOME, **more))
    assert reporter(desk) == [HOME]
    desk.comes(reply(desk.copies(CARL)[-1], CARL, "Thank you, we will look at that one too."), DOMAIN)
    assert (len(desk.answers(HOME)), len(desk.to(RITA))) == (2, 0)


@pytest.mark.parametrize("proved", ["", "reporter.example"])
def test_another_domain_is_acknowledged_only_for_a_proved_author(desk: RelayDesk, proved: str) -> None:
    """Nobody has maild write to a third person by a Reply-To; a person may."""
    desk.comes(mails.plain(date=desk.clock, Reply_To=HOME), proved)
    assert len(desk.to(HOME)) == (1 if proved else 0)
    assert desk.to(RITA) == []
    assert ("receipt-by-hand" in desk.one()["flags"]) is not bool(proved)


def test_a_contact_form_is_answered_where_it_says(desk: RelayDesk) -> None:
    """Never at the form's own address, and the promises are kept by what reaches the person."""
    desk.comes(mails.plain(date=desk.clock, sender=f"Website <{SITE}>", Reply_To=RITA))
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS), DOMAIN)
    assert (len(desk.answers(RITA)), len(desk.to(SITE))) == (1, 0)
    assert desk.promises()["respond"] == "team:Carl"


@pytest.mark.parametrize(("sender", "to"), [(PLATFORM, TOKEN), (SITE, ""), (f"Bot <{TOKEN}>", "")])
def test_a_reply_to_an_address_that_nobody_reads_stays_with_the_team(
    desk: RelayDesk, sender: str, to: str
) -> None:
    """Nothing is sent, no promise is kept, and its author is told what to do."""
    desk.comes(mails.plain(date=desk.clock, subject="Vulnerability: overflow", sender=sender, Reply_To=to))
    before = len(desk.sink.letters)
    desk.comes(reply(desk.copies(CARL)[0], CARL, WORDS), DOMAIN)
    outside = {who for sent in desk.sink.letters[before:] for who in sent.recipients}
    assert not {one for one in outside if "platform" in one or "site" in one}
    assert desk.promises() == {"acknowledge": "running", "respond": "running"}
    (told,) = (
        one for one in desk.to("carl@phone.example") if "went to the team only" in header(one, "Subject")
    )
    assert "!reporter ADDRESS" in letter_text(told)


def test_a_signed_command_changes_where_the_reporter_is_answered(desk: RelayDesk, kit: Kit) -> None:
    """The acknowledgement that was owed goes there, and so does the answer to a copy of before."""
    desk.comes(
        mails.plain(date=desk.clock, subject="Vulnerability: overflow", sender=PLATFORM, Reply_To=TOKEN)
    )
    case, copy = str(desk.one()["case"]), desk.copies(CARL)[0]
    entity = text(f"!reporter {RITA}\r\n{case}\r\n")
    where = next(line.split()[-1] for line in letter_text(copy).splitlines() if line.startswith("Team:"))
    top = f"From: Mia <{MIA}>\r\nTo: {where}\r\nSubject: Re: [{case}]\r\nMessage-ID: <w@home.example>\r\n"
    references = f"In-Reply-To: {header(desk.copies(MIA)[0], 'Message-ID')}\r\nMIME-Version: 1.0\r\n"
    desk.comes(signed(entity, kit.detached(kit.member, text=entity), head=(top + references).encode()))
    assert reporter(desk) == [RITA]
    assert [header(one, "To") for one in desk.to(RITA)] == [RITA]
    assert desk.promises()["acknowledge"] == "receipt"
    desk.comes(reply(copy, CARL, WORDS), DOMAIN)
    assert len(desk.answers(RITA)) == 1
    assert desk.promises()["respond"] == "team:Carl"


def test_the_address_of_a_member_or_a_robot_is_no_reporters(desk: RelayDesk) -> None:
    """The command refuses what would answer the team itself, or nobody."""
    desk.comes(mails.plain(date=desk.clock))
    for wrong in (MIA, SITE, TOKEN, "security@project.example", "nonsense"):
        assert desk.word("reporter", str(desk.one()["case"]), wrong).status == 1
    assert reporter(desk) == [RITA]
