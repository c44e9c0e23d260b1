"""What was approved before a backup was restored, and what its author is told."""

from datetime import timedelta

import pytest

from tests.keeping.test_restore import back_up, restore
from tests.openpgp.kit import Kit
from tests.relay.test_publishing import PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import BEA, MIA, RITA, RelayDesk

pytestmark = pytest.mark.dovecot


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
