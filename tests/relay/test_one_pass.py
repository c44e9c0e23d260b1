"""One pass of ``maild run --once``: what came in is known, and sent, before anybody is called."""

from datetime import timedelta

import pytest

from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, header, reply

pytestmark = pytest.mark.dovecot


def test_an_answer_that_waits_in_the_very_pass_stops_the_escalation(desk: RelayDesk) -> None:
    """Run after two days, with the answer in the inbox: Rita gets it late, and nobody is called for it."""
    desk.comes(mails.plain(date=desk.clock))
    answer = reply(desk.copies(CARL)[0], CARL, "We can reproduce it and work on a fix for it.")
    desk.wait(timedelta(hours=49))
    desk.comes(answer, "project.example")
    assert len(desk.answers(RITA)) == 1
    called = [one for one in desk.to("carl@phone.example") if "is overdue" in header(one, "Subject")]
    assert called == []
