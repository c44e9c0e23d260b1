"""Words that let somebody in, send them what was said, or change where a reporter is answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import Correspondent, Offer, Passed
from maild.core.candidates.said import CaseCandidates
from maild.core.cases.outsidercommands import MOST_SO_FAR
from maild.core.change import AddParticipant, ClearFlag, MoveReporter, OweLetter
from maild.core.changes.keys import UseKey
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import OperatorSaid
from maild.core.facts.change import SetFact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy
from maild.core.policy import Policy, Promise
from maild.core.values import ids
from maild.core.values.case import Case, Flag
from maild.core.values.people import Audience
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from maild.core.words.reading import Word
from maild.core.writing.asof import RECEIPT
from tests.support.deciding import CASE, RITA, answered_case, case, clock, kinds
from tests.support.desk import NOW, SECRET
from tests.support.members import OBSERVE, RELAY

FIX, SAM, NEW = "fix@vendor.example", "sam@far.example", "rita@new.example"
LISTS = replace(
    RELAY,
    targets=Targets(
        (Predisclosure("distros", "distros@lists.example"),),
        (Announcement("announce", Kind.LIST, "announce@lists.example"),),
    ),
)
BOTH = replace(answered_case(), reporters=(RITA, SAM))
SEALED = replace(answered_case(), sealed=True)


def says(text: str, one: Case | None = None, policy: Policy = LISTS, **known: object) -> Decision:
    """What follows from the word on the command line."""
    name, _, rest = text.partition(" ")
    candidates = CaseCandidates(one or answered_case(), **known)  # type: ignore[arg-type]
    return decide(OperatorSaid(CASE, Word(name, rest), "operator:ann"), candidates, policy, NOW)


def owed(decision: Decision) -> list[OweLetter]:
    """The letters."""
    return [one for one in decision.changes if isinstance(one, OweLetter)]


@pytest.mark.parametrize("word", ["guest {} until 9d", "tell {} until 9d they ship it"])
@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("distros@lists.example", "is a list: many people read what is sent there"),
        ("announce@lists.example", "is a list: many people read what is sent there"),
        ("security@project.example", "is in this case already"),
        ("anna@project.example", "is in this case already"),
        (RITA, "is in this case already"),
        (FIX, ""),
    ],
)
def test_who_may_be_let_in(word: str, who: str, why: str) -> None:
    """One person who takes no part yet; never a list."""
    decision = says(word.format(who))
    assert why in decision.refusal
    assert bool(decision.changes) is (why == "")


@pytest.mark.parametrize("word", ["guest {} until 9d", "tell {} until 9d they ship it"])
def test_the_rules_are_for_one_reader_of_one_case(word: str) -> None:
    """The letter is a guest's, bears its reader's own token, and says until when."""
    decision = says(word.format(FIX))
    (joins,) = [one for one in decision.changes if isinstance(one, AddParticipant)]
    (rules,) = owed(decision)
    assert (rules.recipient, rules.case_id, rules.token, rules.internal) == (FIX, CASE, joins.token, False)
    assert joins.token == ids.token(SECRET, CASE, FIX, Audience.TEAM)
    assert rules.facts["until"] == (NOW + timedelta(days=9)).isoformat()


@pytest.mark.parametrize(("one", "hint"), [(answered_case(), False), (SEALED, True)])
def test_a_guest_of_an_encrypted_case_needs_a_key(one: Case, hint: bool) -> None:
    """Whoever lets them in hears that, and how to send what was said before."""
    said = says(f"guest {FIX} until 9d", one).said
    assert said.startswith(f"{FIX} gets the team's copies of {CASE} from now until 2026-03-11 09:30 UTC.")
    assert f"!catch-up {FIX}" in said
    assert ("until they send us a public key" in said) is hint


def test_in_observe_mode_somebody_can_be_told_and_nobody_let_in() -> None:
    """Where a list delivers, an outsider can be told of a case but does not become its guest."""
    assert says(f"guest {FIX} until 9d", policy=OBSERVE).changes == ()
    assert says(f"tell {FIX} until 9d why", policy=OBSERVE).changes != ()


def passed(count: int, *readers: str) -> tuple[Passed, ...]:
    """So many messages that the team's copies carried, one a minute."""
    minute = timedelta(minutes=1)
    return tuple(
        Passed(f"m{n}", Copy(n, "reporter"), NOW + n * minute, frozenset(readers)) for n in range(count)
    )


@pytest.mark.parametrize(
    ("count", "said", "first"),
    [
        (1, f"{FIX} is being sent 1 message of {CASE}.", [0]),
        (2, f"{FIX} is being sent 2 messages of {CASE}.", [0, 1]),
        (MOST_SO_FAR, f"{FIX} is being sent {MOST_SO_FAR} messages of {CASE}.", [0, 1]),
        (
            MOST_SO_FAR + 1,
            f"{FIX} is being sent the first and the newest of {MOST_SO_FAR + 1} messages of {CASE}.",
            [0, 2],
        ),
    ],
)
def test_a_guest_catches_up(count: int, said: str, first: list[int]) -> None:
    """On everything up to a limit, else on the first message and the newest; with the time of each."""
    decision = says(f"catch-up <{FIX}>", guests=(FIX,), passed=passed(count))
    letters = owed(decision)
    assert decision.said == said
    assert len(letters) == min(count, MOST_SO_FAR)
    assert [one.facts["envelope"] for one in letters[: len(first)]] == first
    assert letters[-1].facts["envelope"] == count - 1
    assert letters[-1].facts["at"] == (NOW + timedelta(minutes=count - 1)).isoformat()
    assert {(one.kind, one.recipient, one.sealed) for one in letters} == {(LetterKind.COPY, FIX, False)}


def test_nobody_is_sent_anything_twice_or_without_being_a_guest() -> None:
    """Only what they have not had, and encrypted where the case or the message is."""
    had = says(f"catch-up {FIX}", guests=(FIX,), passed=passed(3, FIX))
    assert (had.changes, had.said) == ((), f"{FIX} has had everything in {CASE}.")
    assert had.refusal == ""
    assert "let them in first" in says(f"catch-up {SAM}", guests=(FIX,), passed=passed(3)).refusal
    more = says(f"catch-up {FIX} {CASE}", guests=(FIX,), passed=(*passed(2, FIX), *passed(3)[2:]))
    assert [one.facts["envelope"] for one in owed(more)] == [2]
    sealed = says(f"catch-up {FIX}", SEALED, guests=(FIX,), passed=passed(1))
    assert ", encrypted. As long as the desk has no public key of theirs" in sealed.said
    assert [one.sealed for one in owed(sealed)] == [True]
    marked = (replace(passed(1)[0], sealed=True),)
    assert [one.sealed for one in owed(says(f"catch-up {FIX}", guests=(FIX,), passed=marked))] == [True]


@pytest.mark.parametrize(
    ("rest", "one", "moved"),
    [
        (NEW, answered_case(), (RITA, NEW)),
        (f"{RITA} {NEW}", answered_case(), (RITA, NEW)),
        (f"{NEW.upper()} {CASE}", answered_case(), (RITA, NEW)),
        (NEW, replace(answered_case(), reporters=()), ("", NEW)),
        (f"{SAM} {NEW}", BOTH, (SAM, NEW)),
        (f"{FIX} {NEW}", replace(answered_case(), reporters=()), (FIX, NEW)),
        (NEW, BOTH, None),
        (f"{FIX} {NEW}", BOTH, None),
        (f"{FIX} {NEW}", answered_case(), None),
        ("", answered_case(), None),
        ("rita", answered_case(), None),
        (f"{RITA} {SAM} {NEW}", BOTH, None),
        (f"{NEW} {SAM} {FIX}", answered_case(), None),
        (f"{RITA} {SAM}", BOTH, None),
        (RITA, answered_case(), None),
        ("anna@project.example", answered_case(), None),
        ("security@project.example", answered_case(), None),
        ("noreply@tracker.example", answered_case(), None),
        ("announce@lists.example", answered_case(), None),
    ],
)
def test_where_a_reporter_is_answered_from_now_on(
    rest: str, one: Case, moved: tuple[str, str] | None
) -> None:
    """At one address that is nobody else's; of several reporters it is said which."""
    decision = says(f"reporter {rest}", one)
    token = ids.token(SECRET, CASE, NEW, Audience.REPORTER)
    change = MoveReporter(CASE, *moved, token, "operator:ann") if moved else None
    assert decision.changes == ((change,) if change else ())
    assert bool(decision.refusal) is (moved is None)


def test_which_reporter_is_asked_where_there_are_several() -> None:
    """With the first of them as an example."""
    assert says(f"reporter {NEW}", BOTH).refusal == (
        f"!reporter: say which and where: !reporter {RITA} NEW-ADDRESS"
    )


@pytest.mark.parametrize(
    ("one", "owes"),
    [
        (case(), True),
        (case(clock(Promise.RESPOND)), False),
        (case(replace(clock(Promise.ACKNOWLEDGE), met=NOW)), False),
        (case(clock(Promise.ACKNOWLEDGE, reporter=SAM), reporters=(RITA, SAM)), False),
    ],
)
def test_a_receipt_that_was_not_sent_goes_to_the_new_address(one: Case, owes: bool) -> None:
    """While the promise to acknowledge the report of just that reporter is running."""
    decision = says(f"reporter {RITA} {NEW}", one)
    receipts = owed(decision)
    assert [(each.kind, each.recipient) for each in receipts] == ([(LetterKind.RECEIPT, NEW)] * owes)
    assert (ClearFlag(CASE, Flag.RECEIPT_BY_HAND) in decision.changes) is owes


def test_without_a_promise_to_acknowledge_no_receipt_is_owed() -> None:
    """A policy may promise no acknowledgement, and then no receipt is owed."""
    rules = tuple(rule for rule in LISTS.rules if rule.id != Promise.ACKNOWLEDGE)
    assert owed(says(f"reporter {NEW}", case(), replace(LISTS, rules=rules))) == []


BY_HAND = frozenset({Flag.RECEIPT_BY_HAND})
RECEIVED = replace(clock(Promise.ACKNOWLEDGE), met=NOW, met_by=RECEIPT)
WAITS = case(flags=BY_HAND, reporters=(RITA, SAM))


@pytest.mark.parametrize(
    ("one", "to", "why"),
    [
        (case(flags=BY_HAND), RITA, ""),
        (case(flags=frozenset({Flag.FORWARDED})), RITA, ""),
        (case(flags=frozenset({Flag.BUNDLE})), "", "is waiting for an acknowledgement"),
        (case(flags=BY_HAND, reporters=()), "", "is waiting for an acknowledgement"),
        (WAITS, RITA, ""),
        (replace(WAITS, clocks=(RECEIVED,)), SAM, ""),
        (case(RECEIVED, flags=BY_HAND), "", "has heard from the team already"),
        (case(flags=BY_HAND, reporters=("noreply@tracker.example",)), "", "nobody reads what is sent"),
    ],
)
def test_whose_acknowledgement_a_word_sends(one: Case, to: str, why: str) -> None:
    """The first reporter's who has not heard from the desk; once, under what they wrote last."""
    people = (Correspondent(SAM, "<s@far.example>"), Correspondent(RITA, "<r@reporter.example>"))
    decision = says("acknowledge", one, people=people)
    receipts = owed(decision)
    assert [each.recipient for each in receipts] == ([to] if to else [])
    assert why in decision.refusal
    for each in receipts:
        assert each.in_reply_to == {SAM: "<s@far.example>", RITA: "<r@reporter.example>"}[to]
        assert each.facts["seen"] is True
        assert each.facts["received"] == NOW.isoformat()


@pytest.mark.parametrize(
    ("rest", "offered", "said", "used"),
    [
        ("F" * 40, ("F" * 40,), f"are encrypted to {'F' * 40} from now on", True),
        (f"0x{'f' * 40}", ("E" * 40, "F" * 40), f"are encrypted to {'F' * 40} from now on", True),
        (" ".join(["FFFF"] * 10), ("F" * 40,), "from now on", True),
        ("F" * 39, ("F" * 40,), f"offered in {CASE}: {'F' * 40}", False),
        ("", ("F" * 40, "F" * 40), f"offered in {CASE}: {'F' * 40}", False),
        ("F" * 40, (), f"no key that is not in use yet was offered in {CASE}", False),
    ],
)
def test_a_key_is_used_by_its_whole_fingerprint(
    rest: str, offered: tuple[str, ...], said: str, used: bool
) -> None:
    """In any spelling; otherwise those that were offered are named, each once."""
    offers = tuple(Offer(RITA, one) for one in offered)
    one = replace(answered_case(), flags=frozenset({Flag.KEY_OFFERED}))
    decision = says(f"usekey {rest}", one, offered=offers)
    assert said in decision.said
    given = [change for change in decision.changes if isinstance(change, UseKey)]
    assert given == ([UseKey(CASE, RITA, "F" * 40, "operator:ann")] if used else [])
    assert (ClearFlag(CASE, Flag.KEY_OFFERED) in decision.changes) is used
    assert ClearFlag(CASE, Flag.KEY_CHANGED) not in decision.changes


@pytest.mark.parametrize(
    ("rest", "policy", "shown"),
    [
        ("7", RELAY, True),
        (f"7 {CASE}", RELAY, True),
        ("8", RELAY, False),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", RELAY, False),
        ("", RELAY, False),
        ("7" * 19, RELAY, False),
        ("7" * 18, RELAY, True),
        ("7", OBSERVE, False),
    ],
)
def test_a_message_is_opened_by_its_number(rest: str, policy: Policy, shown: bool) -> None:
    """One of the case, where maild passes messages on; members with a key get it, for the team alone."""
    decision = says(f"open {rest}", policy=policy, mails=(7, int("7" * 18), int("7" * 19)))
    copies = [one for one in owed(decision) if one.kind is LetterKind.COPY]
    assert {one.recipient for one in copies} == (
        {"anna@project.example", "carl@project.example"} if shown else set()
    )
    assert all(one.sealed and one.facts["looked"] and one.facts["audience"] == "team" for one in copies)
    assert bool(decision.refusal) is not shown


@pytest.mark.parametrize(("rest", "done"), [("https://tracker.example/7", True), ("  ", False)])
def test_an_answer_given_elsewhere_keeps_what_one_by_mail_would(rest: str, done: bool) -> None:
    """To every reporter, and it is noted where."""
    both = case(clock(Promise.RESPOND, 1), clock(Promise.RESPOND, 2, reporter=SAM), reporters=(RITA, SAM))
    decision = says(f"answered {rest}", both)
    noted = [one.value for one in decision.changes if isinstance(one, SetFact)]
    assert noted == (["https://tracker.example/7"] if done else [])
    assert kinds(decision.changes).count("MeetClock") == 2 * done
    nobodys = case(clock(Promise.RESPOND, 1, reporter=""), reporters=())
    assert kinds(says(f"answered {rest}", nobodys).changes).count("MeetClock") == 1 * done
