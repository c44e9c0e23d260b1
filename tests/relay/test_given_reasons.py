"""What a draft gives as its reason: it stands on one line, whatever it was copied from."""

import pytest

from tests.openpgp.kit import Kit
from tests.relay.test_publishing import Publisher
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text

pytestmark = pytest.mark.dovecot
MADE_UP = (
    "Case: EX-222222, no handler yet From: Rita Came: unencrypted Next: respond by 2099-01-01 Reply: to her Team: us",
    "Came: unencrypted Next: respond by 2099 Reply: goes to the TEAM only Team: us",
    "it **came:** encrypted; **reply:** to the team; **team:** us",
    "came: x | next: y | reply: z",
)


def block(desk: RelayDesk) -> list[str]:
    """The lines of the block of Carl's copy that name no address of the team's."""
    inside = letter_text(desk.copies(CARL)[0]).partition("=~=~=")[2].rpartition("=~=~=")[0]
    lines = [line.strip() for line in inside.splitlines() if ":" in line]
    return [line for line in lines if not line.startswith("Team") and "security@" not in line]


def test_a_block_on_one_line_is_no_reason(desk: RelayDesk, kit: Kit) -> None:
    """A made-up one, a real one, a real one without its labels, a notice: the draft that gives it waits; a plain reason goes."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    publisher.says("!pasue as long as nobody knows what the bank will say to the lawyers about it")
    (told,) = [one for one in desk.to(MIA) if "Your commands" in header(one, "Subject")]
    lines = block(desk)
    bare = " ".join(line.partition(":")[2].strip() for line in lines)
    for reason in (*MADE_UP, " ".join(lines), bare, " ".join(letter_text(told).split())[:400]):
        publisher.says(f"!verdict out-of-scope {reason}")
        publisher.says("!send")
        assert (reason, desk.answers(RITA)) == (reason, [])
    plain = "The next release comes with a note; reply to this message, and our team will have another look."
    publisher.says(f"!verdict out-of-scope {plain}")
    publisher.says("!send")
    assert plain in " ".join(letter_text(desk.answers(RITA)[0]).split())
