"""How cases end, and how they go on: told, announced, unreachable, reopened, joined, handed over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.cases.thanks import only_thanks
from maild.core.event import Delivery, LetterSettled, OperatorSaid, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.core.values.targets import Announcement, Targets
from maild.core.words.reading import Word
from maild.core.words.substance import substance
from maild.store import cases, letters
from maild.store.database import Database
from tests.ledger.playing import RITA, PlayedDesk
from tests.support import mails
from tests.support.desk import MX, NOW, POLICY
from tests.support.phrases import PHRASES
from tests.support.read import read

ANNOUNCED = ("verdict vulnerability", "severity important", "leaked", "published announce")
PLACES = Targets(
    announcement=(Announcement("announce", "list", "announce@lists.example"), Announcement("blog", "blog"))
)


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk that announces on a list and a blog."""
    return PlayedDesk(database, replace(POLICY, targets=PLACES))


def say(desk: PlayedDesk, case: str, *texts: str) -> str:
    """The words are said one after the other; what the last one's author is told."""
    said = ""
    for text in texts:
        name, _, rest = text.partition(" ")
        said = desk.says(case, name, rest).said
    return said


def state(desk: PlayedDesk, case: str) -> str:
    """Whether the case is open."""
    found = desk.database.call(cases.get, case)
    return found.state.value if found else ""


def told(desk: PlayedDesk, about: str) -> list[str]:
    """Who is owed a notice about something, and what it says; they are sent."""
    sent = [one for one in desk.send() if one.kind is LetterKind.NOTICE and one.facts["about"] == about]
    return [f"{one.recipient}: {read(desk, one)}" for one in sent]


def answered(desk: PlayedDesk, name: str = "1") -> str:
    """A report that a person has answered."""
    case = desk.report(name)
    desk.wait(hours=1)
    desk.answer(name)
    desk.send()
    desk.wait(hours=1)
    return case


def test_a_confirmed_vulnerability_closes_only_announced_and_told(desk: PlayedDesk) -> None:
    """Refused before the announcement, and before the reporter heard of it; then it closes."""
    case = answered(desk)
    assert "has not been announced" in say(desk, case, "verdict vulnerability", "close")
    assert "has not been told of the announcement" in say(desk, case, *ANNOUNCED[1:], "close")
    assert state(desk, case) == "open"
    desk.wait(hours=1)
    desk.answer("1")
    assert "is closed" in say(desk, case, "close")


def test_without_an_announcement_it_closes_by_the_word_that_says_so(desk: PlayedDesk) -> None:
    """``!close unannounced`` wants a reason, and the reporter answered all the same."""
    case = answered(desk)
    assert "say why" in say(desk, case, "verdict vulnerability", "close unannounced")
    unheard = desk.report("2", "sam@other.example")
    assert "nobody has answered" in say(desk, unheard, "verdict vulnerability", "close unannounced why not")
    assert "is closed" in say(desk, case, "close unannounced nobody runs this version")


def test_a_confirmed_vulnerability_is_no_spam(desk: PlayedDesk) -> None:
    """It closes as spam only once somebody takes the verdict back."""
    case = answered(desk)
    assert "!verdict spam first" in say(desk, case, "verdict vulnerability", "spam")
    assert state(desk, case) == "open"
    assert "is closed" in say(desk, case, "verdict spam", "spam")


def test_a_reporter_who_cannot_be_reached_is_no_spammer(desk: PlayedDesk) -> None:
    """Closed as unreachable once mail bounced, or after two letters and two weeks of silence, not before."""
    case = answered(desk)
    assert "nor were they asked 2 times over 14 days" in say(desk, case, "close unreachable")
    for _ in range(2):
        desk.answer("1")
        says = ("verdict not-reproducible", "send")
        say(desk, case, *says)
        desk.send()
        desk.wait(days=8)
    assert "is closed" in say(desk, case, "close unreachable")
    assert state(desk, case) == "closed"


def test_whoever_writes_again_can_be_reached(desk: PlayedDesk) -> None:
    """An address that rejected mail is unreachable at once, until somebody writes from it."""
    case = desk.report()
    (receipt,) = [
        one for one in desk.database.call(letters.claim, desk.now, 10) if one.kind is LetterKind.RECEIPT
    ]
    desk.happens(LetterSettled(receipt.id, receipt.kind, case, RITA, Delivery.FAILED))
    reply = mails.plain(message_id="<more@reporter.example>", In_Reply_To="<1@reporter.example>")
    desk.arrives(reply)
    assert "not done" in say(desk, case, "close unreachable")
    desk.happens(LetterSettled(receipt.id, receipt.kind, case, RITA, Delivery.FAILED))
    assert "is closed" in say(desk, case, "close unreachable")


def test_published_by_hand_is_announced(desk: PlayedDesk) -> None:
    """``!published`` for a place makes the case announced and drafts the closing note; not while the embargo runs."""
    case = answered(desk)
    say(desk, case, "verdict vulnerability", "embargo 2026-03-20 16:00 UTC")
    assert "the embargo lasts until" in say(desk, case, "published announce")
    said = say(desk, case, "leaked", "published announce")
    assert "is announced now" in said
    found = desk.database.call(cases.get, case)
    assert found
    assert (found.record.value("stage"), found.record.value("draft")) == ("announced", "closing")
    assert "announced now" not in say(desk, case, "published blog")


def test_a_reopened_case_says_so(desk: PlayedDesk) -> None:
    """Its handlers are told that it is open again when a reporter writes more than thanks."""
    case = answered(desk)
    say(desk, case, "close")
    desk.arrives(
        mails.plain(
            text="The fix does not hold.\n", message_id="<again@x>", In_Reply_To="<1@reporter.example>"
        )
    )
    assert state(desk, case) == "open"
    (letter,) = told(desk, "reopened")
    assert f"[{case}] The case is open again" in letter


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Thank you very much for the quick fix.",
        "Hi Anna,\n\nmany thanks for letting me know.\n\nBest regards,\nRita Reporter\nExample Labs",
        "Vielen Dank!",
        "Great work, thanks everyone\n\n-- \nRita",
        "Thanks\n\n> We have closed the case.\n",
    ],
)
def test_a_bare_thank_you_reopens_nothing(desk: PlayedDesk, text: str) -> None:
    """It belongs to the case, which stays closed, and starts no promise."""
    case = answered(desk)
    say(desk, case, "close")
    desk.arrives(mails.plain(text=text + "\n", message_id="<again@x>", In_Reply_To="<1@reporter.example>"))
    assert state(desk, case) == "closed"
    found = desk.database.call(cases.get, case)
    assert found
    assert not found.running()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it still crashes.",
        "Thanks. When is the release?",
        "Thank you. CVE-2026-1 is wrong.",
        "Danke, aber der Fehler ist noch da.",
        "",
    ],
)
def test_thanks_with_anything_else_is_more_than_thanks(text: str) -> None:
    """A doubt, a question or a number is for people to read in an open case."""
    assert not only_thanks(text, PHRASES, ("Rita Reporter",))


def test_a_join_tells_both_handlers(desk: PlayedDesk) -> None:
    """Each hears which case goes on and who handles it."""
    first, second = desk.report(), desk.report("2", "sam@other.example")
    say(desk, first, "handler Anna")
    say(desk, second, "handler Carl")
    desk.send()
    assert "is joined to" in desk.happens(OperatorSaid(second, Word("duplicate", first), "operator:x")).said
    letters_told = told(desk, "joined")
    assert [one.partition(":")[0] for one in letters_told] == ["anna@project.example", "carl@phone.example"]
    assert all(
        f"{second} (handler: Carl) was joined to {first} (handler: Anna)" in one for one in letters_told
    )


def test_a_hand_over_tells_the_new_and_the_old_handler(desk: PlayedDesk) -> None:
    """Both hear who handles the case and what is due next; the same word again tells nobody."""
    case = desk.report()
    say(desk, case, "handler Anna")
    assert len(told(desk, "handed-over")) == 1
    say(desk, case, "handler Carl")
    heard = told(desk, "handed-over")
    assert [one.partition(":")[0] for one in heard] == ["anna@project.example", "carl@phone.example"]
    assert "instead of Anna" in heard[0]
    assert "Wednesday 4 March 2026, 09:30 UTC" in heard[0]
    say(desk, case, "handler Carl")
    assert told(desk, "handed-over") == []


@pytest.mark.parametrize(
    "text",
    [
        "Mia",
        "Best, Mia",
        "Best regards,\nMia Miller\nSecurity Team, The Project",
        "EX-222222",
        "Hi,\n\nthanks\nMia",
        "Mia Miller",
        "Cheers\nMia M.",
    ],
)
def test_a_name_or_a_greeting_is_no_text(text: str) -> None:
    """Below ``!send`` it leaves the draft as it stands."""
    assert substance(text.replace("EX-222222", ""), PHRASES, ("Mia Miller", "mia@project.example")) == ""


def test_what_is_said_above_the_closing_stays() -> None:
    """Only the greeting and what stands below the closing are not counted."""
    text = "Hi Rita,\nwe have a fix, see below.\nBest,\nMia"
    assert substance(text, PHRASES, ("Mia",)) == "we have a fix, see below."
    assert substance("Thanks\nwe fixed it", PHRASES, ("Mia",)) == "Thanks\nwe fixed it"
    assert substance("Thanks, will look.", PHRASES, ("Mia",)) == "Thanks, will look."
    assert (
        substance("Thanks for the crash dump, it helps.", PHRASES, ("Mia",))
        == "Thanks for the crash dump, it helps."
    )


def test_a_reminder_goes_to_whoever_works_on_it_as_well(desk: PlayedDesk) -> None:
    """Anna handles the case, Carl wrote about it last: both are reminded."""
    case = desk.report()
    say(desk, case, "handler Anna")
    desk.wait(hours=1)
    raw = mails.plain(
        sender="carl@project.example",
        message_id="<note@project.example>",
        text="I am looking at the parser now.\n",
        In_Reply_To="<1@reporter.example>",
        Authentication_Results=f"{MX}; dmarc=pass header.from=project.example",
    )
    desk.arrives(raw)
    desk.send()
    desk.wait(hours=30)
    desk.happens(SweepDue())
    reminded = [one.recipient for one in desk.send() if one.kind is LetterKind.REMINDER]
    assert reminded == ["anna@project.example", "carl@phone.example"]


FIX = Rule(
    "fix-fast",
    Length(3, "d"),
    Happening.REPORT,
    frozenset({Happening.REPLY}),
    severities=frozenset({"Critical"}),
    warn_at=(0.5,),
)


def test_a_promise_that_is_overdue_from_the_start_is_told_before_anybody_is_called(
    database: Database,
) -> None:
    """The word's author and the handlers hear since when, and nobody is called for four hours."""
    desk = PlayedDesk(database, replace(POLICY, rules=(*POLICY.rules, FIX)))
    case = answered(desk)
    desk.wait(days=4)
    desk.answer("1")
    said = say(desk, case, "severity critical")
    assert "That makes fix-fast overdue since 2026-03-05 09:30 UTC" in said
    assert len(told(desk, "overdue-already")) == 1
    desk.happens(SweepDue(first=True))
    assert [one.kind for one in desk.send()] == []
    desk.wait(hours=5)
    desk.happens(SweepDue(first=True))
    assert [one.kind for one in desk.send()] == [LetterKind.ESCALATION]


def test_a_promise_that_a_word_starts_respects_earlier_pauses(database: Database) -> None:
    """The days in which the case waited are not counted against it."""
    desk = PlayedDesk(database, replace(POLICY, rules=(*POLICY.rules, FIX)))
    case = answered(desk)
    say(desk, case, "pause waiting for the vendor until 2026-03-06")
    desk.wait(days=4)
    assert "overdue" not in say(desk, case, "severity critical")
    found = desk.database.call(cases.get, case)
    assert found
    (clock,) = found.running("fix-fast")
    assert clock.due == NOW + timedelta(days=3) + timedelta(days=4, hours=12, minutes=30)
