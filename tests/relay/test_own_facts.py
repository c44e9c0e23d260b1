"""Two reporters of one case: each reads their own subject, their own credit, and nothing of the other."""

from datetime import timedelta

import pytest

from maild.core.facts.change import SetFact
from maild.core.values.ids import token
from maild.store import facts
from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.support import mails
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    RelayDesk,
    header,
    letter_text,
    reply,
    told_of_commands,
)
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
TIM = "tim@third.example"
RITAS, TIMS = "Heap overflow in the PNG decoder", "Crash with a long palette"


@pytest.fixture
def joined(desk: RelayDesk) -> RelayDesk:
    """Tim's case was joined to Rita's; Rita's credit was noted before, with the case's only reporter."""
    desk.comes(mails.plain(date=desk.clock, subject=RITAS))
    ritas = str(desk.one()["case"])
    desk.comes(
        mails.plain(
            date=desk.clock,
            sender=f"Tim <{TIM}>",
            subject=TIMS,
            message_id="<t1@third.example>",
            text="A quokka makes it crash.\n",
        )
    )
    tims = next(str(one["case"]) for one in desk.cases() if one["case"] != ritas)
    assert desk.word("credit", ritas, "Rita", "Quickstep").status == 0
    assert desk.word("duplicate", tims, ritas).status == 0
    return desk


def case_of(desk: RelayDesk) -> str:
    """The case that is left open."""
    return next(str(one["case"]) for one in desk.cases() if one["state"] == "open")


def says(desk: RelayDesk, kit: Kit, words: str, number: int) -> str:
    """Mia says *words* in signed mail to the team's address; what she is told."""
    with desk.desk() as opened:
        to = token(opened.policy.desk.secret, case_of(desk), MIA, "team")
    part = text(f"{words}\r\n-- \r\n{case_of(desk)}\r\n")
    lines = (
        f"From: Mia Member <{MIA}>",
        f"To: security+{to}@project.example",
        "Subject: words",
        f"Message-ID: <w{number}@home.example>",
        "MIME-Version: 1.0",
    )
    head = "".join(f"{line}\r\n" for line in lines).encode()
    desk.wait(timedelta(minutes=1))
    before = len(desk.to(MIA))
    desk.comes(signed(part, kit.detached(kit.member, text=part), head=head))
    return "\n".join(letter_text(one) for one in desk.to(MIA)[before:])


def all_to(desk: RelayDesk, address: str) -> str:
    """Everything that one person was ever sent, heads included."""
    return "\n".join(one.raw.decode() for one in desk.to(address))


def test_each_reporter_reads_the_subject_of_their_own_first_message(joined: RelayDesk) -> None:
    """An answer to Tim bears Tim's subject though the case is Rita's, and one to Rita bears hers."""
    for who, mine, other in ((TIM, TIMS, RITAS), (RITA, RITAS, TIMS)):
        copy = next(one for one in joined.copies(CARL) if ("quokka" in letter_text(one)) == (who == TIM))
        joined.comes(reply(copy, CARL, f"We can reproduce it and work on a fix for you, {who}."), DOMAIN)
        (answer,) = joined.answers(who)
        assert mine in header(answer, "Subject")
        assert other not in all_to(joined, who)


def test_each_reporter_reads_their_own_credit_in_the_closing_note(joined: RelayDesk, kit: Kit) -> None:
    """Rita's name, noted before the join, is in the note to Rita alone; so is Tim's in the note to Tim."""
    case = case_of(joined)
    assert joined.word("credit", case, "Tim", "Tangle").status == 1
    assert joined.word("credit", case, "Tim", "Tangle", "for", "eve@x.example").status == 1
    assert joined.word("credit", case, "Tim", "Tangle", "for", TIM).status == 0
    announced = (SetFact(case, "stage", "announced", "test"), SetFact(case, "draft", "closing", "test"))
    with joined.desk() as opened:
        opened.ask(lambda c: [facts.write(c, one, joined.clock) for one in announced])
    says(joined, kit, "!send", 1)
    for who, mine, other in ((TIM, "Tim Tangle", "Rita Quick"), (RITA, "Rita Quickstep", "Tim Tangle")):
        (answer,) = joined.answers(who)
        assert f"credited as {mine}." in " ".join(letter_text(answer).split())
        assert other not in all_to(joined, who)


def test_send_names_its_addressees_and_takes_one(joined: RelayDesk, kit: Kit) -> None:
    """The confirmation says to whom it goes; ``!send to`` writes to that reporter only and keeps the draft."""
    assert joined.word("verdict", case_of(joined), "bug").status == 0
    told = " ".join(says(joined, kit, f"!send to {TIM}", 1).split())
    assert f"The draft is being sent to {TIM} in" in told
    assert "kept for the other reporters" in told
    assert (len(joined.answers(TIM)), len(joined.answers(RITA))) == (1, 0)
    told = " ".join(says(joined, kit, "!send to eve@x.example", 2).split())
    assert f"not done; !send alone, or !send to ADDRESS (one of {RITA}, {TIM}" in told
    told = " ".join(
        says(joined, kit, "!send\r\n\r\nA fix for both of you is on its way this week.", 3).split()
    )
    assert f"Your text is being sent to {RITA} and to {TIM} in" in told
    assert (len(joined.answers(TIM)), len(joined.answers(RITA))) == (2, 1)
    assert BEA not in all_to(joined, TIM)


def test_what_commands_did_in_an_encrypted_case_is_encrypted(desk: RelayDesk, kit: Kit) -> None:
    """Mia, who has a key, reads it encrypted; Carl, who has none, hears only whether it was done."""
    desk.comes(report(kit, 1))
    told = desk.to(MIA)
    case = str(desk.one()["case"])
    with desk.desk() as opened:
        to = token(opened.policy.desk.secret, case, MIA, "team")
        carls = token(opened.policy.desk.secret, case, CARL, "team")
    part = text(f"!cve CVE-2026-12345\r\n-- \r\n{case}\r\n")
    head = f"From: Mia <{MIA}>\r\nTo: security+{to}@project.example\r\nSubject: x\r\nMessage-ID: <w@home.example>\r\n"
    desk.wait(timedelta(minutes=1))
    desk.comes(
        signed(part, kit.detached(kit.member, text=part), head=head.encode() + b"MIME-Version: 1.0\r\n")
    )
    fresh = desk.to(MIA)[len(told) :]
    assert "CVE-2026-12345 is recorded" in told_of_commands(kit, fresh, kit.member)
    assert not [one for one in desk.sink.letters if b"CVE-2026-12345" in one.raw]
    before = len(desk.to("carl@phone.example"))
    raw = mails.plain(
        sender=f"Carl <{CARL}>",
        to=f"security+{carls}@project.example",
        text="!status\n",
        message_id="<c@x.example>",
    )
    desk.comes(raw, DOMAIN)
    said = "\n".join(letter_text(one) for one in desk.to("carl@phone.example")[before:])
    assert "CVE" not in said
