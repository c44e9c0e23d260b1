"""Mail that others send in a reporter's name does not use up what the reporter is owed."""

import pytest

from tests.relay.test_eve import EVE
from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, letter_text

pytestmark = pytest.mark.dovecot
PROVED = "reporter.example"


def follow(name: str, **about: str) -> bytes:
    """A message in Rita's thread."""
    fields = {"message_id": f"<{name}@x.example>", "subject": "Re: Overflow", "text": f"Words of {name}.\n"}
    return mails.plain(**{**fields, "In_Reply_To": "<one@reporter.example>", **about})


def test_a_flood_in_the_reporters_name_hides_none_of_their_own_mail(desk: RelayDesk) -> None:
    """Forged From or Reply-To, also well proved as Eve's, fill the hour; what is proved to be Rita's is copied until she has sent too many herself."""
    desk.configure(more="[limits]\nfollowups_per_hour = 3\n")
    desk.comes(mails.plain(date=desk.clock))
    forged = [follow(f"f{number}") for number in range(5)]
    forged += [follow(f"g{number}", sender=f"Eve <{EVE}>", Reply_To=RITA) for number in range(5)]
    desk.inbox.append_many(forged)
    desk.run()
    for number in range(3):
        desk.comes(follow(f"h{number}", sender=f"Eve <{EVE}>", Reply_To=RITA), "elsewhere.example")
    for number in range(5):
        desk.comes(follow(f"rita{number}"), PROVED)
    desk.comes(follow("late"))
    copied = "\n".join(letter_text(one) for one in desk.copies(CARL))
    assert [n for n in range(5) if f"Words of rita{n}." in copied] == [0, 1, 2]
    assert sum(f"Words of {kind}{n}." in copied for kind in "fg" for n in range(5)) == 2
    assert "Words of late." not in copied
