"""Whom the team's letters go to, once each, and what a letter to one reporter may say of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import Correspondent, Passed
from maild.core.change import AddParticipant, Change, OweLetter, SetFlag
from maild.core.facts.record import Disclosure, Fact
from maild.core.keycare import WARN, warnings
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Sent
from maild.core.mail.mime import parse
from maild.core.values.case import Flag
from maild.core.values.desk import Mode
from maild.core.values.key import KeyInUse
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience, Team
from maild.core.writing import notice, owing, reporter
from maild.core.writing.answering import HELD_NO_KEY, Said, answers, brief
from maild.core.writing.copying import Shown, root, so_far, to_team
from tests.support import mails
from tests.support.deciding import CASE, RITA, case
from tests.support.desk import ANNA, BEA, CARL, DESK, NOW, POLICY

TOM, GUEST = "tom@other.example", "gil@distro.example"
RELAY = replace(POLICY, desk=replace(DESK, mode=Mode.RELAY))
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def to(changes: list[Change]) -> list[str]:
    """Whom the letters among *changes* go to."""
    return [one.recipient for one in changes if isinstance(one, OweLetter)]


def abouts(changes: list[Change]) -> set[str]:
    """What the notices among *changes* are about."""
    return {str(one.facts["about"]) for one in changes if isinstance(one, OweLetter) and "about" in one.facts}


def test_handlers_are_told_and_coordinators_where_nobody_is_one() -> None:
    """Each once, whoever is named twice."""
    assert notice.handlers(POLICY) == [ANNA.contact]
    assert notice.handlers(replace(POLICY, team=Team((CARL, BEA)))) == [CARL.contact]
    twice = notice.to_people("x", CASE, NoticeKind.NO_KEY, [ANNA.contact, BEA.contact, ANNA.contact], POLICY)
    assert to(twice) == [ANNA.contact, BEA.contact]
    assert notice.concerned(case(handler="Bea"), "team:Carl", POLICY) == [
        CARL.contact,
        BEA.contact,
        ANNA.contact,
    ]
    assert notice.concerned(case(), "operator", POLICY) == [ANNA.contact]


def test_a_flood_is_told_once_a_day_and_a_case_each_time() -> None:
    """Acknowledgements that people have to give, by a limit or not, and those that wait for their turn."""
    capped, single = (notice.by_hand(CASE, one, NOW, POLICY) for one in (True, False))
    assert abouts(capped) == {"receipt-cap"}
    assert abouts(single) == {"receipt-by-hand"}
    assert capped[0] == single[0] == SetFlag(CASE, Flag.RECEIPT_BY_HAND)
    keys = {
        one.dedupe
        for number in ("EX-222222", "EX-333333")
        for changes in (notice.by_hand(number, True, NOW, POLICY), notice.delayed(number, NOW, POLICY))
        for one in changes
        if isinstance(one, OweLetter)
    }
    assert len(keys) == 2
    assert notice.delayed(CASE, NOW, POLICY) != notice.delayed(CASE, NOW + DAY, POLICY)


@pytest.mark.parametrize(
    ("address", "team", "told"),
    [
        (BEA.contact, POLICY.team, [ANNA.contact]),
        (ANNA.contact, POLICY.team, [CARL.contact, BEA.contact]),
        (ANNA.contact, Team((ANNA,)), []),
        (RITA, POLICY.team, []),
    ],
)
def test_that_a_member_cannot_be_reached_the_others_hear(address: str, team: Team, told: list[str]) -> None:
    """The handlers; where that is nobody else, everybody else. Of a stranger nobody hears."""
    assert to(notice.member_unreachable(CASE, address, NOW, replace(POLICY, team=team))) == told


def test_that_nobody_has_a_message_everybody_hears() -> None:
    """When nobody has a message, everybody on the team hears it, once a message."""
    first, second = (notice.nobody_has_it(CASE, number, POLICY) for number in (1, 2))
    assert to(first) == [ANNA.contact, CARL.contact, BEA.contact]
    assert first != second


def shown(sealed: bool = False) -> Shown:
    """A copy of a mail of the case."""
    return Shown("mail", CASE, sealed, Copy(1, Audience.REPORTER.value))


def test_a_copy_goes_to_every_member_but_its_author() -> None:
    """And to guests, whose replies go to the team; where a list delivers, to nobody."""
    changes = to_team(shown(), ANNA, (GUEST,), RELAY)
    assert to(changes) == ["carl@project.example", "bea@project.example", GUEST]
    known = [(one.address, one.audience) for one in changes if isinstance(one, AddParticipant)]
    assert known == [
        (address, audience)
        for address in ("carl@project.example", "bea@project.example")
        for audience in Audience
    ]
    copies = [one for one in changes if isinstance(one, OweLetter)]
    assert [one.facts["audience"] for one in copies] == ["reporter", "reporter", "team"]
    assert [one.references for one in copies] == [(root(CASE, RELAY.desk),)] * 3
    assert [one.internal for one in copies] == [False] * 3
    assert len({one.token for one in copies}) == 3
    assert to_team(shown(), ANNA, (GUEST,), POLICY) == []


def test_an_encrypted_copy_waits_for_no_key() -> None:
    """A member without a key gets a notice that says nothing of it."""
    changes = to_team(shown(sealed=True), None, (), RELAY)
    assert [(one.kind, one.sealed) for one in changes if isinstance(one, OweLetter)] == [
        (LetterKind.COPY, True),
        (LetterKind.COPY, True),
        (LetterKind.NOTICE, False),
    ]
    assert abouts(changes) == {"sealed-no-key"}


@pytest.mark.parametrize(
    ("of_case", "passed", "sealed"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_what_was_said_before_a_guest_came_stays_encrypted(of_case: bool, passed: bool, sealed: bool) -> None:
    """Where the case did, or the message itself; with the instant at which the others got it."""
    earlier = Passed("mail", Copy(1, "reporter"), NOW - DAY, sealed=passed)
    letter = so_far(earlier, GUEST, case(sealed=of_case), NOW, RELAY.desk)
    assert (letter.sealed, letter.recipient) == (sealed, GUEST)
    assert (letter.facts["at"], letter.facts["audience"]) == ((NOW - DAY).isoformat(), "team")


@pytest.mark.parametrize(
    ("of_case", "seals", "has_key", "sealed", "held"),
    [
        (False, False, False, False, ""),
        (False, False, True, False, ""),
        (False, True, True, True, ""),
        (False, True, False, True, HELD_NO_KEY),
        (True, False, True, True, ""),
        (True, False, False, True, HELD_NO_KEY),
    ],
)
def test_an_answer_is_encrypted_as_its_reader_wrote(
    of_case: bool, seals: bool, has_key: bool, sealed: bool, held: str
) -> None:
    """It waits where there is no key, and its author hears of that."""
    said = Said("answer", "copy", lambda whose: Sent("bug", credit=whose.credit), Copy(1, "reporter"), ANNA)
    people = [Correspondent(RITA, "<1@x>", has_key, seals), Correspondent(TOM, has_key=True)]
    changes = answers(said, case(sealed=of_case, reporters=(RITA, TOM)), people, RELAY)
    first, second = (one for one in changes if isinstance(one, OweLetter) and one.kind is LetterKind.ANSWER)
    assert (first.recipient, first.in_reply_to, first.sealed, first.held) == (RITA, "<1@x>", sealed, held)
    assert (second.recipient, second.sealed, second.held) == (TOM, of_case, "")
    assert ("answer-held" in abouts(changes)) is bool(held)
    copies = [one.sealed for one in changes if isinstance(one, OweLetter) and one.kind is LetterKind.COPY]
    assert copies == [of_case] * len(copies)
    private = answers(replace(said, encrypted=True), case(), people[:1], RELAY)
    assert [one.sealed for one in private if isinstance(one, OweLetter) and one.kind is LetterKind.COPY] == [
        True
    ]
    by_nobody = answers(replace(said, author=None), case(sealed=of_case), people[:1], RELAY)
    assert "answer-held" not in abouts(by_nobody)


def test_an_answer_in_detail_has_so_many_words() -> None:
    """As many as the policy says."""
    assert [
        brief("word " * count, POLICY) for count in (POLICY.respond_min_words - 1, POLICY.respond_min_words)
    ] == [
        True,
        False,
    ]


def credited(each: dict[str, str], whole: str = "", **about: object) -> dict[str, object]:
    """What is known of how the reporters of a case want to be named."""
    facts = [
        Fact("credit", value, "team:Anna", NOW, reporter.item(CASE, who, POLICY))
        for who, value in each.items()
    ]
    facts += [Fact("credit", whole, "team:Anna", NOW)] if whole else []
    return {"record": Disclosure(tuple(facts)), **about}


@pytest.mark.parametrize(
    ("about", "mine", "all_", "asked"),
    [
        (credited({}), "", "", False),
        (credited({}, "Rita R."), "Rita R.", "Rita R.", True),
        (credited({}, "Rita R.", reporters=(RITA, TOM)), "", "Rita R.", True),
        (credited({RITA: "Rita R.", TOM: "nobody"}, reporters=(RITA, TOM)), "Rita R.", "Rita R.", True),
        (credited({TOM: "Tom"}, reporters=(RITA, TOM)), "", "Tom", False),
        (credited({RITA: "nobody"}), "nobody", "nobody", True),
        (credited({RITA: "A", TOM: "A"}, reporters=(RITA, TOM)), "A", "A", True),
    ],
)
def test_each_reporter_is_told_their_own_credit(
    about: dict[str, object], mine: str, all_: str, asked: bool
) -> None:
    """The team reads all of them; what is said of the case as a whole is of its only reporter."""
    one = case(**about)  # type: ignore[arg-type]  # whatever is known
    assert reporter.credit(one, RITA, POLICY) == reporter.own(one, RITA, POLICY).credit == mine
    assert (reporter.credits_of(one), reporter.all_asked(one)) == (all_, asked)
    assert reporter.own(replace(one, sealed=True), RITA, POLICY).credit == ""


FORWARDED = (
    b"From: anna@project.example\r\nSubject: Fwd: look\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nsee below\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n%b\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (mails.plain(subject="Overflow"), "Overflow"),
        (mails.plain(subject=""), reporter.NO_SUBJECT),
        (mails.plain(sender="anna@project.example", subject="Fwd: x"), reporter.NO_SUBJECT),
        (FORWARDED % mails.plain(subject="Overflow"), "Overflow"),
        (FORWARDED % mails.plain(sender="carl@project.example", subject="inside"), reporter.NO_SUBJECT),
        (b"Subject: of nobody\r\n\r\nx", "of nobody"),
        (FORWARDED % b"Subject: of nobody\r\n\r\nx", reporter.NO_SUBJECT),
    ],
)
def test_a_reporter_reads_the_subject_of_their_own_message(raw: bytes, subject: str) -> None:
    """Of one that a member forwarded, the report's; never what the team wrote."""
    assert reporter.subject(parse(raw).root, POLICY) == subject


def test_a_letter_is_internal_where_the_team_alone_reads_it() -> None:
    """A guest and a participant by name are not of those; a reporter's token is the reporter's."""

    def made(kind: LetterKind, **about: object) -> OweLetter:
        return owing.letter(kind, "k", GUEST, Copy(1, "team"), DESK, case_id=CASE, **about)  # type: ignore[arg-type]

    assert made(LetterKind.NOTICE).internal
    assert not made(LetterKind.NOTICE, guest=True).internal
    assert not made(LetterKind.COPY, audience=Audience.TEAM).internal
    assert not made(LetterKind.ANSWER).internal
    assert made(LetterKind.ANSWER, reporter=RITA).token != made(LetterKind.ANSWER).token
    assert made(LetterKind.NOTICE, reporter=RITA).token == made(LetterKind.NOTICE).token


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (60 * DAY + SECOND, None),
        (60 * DAY, 60),
        (30 * DAY + SECOND, 60),
        (30 * DAY, 30),
        (7 * DAY + SECOND, 30),
        (7 * DAY, 7),
        (-DAY, 7),
    ],
)
def test_the_end_of_a_key_is_told_at_three_stages(left: timedelta, stage: int | None) -> None:
    """Once each; a key without an end needs no care."""
    assert WARN == (60, 30, 7)
    key = KeyInUse("desk", "A" * 40, NOW + left)
    found = [one.dedupe for one in warnings((key,), POLICY, NOW) if isinstance(one, OweLetter)]
    assert [f":{stage}:" in one for one in found] == ([] if stage is None else [True])
    assert warnings((replace(key, expires=None),), POLICY, NOW) == []
