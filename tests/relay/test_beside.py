"""Mail is read beside the event loop, whoever wrote it and however it came, so that it holds up nothing else."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import maild.core.mail
from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime, signed, text
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, reply
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot
MAIL = str(Path(maild.core.mail.__file__).parent)
SHORT = (
    "letter.",  # makes what goes out
    "opened.",
    "charset.",  # the names in a key
    "text.harmless",
    "text.disarmed",
    "mime.Part.raw",  # a slice
    "packets.Scan.",
    "signed.combined",
)
"""What of the rooms that know mail may run on the loop: it takes no longer when a mail is longer."""


@contextmanager
def on_the_loop() -> Iterator[set[str]]:
    """The functions of ``maild.core.mail`` that are called meanwhile while this thread's event loop runs."""
    found: set[str] = set()

    def look(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(MAIL) and asyncio._get_running_loop():
            found.add(f"{Path(code.co_filename).stem}.{code.co_qualname}")

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def answered(desk: RelayDesk, kit: Kit, case_id: str) -> bytes:
    """Mia answers Sam, encrypted to the desk and signed."""
    part = text(f"We see it too, and a fix is on its way to you.\r\n\r\n{case_id}\r\n")
    inside = signed(part, kit.detached(kit.member, text=part), head=b"")
    outside = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: [{case_id}] x\r\n"
    sealed = kit.encrypt(text=inside)
    return pgp_mime(sealed, head=(outside + "Message-ID: <2@home.example>\r\nMIME-Version: 1.0\r\n").encode())


def test_no_mail_is_read_on_the_loop(desk: RelayDesk, kit: Kit) -> None:
    """Neither of reports, plain and encrypted, nor of a member's answers to them, nor of what goes out."""
    with on_the_loop() as found:
        desk.comes(mails.plain())
        desk.comes(reply(desk.copies(CARL)[0], CARL, "We can reproduce it, thank you."), "project.example")
        desk.comes(report(kit, 1, signer=kit.stranger))
        desk.comes(
            mails.plain(subject="Another", message_id="<k@x>", text="-----BEGIN PGP SIGNED MESSAGE-----\n")
        )
        desk.comes(answered(desk, kit, str(desk.cases()[1]["case"])))
    assert len(desk.answers(RITA)) == 1
    assert len(desk.cases()) == 3
    assert not {name for name in found if not name.startswith(SHORT)}
