"""Nobody who is no reader of the daily list releases or rejects held mail, whatever they answer it with."""

from email import message_from_bytes

import pytest

from tests.engine.test_held_list import ANNA, desk, listed, word
from tests.support import mails
from tests.support.desk import MX
from tests.support.running import RunningDesk

__all__ = ["desk"]
pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
ATTEMPTS: dict[str, dict[str, str]] = {
    "an outsider": {"sender": EVE},
    "an outsider named as her": {"sender": f'"{ANNA}" <{EVE}>'},
    "two authors": {"sender": f"{ANNA}, {EVE}"},
    "another member": {"sender": "bea@project.example"},
    "the desk itself": {"sender": "security@project.example"},
    "Sender is hers": {"sender": EVE, "Sender": ANNA, "Reply_To": ANNA},
    "named by a list": {"sender": "list@lists.example", "X_Original_From": ANNA},
    "dmarc=fail": {"sender": ANNA, "Authentication_Results": f"{MX}; dmarc=fail header.from=project.example"},
    "marked as automatic": {"sender": ANNA, "Auto_Submitted": "auto-replied"},
    "without the list's Message-ID": {"sender": ANNA, "In_Reply_To": "<one@reporter.example>"},
    "within a quote": {"sender": ANNA, "mark": "> "},
    "below other words": {"sender": ANNA, "mark": "Hello.\n"},
}


def _order(desk: RunningDesk, number: int, about: dict[str, str]) -> bytes:
    """Orders about everything, in an answer to Anna's list, with a word of it unless they answer another letter."""
    (sent,) = (
        one for one in desk.sink.letters if one.recipients == (ANNA,) and b"as probable spam" in one.raw
    )
    own = [] if "In_Reply_To" in about else [word(desk, "release")]
    lines = [*own, "release 1-99", "reject from @spam.example", "!spam the rest"]
    mark = about.get("mark", "")
    text = "".join(f"{mark}{line}\n" for line in lines)
    fields = {"In_Reply_To": str(message_from_bytes(sent.raw)["Message-ID"]), **about}
    fields.pop("mark", "")
    return mails.plain(subject="Re: held", message_id=f"<h{number}@x>", text=text, **fields)


def test_no_attempt_decides_about_held_mail(desk: RunningDesk) -> None:
    """The spam stays where it is; nobody is sent a receipt, and nothing is rejected."""
    assert len(listed(desk, ANNA)) == 1
    for number, about in enumerate(ATTEMPTS.values()):
        desk.inbox.append(_order(desk, number, about), desk.clock)
    desk.run()
    held = [row["kind"] for row in desk.view("quarantine") if row["from"] == "win@spam.example"]
    assert held == ["quarantine"]
    assert ("win@spam.example",) not in {one.recipients for one in desk.sink.letters}
    assert desk.status()["mail"].get("rejected") is None


def test_her_own_answer_does(desk: RunningDesk) -> None:
    """The same orders from the reader of the list are heard."""
    desk.inbox.append(_order(desk, 1, {"sender": ANNA}), desk.clock)
    desk.run()
    assert ("win@spam.example",) in {one.recipients for one in desk.sink.letters}
