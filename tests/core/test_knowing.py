"""Who may know of a case: outsiders who were told, outsiders in copy, members who left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import TeamCandidates
from maild.core.cases.outsiders import MOST, MOST_NAMED, named
from maild.core.change import AddParticipant, Change, OweLetter, Verdict
from maild.core.changes.team import MemberLeft, MemberMoved, RememberTeam
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import OperatorSaid, TeamSeen
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import OUTSIDER, TOLD
from maild.core.letters.kinds import LetterKind
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.people import Audience, Known, Left, Member, Side, Team
from maild.core.words.reading import Word
from tests.support import mails
from tests.support.deciding import CASE, FRESH, RITA, answered_case, arrived, case, flags, letters, verdict
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY, SECRET
from tests.support.members import OBSERVE, RELAY, Way, known, mail, opened

FIX = "fix@vendor.example"
NAMED = f"\n\nThis is about {CASE}.\n"


def tell(rest: str, one: Case | None = None, policy: Policy = RELAY) -> Decision:
    """``!tell`` from the command line."""
    event = OperatorSaid(CASE, Word("tell", rest), "operator:ann")
    return decide(event, CaseCandidates(one or answered_case()), policy, NOW)


@pytest.mark.parametrize("policy", [RELAY, OBSERVE])
def test_an_outsider_is_told_the_rules_and_nothing_else(policy: Policy) -> None:
    """He may know until the end of that day, for the reason kept; one letter goes to him, without content."""
    changes = tell("Fix@Vendor.Example until 2026-03-20 they ship it", policy=policy).changes
    (may, why, rules) = changes
    assert isinstance(may, AddParticipant)
    assert isinstance(why, SetFact)
    assert isinstance(rules, OweLetter)
    assert (may.address, may.side, may.audience) == (FIX, Side.OUTSIDE, Audience.TEAM)
    assert may.until == datetime(2026, 3, 21, tzinfo=UTC)
    assert (why.name, why.value, why.item) == (TOLD, "they ship it", named(SECRET, CASE, FIX))
    assert (rules.recipient, rules.token, rules.sealed) == (FIX, may.token, False)
    assert set(rules.facts) == {"about", "until"}


def test_the_reason_of_a_sealed_case_stands_where_it_was_said() -> None:
    """From the command line it is refused; in a signed mail only the number of the mail is kept."""
    sealed = replace(answered_case(), sealed=True)
    assert "is encrypted" in tell(f"{FIX} until 9d they ship it", sealed).refusal
    text = f"!tell {FIX} until 9d the quokka is theirs" + NAMED
    way = Way("team", proof="signed")
    raw = mail(way, text)
    decision = arrived(raw, known(way, sealed, raw), opened=opened(raw, way), policy=RELAY)
    (why,) = [c for c in decision.changes if isinstance(c, SetFact)]
    assert why.value == "(sealed, in mail 1)"
    assert "quokka" not in repr([c for c in decision.changes if not isinstance(c, OweLetter)])


@pytest.mark.parametrize(
    "rest",
    [
        "",
        FIX,
        f"{FIX} until 2026-03-20",
        f"{FIX} until 2026-03-01 it has passed",
        "nobody until 9d why",
        f"{RITA} until 9d she is the reporter",
        "anna@project.example until 9d she is of the team",
        "security@project.example until 9d it is the desk",
    ],
)
def test_what_is_missing_changes_nothing(rest: str) -> None:
    """An address of the case, no reason, no day, a day that has passed: refused."""
    decision = tell(rest)
    assert decision.changes == ()
    assert decision.refusal.startswith("!tell: ")


def copied(cc: str, one: Case | None = None, sender: str = RITA, **about: object) -> Decision:
    """A mail in the usual case with these people in Cc."""
    raw = mails.plain(sender=sender, Cc=cc, message_id="<cc@reporter.example>")
    found = MailCandidates("EX-777777", by_reference=one or answered_case())
    return arrived(raw, replace(found, **about), policy=RELAY)  # type: ignore[arg-type]  # what a test wants


def seen(decision: Decision) -> list[str]:
    """The outsiders who are written down."""
    return [c.value for c in decision.changes if isinstance(c, SetFact) and c.name == OUTSIDER]


def told(decision: Decision) -> list[OweLetter]:
    """The letters that tell of an outsider."""
    return [x for x in letters(decision, LetterKind.NOTICE) if x.facts["about"] == "outsider-in-copy"]


def test_an_outsider_in_copy_is_flagged_and_named_to_the_team() -> None:
    """The letter goes to the handlers and names him."""
    decision = copied("eve@elsewhere.example")
    assert "outsider-in-copy" in flags(decision)
    assert seen(decision) == ["eve@elsewhere.example"]
    (letter,) = told(decision)
    assert (letter.recipient, letter.facts["addresses"]) == (ANNA.contact, ["eve@elsewhere.example"])


def test_what_a_list_passed_on_is_no_exception() -> None:
    """A reporter who has a list in copy: its copy alone may tell of it, and the list is an outsider."""
    to = "full-disclosure@lists.example"
    raw = mails.plain(sender=RITA, Cc=to, List_Id="<fd.lists.example>", Precedence="list")
    decision = arrived(raw, MailCandidates("EX-777777", by_reference=answered_case()), policy=RELAY)
    assert seen(decision) == ["full-disclosure@lists.example"]
    assert len(told(decision)) == 1


def test_the_first_mail_of_a_case_too() -> None:
    """A report that went to others as well opens a case that says so."""
    decision = arrived(mails.plain(Cc="eve@elsewhere.example"), FRESH)
    assert seen(decision) == ["eve@elsewhere.example"]
    assert len(told(decision)) == 1


@pytest.mark.parametrize(
    "cc",
    [
        RITA,
        "anna@project.example, carl@phone.example",
        "security@project.example, security+abc@project.example",
        "guest@vendor.example",
        FIX,
    ],
)
def test_who_may_know_is_no_outsider(cc: str) -> None:
    """Reporters, the team, the desk, guests and those who were told."""
    decision = copied(cc, guests=("guest@vendor.example",), told=(FIX,))
    assert seen(decision) == []
    assert "outsider-in-copy" not in flags(decision)


def test_once_an_address() -> None:
    """Who was seen before is not told of again; the next one is."""
    first = Fact(
        OUTSIDER, "eve@elsewhere.example", "maild", NOW, named(SECRET, CASE, "eve@elsewhere.example")
    )
    one = replace(answered_case(), record=Disclosure((first,)))
    assert told(copied("eve@elsewhere.example", one)) == []
    assert seen(copied("eve@elsewhere.example, mallory@elsewhere.example", one)) == [
        "mallory@elsewhere.example"
    ]


def test_of_a_case_that_is_public_everybody_may_know() -> None:
    """Once it is announced, and not before, Somebody outside the team was in copy is nothing to be told of."""
    for stage, count in (("ready", 1), ("announced", 0)):
        one = replace(answered_case(), record=Disclosure((Fact("stage", stage, "op", NOW),)))
        assert len(told(copied("eve@elsewhere.example", one))) == count


def test_of_a_sealed_case_no_address_is_written_down() -> None:
    """Neither as fact nor in the letter, which says where it is read."""
    decision = copied("eve@elsewhere.example", replace(answered_case(), sealed=True))
    assert seen(decision) == ["(sealed, in mail 1)"]
    assert (told(decision)[0].facts["addresses"], told(decision)[0].facts["count"]) == ([], 1)
    assert "eve@" not in repr([c for c in decision.changes if not isinstance(c, AddParticipant)])


def test_a_crowd_in_copy_is_one_short_letter() -> None:
    """A hundred addresses: one letter that names a few, and so many rows at most."""
    decision = copied(", ".join(f"p{n}@elsewhere.example" for n in range(99)))
    assert len(seen(decision)) == MOST
    (letter,) = told(decision)
    assert (len(letter.facts["addresses"]), letter.facts["count"]) == (MOST_NAMED, 99)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known_before", "written", "letters_owed"), [(MOST - 1, 1, 1), (MOST, 0, 0), (0, 3, 1), (MOST - 2, 2, 1)]
)
def test_of_one_case_so_many_addresses_are_written_down(
    known_before: int, written: int, letters_owed: int
) -> None:
    """After them the team knows that it is no secret, and hears of no more."""
    facts = tuple(Fact(OUTSIDER, "x", "maild", NOW, f"name{number}") for number in range(known_before))
    one = replace(answered_case(), record=Disclosure(facts))
    decision = copied("a@else.example, b@else.example, c@else.example", one)
    assert (len(seen(decision)), len(told(decision))) == (written, letters_owed)


def test_mail_that_is_held_is_of_no_case_yet() -> None:
    """A forged member who puts a crowd into Cc makes nobody write letters about it."""
    assert told(copied("eve@elsewhere.example", sender="anna@project.example")) == []


@pytest.mark.parametrize("side", [Side.GUEST, Side.OUTSIDE])
def test_after_his_day_his_token_lets_nobody_in(side: Side) -> None:
    """By his token, or by a thread that he knows, his mail is held and flagged; before, it joins the case."""
    token = Token(case(), FIX, side, Audience.TEAM)
    raw = mails.plain(sender=f"Fix <{FIX}>", message_id="<f@vendor.example>")
    for found in (
        MailCandidates("EX-777777", by_token=token, guests=(FIX,)),
        MailCandidates("EX-777777", by_reference=case(), guests=(FIX,)),
    ):
        assert verdict(arrived(raw, found, policy=RELAY)) is Verdict.CORRESPONDENCE
        late = arrived(raw, replace(found, gone=True, guests=()), policy=RELAY)
        assert (verdict(late), flags(late)) == (Verdict.HELD, {"time-over"})
        assert letters(late, LetterKind.COPY) == []
        let_in = arrived(raw, replace(found, gone=True), policy=RELAY, released=True)
        assert verdict(let_in) is Verdict.CORRESPONDENCE


def test_the_mail_of_who_was_told_goes_to_the_team_and_to_no_guest_token_of_others() -> None:
    """A reply to it stays among the team; the same token in another hand is held."""
    token = Token(case(), FIX, Side.OUTSIDE, Audience.TEAM)
    found = MailCandidates("EX-777777", by_token=token)
    decision = arrived(mails.plain(sender=FIX, message_id="<f@vendor.example>"), found, policy=RELAY)
    assert {x.facts["audience"] for x in letters(decision, LetterKind.COPY)} == {Audience.TEAM}
    other = arrived(mails.plain(sender="eve@elsewhere.example", message_id="<e@x>"), found, policy=RELAY)
    assert verdict(other) is Verdict.HELD


def known_team(*people: Known, left: tuple[Left, ...] = ()) -> TeamCandidates:
    """The usual team as it was remembered, or another."""
    usual = tuple(
        Known(m.name, tuple(dict.fromkeys((*m.addresses, m.contact))), m.fingerprint)
        for m in (ANNA, CARL, BEA)
    )
    return TeamCandidates(people or usual, left)


def team_seen(found: TeamCandidates, policy: Policy = POLICY) -> tuple[Change, ...]:
    """What the start of the desk leads to."""
    return decide(TeamSeen(), found, policy, NOW).changes


def test_the_first_start_remembers_and_the_next_says_nothing() -> None:
    """Nobody has left a team that was not known, and a desk that is upgraded has had its own for long."""
    (kept,) = team_seen(TeamCandidates())
    assert isinstance(kept, RememberTeam)
    assert kept.members == known_team().members
    assert team_seen(TeamCandidates(kept.members, kept.left)) == ()


def test_the_first_team_of_a_new_desk_is_sent_the_page_for_members() -> None:
    """Each of them once, at the first start of a desk that has never had a message."""
    changes = team_seen(TeamCandidates(begins=True))
    owed = [c for c in changes if isinstance(c, OweLetter)]
    assert [c.recipient for c in owed] == [m.contact for m in (ANNA, CARL, BEA)]
    assert {c.facts["about"] for c in owed} == {"welcome"}
    assert team_seen(replace(known_team(), begins=True)) == ()


def test_who_joins_is_sent_the_page_for_members_once() -> None:
    """Not who was there already, nor anybody of an upgraded desk, nor a member under another name or address."""
    new = Member("Dora", ("dora@project.example",), "dora@project.example", frozenset())
    team = replace(POLICY, team=Team((*POLICY.team.members, new)))
    changes = team_seen(known_team(), team)
    owed = [c for c in changes if isinstance(c, OweLetter)]
    assert [(c.recipient, c.facts["about"]) for c in owed] == [("dora@project.example", "welcome")]
    (kept,) = [c for c in changes if isinstance(c, RememberTeam)]
    assert team_seen(TeamCandidates(kept.members, kept.left), team) == ()
    assert not [c for c in team_seen(TeamCandidates(), team) if isinstance(c, OweLetter)]
    renamed = Team((*POLICY.team.members, replace(new, name="Dora Dee")))
    after = team_seen(TeamCandidates(kept.members), replace(POLICY, team=renamed))
    assert not [c for c in after if isinstance(c, OweLetter)]


def test_who_left_is_told_of_once() -> None:
    """His cases end, everybody else is reminded of the key, and it is remembered that he left."""
    without = replace(POLICY, team=Team((ANNA, CARL)), desk=replace(POLICY.desk, fingerprint="D" * 40))
    changes = team_seen(known_team(), without)
    assert [c for c in changes if isinstance(c, MemberLeft)] == [MemberLeft("Bea", ("bea@project.example",))]
    owed = [c for c in changes if isinstance(c, OweLetter)]
    assert {c.recipient for c in owed} == {ANNA.contact, CARL.contact}
    assert {(c.facts["about"], c.facts["member"]) for c in owed} == {("member-left", "Bea")}
    (kept,) = [c for c in changes if isinstance(c, RememberTeam)]
    assert kept.left == (Left("Bea", NOW, "D" * 40),)
    assert team_seen(TeamCandidates(kept.members, kept.left), without) == ()
    other = replace(without, desk=replace(without.desk, fingerprint="E" * 40))
    (changed,) = team_seen(TeamCandidates(kept.members, kept.left), other)
    assert isinstance(changed, RememberTeam)
    assert changed.left == ()


@pytest.mark.parametrize(
    "was",
    [
        Known("Anna", ("old@project.example",)),
        Known("Ann", ("anna@project.example",)),
        Known("Ann", ("old@project.example",), ANNA.fingerprint),
    ],
)
def test_another_name_address_or_key_is_no_leaving(was: Known) -> None:
    """A member is known again by any of them; what waits at an address of before goes to those of now."""
    changes = team_seen(known_team(was, *known_team().members[1:]))
    old = tuple(one for one in was.addresses if one.startswith("old@"))
    moved = [MemberMoved(old, ANNA.addresses[0], ANNA.contact)] if old else []
    assert list(changes[:-1]) == moved
    assert isinstance(changes[-1], RememberTeam)


def test_a_former_member_is_a_stranger() -> None:
    """With his token, his address and his signature he is held, and obeyed in nothing."""
    without = replace(RELAY, team=Team((CARL, BEA)))
    way = Way("team", proof="signed")
    raw = mail(
        way,
        "!close\n" + NAMED,
        Authentication_Results="mx.project.example; dmarc=pass header.from=project.example",
    )
    found = known(way, answered_case(), raw)
    decision = arrived(raw, found, opened=opened(raw, way), policy=without)
    assert verdict(decision) is Verdict.HELD
    assert {type(c).__name__ for c in decision.changes} == {"Keep", "AddMessage", "SetFlag", "OweLetter"}
    by_thread = arrived(
        raw, replace(found, by_token=None, gone=True), opened=opened(raw, way), policy=without
    )
    assert verdict(by_thread) is Verdict.HELD
