"""Relay of a sealed case, and of one with several reporters: who gets what, and what is held."""

import pytest

from maild.core.candidates.mail import Correspondent, MailCandidates
from maild.core.change import SealCase
from maild.core.letters.kinds import LetterKind
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened
from tests.support import mails
from tests.support.deciding import (
    CASE,
    RITA,
    SEALED,
    arrived,
    case,
    letters,
    opened_later,
)
from tests.support.members import (
    ADDRESS,
    RELAY,
    TEAM,
    Way,
    answers,
    decided,
    known,
    mail,
    opened,
    told,
)

PROOFS = ("signed", "authenticated", "none")
OTHERS = TEAM - {ADDRESS}


def test_a_sealed_case_goes_to_members_with_a_key_only() -> None:
    """Who has none gets a notice without content; the copies of the others must be sealed."""
    raw = SEALED
    whole = Opened(parse(mails.plain()), Form.PGP_MIME, Decryption.OK)
    decision = opened_later(raw, whole, MailCandidates("EX-777777", current=case(sealed=True)), policy=RELAY)
    copies = letters(decision, LetterKind.COPY)
    assert {one.recipient for one in copies} == {ADDRESS, "carl@project.example"}
    assert all(one.sealed for one in copies)
    assert told(decision) == {"bea@project.example": "sealed-no-key"}


def test_sealed_mail_in_a_clear_case_seals_it() -> None:
    """From then on nothing of the case goes out in clear; a member's sealed mail alone does not do that."""
    decision = arrived(SEALED, MailCandidates("EX-777777", by_reference=case()), policy=RELAY)
    assert SealCase(CASE) in decision.changes
    from_anna = SEALED.replace(b"From: rita@reporter.example", b"From: anna@project.example")
    proved = (
        b"Authentication-Results: mx.project.example; dmarc=pass header.from=project.example\r\n" + from_anna
    )
    whole = Opened(parse(mails.plain()), Form.PGP_MIME, Decryption.OK)
    decision = arrived(proved, known(Way("reporter")), opened=whole, policy=RELAY)
    assert not [change for change in decision.changes if isinstance(change, SealCase)]
    assert [one.sealed for one in answers(decision)] == [False]


@pytest.mark.parametrize(
    ("one", "to_whom", "sealed", "held"),
    [
        (case(), Correspondent(RITA), False, False),
        (case(), Correspondent(RITA, has_key=True, seals=True), True, False),
        (case(), Correspondent(RITA, has_key=True), False, False),
        (case(sealed=True), Correspondent(RITA, has_key=True), True, False),
        (case(sealed=True), Correspondent(RITA), True, True),
    ],
)
def test_an_answer_never_falls_back_to_clear(
    one: object, to_whom: Correspondent, sealed: bool, held: bool
) -> None:
    """Sealed when the reporter wrote sealed or his key is to be used; without a usable key it is held."""
    way = Way("reporter")
    raw = mail(way)
    found = known(way, one, correspondents=(to_whom,))  # type: ignore[arg-type]  # a Case
    decision = arrived(raw, found, opened=opened(raw, way), policy=RELAY)
    assert [(a.sealed, bool(a.held)) for a in answers(decision)] == [(sealed, held)]
    assert ("answer-held" in told(decision).values()) is held


def test_who_writes_in_clear_about_a_sealed_case_is_told() -> None:
    """Once a case; what he wrote still goes out sealed."""
    decision = decided(Way("team"), one=case(sealed=True))
    assert told(decision)[ADDRESS] == "in-clear"
    assert {one.sealed for one in letters(decision, LetterKind.COPY)} == {True}


def test_of_several_reporters_only_the_one_whose_mail_was_answered_is_written_to() -> None:
    """Where that cannot be told nobody is, and the author hears of it."""
    both = case(reporters=(RITA, "sam@far.example"))
    way = Way("reporter")
    raw = mail(way)
    for people, expected in (((Correspondent("sam@far.example"),), ["sam@far.example"]), ((), [])):
        found = known(way, both, correspondents=people)
        decision = arrived(raw, found, opened=opened(raw, way), policy=RELAY)
        assert [one.recipient for one in answers(decision)] == expected
        assert ("unclear-audience" in told(decision).values()) == (not expected)
