"""Too much mail by strangers: cases all the same, and no flood of letters to the team."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.times import SweepCandidates
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import SweepDue
from maild.core.letters.budget import Caps, Rank, Waiting, part, pick, spent
from maild.core.letters.kinds import LetterKind
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened, Signature, SignatureStatus
from maild.core.policy import Limits
from maild.core.values.desk import Mode
from tests.support import mails
from tests.support.deciding import SEALED, arrived, case, flags, good, letters, token
from tests.support.desk import MX, NOW, POLICY

RELAY = replace(POLICY, desk=replace(POLICY.desk, mode=Mode.RELAY), limits=Limits(followups_hour=10))
QUIET = "Hello"
REPORT = "Overflow in the xqparser"
PROVED = f"{MX}; dmarc=pass header.from=reporter.example"


def decision(raw: bytes, **known: object) -> Decision:
    """The decision on a stranger's mail."""
    return arrived(raw, MailCandidates("EX-777777", **known), policy=RELAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "known", "rank"),
    [
        (mails.plain(subject=QUIET), {}, Rank.ANY),
        (mails.plain(subject=REPORT), {}, Rank.LIKELY),
        (mails.plain(subject=QUIET, Authentication_Results=PROVED), {}, Rank.LIKELY),
        (mails.plain(subject=REPORT, Authentication_Results=PROVED), {}, Rank.SURE),
        (mails.plain(subject=QUIET), {"author_known": True}, Rank.SURE),
        (SEALED, {}, Rank.LIKELY),
    ],
)
def test_letters_about_a_new_report_wait_for_their_turn(
    raw: bytes, known: dict[str, object], rank: Rank
) -> None:
    """Receipt and copies have the rank of the mail and count for its author's domain; nothing is left out."""
    decided = decision(raw, **known)
    owed = [*letters(decided, LetterKind.RECEIPT), *letters(decided, LetterKind.COPY)]
    assert {(one.pace, one.share) for one in owed} == {(rank, "reporter.example")}
    assert "not-carried" not in flags(decided)


@pytest.mark.parametrize(
    ("signature", "known", "rank"),
    [
        (good("F" * 40), {"known_key": "F" * 40}, Rank.SURE),
        (good("F" * 40), {"their_key": "F" * 40}, Rank.SURE),
        (good("F" * 40), {}, Rank.ANY),
        (Signature(SignatureStatus.BAD, "F" * 40), {"known_key": "F" * 40}, Rank.ANY),
        (Signature(), {"known_key": "F" * 40, "their_key": "F" * 40}, Rank.ANY),
    ],
)
def test_a_good_signature_by_a_known_key_speaks_for_a_report(
    signature: Signature, known: dict[str, str], rank: Rank
) -> None:
    """Any other, and a key without a signature, says nothing."""
    raw = mails.plain(subject=QUIET)
    found = Opened(parse(raw), signature=signature)
    decided = arrived(raw, MailCandidates("EX-777777", **known), opened=found, policy=RELAY)  # type: ignore[arg-type]
    assert {one.pace for one in letters(decided, LetterKind.COPY)} == {rank}


def test_what_a_person_released_waits_for_nothing() -> None:
    """Somebody has looked at it; the same mail waits where nobody has."""
    raw = mails.plain(subject=QUIET)
    for released, paces in ((True, {None}), (False, {Rank.ANY})):
        decided = arrived(raw, MailCandidates("EX-777777"), policy=RELAY, released=released)
        owed = [*letters(decided, LetterKind.RECEIPT), *letters(decided, LetterKind.COPY)]
        assert {one.pace for one in owed} == paces


def test_mail_of_a_known_thread_waits_for_nothing() -> None:
    """Who holds a token of ours is no stranger."""
    copies = letters(decision(mails.plain(), by_token=token(case())), LetterKind.COPY)
    assert [one.pace for one in copies] == [None] * 3


def test_who_goes_on_and_on_in_one_case_is_bundled() -> None:
    """Above the hour's limit no copy, but one notice a member and hour, that leaves at its end."""
    known = {"by_token": token(case()), "followups": 10}
    decided = decision(mails.plain(), **known)
    assert letters(decided, LetterKind.COPY) == []
    told = letters(decided, LetterKind.NOTICE)
    assert len(told) == 3
    assert {(one.facts["about"], one.after) for one in told} == {
        ("more-mail", NOW.replace(minute=0) + timedelta(hours=1))
    }
    again = letters(decision(mails.plain(message_id="<2@x>"), **known), LetterKind.NOTICE)
    assert [one.dedupe for one in again] == [one.dedupe for one in told]
    other = letters(decision(mails.plain(sender="sam@reporter.example"), **known), LetterKind.NOTICE)
    assert {one.dedupe for one in other}.isdisjoint(
        one.dedupe for one in told
    )  # another author, another notice
    assert len(letters(decision(mails.plain(), **{**known, "followups": 9}), LetterKind.COPY)) == 3


def test_cases_not_copied_yet_are_listed_once_an_hour() -> None:
    """The handlers get their numbers; a second sweep of the same hour owes the same letter."""
    known = SweepCandidates((), carried_later=tuple(f"EX-{n:06}" for n in range(60)))
    (first,) = letters(decide(SweepDue(), known, RELAY, NOW), LetterKind.NOTICE)
    (second,) = letters(decide(SweepDue(), known, RELAY, NOW + timedelta(minutes=1)), LetterKind.NOTICE)
    (third,) = letters(decide(SweepDue(), known, RELAY, NOW + timedelta(hours=1)), LetterKind.NOTICE)
    assert (len(first.facts["cases"]), first.facts["more"]) == (50, 10)
    assert first.dedupe == second.dedupe != third.dedupe


def waiting(number: int, rank: Rank, domain: str) -> Waiting:
    """A letter that waits since second *number*, of a case of its own."""
    return Waiting(number, rank, domain, str(number), NOW + timedelta(seconds=number))


def test_likely_reports_go_first_and_have_a_part_of_the_hour_for_themselves() -> None:
    """However many others wait: they use up half of the limit at the most, likely ones three quarters."""
    crowd = [waiting(n, Rank.ANY, f"d{n}.example") for n in range(300)]
    assert len(pick(crowd, {}, Caps(100), 1000)) == part(100, Rank.ANY) == 50
    used = {(int(Rank.ANY), f"d{n}.example"): 1 for n in range(50)}
    late = [waiting(500 + n, Rank.LIKELY, "reporter.example") for n in range(40)]
    assert pick([*crowd, *late], used, Caps(100), 3) == (500, 501, 502)
    assert len(pick([*crowd, *late], used, Caps(100), 1000)) == 25
    sure = [waiting(600 + n, Rank.SURE, f"s{n}.example") for n in range(80)]
    assert len(pick([*crowd, *late, *sure], used, Caps(100), 1000)) == 50


def test_each_domain_has_its_turn() -> None:
    """One that sends a hundred holds up nobody who sends one; its own limit holds as well."""
    many = [waiting(n, Rank.ANY, "loud.example") for n in range(100)]
    one = waiting(200, Rank.ANY, "calm.example")
    assert pick([*many, one], {}, Caps(100), 2) == (0, 200)
    assert len(pick(many, {}, Caps(1000, 30), 1000)) == 30
    assert pick([*many, one], {(0, "loud.example"): 30}, Caps(1000, 30), 1000) == (200,)


def test_the_copies_of_one_case_go_together() -> None:
    """Three members' copies are one turn of a domain."""
    copies = [Waiting(n, Rank.ANY, "a.example", "EX-1", NOW) for n in range(3)]
    other = [Waiting(10 + n, Rank.ANY, "a.example", "EX-2", NOW) for n in range(3)]
    third = [Waiting(20 + n, Rank.ANY, "b.example", "EX-3", NOW) for n in range(3)]
    assert pick([*copies, *other, *third], {}, Caps(100), 9) == (0, 1, 2, 20, 21, 22, 10, 11, 12)


def test_a_limit_is_used_up_for_a_rank_and_those_below() -> None:
    """What the likely use leaves room for the rest as long as the hour has any."""
    assert spent({(0, ""): 50}, Caps(100), Rank.ANY)
    assert not spent({(0, ""): 50}, Caps(100), Rank.LIKELY)
    assert spent({(1, ""): 75}, Caps(100), Rank.LIKELY)
    assert not spent({(1, ""): 75}, Caps(100), Rank.ANY)
    assert spent({(2, ""): 100}, Caps(100), Rank.ANY)
