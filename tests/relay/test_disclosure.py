"""The road to disclosure in mail: words in signed mail, drafts to the handler, answers only by ``!send``."""

import json
from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, plain_text, read_by
from tests.support.sealing import SAM, key_file, report

pytestmark = pytest.mark.dovecot
MEMBER = f"Mia Member <{MIA}>"


class Said:
    """Signed mail of Mia's to the team's address of the only case."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0

    def __call__(self, words: str) -> None:
        """She says *words*, and the desk hears them."""
        self.number += 1
        case = str(self.desk.one()["case"])
        with self.desk.desk() as opened:
            to = token(opened.policy.desk.secret, case, MIA, "team")
        lines = (
            f"From: {MEMBER}",
            f"To: security+{to}@project.example",
            f"Subject: words {self.number}",
            f"Message-ID: <w{self.number}@home.example>",
            "MIME-Version: 1.0",
        )
        own = words if "\n" in words else f"{words}\r\n"
        part = text(f"{own}\r\n-- \r\n{case}\r\n")
        head = "".join(f"{line}\r\n" for line in lines).encode()
        self.desk.comes(signed(part, self.kit.detached(self.kit.member, text=part), head=head))


@pytest.fixture
def says(desk: RelayDesk, kit: Kit) -> Said:
    """What Mia says."""
    return Said(desk, kit)


def recorded(desk: RelayDesk) -> dict[str, str]:
    """What was recorded of the only case."""
    return {
        " ".join(filter(None, (row["what"], row["item"]))): row["value"] for row in desk.one()["disclosure"]
    }


def test_a_case_is_judged_and_its_reporter_told_only_by_send(desk: RelayDesk, says: Said) -> None:
    """The verdict drafts an answer for its author; the reporter hears nothing until ``!send``, then once."""
    desk.comes(mails.plain(date=desk.clock))
    desk.wait(timedelta(minutes=1))
    says("!verdict out-of-scope the parser is not shipped")
    drafts = [one for one in desk.to(MIA) if "Draft reply to the reporter" in header(one, "Subject")]
    assert len(drafts) == 1
    assert "the parser is not shipped" in letter_text(drafts[0])
    assert desk.answers(RITA) == []
    assert desk.word("close", str(desk.one()["case"])).status == 1
    desk.wait(timedelta(minutes=1))
    says("!send")
    (answer,) = desk.answers(RITA)
    assert "outside the scope of our policy" in letter_text(answer)
    assert "If you disagree" in letter_text(answer)
    assert "!" not in letter_text(answer).replace("!=", "")
    (copy,) = [one for one in desk.to(CARL) if "outside the scope of our policy" in letter_text(one)]
    assert header(copy, "From").startswith("Mia via")
    assert "goes to the REPORTER, rita@reporter.example" in letter_text(copy)
    assert not [one for one in desk.to(MIA) if "by !send" in letter_text(one)]
    assert desk.promises()["respond"] == "team:Mia"
    assert desk.word("close", str(desk.one()["case"])).status == 0


def test_a_sealed_case_is_answered_with_the_handlers_own_words(desk: RelayDesk, kit: Kit, says: Said) -> None:
    """Text below ``!send`` goes out in the draft's place, sealed, and nothing said of the case rests in clear."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    desk.wait(timedelta(minutes=1))
    says("!affects quokka 1.0 to 2.0")
    assert recorded(desk)["affects"].startswith("(sealed, in mail ")
    desk.wait(timedelta(minutes=1))
    says("!send\r\n\r\nWe see it too, and work on a fix for the next release.\r\n")
    (answer,) = desk.answers(SAM)
    assert "work on a fix" not in letter_text(answer)
    read = plain_text(read_by(kit, answer))
    assert "We see it too, and work on a fix" in read
    assert "!send" not in read


def test_the_road_is_shown_and_the_embargo_reminded(desk: RelayDesk) -> None:
    """By commands: what is recorded is listed, ready needs everything, and a reminder comes a day before."""
    desk.comes(mails.plain(date=desk.clock))
    case = str(desk.one()["case"])
    for words in (
        ("handler", case, "Mia"),
        ("verdict", case, "vulnerability"),
        ("severity", case, "important"),
        ("affects", case, "1.0", "to", "2.0"),
        ("stage", case, "confirmed"),
    ):
        assert desk.word(*words).status == 0, words
    refused = desk.word("stage", case, "ready")
    assert refused.status == 1
    assert "missing: an audit of the code for similar problems" in refused.err
    at = desk.clock + timedelta(days=10)
    said = desk.word("embargo", case, f"{at:%Y-%m-%d}", f"{at:%H:%M}", "UTC")
    assert said.status == 0, said.err
    assert {"stage", "verdict", "severity", "track", "affects", "embargo"} <= set(recorded(desk))
    desk.run()
    assert "The announcement is coming up" not in desk.about(MIA)
    desk.wait(timedelta(days=9, minutes=5))
    desk.run()
    desk.run()
    assert desk.about(MIA).count("The announcement is coming up") == 1


def test_a_reporters_own_date_and_a_laws_clock_are_reminded(desk: RelayDesk, says: Said) -> None:
    """By signed words, on a real desk: noted, shown by ``when``, reminded once, before the embargo."""
    config = desk.folder / "maild.toml"
    config.write_text(f'{config.read_text()}\n[regulatory]\npreset = "cra-steward"\n')
    desk.comes(mails.plain(date=desk.clock))
    desk.wait(timedelta(minutes=1))
    own, end = desk.clock + timedelta(days=8), desk.clock + timedelta(days=9)
    says(f"!reporter-date {own:%Y-%m-%d %H:%M} UTC he gives a talk")
    says(f"!embargo {end:%Y-%m-%d %H:%M} UTC")
    says("!regulatory start")
    assert {"reporter-date", "reporter-date why", "embargo", "regulatory start"} <= set(recorded(desk))
    ahead = json.loads(desk.word("when", "--json").out)
    assert {"reporter-date", "embargo", "regulatory: early-warning"} <= {row["promise"] for row in ahead}
    desk.wait(timedelta(days=2, hours=1))
    desk.run()
    desk.run()
    told = desk.about(MIA)
    assert told.count("The reporter plans to publish before your announcement") == 1
    assert told.count("The reporter's own publication date is coming up") == 1
    assert told.count("Regulatory: early-warning is overdue") == 1
    assert {row["promise"] for row in json.loads(desk.word("ledger", "--json").out)} == {
        "acknowledge",
        "respond",
    }
