"""The IMAP gateway against a real Dovecot."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Timer

import pytest

from maild.errors import PermanentError, TemporaryError
from maild.gateways.imap import FolderState, LoginRefused, Mailbox, UntrustedServer, asking
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.ports import PATIENCE

pytestmark = pytest.mark.dovecot

CAP = 10_000_000


@pytest.fixture
def box(inbox: User) -> Iterator[Mailbox]:
    made = Mailbox(inbox.account())
    made.connect()
    yield made
    made.close()


@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_every_way_of_connecting_reads_the_mailbox(inbox: User, tls: str) -> None:
    """TLS at once, TLS after STARTTLS and none at all lead to the same mail."""
    inbox.append(mails.plain())
    box = Mailbox(inbox.account(tls))
    box.connect()
    box.select("INBOX")
    assert [mail.raw for mail in box.take(box.uids_from(1), CAP, CAP).mails] == [mails.plain()]
    box.close()


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("fault", ["authority", "name"])
def test_a_wrong_certificate_is_refused(inbox: User, certificate: Certificate, tls: str, fault: str) -> None:
    """An unknown authority, or a certificate for another name, is untrusted, and says what to do."""
    wrong = {"authority": {"ca_file": str(certificate.cert)}, "name": {"host": "127.1"}}
    box = Mailbox(inbox.account(tls, **wrong[fault]))
    with pytest.raises(UntrustedServer, match="no login was tried; check host, ca_file"):
        box.connect()
    box.close()


def test_a_refused_login_waits_and_says_no_password(inbox: User) -> None:
    """A wrong password is its own trouble, with a long delay, and appears in no text."""
    box = Mailbox(inbox.account(password=lambda: "wrong-word"))
    with pytest.raises(LoginRefused, match="check username and password") as caught:
        box.connect()
    assert caught.value.delay == timedelta(minutes=5)
    assert "wrong-word" not in str(caught.value) + repr(inbox.account(password="wrong-word"))
    box.close()


def test_a_password_beyond_ascii_logs_in(inbox: User) -> None:
    """Passwords are any text, not only ASCII."""
    inbox.password("Schlüssel ☂")
    box = Mailbox(inbox.account(password="Schlüssel ☂"))
    box.connect()
    box.close()


def test_a_folder_tells_its_state(box: Mailbox, inbox: User) -> None:
    """SELECT gives UIDVALIDITY, UIDNEXT and whether own keywords hold; EXAMINE allows none."""
    inbox.append(mails.plain())
    state = box.select("INBOX")
    assert state == FolderState(state.uidvalidity, 2, keywords=True)
    assert state.uidvalidity > 0
    assert box.select("INBOX", read_only=True) == replace(state, keywords=False, read_only=True)


def test_a_missing_folder_is_trouble_and_the_next_connection_works(box: Mailbox) -> None:
    """After an error the connection is gone, and connecting again is all it takes."""
    with pytest.raises(TemporaryError, match="the server said no while opening a folder"):
        box.select("No such folder")
    with pytest.raises(TemporaryError, match="not connected"):
        box.folders()
    box.connect()
    assert set(box.folders()) == {"INBOX", "Sent", "Junk"}


@pytest.mark.parametrize("span", [3, 50_000])
def test_uids_come_from_a_number_on(
    box: Mailbox, inbox: User, monkeypatch: pytest.MonkeyPatch, span: int
) -> None:
    """All UIDs from n on and none before, asked at once or piecemeal, and those that came since SELECT."""
    monkeypatch.setattr(asking, "SEARCH_SPAN", span)
    assert box.select("INBOX").uidnext == 1
    assert box.uids_from(1) == []
    inbox.append_many([mails.plain() for _ in range(7)])
    inbox.expunge(3)
    box.select("INBOX")
    inbox.append(mails.plain())
    assert box.uids_from(1) == [1, 2, 4, 5, 6, 7, 8]
    assert box.uids_from(5) == [5, 6, 7, 8]
    assert box.uids_from(9) == []


def test_arrival_is_told_in_utc(box: Mailbox, inbox: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """INTERNALDATE comes back as the same instant in UTC, whatever zone it or the machine is in."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        when = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
        inbox.append(mails.plain(), when)
        box.select("INBOX")
        date, size = box.describe([1, 99])[1]
        assert (date, date.tzinfo, size) == (when, UTC, len(mails.plain()))
        mail = box.fetch(1, CAP)
        assert mail is not None
        assert (mail.internal_date, mail.size) == (when, size)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("length", [1_000, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 2_500_000])
def test_a_mail_comes_back_byte_by_byte_and_unread(box: Mailbox, inbox: User, length: int) -> None:
    """Whatever its size, fetching gives the very bytes and leaves no mark."""
    raw = mails.of_size(length)
    inbox.append(raw)
    box.select("INBOX")
    mail = box.fetch(1, CAP)
    assert mail is not None
    assert (mail.raw == raw, mail.truncated) == (True, False)
    assert b"\\Seen" not in inbox.flags(1)


def test_a_mail_over_the_cap_is_shortened(box: Mailbox, inbox: User) -> None:
    """Up to the cap a mail is whole; one byte more, and the headers and 64 KiB of its body are kept."""
    raw = mails.of_size(300_000)
    inbox.append(raw)
    box.select("INBOX")
    exact, over = box.fetch(1, 300_000), box.fetch(1, 299_999)
    assert exact is not None
    assert (len(exact.raw), exact.truncated) == (300_000, False)
    assert over is not None
    assert over.truncated
    assert over.raw == raw[: raw.index(b"\r\n\r\n") + 4 + 65_536]
    small = box.fetch(1, 1_000)
    assert small is not None
    assert (small.raw, small.truncated) == (raw[:1_000], True)


def test_many_mails_come_in_order_without_the_gone(box: Mailbox, inbox: User) -> None:
    """Small and big mails come in the order asked for; what was expunged meanwhile is left out."""
    raws = [mails.of_size(200_000 if number % 20 == 0 else 900 + number) for number in range(120)]
    inbox.append_many(raws)
    box.select("INBOX")
    uids = box.uids_from(1)
    inbox.expunge(7)
    box.connect()
    box.select("INBOX")
    fetched = {mail.uid: mail.raw for mail in box.take(uids, CAP, 20 * CAP).mails}
    assert list(fetched) == [uid for uid in uids if uid != 7]
    assert all(raw == raws[uid - 1] for uid, raw in fetched.items())
    assert box.fetch(7, CAP) is None


def test_a_handful_of_mails_keeps_within_a_budget(box: Mailbox, inbox: User) -> None:
    """Mails are taken until the budget is reached, one at least, and the rest is named."""
    inbox.append_many([mails.of_size(1_000) for _ in range(5)])
    box.select("INBOX")
    first = box.take([1, 2, 3, 4, 5], CAP, budget=1_500)
    assert ([mail.uid for mail in first.mails], first.left) == ([1, 2], [3, 4, 5])
    rest = box.take(first.left, CAP, budget=1_000_000)
    assert ([mail.uid for mail in rest.mails], rest.left) == ([3, 4, 5], [])


def test_a_keyword_is_set(box: Mailbox, inbox: User) -> None:
    """Marking adds our keyword and nothing else."""
    inbox.append_many([mails.plain(), mails.plain()])
    box.select("INBOX")
    box.mark([1, 2], "$maild")
    ours = [
        inbox.flags(uid) - {b"\\Recent", b"$HasNoAttachment"} for uid in (1, 2)
    ]  # Dovecot 2.4.5 adds its own
    assert ours == [{b"$maild"}, {b"$maild"}]


@pytest.mark.parametrize("way", ["MOVE", "UIDPLUS"])
def test_moving_takes_this_mail_and_no_other(box: Mailbox, inbox: User, way: str) -> None:
    """With MOVE or with UIDPLUS the mail moves; another one that a person marked deleted stays."""
    inbox.append_many([mails.plain(subject="first"), mails.plain(subject="second")])
    box.select("INBOX")
    box.create("Quarantäne")
    box.create("Quarantäne")
    box.select("INBOX")
    inbox.client.select_folder("INBOX")
    inbox.client.delete_messages([1])
    box.capabilities = frozenset({way})
    box.move(2, "Quarantäne")
    assert (inbox.uids("INBOX"), inbox.uids("Quarantäne")) == ([1], [1])
    assert "Quarantäne" in [name for _, _, name in inbox.client.list_sub_folders()]


def test_without_a_safe_way_nothing_moves(box: Mailbox, inbox: User) -> None:
    """With neither MOVE nor UIDPLUS moving is refused for good, and the connection stays."""
    inbox.append(mails.plain())
    box.select("INBOX")
    box.capabilities = frozenset({"IMAP4REV1"})
    with pytest.raises(PermanentError, match="neither MOVE nor UIDPLUS"):
        box.move(1, "Junk")
    assert box.uids_from(1) == [1]


def test_waiting_ends_when_mail_arrives(box: Mailbox, inbox: User) -> None:
    """A delivery in the middle of a wait ends it, long before its time."""
    box.select("INBOX")
    box.uids_from(1)
    delivery = Timer(0.7, inbox.deliver, [mails.plain()])
    delivery.start()
    began = time.monotonic()
    assert box.wait(PATIENCE)
    assert time.monotonic() - began < PATIENCE / 2
    assert box.uids_from(1) == [1]
    delivery.join()


def test_mail_that_came_before_the_wait_is_not_waited_for(box: Mailbox, inbox: User) -> None:
    """What arrived since we last looked, whatever we did meanwhile, ends the wait at once."""
    box.select("INBOX")
    box.uids_from(1)
    inbox.append(mails.plain())
    assert box.there([1]) == {1}
    box.mark(1, "$maild")
    assert box.wait(20)
    assert box.uids_from(1) == [1]
    inbox.append(mails.plain())
    box.select("Sent")
    box.uids_from(1)
    box.select("INBOX")
    assert box.wait(20)
    assert box.uids_from(1) == [1, 2]
    assert not box.wait(0)


def test_waiting_ends_in_time_or_when_woken(box: Mailbox) -> None:
    """Without mail a wait says so after its time, or at once when somebody wakes it."""
    box.select("INBOX")
    box.uids_from(1)
    assert not box.wait(0.6)
    waker = Timer(0.8, box.wake)
    waker.start()
    began = time.monotonic()
    assert not box.wait(PATIENCE)
    assert time.monotonic() - began < PATIENCE / 2
    waker.join()
    box.capabilities = frozenset()
    assert not box.wait(20)


def test_nothing_of_a_mail_is_logged(box: Mailbox, inbox: User, caplog: pytest.LogCaptureFixture) -> None:
    """At the finest level of logging neither mail nor password comes by."""
    caplog.set_level(logging.DEBUG)
    inbox.append(mails.plain(subject="Hush-hush"))
    box.close()
    again = Mailbox(inbox.account())
    again.connect()
    again.select("INBOX")
    assert again.fetch(1, CAP) is not None
    again.close()
    assert not any(word in caplog.text for word in ("Hush-hush", "sesame", "rita@"))
