"""The words about held mail: whose they are, where they count, and what the daily letter lists."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from maild.core.candidates.mail import Chosen
from maild.core.candidates.times import HeldMail, HeldOne
from maild.core.cases.heldlist import MOST, MOST_ALIKE, Line, lines
from maild.core.cases.heldorders import MOST_PARTS, HeldList
from maild.core.cases.heldwords import (
    MAX_WORDS,
    MOST_AT_ONCE,
    REJECT,
    RELEASE,
    chosen,
    day,
    said,
    tell,
    word,
)
from maild.core.change import OweLetter, Verdict
from maild.core.changes.team import DayTold
from maild.core.letters.kinds import LetterKind
from maild.core.mail.text import unlinked
from maild.core.values.people import Team
from tests.support import mails
from tests.support.deciding import FRESH, PASSED, arrived, facts, flags, letters, opens, verdict
from tests.support.desk import ANNA, BEA, NOW, POLICY, SECRET

MORNING = replace(POLICY, held_digest_at=time(8))
ANNAS = word(RELEASE, 7, ANNA, SECRET)


def answer(text: str, sender: str = ANNA.addresses[0], **headers: str) -> bytes:
    """An answer to the daily letter."""
    return mails.plain(subject="Re: held", sender=sender, message_id="<w@x>", text=text, **headers)


def picked(text: str, sender: str = ANNA.addresses[0], **headers: str) -> tuple[Chosen, ...]:
    """What the answer's words choose among the held mails 7 and 8."""
    return chosen(facts(answer(text, sender, **headers)), (7, 8), POLICY)


def test_a_word_is_one_readers_for_one_mail_and_one_act() -> None:
    """None follows from another, and none can be guessed."""
    words = {word(act, n, who, SECRET) for act in (RELEASE, REJECT) for n in (7, 8) for who in (ANNA, BEA)}
    assert len({one.partition("-")[2] for one in words}) == 8
    assert word(RELEASE, 7, ANNA, b"other") not in words


def test_words_on_top_choose() -> None:
    """One a line, in any case, before whatever else is written or quoted."""
    more = (
        f"{ANNAS.upper()}\n\n {word(REJECT, 8, ANNA, SECRET)} \nThanks!\n> {word(REJECT, 7, ANNA, SECRET)}\n"
    )
    assert picked(more) == (Chosen(7, True, ANNA.name), Chosen(8, False, ANNA.name))


@pytest.mark.parametrize(
    "text",
    [f"> {ANNAS}\n", f"Hello\n{ANNAS}\n", f"please {ANNAS}\n", "release-aaaaaaaaaaaa\n", "release\n", ""],
)
def test_quoted_buried_and_wrong_words_choose_nothing(text: str) -> None:
    """An answer quotes the whole letter, and its quotes say nothing."""
    assert picked(text) == ()


@pytest.mark.parametrize("sender", [BEA.addresses[0], "eve@x.example"])
def test_somebody_elses_word_is_not_heard(sender: str) -> None:
    """Not from a stranger, nor from another member."""
    assert picked(ANNAS, sender) == ()


def test_an_automatic_answer_says_nothing() -> None:
    """Whatever stands on top of it."""
    assert picked(ANNAS, Auto_Submitted="auto-replied") == ()


def test_a_mail_with_words_opens_no_case_and_is_answered() -> None:
    """It is correspondence; its author hears what was done."""
    known = replace(FRESH, chosen=(Chosen(7, True, ANNA.name),))
    decision = arrived(answer(ANNAS), known)
    assert (verdict(decision), opens(decision), flags(decision)) == (Verdict.CORRESPONDENCE, None, set())
    assert decision.chosen == known.chosen
    (told,) = letters(decision, LetterKind.NOTICE)
    assert (told.recipient, told.facts["released"], told.facts["unknown"]) == (ANNA.contact, 1, 0)


def ones(*numbers: int) -> tuple[HeldOne, ...]:
    """Held mails of these numbers, none like another."""
    return tuple(HeldOne(number) for number in numbers)


def owed(mail: HeldMail) -> dict[str, OweLetter]:
    """The letters of the day, by reader."""
    return {c.recipient: c for c in tell(mail, MORNING, NOW) if isinstance(c, OweLetter)}


def test_one_letter_a_day_when_something_is_held() -> None:
    """To everybody; none when nothing is held, none twice, none before its hour or without one."""
    assert len(owed(HeldMail(ones(7, 8)))) == len(POLICY.team.members)
    assert owed(HeldMail(())) == {}
    assert owed(HeldMail(ones(7), told=NOW.date().isoformat())) == {}
    assert len(owed(HeldMail(ones(7), told="2026-03-01"))) == len(POLICY.team.members)
    assert day(MORNING, NOW.replace(hour=7)) is None
    assert day(POLICY, NOW) is None
    assert day(MORNING, NOW) == date(2026, 3, 2)


def test_a_flood_is_counted() -> None:
    """The letter names so many and says how many more there are."""
    facts = owed(HeldMail(ones(*range(1, MOST + 4))))[ANNA.contact].facts
    assert (len(facts["mails"]), facts["more"]) == (MOST, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.example/x?a=b", "see https[:]//evil[.]example/x?a=b"),
        ("WWW.evil.example", "WWW[.]evil[.]example"),
        ("win@spam.example", "win@spam[.]example"),
        ("mailto:win@spam.example", "mailto[:]win@spam[.]example"),
        ("Price 3.99. Now.", "Price 3[.]99. Now."),
    ],
)
def test_no_link_lives(text: str, shown: str) -> None:
    """No mail client makes one of what is left."""
    assert unlinked(text) == shown


LISTED = HeldList({7: (8, 9), 10: ()}, {n: f"{n}@spam.example" for n in range(7, 41)})


def ordered(text: str, answers: HeldList | None = LISTED) -> dict[int, bool]:
    """What an answer to the list does; true: released."""
    found = chosen(facts(answer(text)), tuple(LISTED.senders), POLICY, answers)
    return {one.envelope: one.release for one in found}


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("release 12-14", {12: True, 13: True, 14: True}),
        ("!release 12, 20 30-31\n", {12: True, 20: True, 30: True, 31: True}),
        ("Reject from 12@Spam.example\n", {12: False}),
        ("reject 12-13\nrelease 13\n", {12: False, 13: True}),
        ("release 7\n!spam the rest", {7: True, 8: False, 9: False, 10: False}),
        ("spam the rest", {7: False, 8: False, 9: False, 10: False}),
        (word(REJECT, 7, ANNA, SECRET), {7: False, 8: False, 9: False}),
        (word(RELEASE, 7, ANNA, SECRET), {7: True}),
        ("release 500-600", {}),
        ("release 12 of them", {}),
        ("release the rest", {}),
        ("Hello\nrelease 12", {}),
        ("> release 12", {}),
        ("reject from everybody", {}),
        ("release 12-x", {}),
        ("see 12", {}),
        ("release", {}),
        ("release 000000000012", {12: True}),
        ("release 0000000000012", {}),
        ("reject from 13@spam.example or so\nrelease 12", {}),
    ],
)
def test_an_answer_to_the_list_may_name_several(text: str, does: dict[int, bool]) -> None:
    """By numbers, by sender, or the rest of what was listed; a release wins, a sentence is no order."""
    assert ordered(text) == does


def test_a_domain_names_all_its_senders() -> None:
    """With an at sign before it, and no other domain that ends alike."""
    answers = HeldList({}, {7: "a@spam.example", 8: "b@notspam.example"})
    assert ordered("reject from @spam.example", answers) == {7: False}


def test_orders_count_in_an_answer_to_the_list_only() -> None:
    """Who writes one elsewhere has not shown that the list is theirs."""
    assert ordered("release 12-14", None) == {}


def test_the_likeliest_come_first_and_what_was_listed_comes_last() -> None:
    """By the score; whatever was on a list goes behind what was on none, also what arrived later."""
    held = (HeldOne(1, 9.0), HeldOne(2, 2.6, times=1), HeldOne(3, 4.0), HeldOne(4, 2.5))
    assert [line.mail for line in lines(held)] == [4, 3, 1, 2]


def test_what_is_alike_is_one_line() -> None:
    """Mails of one sender, or of one telling subject with one score; a bare greeting says nothing."""
    held = (
        HeldOne(1, 3.0, "a@x", "win a new phone"),
        HeldOne(2, 4.0, "a@x", "another thing entirely here"),
        HeldOne(3, 3.0, "b@x", "win a new phone"),
        HeldOne(4, 2.9, "c@x", "win a new phone"),
        HeldOne(5, 3.0, "d@x", "hello"),
        HeldOne(6, 3.0, "e@x", "hello"),
    )
    assert lines(held) == (Line(4), Line(1, (3, 2)), Line(5), Line(6))


@pytest.mark.parametrize(
    ("away", "told"),
    [
        ((), {"Anna", "Carl", "Bea"}),
        (("Anna",), {"Carl", "Bea"}),
        (("Anna", "Carl", "Bea"), {"Anna", "Carl", "Bea"}),
    ],
)
def test_the_list_goes_to_those_who_are_there(away: tuple[str, ...], told: set[str]) -> None:
    """To everybody where nobody is: held mail has to be looked at by somebody."""
    hours = ((NOW - timedelta(hours=1), NOW + timedelta(hours=1)),)
    people = [replace(one, away=hours if one.name in away else ()) for one in POLICY.team.members]
    found = tell(HeldMail((), kept=(1,)), replace(MORNING, team=Team(tuple(people))), NOW)
    names = {one.contact: one.name for one in people}
    assert {names[one.recipient] for one in found if isinstance(one, OweLetter)} == told


@pytest.mark.parametrize(("count", "named", "more"), [(0, 0, 0), (MOST, MOST, 0), (MOST + 1, MOST, 1)])
def test_of_mail_kept_without_a_case_so_many_are_named(count: int, named: int, more: int) -> None:
    """And the rest is counted; with none at all there is no letter."""
    found = tell(HeldMail((), kept=tuple(range(count))), MORNING, NOW)
    says = [one.facts for one in found if isinstance(one, OweLetter)]
    assert len(says) == (3 if count else 0)
    assert all((len(one["kept"]), one["kept_more"]) == (named, more) for one in says)  # type: ignore[arg-type]


def test_one_line_names_so_many_and_no_more() -> None:
    """A line with more is no order."""
    many = HeldList({}, {n: f"{n}@spam.example" for n in range(MOST_PARTS + 2)})
    for count, done in ((MOST_PARTS, MOST_PARTS), (MOST_PARTS + 1, 0), (MOST_PARTS + 2, 0)):
        line = " ".join(str(number) for number in range(count))
        assert len(ordered(f"release {line}", many)) == done


@pytest.mark.parametrize("count", [MAX_WORDS, MAX_WORDS + 1])
def test_so_many_lines_are_read(count: int) -> None:
    """Commands are read in the first lines of a reply; lines further down say nothing."""
    lines_ = "".join(f"release {number}\n" for number in range(count))
    assert len(said(facts(answer(lines_)))) == MAX_WORDS


@pytest.mark.parametrize(
    ("proved", "list_answered", "heard"),
    [(True, False, True), (False, True, True), (True, True, True), (False, False, False)],
)
def test_a_word_for_what_is_held_no_more_is_no_report(proved: bool, list_answered: bool, heard: bool) -> None:
    """From a proved member, or in an answer to the list; from anybody else it proves nothing."""
    results = PASSED if proved else ""
    raw = answer(ANNAS, Authentication_Results=results)
    decision = arrived(raw, replace(FRESH, answers_list=list_answered))
    told = [one for one in letters(decision, LetterKind.NOTICE) if one.facts["about"] == "held-words"]
    assert [(one.facts["released"], one.facts["unknown"]) for one in told] == ([(0, 1)] if heard else [])


@pytest.mark.parametrize(("rejected", "full"), [(2, False), (MOST_AT_ONCE - 1, True)])
def test_what_was_done_is_counted(rejected: int, full: bool) -> None:
    """How many went in, how many out, and whether that is all that one answer can do."""
    out = tuple(Chosen(number, False, ANNA.name) for number in range(8, 8 + rejected))
    known = replace(FRESH, chosen=(Chosen(7, True, ANNA.name), *out))
    (told,) = letters(arrived(answer(ANNAS), known), LetterKind.NOTICE)
    assert (told.facts["released"], told.facts["rejected"], told.facts["full"]) == (1, rejected, full)
    assert told.facts["unknown"] == 0


def test_the_hour_of_the_list_begins_at_its_minute() -> None:
    """The list of held mail is due at its minute, and not a second before."""
    at = NOW.replace(hour=8, minute=0)
    assert day(MORNING, at) == NOW.date()
    assert day(MORNING, at - timedelta(seconds=1)) is None


def test_what_is_on_no_line_is_counted() -> None:
    """Of all that is held, whatever no line stands for."""
    alike = tuple(HeldOne(number, 3.0, "a@x") for number in range(3))
    found = tell(HeldMail(alike, more=5), MORNING, NOW)
    (told,) = [one for one in found if isinstance(one, DayTold)]
    assert told.counted == {"mails": 8}
    assert {one.facts["more"] for one in found if isinstance(one, OweLetter)} == {5}


def test_a_line_stands_for_so_many_and_for_subjects_of_three_words() -> None:
    """The next one of the same sender begins another line; two words say nothing."""
    crowd = tuple(HeldOne(number, 3.0, "a@x") for number in range(MOST_ALIKE + 2))
    assert [len(line.others) for line in lines(crowd)] == [MOST_ALIKE, 0]
    three, two = "win a phone", "win phones"
    for subject, count in ((three, 1), (two, 2)):
        assert len(lines((HeldOne(1, 3.0, "a@x", subject), HeldOne(2, 3.0, "b@x", subject)))) == count
