"""Mail made to be expensive, through the real process: a case with a reason, and little memory."""

import os
import sys

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime
from tests.support import mails
from tests.support.daemon import ROOT
from tests.support.hostile import MIB, hostile
from tests.support.measured import Measured, measured
from tests.support.sealing import SealedDesk, head

pytestmark = pytest.mark.dovecot
MOST = 300
"""MiB of memory that the process may have."""


def test_expensive_mail_ends_as_a_case_and_holds_up_nobody(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A bomb, a flood, structures without end: each a case with its reason, the mail behind it answered."""
    six = hostile(kit, sealed_desk.folder)
    limits = "[limits]\nreceipts_per_address_day = 99\nreceipts_per_domain_hour = 99\n"
    sealed_desk.configure(more=limits)
    for number, one in enumerate(six.values()):
        sealed_desk.inbox.append(one.mail)
        behind = mails.plain(sender=f"r{number}@reporter.example", message_id=f"<{number}@reporter.example>")
        sealed_desk.inbox.append(behind)
    done = once(sealed_desk)
    assert sealed_desk.states() == ["done"] * 12
    journals = {one["messages"][0]["mail"]: str(one["journal"]) for one in sealed_desk.cases()}
    assert len(journals) == 12
    for number, (name, one) in enumerate(six.items()):
        assert one.reason in journals[2 * number + 1], name
        assert len(sealed_desk.to(f"r{number}@reporter.example")) == 1, name
    assert 20 < done.peak < MOST


def test_two_bombs_that_stay_below_the_cap(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Two mails of 39 MiB of short lines, opened side by side, are read within the same memory."""
    path = sealed_desk.folder / "lines"
    path.write_bytes(b"Content-Type: text/plain\r\n\r\n" + b"aaaa\r\n" * (39 * MIB // 6))
    words = ("--compress-algo", "zip", "-r", kit.desk_key, "-o", "-", "--encrypt", str(path))
    sealed = kit.gpg(kit.people, *words)
    for number in (1, 2):
        sealed_desk.inbox.append(pgp_mime(sealed, head=head(number)))
    done = once(sealed_desk)
    assert (sealed_desk.states(), sealed_desk.flags()) == (["done"] * 2, {"read-in-part"})
    assert 80 < done.peak < MOST


def once(desk: SealedDesk) -> Measured:
    """``maild run --once`` as a process of its own."""
    command = [sys.executable, "-m", "maild", "--config", str(desk.path), "run", "--once"]
    done = measured(command, desk.folder, {**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.code == 0, done.said
    return done
