"""What was approved, or owed to somebody outside, before a backup was restored."""

from datetime import timedelta

import pytest

from tests.keeping.test_restore import back_up, restore
from tests.openpgp.kit import Kit
from tests.relay.test_meanwhile import later
from tests.relay.test_publishing import PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import BEA, MIA, RITA, RelayDesk

pytestmark = pytest.mark.dovecot
FIX = "fix@vendor.example"


def test_an_approval_just_after_a_restore_is_told_that_it_does_not_count(desk: RelayDesk, kit: Kit) -> None:
    """Nobody knows whether it is from before, so it is not done and says so; five minutes later it is done."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    publisher = Publisher(desk, kit)
    publisher.judged()
    publisher.says(f"!announce\r\n\r\n{PUBLIC}")
    back_up(desk)
    restore(desk)
    digest = publisher.prepared("announcement")
    for who in (MIA, BEA):
        said = " ".join(publisher.says(f"!approve {digest}", who).split())
        assert "not done; your message may be from before a backup was restored" in said
        assert "Approved" not in said
    rows = desk.one()["disclosure"]
    assert [row for row in rows if row["what"] == "approved"] == []
    desk.wait(timedelta(minutes=6))
    assert "Approved for announcement: 1 of 2" in publisher.says(f"!approve {digest}")


@pytest.mark.parametrize("words", [("guest",), ("tell", "they", "ask")])
def test_rules_that_went_out_after_the_backup_do_not_again(desk: RelayDesk, words: tuple[str, ...]) -> None:
    """Owed at the backup and sent since: parked like answers, until a person says that they are to go."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    case = str(desk.one()["case"])
    desk.sink.always(f"RCPT {FIX}", "451 4.7.1 later")
    assert desk.word(words[0], case, FIX, "until", "9d", *words[1:]).status == 0
    desk.run()
    back_up(desk)
    desk.sink.always(f"RCPT {FIX}", "")
    later(desk)
    restore(desk)
    later(desk)
    assert len(desk.to(FIX)) == 1
    (row,) = [row for row in desk.view("outbox") if row["to"] == FIX]
    assert row["state"] == "parked"
    assert desk.word("send", "--parked").status == 0
    desk.run()
    assert len(desk.to(FIX)) == 2
