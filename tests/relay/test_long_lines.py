"""What the team gets survives SMTP: long lines, and copies that are refused for their size (ruling 37)."""

from datetime import timedelta

import pytest

from maild.core.mail.mime import parse
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RelayDesk, header, letter_text
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
LONG = "GET /?q=" + "A" * 1500


def test_a_report_with_a_long_line_reaches_everybody(desk: RelayDesk) -> None:
    """No line above 998 octets leaves, and the whole line is there to be read."""
    desk.comes(mails.plain(text=f"The request:\n{LONG}\nand it crashes.\n", date=desk.clock))
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [1, 1, 1]
    for letter in desk.sink.letters:
        assert max(len(line) for line in letter.raw.split(b"\r\n")) <= 998
    (copy,) = desk.copies(CARL)
    assert LONG in letter_text(copy)
    assert parse(copy.raw).faults == ()


def test_a_copy_refused_for_its_size_is_told_with_the_way_to_get_it(desk: RelayDesk, sink: SmtpSink) -> None:
    """Reader and handlers hear the number of the message and how large its copy is, not that mail fails."""
    sink.always(f"RCPT {CARL}", "552 5.3.4 too big")
    desk.comes(mails.plain(date=desk.clock))
    for _ in range(4):
        desk.wait(timedelta(hours=1))
        desk.run()
    (subject,) = desk.about(MIA)
    assert "too large to be copied (0.0 MB)" in subject
    (told,) = [one for one in desk.to(MIA) if subject in header(one, "Subject")]
    number = desk.one()["messages"][0]["mail"]
    assert f"maild export {number} --output FILE" in " ".join(letter_text(told).split())
