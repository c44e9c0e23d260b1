"""Envelopes: kept before anything else, known again wherever they appear, never lost and never stuck."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from maild.core.change import Keep, Verdict
from maild.core.changes.keeping import SetAside, TryAgain
from maild.core.keeping.states import NEXT, UNHANDLED, MailState
from maild.store import envelopes, folders, views
from maild.store.database import Database
from maild.store.envelopes import DONE, KEPT, MAX_ATTEMPTS, SHUNTED, TO_OPEN, Received
from maild.store.schema import envelope, journal, location
from tests.support.desk import NOW

MAIL = Received("INBOX", 7, 1, "inbox", NOW, False, 5, False, "sha", "identity", b"bytes")
SENT = replace(MAIL, folder="Sent", uid=4, role="sent")


def kept(database: Database, mail: Received = MAIL) -> int | None:
    """The mail kept; its id when it has to be handled."""
    return database.call(envelopes.keep, mail, NOW)


def state_of(database: Database, number: int = 1) -> str:
    """Where an envelope stands."""
    return str(
        database.call(lambda c: c.execute(select(envelope.c.state).where(envelope.c.id == number)).scalar())
    )


def places(database: Database) -> set[tuple[str, int, int]]:
    """Every place that is known."""
    rows = database.call(lambda c: c.execute(select(location)).all())
    return {(row.folder, row.uidvalidity, row.uid) for row in rows}


def test_a_new_mail_is_kept_as_it_came() -> None:
    """The text form of a mail holds neither its bytes nor its identity."""
    assert "bytes" not in repr(MAIL)
    assert "identity" not in repr(MAIL)


def test_a_new_mail_is_to_be_handled(database: Database) -> None:
    """It comes back whole: bytes, role, instant."""
    assert kept(database) == 1
    found = database.call(envelopes.get, 1)
    assert found is not None
    assert (found.content, found.role, found.at, found.state) == (b"bytes", "inbox", NOW, KEPT)


def test_a_mail_not_yet_handled_is_handled_when_it_is_seen_again(database: Database) -> None:
    """After a crash between keeping and handling, fetching it again is no new mail but still to be done."""
    assert [kept(database), kept(database)] == [1, 1]


@pytest.mark.parametrize(
    "again",
    [
        MAIL,
        replace(MAIL, uid=9),
        replace(MAIL, uidvalidity=8),
        replace(MAIL, folder="Junk", role="junk"),
        replace(MAIL, sha256="other", at=NOW + timedelta(hours=1)),
    ],
)
def test_a_handled_mail_is_known_wherever_it_appears(database: Database, again: Received) -> None:
    """The same mail under other UIDs or in another folder is not handled again; its place is remembered."""
    kept(database)
    database.call(envelopes.set_state, 1, DONE)
    assert kept(database, again) is None
    assert (again.folder, again.uidvalidity, again.uid) in places(database)
    assert database.call(envelopes.count, KEPT, DONE) == 1


def test_a_mail_that_shows_up_in_sent_is_handled_again_once(database: Database) -> None:
    """There it has proved its author; a third sight changes nothing."""
    kept(database)
    database.call(envelopes.set_state, 1, DONE)
    assert kept(database, SENT) == 1
    found = database.call(envelopes.get, 1)
    assert found is not None
    assert (found.role, found.at) == ("sent", NOW)
    database.call(envelopes.set_state, 1, DONE)
    assert kept(database, replace(SENT, uidvalidity=99)) is None
    assert kept(database, replace(MAIL, uidvalidity=99)) is None


def test_two_mails_are_two(database: Database) -> None:
    """Another identity is another mail, even in the same place after a renumbering."""
    assert kept(database) == 1
    assert kept(database, replace(MAIL, uidvalidity=8, identity="other")) == 2


def deaths(database: Database, number: int, guilty: int) -> list[list[int]]:
    """What is named at each start, when every start but the first dies of the same mail again."""
    named = []
    for _ in range(number):
        named.append(database.call(envelopes.recover))
        database.call(envelopes.begin, guilty)
    return named


def test_what_kills_us_three_times_is_named(database: Database) -> None:
    """The start after the third death on one envelope names it, and no start before."""
    kept(database)
    assert deaths(database, MAX_ATTEMPTS, 1) == [[]] * (MAX_ATTEMPTS - 1) + [[1]]


def test_deaths_for_other_reasons_count_once(database: Database) -> None:
    """However often the process dies before it comes to a mail, that mail is not set aside."""
    kept(database)
    assert [database.call(envelopes.recover) for _ in range(10)] == [[]] * 10


def test_what_stood_behind_it_is_innocent(database: Database) -> None:
    """Only the first of the queue is counted: the mails behind it were not under way."""
    kept(database)
    kept(database, replace(MAIL, uid=8, identity="other"))
    assert deaths(database, MAX_ATTEMPTS, 1)[-1] == [1]
    assert database.call(envelopes.suspected, KEPT) == [1]


def test_of_two_opened_side_by_side_the_guilty_one_is_found(database: Database) -> None:
    """Both are suspected at first; then each is tried alone, and only the first that kills again counts on."""
    for number in (1, 2, 3):
        kept(database, replace(MAIL, uid=number, identity=str(number)))
        database.call(envelopes.set_state, number, TO_OPEN)
    assert database.call(envelopes.recover) == []
    assert database.call(envelopes.suspected, TO_OPEN) == [1, 2]
    database.call(envelopes.set_state, 1, DONE)
    database.call(envelopes.begin, 2)
    assert deaths(database, MAX_ATTEMPTS - 1, 2) == [[], [2]]
    assert database.call(envelopes.suspected, TO_OPEN) == [2]


def test_a_start_in_good_order_counts_against_nobody(database: Database) -> None:
    """Handled mail gathers no attempts, however often maild starts."""
    kept(database)
    database.call(envelopes.set_state, 1, DONE)
    assert [database.call(envelopes.recover) for _ in range(10)] == [[]] * 10


def test_each_stage_has_its_own_three_tries(database: Database) -> None:
    """A mail that was handled and waiting to be decrypted begins to count anew."""
    kept(database)
    for _ in range(MAX_ATTEMPTS - 1):
        database.call(envelopes.recover)
    database.call(envelopes.set_state, 1, TO_OPEN)
    assert database.call(envelopes.recover) == []
    assert state_of(database) == TO_OPEN


def test_a_mail_that_waits_for_gpg_is_never_set_aside(database: Database) -> None:
    """Waiting for something outside is no death: maild may be started as often as one likes."""
    kept(database)
    database.call(envelopes.set_state, 1, TO_OPEN)
    for _ in range(10):
        database.call(envelopes.recover)
        database.call(envelopes.wait, 1, NOW, "gpg cannot be started")
    assert state_of(database) == TO_OPEN


def test_a_waiting_mail_is_not_looked_at_before_its_time(database: Database) -> None:
    """It comes back when its minute is over; only the first wait is told."""
    kept(database)
    database.call(envelopes.set_state, 1, TO_OPEN)
    until = NOW + timedelta(minutes=1)
    assert [database.call(envelopes.wait, 1, until, "gpg") for _ in range(2)] == [True, False]
    assert database.call(envelopes.unhandled, TO_OPEN, NOW) == []
    assert database.call(envelopes.unhandled, TO_OPEN, until) == [1]


def test_mail_is_handled_in_the_order_it_was_kept(database: Database) -> None:
    """The oldest first."""
    for number in range(3):
        kept(database, replace(MAIL, uid=number, identity=str(number)))
    assert database.call(envelopes.unhandled, KEPT, NOW) == [1, 2, 3]


def test_a_verdict_is_marked_in_every_place_once(database: Database) -> None:
    """Each place of a mail is owed its mark; a place seen later gets the same; what is marked is not owed."""
    kept(database)
    kept(database, replace(MAIL, uid=2))
    assert database.call(folders.marks_owed, "INBOX", 7) == {}
    database.call(envelopes.keep_verdict, Keep(1, Verdict.QUARANTINE), NOW)
    assert database.call(folders.marks_owed, "INBOX", 7) == {"quarantine": [1, 2]}
    database.call(folders.marked, "INBOX", 7, [1, 2])
    database.call(envelopes.set_state, 1, DONE)
    kept(database, replace(MAIL, uid=3))
    assert database.call(folders.marks_owed, "INBOX", 7) == {"quarantine": [3]}


def test_a_new_verdict_is_marked_again(database: Database) -> None:
    """Released from quarantine, the mail's mark changes."""
    kept(database)
    database.call(envelopes.keep_verdict, Keep(1, Verdict.QUARANTINE), NOW)
    database.call(folders.marked, "INBOX", 7, [1])
    database.call(envelopes.keep_verdict, Keep(1, Verdict.REPORT), NOW)
    assert database.call(folders.marks_owed, "INBOX", 7) == {"report": [1]}
    assert database.call(envelopes.verdict, 1) == "report"


def test_a_mail_set_aside_is_kept_whole_with_the_trouble(database: Database) -> None:
    """It waits for a person: no start and no sight of it brings it back by itself."""
    kept(database)
    database.call(envelopes.set_aside, SetAside(1, "RuntimeError at handle:7"), NOW)
    assert (state_of(database), database.call(envelopes.unhandled, KEPT, NOW)) == (SHUNTED, [])
    assert kept(database, replace(MAIL, uid=5)) is None
    (row,) = database.call(views.shunted)
    assert (row["mail"], row["trouble"], row["times"]) == (1, "RuntimeError at handle:7", 1)


@pytest.mark.parametrize(("verdict", "goes_on"), [("", KEPT), (Verdict.REPORT, TO_OPEN)])
def test_a_mail_tried_again_goes_on_where_it_stopped(database: Database, verdict: str, goes_on: str) -> None:
    """What had its verdict, and so perhaps its receipt, is only opened; its attempts begin anew."""
    kept(database)
    if verdict:
        database.call(envelopes.keep_verdict, Keep(1, Verdict(verdict)), NOW)
    database.call(envelopes.recover)
    for _ in range(2):
        database.call(envelopes.set_aside, SetAside(1, "RuntimeError at handle:7"), NOW)
        database.call(envelopes.try_again, TryAgain(1, "operator:root"), NOW)
    assert (state_of(database), database.call(envelopes.suspected, goes_on)) == (goes_on, [])
    told = database.call(lambda c: c.exec_driver_sql("SELECT what FROM journal ORDER BY id").scalars().all())
    assert told == ["mail set aside", "mail tried again"] * 2


def test_an_envelope_that_is_not_there(database: Database) -> None:
    """No such number: nothing, and no error."""
    assert database.call(envelopes.get, 5) is None
    assert database.call(envelopes.verdict, 5) == ""


@pytest.mark.parametrize("state", MailState)
def test_every_state_says_what_may_follow(state: MailState) -> None:
    """None is left out of the table, and only what still goes on by itself can be set aside."""
    assert DONE in NEXT[state]
    assert (SHUNTED in NEXT[state]) is (state in UNHANDLED)


def test_what_is_done_is_not_set_aside(database: Database) -> None:
    """Trouble after a mail was handled leaves it where it is, and no line in the journal."""
    kept(database)
    database.call(envelopes.set_state, 1, DONE)
    database.call(envelopes.set_aside, SetAside(1, "ValueError in late"), NOW)
    assert database.call(envelopes.state, 1) == DONE
    assert database.call(envelopes.count, SHUNTED) == 0
    assert database.call(lambda c: c.execute(select(journal.c.what)).scalars().all()) == []


def test_a_process_that_begins_a_mail_again_was_not_killed_by_it(database: Database) -> None:
    """The database was away in between: what counts is how many processes have begun it and did not end it."""
    kept(database)
    database.call(envelopes.recover)
    for _ in range(MAX_ATTEMPTS):
        database.call(envelopes.begin, 1, "one")
    assert database.call(envelopes.recover) == []
    database.call(envelopes.begin, 1, "another")
    assert database.call(envelopes.recover) == [1]
