"""A reply to a letter in maild's own words, whose quote goes to nobody (ruling 18)."""

from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.relay.test_own_facts import says
from tests.support import mails
from tests.support.relaying import MIA, RITA, RelayDesk, header, letter_text, told_of_commands
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
OWN = "The fix is ready and tested, and we would like to publish it on Thursday.\r\n\r\nBest, Mia"


def answers(desk: RelayDesk, kit: Kit, draft: Letter, words: str, quoted: str) -> None:
    """Mia replies to the *draft* in a client that quotes it below her words, and signs."""
    case = str(desk.one()["case"])
    with desk.desk() as opened:
        to = token(opened.policy.desk.secret, case, MIA, "team")
    below = "".join(f"> {line}\r\n" for line in quoted.splitlines())
    said = f"On Mon, Nov 30, 2026 at 10:49:03AM +0000, Example Security Team wrote:\r\n{below}"
    part = text(f"{words}\r\n\r\n{case}\r\n{said}")
    lines = (
        f"From: Mia Member <{MIA}>",
        f"To: security+{to}@project.example",
        "Subject: Re: draft",
        f"Message-ID: <{len(desk.to(MIA))}@home.example>",
        f"In-Reply-To: {header(draft, 'Message-ID')}",
        "MIME-Version: 1.0",
    )
    head = "".join(f"{line}\r\n" for line in lines).encode()
    desk.wait(timedelta(minutes=1))
    desk.comes(signed(part, kit.detached(kit.member, text=part), head=head))


def drafted(desk: RelayDesk, kit: Kit) -> Letter:
    """The draft that Mia gets for a report."""
    assert "This is a draft" in says(desk, kit, "!verdict bug", 1)
    return next(one for one in desk.to(MIA) if "Draft reply" in header(one, "Subject"))


@pytest.mark.parametrize("words", ["!send", "!send\r\n\r\nBest, Mia", f"!send\r\n\r\n{OWN}"])
def test_the_quote_of_a_draft_does_not_go_to_the_reporter(desk: RelayDesk, kit: Kit, words: str) -> None:
    """With nothing of one's own the draft is sent as it stands, else the own text, and no line of the quote."""
    desk.comes(mails.plain(date=desk.clock))
    draft = drafted(desk, kit)
    answers(desk, kit, draft, words, letter_text(draft))
    (answer,) = desk.answers(RITA)
    said = letter_text(answer).replace("\r\n", "\n").strip()
    assert "This is a draft" not in said
    assert not [line for line in said.splitlines() if line.startswith((">", "On Mon, Nov 30"))]
    if OWN in words:
        assert said == OWN.replace("\r\n", "\n")
    else:
        assert said.startswith("Thank you for your report")
        assert "as it stands" in " ".join(told_of_commands(kit, desk.to(MIA), "").split())
