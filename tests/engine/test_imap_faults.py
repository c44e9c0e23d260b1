"""The real daemon while its mailbox fails in every way a mailbox can: it recovers, spins not, tells once.

``MAILD_FAULT_SECONDS=90 .venv/bin/pytest -s tests/engine/test_imap_faults.py`` holds every fault that long in
real time and prints recovery and processor time; in the usual run a fault lasts moments.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificate import Certificate, make_certificate
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.faultproxy import DROP, STALL
from tests.support.smtpsink import SmtpSink, running
from tests.support.underfire import UnderFire, under_fire

pytestmark = pytest.mark.dovecot
SECONDS = float(os.environ.get("MAILD_FAULT_SECONDS", "0"))
QUARTER = timedelta(minutes=16)


@pytest.fixture(scope="module")
def fire(
    dovecot: Dovecot, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[UnderFire]:
    """One daemon for all tests of this module: what one fault leaves behind the next one meets."""
    inbox, folder = dovecot.user(), tmp_path_factory.mktemp("fire")
    with (
        running(SmtpSink(certificate, users={"desk": "sesame"})) as sink,
        under_fire(folder, inbox, sink, certificate, SECONDS) as made,
    ):
        yield made
    inbox.log_out()


def held(fire: UnderFire, name: str, until: Callable[[], object]) -> None:
    """The fault lasts at least until then; what the daemon did meanwhile is printed, and it did not spin."""
    began, cpu, made, leaps = time.monotonic(), fire.cpu(), fire.proxy.connections, fire.leaps
    fire.await_(until)
    time.sleep(max(0.0, fire.seconds - (time.monotonic() - began)))
    lasted, used, tries = time.monotonic() - began, fire.cpu() - cpu, fire.proxy.connections - made
    print(f"\n{name:>22}: {lasted:5.1f} s, {used:5.2f} s CPU, {tries} connections", end="")
    assert tries <= 4 + 2 * (lasted + fire.leaps - leaps)


def recovers(fire: UnderFire, who: str) -> None:
    """Soon after the end the mail that came meanwhile is answered, once."""
    took = fire.await_(lambda: fire.answered(who))
    print(f", answered after {took:4.1f} s", end="")
    assert fire.answered(who) == 1
    fire.await_(fire.calm)


def impostor(fire: UnderFire) -> None:
    """Somebody whom nobody has reason to trust answers in the server's place."""
    folder = fire.desk.folder / "impostor"
    folder.mkdir()
    fire.proxy.present(make_certificate(folder))
    fire.proxy.hang_up()


def locked_out(fire: UnderFire) -> None:
    """The password is another from now on."""
    fire.inbox.password("changed")
    time.sleep(2)  # until Dovecot has noticed
    fire.proxy.hang_up()


def mail_alerts(fire: UnderFire) -> list[tuple[str, str]]:
    """What the operator was told of mail: a clock that leaps minutes makes loops look as if they hung."""
    return [one for one in fire.alerts.all() if one[1] != "maild"]


GONE: dict[str, Callable[[UnderFire], None]] = {
    "half-open": lambda fire: fire.proxy.silence(),
    "server down": lambda fire: fire.proxy.cut(),
    "BYE at every word": lambda fire: fire.proxy.on_command(
        rb"(?i)NOOP|SELECT", b"* BYE full moon\r\n" + DROP
    ),
    "wrong certificate": impostor,
    "login refused": locked_out,
}


@pytest.mark.parametrize("name", GONE)
def test_a_mailbox_that_is_gone_is_told_once_and_read_again(fire: UnderFire, name: str) -> None:
    """One alert however long it lasts, one word when it is over, and the mail that waited is answered."""
    before, troubles = len(mail_alerts(fire)), fire.troubles()
    GONE[name](fire)
    who = fire.report()
    fire.await_(lambda: fire.troubles() > troubles)
    said = len(fire.proxy.commands)
    fire.later(QUARTER)
    held(fire, name, fire.hurried(lambda: len(mail_alerts(fire)) > before))
    fire.later(QUARTER)
    time.sleep(0.5)
    assert mail_alerts(fire)[before:] == [("mail-down", "mailbox")]
    assert fire.answered(who) == 0
    if name == "wrong certificate":
        assert fire.proxy.commands[said:] == [], "not a word may be said to an impostor"
        fire.proxy.present(fire.inbox.server.certificate)
        fire.later(timedelta(seconds=0 if fire.seconds else 60))  # it is tried again after half a minute
    if name == "login refused":
        tries = [line for line in fire.proxy.commands[said:] if b"AUTHENTICATE" in line]
        assert 1 <= len(tries) <= 9, "half an hour of tries must not lock the account"
        fire.inbox.password(PASSWORD)
        time.sleep(2)
        fire.later(timedelta(minutes=6))  # it is tried again after five minutes
    fire.proxy.mend()
    recovers(fire, who)
    fire.await_(fire.hurried(lambda: len(mail_alerts(fire)) > before + 1))
    assert mail_alerts(fire)[before:] == [("mail-down", "mailbox"), ("mail-up", "mailbox")]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("EOF in IDLE", b"+ idling\r\n" + DROP), ("BYE in IDLE", b"+ idling\r\n* BYE bored\r\n" + DROP)],
)
def test_a_server_that_ends_every_idle_is_read_all_the_same(
    fire: UnderFire, name: str, answer: bytes
) -> None:
    """Reading goes on between, nothing spins, and nobody is called: nothing is lost."""
    before = len(mail_alerts(fire))
    fire.proxy.on_command(rb"IDLE", answer)
    who = fire.report()
    seen = fire.proxy.connections
    held(fire, name, lambda: fire.proxy.connections > seen + 1 and fire.answered(who))
    fire.proxy.mend()
    recovers(fire, who)
    assert mail_alerts(fire)[before:] == []


def test_a_stall_in_the_middle_of_a_text_holds_up_that_mail_only(fire: UnderFire) -> None:
    """The next mail is answered meanwhile; the one that stalled as soon as it can be read."""
    fire.proxy.on_answer(rb"STALLING-HERE", STALL)
    stalled = fire.report("Long ago\nSTALLING-HERE and never after\n")
    fire.await_(lambda: '"event": "mail not fetched"' in fire.daemon.log.read_text())
    other = fire.report()
    held(fire, "stall in a literal", lambda: fire.answered(other))
    assert fire.answered(stalled) == 0
    fire.proxy.mend()
    fire.await_(fire.hurried(lambda: fire.answered(stalled)))
    recovers(fire, stalled)


def test_new_uids_for_all_mail_answer_nobody_twice(fire: UnderFire) -> None:
    """The server loses its index while the daemon runs: everything is read again and recognised."""
    before, cases = len(fire.sink.letters), len(fire.desk.cases())
    fire.desk.renumber()
    fire.proxy.hang_up()
    who = fire.report()
    recovers(fire, who)
    assert (len(fire.sink.letters), len(fire.desk.cases())) == (before + 1, cases + 1)


def test_a_mailbox_restored_from_a_backup_hides_no_new_mail(fire: UnderFire) -> None:
    """UIDs that were given before are given again to other mail, which is read; what is known stays known."""
    maildir, backup = fire.inbox.home / "Maildir", fire.inbox.home / "backup"
    with server_stopped(fire):
        shutil.copytree(maildir, backup)
    lost = [fire.report(), fire.report()]
    fire.await_(lambda: all(fire.answered(who) for who in lost))
    letters = len(fire.sink.letters)
    with server_stopped(fire):
        restore(backup, maildir)
    new = fire.report()
    recovers(fire, new)
    assert len(fire.sink.letters) == letters + 1
    fire.await_(lambda: b"maild-report" in fire.inbox.flags(fire.inbox.uids()[-1]))


@contextmanager
def server_stopped(fire: UnderFire) -> Iterator[None]:
    """Nothing of the server runs that could still write to the mailbox."""
    fire.proxy.cut()
    fire.inbox.log_out()
    fire.inbox.server.stop()
    yield
    fire.inbox.server.start()
    fire.proxy.mend()


def restore(backup: Path, maildir: Path) -> None:
    """As an administrator does it: the folder is replaced, owners and all."""
    owner = maildir.stat()
    shutil.rmtree(maildir)
    shutil.move(backup, maildir)
    for path in (maildir, *maildir.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def test_a_mail_expunged_before_it_is_fetched_is_no_trouble(fire: UnderFire) -> None:
    """Found, gone, said so in the log; the next one is answered."""
    gone: list[bytes] = []

    def expunge(line: bytes) -> None:
        if not gone and b"BODY.PEEK" in line:
            fire.inbox.expunge(fire.inbox.uids()[-1])
            gone.append(line)

    fire.proxy.on_command(rb"UID FETCH", expunge)
    deleted = fire.report()
    fire.await_(lambda: gone)
    fire.proxy.mend()
    recovers(fire, fire.report())
    fire.await_(lambda: '"event": "mail vanished"' in fire.daemon.log.read_text())
    assert fire.answered(deleted) == 0


UNGIVEN: dict[str, list[tuple[bytes, bytes]]] = {
    "OK and nothing": [(rb"^\* \d+ FETCH .*THIS-ONE.*", b"")],
    "no UID": [(rb"^(\* \d+ FETCH .*)UID \d+ (.*THIS-ONE)", rb"\1\2")],
    "no size": [(rb"^(\* \d+ FETCH .*)RFC822\.SIZE \d+ (.*THIS-ONE)", rb"\1\2")],
    "NIL": [(rb"^(\* \d+ FETCH .*BODY\[[^ ]* )\{\d+\}\r\n.*THIS-ONE.*\)\r\n$", b"\\1NIL)\r\n")],
    "an empty text": [(rb"^(\* \d+ FETCH .*BODY\[[^ ]* )\{\d+\}\r\n.*THIS-ONE.*\)\r\n$", b'\\1"")\r\n')],
    "an empty window": [
        (rb"^(\* \d+ FETCH .*BODY\[\]<131072> )\{\d+\}\r\n.*\)\r\n$", b'\\1"")\r\n'),
        (rb"^(\* \d+ FETCH .*BODY\[\]<0> )\{1\d{5,}\}\r\n.*\)\r\n$", b'\\1"")\r\n'),
    ],
}
"""What is left out of the server's answers about one mail."""


@pytest.mark.parametrize("name", UNGIVEN)
def test_a_mail_that_is_listed_and_not_given_is_not_gone(fire: UnderFire, name: str) -> None:
    """Counted, shown, asked for again while other mail goes on; answered once when it can be had."""
    for words, instead in UNGIVEN[name]:
        fire.proxy.rewrite(words, instead)
    text = "THIS-ONE makes the parser write past its buffer.\n"
    who = fire.report(text + "0123456789abcdef\n" * 12_000 if name == "an empty window" else text)
    fire.await_(lambda: fire.desk.status()["unfetched"] == 1)
    other = fire.report()
    held(fire, name, fire.hurried(lambda: fire.answered(other)))
    assert fire.answered(who) == 0
    fire.proxy.mend()
    fire.await_(fire.hurried(lambda: fire.answered(who)))
    recovers(fire, who)
    assert fire.desk.status()["unfetched"] == 0


def test_a_mail_that_is_never_given_becomes_a_case_in_the_end(fire: UnderFire) -> None:
    """Nothing but its place in the mailbox is known: a flagged case, answered by hand, and never forgotten."""
    known = len(truncated(fire))
    fire.proxy.rewrite(*UNGIVEN["OK and nothing"][0])
    who = fire.report(X_Note="THIS-ONE is never given")
    fire.await_(lambda: fire.desk.status()["unfetched"] == 1)
    assert "1 listed by the server but not delivered" in fire.checked()
    fire.await_(fire.hurried(lambda: len(truncated(fire)) > known, minutes=9, pace=1.0))
    assert "receipt-by-hand" in truncated(fire)[-1]["flags"]
    assert (fire.answered(who), fire.desk.status()["unfetched"]) == (0, 0)
    fire.proxy.mend()


@pytest.mark.parametrize(
    ("name", "words", "instead"),
    [
        ("full quota", rb"UID (STORE|MOVE|COPY)", b"{tag} NO [OVERQUOTA] Quota exceeded\r\n"),
        ("read-only mailbox", rb"SELECT", lambda line: line.replace(b"SELECT", b"EXAMINE")),
    ],
)
def test_a_mailbox_that_cannot_be_changed_is_read_all_the_same(
    fire: UnderFire, name: str, words: bytes, instead: bytes
) -> None:
    """Marks are a convenience: without them mail is answered over one connection; refused ones come later."""
    fire.proxy.on_command(words, instead)
    fire.proxy.hang_up()
    who = fire.report()
    fire.await_(lambda: fire.answered(who))
    seen = fire.proxy.connections
    again = fire.report()
    held(fire, name, lambda: fire.answered(again))
    assert fire.proxy.connections == seen
    fire.proxy.mend()
    fire.proxy.hang_up()
    recovers(fire, fire.report())
    if name == "full quota":
        uids = fire.inbox.uids()[-3:]
        fire.await_(lambda: all(b"maild-report" in fire.inbox.flags(uid) for uid in uids))


def test_a_mail_that_always_kills_the_connection_becomes_a_case_in_the_end(fire: UnderFire) -> None:
    """Tried again and again, then taken with its headers; even these may kill: then with nothing, by hand."""
    known = [one["case"] for one in truncated(fire)]
    fire.proxy.on_answer(rb"DEADLY-TEXT", DROP)
    fire.proxy.on_answer(rb"DEADLY-HEAD", DROP)
    text = fire.report("Nobody reads this: DEADLY-TEXT\n")
    head = fire.report(X_Note="DEADLY-HEAD")
    last = fire.report()

    held(fire, "deadly mail", lambda: fire.answered(last))
    nearly_given_up(fire)
    fire.await_(fire.hurried(lambda: len(truncated(fire)) == len(known) + 2, minutes=9, pace=2.0))
    found = [one for one in truncated(fire) if one["case"] not in known]
    assert [one["messages"][0]["author"] for one in found] == [text, ""]
    assert "receipt-by-hand" in found[1]["flags"]
    fire.await_(lambda: fire.answered(text))
    assert (fire.answered(text), fire.answered(head)) == (1, 0)
    fire.proxy.mend()


def nearly_given_up(fire: UnderFire) -> None:
    """A quarter of an hour of tries has gone by for the two that wait."""
    tries = "CASE WHEN uid = (SELECT min(uid) FROM unfetched) THEN 5 ELSE 6 END"
    with closing(sqlite3.connect(fire.desk.folder / "state" / "maild.db", timeout=30)) as raw, raw:
        assert raw.execute(f"UPDATE unfetched SET again = 0, tries = {tries}").rowcount == 2


def truncated(fire: UnderFire) -> list[dict[str, Any]]:
    """The cases whose mail could not be had whole."""
    return [one for one in fire.desk.cases() if "truncated" in one["flags"]]
