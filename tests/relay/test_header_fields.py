"""What a stranger writes so that it becomes a header field of ours when a letter is made: it becomes none."""

from base64 import b64encode
from email import message_from_bytes

import pytest

from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, reply

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
TWICE = (
    "=?utf-8?b?"
    + b64encode(b"=?utf-8?q?x=0D=0ABcc:_mallory=40evil.example=0D=0A=0D=0AGone?=").decode()
    + "?="
)
"""An encoded word in an encoded word: read once it looks like one, read twice it breaks the line."""


@pytest.mark.parametrize(
    "strange",
    [
        {"subject": TWICE},
        {"subject": f"Overflow {TWICE}"},
        {"sender": f"{TWICE} <{RITA}>"},
        {"message_id": "<=?utf-8?q?x=0D=0ABcc:_mallory=40evil.example?=@reporter.example>"},
    ],
    ids=["subject", "end of subject", "name", "Message-ID"],
)
def test_no_letter_of_a_report_gets_a_field_from_its_author(desk: RelayDesk, strange: dict[str, str]) -> None:
    """Neither receipt nor copies nor a member's answer; and none goes to anybody else."""
    desk.comes(mails.plain(**{"date": desk.clock, "sender": f"Rita <{RITA}>", **strange}), RITA)  # type: ignore[arg-type]
    desk.comes(reply(desk.copies(CARL)[0], f"Carl <{CARL}>", "We look into it."), DOMAIN)
    assert len(desk.answers(RITA)) == 1
    for letter in desk.sink.letters:
        assert "Bcc" not in message_from_bytes(letter.raw)
        assert "mallory@evil.example" not in letter.recipients


def test_a_receipt_stands_in_the_thread_of_a_report_with_a_long_message_id(desk: RelayDesk) -> None:
    """As services and large providers make them: it is answered as it stands, in clear and on one line."""
    long = "<0100018b1234abcd-12345678-90ab-cdef-1234-567890abcdef-000000@email.amazonses.com>"
    desk.comes(mails.plain(date=desk.clock, message_id=long), RITA)
    (receipt,) = desk.to(RITA)
    assert f"\r\nIn-Reply-To: {long}\r\n".encode() in receipt.raw
