"""Commands that matter most: a copy of the signed message never does it again, however it is packed."""

import pytest

from maild.store import journal
from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed
from tests.relay.test_signed_once import AGAIN, COPIES, Member
from tests.support import mails
from tests.support.relaying import MIA, RITA, RelayDesk, reply

pytestmark = pytest.mark.dovecot
COMMANDS = {
    "!close fixed": "reopen",
    "!pause waiting for the vendor until 2099-01-01": "resume",
    "!leaked": "",
    "!announce now": "",
    "!approve 0123456789ab": "",
}
"""Each with the command by which an operator undoes it."""


def done(desk: RelayDesk) -> int:
    """How many times Mia was told what came of a command."""
    return desk.about(MIA).count("Your commands")


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_heard_once(desk: RelayDesk, kit: Kit, command: str) -> None:
    """The original is carried out or answered; no copy is, and each is held with its author told."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(reply(desk.copies(MIA)[0], f"Mia <{MIA}>", "We can reproduce it and work on a fix."))
    mia = Member(desk, kit, kit.member, str(desk.one()["case"]))
    part, made = mia.says(command)
    desk.comes(signed(part, made, head=mia.head()))
    assert done(desk) == 1
    if undo := COMMANDS[command]:
        assert desk.word(undo, mia.case).status == 0
    with desk.desk() as opened:
        before = opened.ask(journal.of_case, mia.case)
    for copy in COPIES.values():
        desk.inbox.append(copy(mia, part, made), desk.clock)
    desk.run()
    assert desk.trouble == ""
    assert done(desk) == 1
    assert AGAIN in desk.about(MIA)
    held = [row for row in desk.view("quarantine") if row["kind"] == "held"]
    assert len(held) == len(COPIES)
    with desk.desk() as opened:
        after = opened.ask(journal.of_case, mia.case)
    new = {str(row["what"]) for row in after[len(before) :]}
    assert new <= {"message", "flag", "letter owed", "letter sent"}, new
    assert (mia.state, len(desk.answers(RITA))) == ("open", 1)
