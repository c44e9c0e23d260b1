"""What the team is told of an author from earlier reports, on a real desk."""

import json

import pytest

from tests.support import mails
from tests.support.relaying import MIA, RelayDesk, plain_text, read_by

pytestmark = pytest.mark.dovecot
RITA = "rita@reporter.example"
OTHERS = "reporter.example"


def block(desk: RelayDesk) -> str:
    """The newest copy of a member, on one line."""
    return " ".join(plain_text(read_by(desk.kit, desk.copies(MIA)[-1])).split())


def comes(desk: RelayDesk, number: int, proved: str = OTHERS) -> str:
    """Another report of Rita's; its case."""
    subject, text = f"Overflow {number}", f"Another one, in part {number} of the parser.\n"
    desk.comes(mails.plain(subject, text, RITA, message_id=f"<k{number}@x>", date=desk.clock), proved)
    return str(desk.cases()[-1]["case"])


def test_earlier_reports_and_their_verdicts_are_told_to_the_team_alone(desk: RelayDesk) -> None:
    """In its copy and in ``show``, of a proved author; in no letter that leaves; gone after ``forget``."""
    first = comes(desk, 1)
    assert "Known: first report here" in block(desk)
    assert desk.word("verdict", first, "vulnerability").status == 0
    second = comes(desk, 2)
    assert "Known: 1 earlier report here, confirmed" in block(desk)
    forged = comes(desk, 3, proved="")
    assert "Known:" not in block(desk)
    shown = {
        one: json.loads(desk.word("show", one, "--json").out)["known"] for one in (first, second, forged)
    }
    assert shown == {first: "first report here", second: "1 earlier report here, confirmed", forged: None}
    listed = json.loads(desk.word("cases", "--first", "known", "--json").out)
    assert listed[0]["case"] == second
    outside = [one for one in desk.sink.letters if RITA in one.recipients]
    assert outside
    assert not any(b"earlier report" in one.raw for one in outside)
    assert desk.word("forget", RITA, "--yes").status == 0
    fourth = comes(desk, 4)
    assert json.loads(desk.word("show", fourth, "--json").out)["known"] == "first report here"
    assert "Known: first report here" in block(desk)
