"""Held mail: a promise without a case, from the quarantine to a person's look."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from maild.core.event import Arrival, Delivery, MailArrived, RejectMail, SweepDue
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.promises.forecast import forecast
from maild.core.values.desk import Mode
from maild.core.values.people import Team
from maild.core.values.rule import HELD_MAIL
from maild.store import cases, envelopes, lapses, ledger, views
from maild.store.database import Database
from maild.store.letters import Letter
from maild.store.schema import clock
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, MX, NOW, POLICY
from tests.support.read import read

HELD = replace(POLICY, rules=(*POLICY.rules, HELD_MAIL))
SPAM = "You have won 1,000,000 dollars!!! Claim your prize"


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    return PlayedDesk(database, HELD)


def spam(desk: PlayedDesk, number: int = 1) -> None:
    """A mail that goes to the quarantine."""
    raw = mails.plain(subject=SPAM, sender=f"s{number}@spam.example", message_id=f"<{number}@spam.example>")
    assert desk.arrives(raw) == ""


def released(desk: PlayedDesk, mail: int) -> None:
    """A person lets a held mail in."""
    envelope = desk.database.call(envelopes.get, mail)
    assert envelope is not None
    tree = parse(envelope.content)
    facts = read_facts(tree, desk.policy, FolderRole.INBOX)
    arrival = Arrival(mail, envelope.identity, envelope.at)
    desk.happens(MailArrived(arrival, facts, Opened(tree), released=True))


def swept(desk: PlayedDesk, delivery: Delivery = Delivery.SENT) -> list[tuple[str, str]]:
    """Who is written to about what, by one sweep."""
    desk.happens(SweepDue())
    return [(one.kind, one.recipient.partition("@")[0]) for one in desk.send(delivery)]


def rows(desk: PlayedDesk) -> list[tuple[object, object, object]]:
    """The ledger's lines about held mail: mail, state, how it was met."""
    found = desk.database.call(ledger.ledger, desk.now)
    return [(row["mail"], row["state"], row["met_by"]) for row in found if row["mail"]]


def test_the_list_of_held_mail_says_until_when_to_look(desk: PlayedDesk) -> None:
    """Twelve hours after it came."""
    spam(desk)
    (row,) = desk.database.call(views.quarantine)
    assert row["look_by"] == (NOW + timedelta(hours=12)).isoformat()


def test_nobody_looks_and_the_ladder_is_climbed(desk: PlayedDesk) -> None:
    """A reminder at half the time, the coordinator after twelve hours, the backup a day later, then silence."""
    spam(desk)
    assert swept(desk) == []
    told = []
    for _ in range(4 * 24 * 60 // 30):
        desk.wait(minutes=30)
        told += [(desk.now - NOW, *letter) for letter in swept(desk)]
    hours = timedelta(hours=1)
    assert told == [
        (6 * hours, "reminder", "anna"),
        (12 * hours, "escalation", "carl"),
        (36 * hours, "escalation", "bea"),
    ]
    assert rows(desk) == [(1, "missed", None)]


@pytest.mark.parametrize("release", [True, False])
def test_a_look_keeps_it(release: bool, desk: PlayedDesk) -> None:
    """Released or rejected by a person in time: kept, and nobody hears any more of it."""
    spam(desk)
    desk.wait(hours=5)
    if release:
        released(desk, 1)
    else:
        desk.happens(RejectMail(1, "operator:x"))
    assert rows(desk) == [(1, "kept", "looked")]
    desk.send()
    desk.wait(hours=18)
    assert swept(desk) == []
    assert desk.database.call(ledger.verify).fault == ""


def test_a_report_held_by_mistake_is_still_acknowledged_in_time(desk: PlayedDesk) -> None:
    """Released when the coordinator was called: the receipt's promise counts from the arrival, and is kept."""
    spam(desk)
    desk.wait(hours=12)
    assert swept(desk) == [("escalation", "carl")]
    released(desk, 1)
    desk.send()
    found = {row["promise"]: row for row in desk.database.call(ledger.ledger, desk.now)}
    assert found["acknowledge"]["started"] == NOW.isoformat()
    assert found["acknowledge"]["state"] == "kept"


def test_a_flood_of_spam_is_no_flood_of_letters(desk: PlayedDesk) -> None:
    """A mail every ten minutes for two days that nobody looks at: each rung one letter in twelve hours."""
    told = []
    for number in range(2 * 24 * 6):
        spam(desk, number)
        desk.wait(minutes=10)
        told += swept(desk)
    assert told.count(("escalation", "carl")) == 4
    assert told.count(("escalation", "bea")) == 2
    assert told.count(("reminder", "anna")) == 4


def test_what_is_foretold_of_many_is_what_happens(desk: PlayedDesk) -> None:
    """The letters about several held mails come at the instants that ``maild when`` says, and no others."""
    for number in range(5):
        spam(desk, number)
        desk.wait(minutes=90)
    found = forecast(desk.database.call(lapses.waiting), desk.policy, desk.now, desk.now + timedelta(days=5))
    wanted = sorted({(one.at, one.what.value) for one in found if one.people})
    told = []
    until = desk.now + timedelta(days=5)
    while desk.now < until:
        told += sorted({(desk.now, kind) for kind, _ in swept(desk)})
        desk.wait(minutes=30)
    assert told == wanted


def answers(desk: PlayedDesk, letter: Letter, text: str) -> None:
    """A member answers a letter of ours; our own mail exchanger vouches for him."""
    raw = mails.plain(
        sender="carl@project.example",
        to="security@project.example",
        message_id=f"<{desk.now.timestamp()}@carl.example>",
        text=text,
        In_Reply_To=letter.message_id,
        Authentication_Results=f"{MX}; dmarc=pass header.from=project.example",
    )
    desk.arrives(raw)


def test_taken_holds_the_ladder_of_every_case_and_held_mail_of_the_letter(desk: PlayedDesk) -> None:
    """Two cases and a held mail in one letter: one "taken" makes all three his, for a day."""
    first = desk.report("1")
    second = desk.report("2", "tom@other.example")
    desk.wait(hours=36)
    spam(desk)
    desk.send()
    desk.wait(hours=12)
    desk.happens(SweepDue())
    (letter,) = [one for one in desk.send() if one.kind == "escalation"]
    assert len(letter.facts["lapsed"]) == 3  # type: ignore[arg-type]  # a list
    answers(desk, letter, "taken\n")
    running = desk.database.call(lambda c: c.execute(select(clock).where(clock.c.met.is_(None))).all())
    assert {(row.case_id, row.mail) for row in running} == {(first, None), (second, None), (None, 3)}
    assert {row.taken_until for row in running} == {desk.now + timedelta(days=1)}
    for name in (first, second):
        one = desk.database.call(cases.get, name)
        assert one is not None
        assert one.handler == "Carl"
    desk.send()
    desk.wait(hours=23)
    assert swept(desk) == []


def test_taken_in_answer_to_a_letter_about_held_mail_alone_opens_no_case(desk: PlayedDesk) -> None:
    """The ladder waits a day, the member hears so, and no case comes of his mail."""
    spam(desk)
    desk.wait(hours=12)
    desk.happens(SweepDue())
    (letter,) = [one for one in desk.send() if one.kind == "escalation"]
    answers(desk, letter, "taken\n\nOn Monday maild wrote:\n> held mail\n")
    (told,) = desk.send()
    assert "are yours to look at" in read(desk, told)
    assert desk.database.call(views.cases, True) == []
    desk.wait(hours=25)
    assert swept(desk) == [("escalation", "bea")]


def test_mail_that_claims_to_be_the_team_is_looked_at_too(database: Database) -> None:
    """In relay, unproved mail of a member waits for a person like any held mail."""
    desk = PlayedDesk(database, replace(HELD, desk=replace(HELD.desk, mode=Mode.RELAY)))
    desk.arrives(mails.plain(sender="anna@project.example", message_id="<a@project.example>"))
    assert rows(desk) == [(1, "running", None)]


def test_without_the_promise_nothing_runs(database: Database) -> None:
    """A desk whose policy has no such promise holds mail as before."""
    desk = PlayedDesk(database, POLICY)
    spam(desk)
    assert rows(desk) == []


def test_the_letters_say_which_mail_and_what_stops_it(desk: PlayedDesk) -> None:
    """Number, promise and instants of the mail, the commands, and not a word of it."""
    spam(desk)
    desk.wait(hours=12)
    desk.happens(SweepDue())
    (letter,) = [one for one in desk.send() if one.kind == "escalation"]
    words = read(desk, letter)
    assert "Message 1 has waited in quarantine since Monday 2 March 2026, 09:30 UTC" in words
    assert "due Monday 2 March 2026, 21:30 UTC" in words
    assert "`maild release`" in words
    assert "maild show" not in words
    assert "won" not in words + json.dumps(dict(letter.facts))
    assert "spam.example" not in words


def test_with_the_first_one_away_the_next_hears_no_oftener(desk: PlayedDesk) -> None:
    """A mail an hour for three days while Carl is away: Bea hears once in twelve hours, not of each."""
    away = replace(CARL, away=((NOW, NOW + timedelta(days=9)),))
    desk.policy = replace(HELD, team=Team((ANNA, away, BEA)))
    told = []
    for hour in range(72):
        spam(desk, hour)
        told += [who for kind, who in swept(desk) if kind == "escalation"]
        desk.wait(hours=1)
    assert told == ["bea"] * 5


def test_an_escalation_names_the_likeliest_five_and_says_how_many(desk: PlayedDesk) -> None:
    """However many lapsed at once; those with the lowest scores are named."""
    for number in range(7):
        signs = "!" * (number % 3)
        desk.arrives(
            mails.plain(
                subject=f"You have won a prize {signs}",
                sender=f"w{number}@spam.example",
                message_id=f"<won{number}@x>",
            )
        )
    desk.wait(hours=12)
    desk.happens(SweepDue())
    (letter,) = [one for one in desk.send() if one.kind == "escalation"]
    words = read(desk, letter)
    assert words.startswith("7 promises are overdue")
    assert words.count("has waited in quarantine") == 5
    assert "And 2 more messages in quarantine" in words
