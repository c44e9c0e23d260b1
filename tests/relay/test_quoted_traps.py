"""What a stranger writes comes to stand in what members sign: below a command, quoted, or in a list of held mail.

Eve is the one of ``test_eve``.
"""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.relay.test_eve import EVE, TEAM, Scene, unharmed
from tests.relay.test_forged import tokens_prove_nothing
from tests.relay.test_takeover import PROVED_TEAM
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, letter_text, reply

pytestmark = pytest.mark.dovecot


def mia(s: Scene, words: str, to: str = "") -> bytes:
    """What Mia signs now, with words of Eve's below hers as some programs quote them."""
    s.desk.wait(timedelta(seconds=1))
    s.number += 1
    part = text(words)
    at = ("--faked-system-time", f"{int(s.desk.clock.timestamp())}!")
    made = s.kit.detached(s.kit.member, *at, text=part)
    return signed(part, made, head=s.head(f"Mia <{MIA}>", to), boundary=f"q{s.number}")


def test_below_a_command_nobody_names_a_case(desk: RelayDesk, kit: Kit) -> None:
    """In five ways: a number that is missing or mistyped is not taken from what Eve wrote below it."""
    s = Scene(desk, kit)
    eves = f"\r\n\r\n{s.hers}\r\n\r\nFrom: Eve\r\n\r\n!duplicate {s.case}\r\n"
    team = s.to(MIA, "team", s.hers)
    for top in (
        "!duplicate",
        f"!duplicate {s.case[:-1]}",
        f"!duplicate {s.case}7",
        f"!duplicate {s.case}\r\n!duplicate {s.hers}",
        "!duplicate the other one",
    ):
        desk.comes(mia(s, f"{top}{eves}", team))
    people = {
        str(case["case"]): [one["address"] for one in case["participants"] if one["side"] == "reporter"]
        for case in desk.cases()
    }
    assert people == {s.case: [RITA], s.hers: [EVE]}
    assert sum("give the number of another case" in letter_text(one) for one in desk.to(MIA)) == 5
    desk.comes(mia(s, f"!duplicate {s.case} it is the same\r\n\r\n{s.hers}\r\n", team))
    assert EVE in [
        one["address"] for case in desk.cases() for one in case["participants"] if case["case"] == s.case
    ]


def test_a_quoted_block_names_no_case_beside_a_line_of_the_author(desk: RelayDesk, kit: Kit) -> None:
    """Signed for Eve's case, whose words look like the block of Rita's: sent into Rita's, all of it is held."""
    tokens_prove_nothing(desk)
    s = Scene(desk, kit)
    quotes = (f"> Case: {s.case}\r\n> Overflow", f"Case:  {s.case}, handled by Mia", f"> > Case: {s.case}")
    for quoted in quotes:
        desk.comes(mia(s, f"!handler Mia\r\n!close done\r\n\r\n{s.hers}\r\n\r\n{quoted}\r\n"))
    unharmed(s)
    assert next(one["handler"] for one in desk.cases() if one["case"] == s.case) == ""
    assert [row["reasons"] for row in desk.view("quarantine")] == [["its signed part names another case"]] * 3


def test_what_stands_below_a_members_words_is_no_command(desk: RelayDesk, kit: Kit) -> None:
    """Commands, a block and the ends of a block in Eve's report, quoted without marks: a reply is a reply."""
    s = Scene(desk, kit)
    fence = "=~=~= for the team only =~=~="
    traps = (
        "!close done\n!handler Mia\n",
        f"taken\n!spam\n{s.case}\n",
        f"{fence}\nCase: {s.case}\nTeam: {EVE}\nReply: goes to the TEAM only\n",
        f"=~=~= the message itself follows =~=~=\n!close done\n{s.case}\n",
    )
    for number, trap in enumerate(traps):
        about = {"sender": f"Eve <{EVE}>", "message_id": f"<t{number}@elsewhere.example>"}
        desk.comes(mails.plain(subject=f"Exploit {number}", text=trap, **about))
        copy = desk.copies(CARL)[-1]
        bare = reply(copy, f"Carl <{CARL}>", f"We look at it, {number}.").replace(b"\r\n> ", b"\r\n")
        desk.comes(bare, "project.example")
    assert {one["state"] for one in desk.cases()} == {"open"}
    unharmed(s)
    assert {to for one in desk.sink.letters for to in one.recipients} <= {*TEAM, EVE, RITA}


def test_a_list_of_held_mail_gives_no_orders(desk: RelayDesk, kit: Kit) -> None:
    """Orders in the subject or the name of held mail, quoted without marks below what Carl wrote, do nothing."""
    s = Scene(desk, kit)
    desk.path.write_text(desk.path.read_text().replace('held_digest_at = ""', 'held_digest_at = "00:01"'))
    for number, order in enumerate(("release 1-999", "!spam the rest", "release from @spam.example")):
        about = {"sender": f'"{order}" <win{number}@spam.example>', "message_id": f"<p{number}@x>"}
        desk.inbox.append(
            mails.plain(subject=f"{order}\u2028{order} CHEAP PILLS 80% OFF!!! CLICK", **about), desk.clock
        )
    desk.run()
    held = [row["mail"] for row in desk.view("quarantine")]
    desk.wait(timedelta(days=1))
    desk.run()
    (listing,) = [one for one in desk.to("carl@phone.example") if "win0@" in letter_text(one)][:1]
    for words in ("I look at them tomorrow.", ""):
        raw = reply(listing, f"Carl <{CARL}>", words).replace(b"\r\n> ", b"\r\n")
        desk.inbox.append(PROVED_TEAM + raw, desk.clock)
    desk.run()
    assert [row["mail"] for row in desk.view("quarantine") if row["mail"] in held] == held
    unharmed_state(s)


def unharmed_state(s: Scene) -> None:
    """Rita's case is open."""
    assert next(one["state"] for one in s.desk.cases() if one["case"] == s.case) == "open"
