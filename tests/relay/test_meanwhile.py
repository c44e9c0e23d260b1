"""Between an answer and its leaving the world moves on; and what belongs to another case goes to nobody of this one.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from maild.core.letters.kinds import LetterKind
from maild.engine.composing import Composer
from maild.store.letters import Letter as Owed
from maild.store.schema import message
from tests.openpgp.mails import text
from tests.relay.test_last_look import INTERNAL, WAITS, WORDS, comes, hidden
from tests.relay.test_leaks import carls
from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, header, letter_text, reply, team_address
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
NEW = "rita@new.example"
ANNA = "anna@project.example"
TIM = "tim@third.example"
GUEST = "fix@vendor.example"


def among_us(desk: RelayDesk, to: str, words: str = INTERNAL) -> None:
    """Carl says something to the team alone."""
    about = {"to": to, "sender": f"Carl <{CARL}>", "message_id": "<team@home.example>"}
    desk.comes(mails.plain(date=desk.clock, subject="Among us", text=f"{words}\n", **about), DOMAIN)


@pytest.fixture
def reported(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    return desk


@pytest.fixture
def two(reported: RelayDesk) -> RelayDesk:
    """Tim has reported something else."""
    about = {"sender": f"Tim <{TIM}>", "subject": "Crash", "message_id": "<t1@third.example>"}
    reported.comes(mails.plain(date=reported.clock, text="A quokka makes it crash.\n", **about), TIM)
    assert len(reported.cases()) == 2
    return reported


def copy_with(desk: RelayDesk, words: str) -> Letter:
    """Carl's copy of the report with these words."""
    return next(one for one in desk.copies(CARL) if words in letter_text(one))


def team_of(copy: Letter) -> str:
    """Where Carl writes to the team in the case of *copy*."""
    lines = letter_text(copy).splitlines()
    return next(line.split()[-1] for line in lines if line.startswith("Team:"))


def later(desk: RelayDesk) -> None:
    """Every letter that was put off is tried again."""
    for _ in range(3):
        desk.wait(timedelta(minutes=6))
        desk.run()


def moves(desk: RelayDesk) -> None:
    """Rita is answered at another address from now on."""
    assert desk.word("reporter", str(desk.one()["case"]), NEW).status == 0


def test_an_answer_that_waited_does_not_go_to_the_old_address(reported: RelayDesk) -> None:
    """Put off by the server while the reporter got another address: held, told, sent by nobody; anew it goes there."""
    reported.sink.always(f"RCPT {RITA}", "451 4.7.1 later")
    reported.comes(carls(reported, text(WORDS)), DOMAIN)
    reported.sink.always(f"RCPT {RITA}", "")
    moves(reported)
    later(reported)
    assert reported.about(RINGS) == [WAITS]
    assert "is answered at another address now" in " ".join(letter_text(reported.to(RINGS)[-1]).split())
    (held,) = (row for row in reported.view("outbox") if row["kind"] == "answer")
    reported.word("send", str(held["letter"]))
    later(reported)
    assert reported.answers(RITA) == []
    comes(reported, [text("A fix is being tested.")], 2)
    assert (len(reported.answers(RITA)), len(reported.answers(NEW))) == (0, 1)


def test_what_changes_while_an_answer_is_made_holds_it_too(
    reported: RelayDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reporter gets another address between the claim and the commit of the bytes: held, not sent."""
    usual, moved = Composer.final, []

    async def final(self: Composer, letter: Owed, *about: Any) -> bytes:
        made = await usual(self, letter, *about)
        if letter.kind is LetterKind.ANSWER and not moved:
            moved.append(letter.id)
            await asyncio.to_thread(moves, reported)
        return made

    monkeypatch.setattr(Composer, "final", final)
    reported.comes(carls(reported, text(WORDS)), DOMAIN)
    assert moved
    assert reported.answers(RITA) == []
    assert reported.about(RINGS) == [WAITS]


def test_an_answer_that_waited_for_a_look_does_not_either(reported: RelayDesk) -> None:
    """Held for its words, then let go by a person, after the reporter got another address."""
    among_us(reported, team_address(reported))
    comes(reported, hidden("zip")(INTERNAL), 1)
    moves(reported)
    (held,) = (row for row in reported.view("outbox") if row["kind"] == "answer")
    reported.word("send", str(held["letter"]))
    later(reported)
    assert reported.answers(RITA) == reported.answers(NEW) == []


def test_what_waits_for_a_member_goes_to_the_address_that_they_have_by_now(reported: RelayDesk) -> None:
    """Copies and notices that the server put off: never to an address that is nobody's of the team any more."""
    for old in (CARL, RINGS):
        reported.sink.always(f"RCPT {old}", "451 4.7.1 later")
    more = {"message_id": "<two@reporter.example>", "In_Reply_To": "<one@reporter.example>"}
    reported.comes(mails.plain(date=reported.clock, text="A wombat does it too.\n", **more), RITA)
    reported.word("handler", str(reported.one()["case"]), "Carl")
    reported.wait(timedelta(days=3))
    reported.run()
    before = len(reported.sink.letters)
    moved = reported.path.read_text().replace(f'["{CARL}"]', f'["{ANNA}"]')
    reported.path.write_text(moved.replace(RINGS, ANNA))
    for old in (CARL, RINGS):
        reported.sink.always(f"RCPT {old}", "")
    later(reported)
    later(reported)
    assert {CARL, RINGS}.isdisjoint(to for one in reported.sink.letters[before:] for to in one.recipients)
    assert any("wombat" in letter_text(one) for one in reported.to(ANNA))
    assert reported.about(ANNA)


def test_a_letter_let_go_twice_leaves_once(reported: RelayDesk) -> None:
    """The second word finds nothing that waits."""
    among_us(reported, team_address(reported))
    comes(reported, hidden("zip")(INTERNAL), 1)
    (held,) = (row for row in reported.view("outbox") if row["kind"] == "answer")
    said = [reported.word("send", str(held["letter"])).status for _ in range(2)]
    reported.run()
    assert [*said, reported.word("send", str(held["letter"])).status] == [0, 1, 1]
    later(reported)
    assert len(reported.answers(RITA)) == 1


def test_what_a_member_quoted_or_hid_did_not_reach_the_reporter(reported: RelayDesk) -> None:
    """Words that were cut out of an answer are no less internal in the next one; what went out is none."""
    among_us(reported, team_address(reported))
    page = f"<p>{WORDS}</p><!-- {INTERNAL} -->"
    comes(reported, [text(page, "html")], 1)
    assert len(reported.answers(RITA)) == 1
    comes(reported, [text(f"Thank you.\n\n{INTERNAL}")], 2)
    assert len(reported.answers(RITA)) == 1
    assert reported.about(RINGS) == [WAITS]
    among_us(reported, team_address(reported), f"They know: {WORDS}")
    comes(reported, [text(f"As I wrote: {WORDS}")], 3)
    assert len(reported.answers(RITA)) == 2


def test_what_was_said_in_another_case_waits(two: RelayDesk) -> None:
    """The team's words, a member's and a reporter's token of Rita's case, in an answer to Tim."""
    ritas, tims = copy_with(two, "crafted file"), copy_with(two, "quokka")
    among_us(two, team_of(ritas))
    for words in (INTERNAL, f"Ask {header(ritas, 'Reply-To')}.", f"Ask {team_of(ritas)}."):
        two.comes(reply(tims, f"Carl <{CARL}>", f"Thank you.\n\n{words}"), DOMAIN)
        assert (words[:12], two.answers(TIM)) == (words[:12], [])
    assert two.about(RINGS) == [WAITS] * 3


def test_what_another_reporter_wrote_waits(two: RelayDesk) -> None:
    """Rita's words, pasted into an answer to Tim; what Tim wrote himself goes out."""
    ritas, tims = copy_with(two, "crafted file"), copy_with(two, "quokka")
    hers = next(line for line in letter_text(ritas).splitlines() if "crafted file" in line)
    assert len(hers.split()) >= 8
    two.comes(reply(tims, f"Carl <{CARL}>", f"Thank you. Somebody else says: {hers}"), DOMAIN)
    assert (two.answers(TIM), two.about(RINGS)) == ([], [WAITS])
    two.comes(reply(tims, f"Carl <{CARL}>", "Thank you. Which animal makes it crash, and how?"), DOMAIN)
    assert len(two.answers(TIM)) == 1


def test_a_disclaimer_below_everything_is_no_secret_of_another_case(two: RelayDesk) -> None:
    """What stood below an answer that was sent is usual, though it stands below the team's words too."""
    usual = "This message is meant for the person it is addressed to and for nobody else at all."
    ritas, tims = copy_with(two, "crafted file"), copy_with(two, "quokka")
    two.comes(reply(ritas, f"Carl <{CARL}>", f"Thank you for the file.\n\n{usual}"), DOMAIN)
    among_us(two, team_of(ritas), f"{INTERNAL}\n\n{usual}")
    two.comes(reply(tims, f"Carl <{CARL}>", f"Thank you for the animal.\n\n{usual}"), DOMAIN)
    assert (len(two.answers(RITA)), len(two.answers(TIM))) == (1, 1)


def test_an_answer_between_two_cases_goes_to_one_reporter_or_none(two: RelayDesk) -> None:
    """Reply-all with another case's address or its reporter in Cc, one case's references to the other's address."""
    ritas, tims = copy_with(two, "crafted file"), copy_with(two, "quokka")
    there, team = header(tims, "Reply-To"), team_of(ritas)
    ways = [{"Cc": there}, {"to": there}, {"Cc": TIM}, {"to": team, "Cc": header(ritas, "Reply-To")}]
    ways.append({"to": team_of(tims), "Cc": header(ritas, "Reply-To")})
    for number, way in enumerate(ways):
        two.comes(reply(ritas, f"Carl <{CARL}>", f"Thank you, {'x' * (number + 1)}.", **way), DOMAIN)
    assert (len(two.answers(RITA)), len(two.answers(TIM))) == (2, 0)


def test_a_guest_who_wants_answers_at_the_reporters_address_is_no_reporter(two: RelayDesk) -> None:
    """What they write is theirs, and no words of Rita's that a member may tell her again."""
    ritas = copy_with(two, "crafted file")
    case = header(ritas, "Subject").partition("[")[2].partition("]")[0]
    assert two.word("guest", case, GUEST, "until", "9d").status == 0
    among_us(two, team_of(ritas), "Please have a look at the parser.")
    theirs = two.to(GUEST)[-1]
    two.comes(reply(theirs, f"Fix <{GUEST}>", INTERNAL, **{"Reply-To": RITA}), "vendor.example")
    with two.desk() as opened, opened.database.transaction() as connection:
        wrote = connection.execute(select(message.c.author).where(message.c.case_id == case)).scalars().all()
    assert [one for one in wrote if one in (GUEST, RITA)] == [RITA, GUEST]
    two.comes(reply(ritas, f"Carl <{CARL}>", f"Thank you.\n\n{INTERNAL}"), DOMAIN)
    assert (two.answers(RITA), WAITS in two.about(RINGS)) == ([], True)
