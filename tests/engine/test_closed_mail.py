"""Mail that stays closed, or can be read in part only: a case with its reason and its receipt."""

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from maild.core.mail.body import readable
from maild.core.mail.mime import parse
from tests.openpgp.craft import anonymous, packet, without_integrity
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, text
from tests.support import mails
from tests.support.daemon import ROOT, Daemon
from tests.support.dovecot import User
from tests.support.relaying import letter_text
from tests.support.sealing import MIA, SAM, SealedDesk, head, report
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
LIMITS = "[limits]\nreceipts_per_address_day = 99\nreceipts_per_domain_hour = 99\n"


def closed(kit: Kit) -> dict[str, bytes]:
    """Ciphertexts that must stay closed, by the reason."""
    sealed, loose = kit.encrypt(), kit.encrypt("-z", "0")
    newer = packet(1, b"\x06\x00\x19" + bytes(40)) + packet(18, b"\x02\x09\x02\x06" + bytes(60))
    password = ("--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric")
    return {
        "no integrity protection": without_integrity(kit),
        "not decrypted": loose[:-3] + bytes([loose[-3] ^ 1]) + loose[-2:],
        "more than one message in the ciphertext": sealed + sealed,
        "not encrypted to our key": kit.encrypt(to=kit.stranger),
        "encrypted to a password": kit.gpg(kit.people, *password, feed=b"x"),
        "format our key cannot read": newer,
        "too many hidden recipients": anonymous(5) + sealed,
        "no PGP data": b"\x99\x00\x03abc" + bytes(40),
    }


def test_every_closed_mail_is_a_case_with_its_reason(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Whatever keeps it closed: a case, flagged, the reason in its journal, one receipt, the team told."""
    every = closed(kit)
    sealed_desk.configure(more=LIMITS)
    for number, sealed in enumerate(every.values()):
        sealed_desk.inbox.append(pgp_mime(sealed, head=head(number)))
    forward = b"Content-Type: message/rfc822\r\n\r\n" + pgp_mime(kit.encrypt(), boundary="in")
    sealed_desk.inbox.append(multipart("mixed", text("Read this.\n"), forward, head=head(90)))
    sealed_desk.run()
    cases = sealed_desk.cases()
    assert len(cases) == len(every) + 1
    for one, reason in zip(cases, [*every, "ciphertext in a quote or forward"], strict=True):
        (why,) = [row["reasons"] for row in one["journal"] if row["what"] == "could not be opened"]
        assert (why, "unreadable" in one["flags"]) == ([reason], True)
    told = sealed_desk.notices("A report could not be decrypted")
    assert len(told) == len(cases)
    said = [" ".join(letter_text(one).split()) for one in told]
    asked = [one for one in said if "encrypted to the desk's published key" in one]
    assert len(asked) == 2, "only who did not encrypt to our key is asked to"


def test_the_receipt_tells_nothing_of_what_was_inside(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A mail that opens and mails that do not get the same letter, word for word, but for case and dates."""
    sealed_desk.configure(more=LIMITS)
    for number, sealed in enumerate([kit.encrypt(), kit.sealed_by(kit.member), *closed(kit).values()]):
        sealed_desk.inbox.append(pgp_mime(sealed, head=head(number)))
    sealed_desk.run()
    roots = [parse(sent.raw).root for sent in sealed_desk.to(SAM)]
    bodies = [f"{root.content_type} {len(root.children)} {readable(root)}" for root in roots]
    alike = {re.sub(r"EX-\w{6}|\d{4}-\d\d-\d\d|\d\d:\d\d", "…", " ".join(body.split())) for body in bodies}
    assert len(bodies) == len(closed(kit)) + 2
    assert len(alike) == 1


def test_smime_is_a_case_told_once(sealed_desk: SealedDesk) -> None:
    """Acknowledged, flagged as S/MIME, one notice; it does not count as a PGP mail that would not open."""
    kind = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG\r\n"
    sealed_desk.inbox.append(head() + kind)
    sealed_desk.run()
    (one,) = sealed_desk.cases()
    assert (one["flags"], len(sealed_desk.to(SAM))) == (["smime"], 1)
    assert [sent.recipients for sent in sealed_desk.notices("S/MIME")].count((MIA,)) == 1


def test_what_outlook_wraps_up_is_flagged(sealed_desk: SealedDesk) -> None:
    """A winmail.dat is not unpacked: the text beside it is a case, flagged as read in part."""
    tnef = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\r\n"
    sealed_desk.inbox.append(multipart("mixed", text("It crashes.\n"), tnef, head=head(subject="Crash")))
    sealed_desk.run()
    (one,) = sealed_desk.cases()
    assert one["flags"] == ["read-in-part"]
    assert "winmail.dat is not unpacked" in str(one["journal"])
    assert len(sealed_desk.to(SAM)) == 1


@pytest.mark.parametrize("subject", ["...", "[...]", "", "Encrypted Message"])
def test_a_subject_of_dots_is_no_sign_of_spam(sealed_desk: SealedDesk, kit: Kit, subject: str) -> None:
    """Sealed mail is a case whatever stands outside, opened or not."""
    for number, sealed in enumerate((kit.encrypt(), kit.encrypt(to=kit.stranger))):
        sealed_desk.inbox.append(pgp_mime(sealed, head=head(number, subject=subject)))
    sealed_desk.run()
    assert (len(sealed_desk.cases()), sealed_desk.view("quarantine")) == (2, [])


def test_the_same_message_id_with_other_words_is_another_mail(sealed_desk: SealedDesk) -> None:
    """Two mails under one Message-ID are two messages; the same one twice is one."""
    for words in ("It crashes.\n", "It burns.\n", "It crashes.\n"):
        sealed_desk.inbox.append(text(words, head=head(7, subject="Crash")))
    sealed_desk.run()
    messages = [m for one in sealed_desk.cases() for m in one["messages"] if m["mail"]]
    assert (len(sealed_desk.states()), len(messages)) == (2, 2)


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 00:00:00 +0000", "Sat, 01 Jan 2050 00:00:00 +0000", "0000", ""]
)
def test_promises_count_from_arrival_whatever_the_date_says(sealed_desk: SealedDesk, date: str) -> None:
    """A Date in 1970, in 2050 or none moves no deadline."""
    sealed_desk.inbox.append(
        mails.plain().replace(b"Date: Mon, 02 Mar 2026 09:30:00 +0000", f"Date: {date}".encode())
    )
    sealed_desk.run()
    (one,) = sealed_desk.cases()
    (due,) = [p["due"] for p in one["promises"] if p["promise"] == "respond"]
    opened = sealed_desk.clock + timedelta(hours=48)
    assert due[:13] in {(opened + timedelta(minutes=m)).isoformat()[:13] for m in (-2, 0, 2)}


def test_a_home_that_gpg_cannot_work_in_is_refused_at_start(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A key folder with too long a path, or open to others, ends the start with the reason."""
    home = kit.home("z" * 110)
    home.chmod(0o755)
    sealed_desk.home = home
    sealed_desk.configure()
    command = [sys.executable, "-m", "maild", "--config", str(sealed_desk.path), "run", "--once"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == os.EX_CONFIG
    assert "open to others" in done.stderr
    assert "bytes, at most 107 work" in done.stderr or Path("/run/user/0").is_dir()


@pytest.fixture
def deadly(sealed_desk: SealedDesk) -> dict[str, str]:
    """A gpg that never comes back from opening a mail, and otherwise is the real one."""
    folder = sealed_desk.folder / "stub"
    folder.mkdir()
    hangs = 'case "$*" in *--no-armor*--decrypt*) exec /bin/sleep 30;; esac'
    (folder / "gpg").write_text(f'#!/bin/sh\n{hangs}\nexec {shutil.which("gpg")} "$@"\n')
    (folder / "gpg").chmod(0o700)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "MAILD_LOG": "debug"}


def test_killed_in_the_middle_of_opening_again_and_again_it_is_set_aside(
    sealed_desk: SealedDesk, inbox: User, sink: SmtpSink, kit: Kit, deadly: dict[str, str]
) -> None:
    """After three deaths it is set aside, kept and told once, and the mail behind it is handled."""
    sealed_desk.configure(inbox='poll = "1s"\n')
    inbox.append(report(kit))
    for number in (1, 2, 3):
        daemon = Daemon(sealed_desk.path, deadly)
        try:
            daemon.await_(lambda n=number, d=daemon: d.log.read_text().count('"event": "opening"') >= n)
            daemon.kill()
        finally:
            daemon.close()
    inbox.append(text("It crashes.\n", head=head(2, "rita@reporter.example", "Crash in the parser")))
    daemon = Daemon(sealed_desk.path, deadly)
    try:
        daemon.await_(lambda: sealed_desk.states() == ["shunted", "done"])
        daemon.await_(lambda: sealed_desk.to(SAM) and sealed_desk.to("rita@reporter.example"))
        assert daemon.end() == 0
    finally:
        daemon.close()
    assert [row["trouble"] for row in sealed_desk.view("shunted")] == ["maild died while handling it"]
    for reporter in (SAM, "rita@reporter.example"):
        assert len({sent.raw for sent in sealed_desk.to(reporter)}) == 1, "sent again means: the same bytes"
