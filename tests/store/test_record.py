"""Decisions written down and read back: the round from candidates to rows to candidates."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import Climbed, SweepCandidates
from maild.core.change import CaseClosed, SetFlag
from maild.core.changes.promises import Escalate, MeetClock, RestoreClock, StartClock
from maild.core.decision import Decision
from maild.core.event import MailArrived, OperatorSaid, SweepDue
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.policy import Promise
from maild.core.values import ids
from maild.core.values.case import Case, CaseState
from maild.core.values.rule import Happening
from maild.core.words.reading import Word
from maild.engine.handler import handle
from maild.store import candidates, cases, envelopes, journal, letters, record
from maild.store.database import Database
from maild.store.schema import clock, escalation
from tests.support import mails
from tests.support.deciding import RITA, arrival, facts
from tests.support.desk import DESK, NOW, POLICY, SECRET

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def event(raw: bytes, envelope: int) -> MailArrived:
    """The mail, arrived."""
    return MailArrived(replace(arrival(raw), envelope=envelope), facts(raw), Opened(parse(raw)))


def receive(database: Database, raw: bytes) -> Decision:
    """A mail kept and handled in one transaction, as the engine does it."""
    about = arrival(raw)
    mail = envelopes.Received(
        "INBOX", 7, len(raw), "inbox", NOW, False, len(raw), False, "", about.identity, raw
    )
    number = database.call(envelopes.keep, mail, NOW)
    assert number is not None
    return database.call(handle, event(raw, number), POLICY, NOW)


@pytest.fixture
def reported(database: Database) -> Database:
    """Rita's report, recorded."""
    receive(database, mails.plain())
    return database


def only_case(database: Database) -> Case:
    """The one case there is."""
    found = database.call(cases.by_message_id, ["<one@reporter.example>"])
    assert found is not None
    return found


def write(database: Database, *changes: object) -> None:
    """Record these changes."""
    database.call(record.record, Decision(changes), DESK, NOW)  # type: ignore[arg-type]  # any changes


def known(database: Database, raw: bytes) -> MailCandidates:
    """What the database says about another mail."""
    found = database.call(candidates.load, event(raw, 99), POLICY, NOW)
    assert isinstance(found, MailCandidates)
    return found


def test_a_recorded_report_is_read_back_whole(reported: Database) -> None:
    """Case, reporter, two clocks with their instants, state."""
    case = only_case(reported)
    assert (case.state, case.opened, case.reporters, case.sealed) == (CaseState.OPEN, NOW, (RITA,), False)
    assert [(c.promise, c.started, c.due, c.met) for c in case.clocks] == [
        (Promise.ACKNOWLEDGE, NOW, NOW + DAY, None),
        (Promise.RESPOND, NOW, NOW + 2 * DAY, None),
    ]


def test_a_later_mail_finds_the_case_by_every_key(reported: Database) -> None:
    """By token, by reference, by number; and its author is known."""
    case = only_case(reported)
    token = ids.token(SECRET, case.id, RITA, "reporter")
    found = known(
        reported,
        mails.plain(
            subject=f"about {case.id}",
            to=f"security+{token}@project.example",
            message_id="<two@reporter.example>",
            References="<one@reporter.example>",
        ),
    )
    assert found.by_token is not None
    assert {
        found.by_token.case.id,
        found.by_reference and found.by_reference.id,
        found.by_tag and found.by_tag.id,
    } == {case.id}
    assert found.author_known


def test_a_stranger_finds_nothing(reported: Database) -> None:
    """No key, no case, no acquaintance; and a case number of its own."""
    found = known(reported, mails.plain(sender="eve@evil.example", message_id="<x@y>", subject="EX-222222"))
    assert (found.by_token, found.by_reference, found.by_tag, found.current, found.author_known) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert found.fresh_case_id != only_case(reported).id


def test_a_taken_case_number_is_not_given_again(reported: Database) -> None:
    """The same report would get the next number of its own row."""
    taken = only_case(reported).id
    names = ids.case_ids(SECRET, "EX", arrival(mails.plain()).identity)
    assert [next(names), known(reported, mails.plain()).fresh_case_id] == [taken, next(names)]


def test_the_reporter_of_spam_is_no_acquaintance(reported: Database) -> None:
    """After a case was closed as spam its author is screened like anybody."""
    reported.call(handle, OperatorSaid(only_case(reported).id, Word("spam"), "operator:x"), POLICY, NOW)
    assert not known(reported, mails.plain(message_id="<x@y>")).author_known


@pytest.mark.parametrize(
    ("sender", "later", "counts"),
    [
        (RITA, timedelta(0), (1, 1, 1)),
        ("tom@reporter.example", timedelta(0), (0, 1, 1)),
        ("eve@evil.example", timedelta(0), (0, 0, 1)),
        ("x@xreporter.example", timedelta(0), (0, 0, 1)),
        ("x@r_porter.example", timedelta(0), (0, 0, 1)),
        ("x@%", timedelta(0), (0, 0, 1)),
        (RITA, HOUR, (1, 0, 0)),
        (RITA, DAY, (0, 0, 0)),
    ],
)
def test_receipts_are_counted_by_address_domain_and_all(
    reported: Database, sender: str, later: timedelta, counts: tuple[int, int, int]
) -> None:
    """In the last day for the address, in the last hour for its domain and for everybody."""
    raw = mails.plain(sender=sender, message_id="<x@y>")
    found = reported.call(candidates.load, event(raw, 99), POLICY, NOW + later)
    assert isinstance(found, MailCandidates)
    assert (found.receipts.address_day, found.receipts.domain_hour, found.receipts.hour) == counts


def test_receipts_are_counted_where_they_go(reported: Database) -> None:
    """Another author whose answers go to the same address counts for that address."""
    raw = mails.plain(sender="other@reporter.example", message_id="<x@y>", Reply_To=RITA)
    assert known(reported, raw).receipts.address_day == 1


def test_a_clock_is_met_once(reported: Database) -> None:
    """A second *met* changes neither instant nor journal."""
    case = only_case(reported)
    for hours in (1, 2):
        write(reported, MeetClock(2, case.id, NOW + hours * HOUR, "team:Anna"))
    assert only_case(reported).clocks[1].met == NOW + HOUR
    assert [row["what"] for row in reported.call(journal.of_case, case.id)].count("kept") == 1
    assert only_case(reported).answered


def test_a_receipt_is_no_answer(reported: Database) -> None:
    """The receipt meets its promise; the case is not answered by it."""
    write(reported, MeetClock(1, only_case(reported).id, NOW, "receipt", what=Happening.RECEIPT))
    assert not only_case(reported).answered


def test_a_promise_kept_late_is_told_with_how_late(reported: Database) -> None:
    """The journal says by how many seconds."""
    case = only_case(reported)
    write(reported, MeetClock(2, case.id, NOW + 2 * DAY + HOUR, "team:Anna"))
    last = reported.call(journal.of_case, case.id)[-1]
    assert (last["what"], last["late_seconds"]) == ("kept late", 3600)


def test_a_restored_clock_runs_to_its_old_due_instant(reported: Database) -> None:
    """Met, then restored: running again, and swept when past."""
    case = only_case(reported)
    met = MeetClock(1, case.id, NOW, "receipt", what=Happening.RECEIPT)
    write(reported, met, RestoreClock(1, case.id, "receipt bounced"))
    late = reported.call(candidates.load, SweepDue(), POLICY, NOW + DAY)
    assert isinstance(late, SweepCandidates)
    assert [d.clock.id for d in late.due] == [1, 2]  # the other: half of its time is over
    assert [d.clock.id for d in late.due if d.clock.due <= NOW + DAY] == [1]


def test_the_same_clock_is_not_started_twice(reported: Database) -> None:
    """One promise, reporter and instant: one row."""
    case = only_case(reported)
    start = StartClock(case.id, Promise.UPDATE, RITA, NOW, NOW + DAY, NOW + DAY)
    write(reported, start, start)
    assert len(reported.call(lambda c: c.execute(select(clock)).all())) == 3
    assert [row["what"] for row in reported.call(journal.of_case, case.id)].count("promise") == 3


def test_each_step_of_the_ladder_is_recorded_once(reported: Database) -> None:
    """Two sweeps of one moment: one letter, one step; the rung counts when its letter is settled."""
    late = NOW + 2 * DAY
    reported.call(letters.claim, NOW, 10)  # the receipt is under way
    for _ in range(2):
        reported.call(handle, SweepDue(), POLICY, late)
    assert len(reported.call(lambda c: c.execute(select(escalation)).all())) == 2  # acknowledge and respond
    (letter,) = reported.call(letters.claim, late, 10)
    assert rungs(reported) == [(Climbed(0, None),), (Climbed(0, None),)]
    reported.call(letters.settle, letter.id, letters.SENT, late + HOUR)
    assert rungs(reported) == [(Climbed(0, late + HOUR),), (Climbed(0, late + HOUR),)]


@pytest.mark.parametrize("outcome", [letters.FAILED, letters.BOUNCED])
def test_a_step_whose_letter_was_lost_counts_as_failed(reported: Database, outcome: str) -> None:
    """Refused or come back: the next rung need not wait."""
    late = NOW + 2 * DAY
    reported.call(handle, SweepDue(), POLICY, late)
    (letter,) = [x for x in reported.call(letters.claim, late, 10) if x.kind == "escalation"]
    reported.call(letters.settle, letter.id, outcome, late)
    assert rungs(reported)[0] == (Climbed(0, late, failed=True),)


def test_a_late_promise_is_let_alone_until_its_next_rung_or_a_lost_letter(reported: Database) -> None:
    """Sweeps in between do not read it; the first one under a configuration does, and when the letter comes back."""
    late, soon = NOW + 2 * DAY, NOW + 2 * DAY + timedelta(minutes=10)
    reported.call(handle, SweepDue(), POLICY, late)
    (letter,) = [x for x in reported.call(letters.claim, late, 10) if x.kind == "escalation"]
    reported.call(letters.settle, letter.id, letters.SENT, late)
    reported.call(handle, SweepDue(), POLICY, late)
    assert read(reported, SweepDue(), soon) == 0
    assert read(reported, SweepDue(first=True), soon) == 2
    reported.call(letters.bounced, letter.id, soon)
    assert read(reported, SweepDue(), soon) == 2
    told = reported.call(handle, SweepDue(), POLICY, soon).changes
    assert {change.rung for change in told if isinstance(change, Escalate)} == {1}


def read(database: Database, sweep: SweepDue, at: datetime) -> int:
    """How many clocks a sweep reads."""
    found = database.call(candidates.load, sweep, POLICY, at)
    assert isinstance(found, SweepCandidates)
    return len(found.due)


def rungs(database: Database) -> list[tuple[Climbed, ...]]:
    """The rungs climbed for every late clock."""
    late = database.call(candidates.load, SweepDue(), POLICY, NOW + 9 * DAY)
    assert isinstance(late, SweepCandidates)
    return [d.rungs for d in late.due]


@pytest.mark.parametrize(("subject", "doubtful"), [("Overflow in the parser", None), ("Hello there", 1)])
def test_a_bounce_finds_its_letter_by_our_mark(
    database: Database, subject: str, doubtful: int | None
) -> None:
    """Which letter, of which case and reporter, and whether that was hardly a report; else nothing."""
    receive(database, mails.plain(subject=subject))
    (letter,) = database.call(letters.claim, NOW, 10)
    found = database.call(candidates.load, returned(letter.reference), POLICY, NOW)
    assert isinstance(found, MailCandidates)
    assert found.bounced is not None
    assert (found.bounced.id, found.bounced.case, found.bounced.reporter) == (
        letter.id,
        only_case(database),
        RITA,
    )
    assert found.bounced.doubtful == doubtful
    nothing = database.call(candidates.load, returned("made-up"), POLICY, NOW)
    assert isinstance(nothing, MailCandidates)
    assert nothing.bounced is None


def returned(reference: str) -> MailArrived:
    """A bounce that proves to be of this letter."""
    arrived = event(mails.plain(sender="mailer-daemon@x.example", message_id="<b@x>"), 99)
    return replace(arrived, facts=replace(arrived.facts, returned_mark=reference))


def test_a_closed_case_has_no_late_clock(reported: Database) -> None:
    """What was stopped is not swept."""
    reported.call(handle, OperatorSaid(only_case(reported).id, Word("spam"), "operator:x"), POLICY, NOW)
    late = reported.call(candidates.load, SweepDue(), POLICY, NOW + 9 * DAY)
    assert late == SweepCandidates(())
    assert only_case(reported).state is CaseState.CLOSED


def test_a_refused_word_changes_nothing(reported: Database) -> None:
    """Not a row of the journal."""
    case = only_case(reported)
    before = reported.call(journal.of_case, case.id)
    decision = reported.call(handle, OperatorSaid(case.id, Word("close"), "operator:x"), POLICY, NOW)
    assert decision.refusal
    assert reported.call(journal.of_case, case.id) == before


def test_a_flag_is_set_once(reported: Database) -> None:
    """Again is no second line."""
    from maild.core.values.case import Flag

    case = only_case(reported)
    write(reported, SetFlag(case.id, Flag.SMIME), SetFlag(case.id, Flag.SMIME))
    assert [row["what"] for row in reported.call(journal.of_case, case.id)].count("flag") == 1
    assert only_case(reported).flags == {Flag.SMIME}


def test_half_a_decision_is_none(reported: Database) -> None:
    """When one change cannot be recorded, the ones before it are gone too."""
    case = only_case(reported)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        write(
            reported,
            CaseClosed(case.id, NOW, "done", "operator:x"),
            StartClock("EX-999999", Promise.UPDATE, RITA, NOW, NOW, NOW),
        )
    assert only_case(reported).state is CaseState.OPEN


def test_a_word_about_no_case_loads_nothing(database: Database) -> None:
    """No such case: candidates without one."""
    found = database.call(candidates.load, OperatorSaid("EX-1", Word("close"), "y"), POLICY, NOW)
    assert found == CaseCandidates(None)
