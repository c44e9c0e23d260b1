"""Who may know, on a running desk: told outsiders, outsiders in copy, members who left."""

import json
import re
from datetime import timedelta

import pytest

from maild.core.change import OweLetter
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Held, Receipt
from maild.store import letters
from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text, reply
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
FIX = "fix@vendor.example"
PHONE = "carl@phone.example"


@pytest.fixture
def reported(desk: RelayDesk) -> RelayDesk:
    """Rita has reported something, in clear."""
    desk.comes(mails.plain(date=desk.clock))
    return desk


def tell(desk: RelayDesk) -> None:
    """Somebody at the vendor may know for nine days."""
    said = desk.word("tell", str(desk.one()["case"]), FIX, "until", "9d", "=they", "ship", "it")
    assert said.status == 0, said.err
    desk.run()


def from_fix(desk: RelayDesk, words: str, **about: str) -> None:
    """He answers the rules."""
    desk.comes(reply(desk.to(FIX)[0], FIX, words, **about))


def test_who_is_told_gets_the_rules_and_writes_to_the_team_until_his_day(reported: RelayDesk) -> None:
    """No copy goes to him; his answer reaches the team and no reporter; after his day it is held."""
    desk = reported
    tell(desk)
    (rules,) = desk.to(FIX)
    assert "TLP:AMBER+STRICT" in letter_text(rules)
    assert "Overflow" not in letter_text(rules)
    desk.comes(reply(desk.copies(CARL)[0], CARL, "We can reproduce it and work on a fix."), DOMAIN)
    assert len(desk.to(FIX)) == 1
    to_rita = len(desk.to(RITA))
    from_fix(desk, "We have ten packages of it.")
    assert "We have ten packages of it." in letter_text(desk.copies(CARL)[-1])
    assert "A message was also sent to somebody outside the team" not in desk.about(PHONE)
    desk.wait(timedelta(days=10))
    copies = len(desk.copies(CARL))
    from_fix(desk, "And one more.", message_id="<late@vendor.example>")
    from_fix(desk, "By the thread.", message_id="<thread@vendor.example>", to="security@project.example")
    held = desk.view("quarantine")
    assert [row["reasons"] for row in held] == [["its author's time in the case is over"]] * 2
    assert (len(desk.copies(CARL)), len(desk.to(RITA)), len(desk.to(FIX))) == (copies, to_rita, 1)
    assert "time-over" in desk.one()["flags"]
    assert "A message from somebody who no longer has access" in desk.about(MIA)


def test_nothing_that_was_owed_goes_out_after_his_day(reported: RelayDesk) -> None:
    """A guest's copy that the server put off until his day had passed is given up."""
    desk = reported
    assert desk.word("guest", str(desk.one()["case"]), FIX, "until", "2h").status == 0
    desk.run()
    desk.sink.always("RCPT", "451 4.7.1 later")
    desk.comes(
        mails.plain(date=desk.clock, message_id="<2@reporter.example>", In_Reply_To="<one@reporter.example>")
    )
    desk.sink.always("RCPT", "")
    desk.wait(timedelta(hours=3))
    desk.run()
    assert desk.copies(FIX) == []
    rows = [row for row in desk.view("outbox", True) if row["to"] == FIX and row["kind"] == "copy"]
    assert [(row["state"], row["trouble"]) for row in rows] == [
        ("failed", "its reader's time in the case is over")
    ]


def test_an_outsider_in_copy_is_flagged_once_to_the_team_alone(reported: RelayDesk) -> None:
    """The handlers' letter names him; no letter goes to him, nothing of it to the reporter or into the log."""
    desk = reported
    for number in ("2", "3"):
        desk.comes(
            mails.plain(
                date=desk.clock,
                message_id=f"<{number}@reporter.example>",
                In_Reply_To="<1@reporter.example>",
                References=header(desk.to(RITA)[0], "Message-ID"),
                Cc="Eve <eve@elsewhere.example>",
            )
        )
    assert "outsider-in-copy" in desk.one()["flags"]
    assert desk.about(MIA).count("A message was also sent to somebody outside the team") == 1
    (letter,) = [
        one
        for one in desk.to(MIA)
        if "A message was also sent to somebody outside the team" in header(one, "Subject")
    ]
    assert "eve@elsewhere.example" in letter_text(letter)
    assert desk.to("eve@elsewhere.example") == []
    assert "eve@" not in desk.log.getvalue() + json.dumps(desk.one()["journal"])
    assert {"eve@elsewhere.example": "in copy"}.items() <= {
        row["address"]: row["side"] for row in desk.view("access", desk.one()["case"])
    }.items()


def test_of_a_sealed_case_no_outsider_is_written_down(desk: RelayDesk, kit: Kit) -> None:
    """The team is told where to read who it is."""
    desk.comes(report(kit, words="Kestrelwing.").replace(b"MIME-", b"Cc: eve@elsewhere.example\r\nMIME-", 1))
    (letter,) = [
        one
        for one in desk.to(MIA)
        if "A message was also sent to somebody outside the team" in header(one, "Subject")
    ]
    assert "eve@" not in letter_text(letter)
    assert "in the To and Cc" in " ".join(letter_text(letter).split())
    assert [row["value"] for row in desk.one()["disclosure"]] == ["(sealed, in mail 1)"]


def test_maild_access_prints_it_all(reported: RelayDesk) -> None:
    """The team, and by case the reporters, guests and who was told, with until and reason; a stranger too."""
    desk = reported
    tell(desk)
    case = str(desk.one()["case"])
    for words in (("access", "--json"), ("access", case, "--json")):
        rows = {row["address"]: row for row in json.loads(desk.word(*words).out)}
        assert {MIA, BEA, CARL, PHONE} < set(rows)
        assert {rows[one]["case"] for one in (MIA, BEA, CARL, PHONE)} == {None}
        assert (rows[RITA]["case"], rows[RITA]["side"]) == (case, "reporter")
        assert (rows[FIX]["side"], rows[FIX]["reason"]) == ("outside", "=they ship it")
        assert rows[FIX]["until"] > rows[FIX]["since"]
    assert "on the team: Bea" in desk.word("access").out


def leave(desk: RelayDesk, name: str = "Bea") -> None:
    """A member goes out of the configuration, and the desk starts anew."""
    text = re.sub(rf'\[\[team\]\]\nname = "{name}"\n(?:[^\[\n].*\n)+', "", desk.path.read_text())
    assert f'"{name}"' not in text
    more = '\n[[team]]\nname = "Anna"\naddresses = ["anna@project.example"]\nroles = ["backup"]\n'
    desk.path.write_text(text + more)
    desk.run()


def test_who_left_loses_every_case(reported: RelayDesk) -> None:
    """Nothing is sent to her, what was owed is withdrawn, her mail is held, and the desk is reminded once."""
    desk = reported
    copy = desk.copies(BEA)[0]
    desk.word("handler", str(desk.one()["case"]), "Bea")
    desk.sink.always("RCPT", "451 4.7.1 later")
    desk.comes(
        mails.plain(date=desk.clock, message_id="<2@reporter.example>", In_Reply_To="<one@reporter.example>")
    )
    desk.sink.always("RCPT", "")
    before = len(desk.to(BEA))
    leave(desk)
    desk.wait(timedelta(hours=2))
    desk.comes(mails.plain(date=desk.clock, sender="other@reporter.example", message_id="<3@x.example>"))
    desk.comes(reply(copy, BEA, "I am still here."), DOMAIN)
    assert len(desk.to(BEA)) == before
    owed = [
        row
        for row in desk.view("outbox", True)
        if row["to"] == BEA and row["state"] not in ("sent", "failed")
    ]
    assert owed == []
    assert "I am still here." not in "".join(letter_text(one) for one in desk.copies(CARL))
    assert [row["from"] for row in desk.view("quarantine")] == [BEA]
    assert desk.about(MIA).count("Bea has left the team") == 1
    assert desk.cases()[0]["handler"] == ""
    (line,) = [row for row in desk.view("access", desk.cases()[0]["case"]) if row["address"] == BEA]
    assert line["until"]
    check = json.loads(desk.word("check", "--json").out)
    assert [row for row in check if row["what"] == "team" and "Bea left on" in row["text"]], check


def test_what_is_of_no_case_is_withdrawn_too(desk: RelayDesk) -> None:
    """A list of held mail that waited for the server is not sent to who left; what she is owed as a reporter is."""
    listed = OweLetter(
        "held:bea",
        LetterKind.HELD,
        "",
        BEA,
        "t" * 20,
        Held("2026-03-02", ()),
        internal=True,
    )
    receipt = OweLetter(
        "receipt:bea",
        LetterKind.RECEIPT,
        "",
        BEA,
        "u" * 20,
        Receipt("2026-03-02T00:00:00+00:00"),
        reporter=BEA,
        parked="to be seen",
        internal=False,
    )
    with desk.desk() as opened:
        for one in (listed, receipt):
            opened.ask(letters.owe, one, opened.policy.desk, desk.clock)
    leave(desk)
    rows = {
        row["kind"]: (row["state"], row["trouble"]) for row in desk.view("outbox", True) if row["to"] == BEA
    }
    assert rows == {"held": ("failed", "its reader has left the team"), "receipt": ("parked", "to be seen")}


@pytest.mark.parametrize("word", ["tell", "guest"])
def test_a_joined_case_gives_nobody_more_time(reported: RelayDesk, word: str) -> None:
    """Whoever was told of the case, or let into it, before it was joined to another is late in that, too."""
    desk = reported
    first = str(desk.one()["case"])
    why = ["why"] if word == "tell" else []
    assert desk.word(word, first, FIX, "until", "9d", *why).status == 0
    desk.comes(
        mails.plain(date=desk.clock, sender="Tim <tim@third.example>", message_id="<t1@third.example>")
    )
    second = next(str(one["case"]) for one in desk.cases() if one["case"] != first)
    assert desk.word("duplicate", first, second).status == 0
    from_fix(desk, "In time.")
    assert "In time." in letter_text(desk.copies(CARL)[-1])
    about = {"sender": "Tim <tim@third.example>", "References": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, message_id="<t2@third.example>", text="Of Tim's.\n", **about))
    assert "Of Tim's." in letter_text(desk.copies(CARL)[-1])
    assert len(desk.to(FIX)) == 1
    desk.wait(timedelta(days=10))
    from_fix(desk, "Late.", message_id="<late@vendor.example>")
    assert [row["reasons"] for row in desk.view("quarantine")] == [["its author's time in the case is over"]]
