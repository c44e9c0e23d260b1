"""The team: who has which role, who an address or a key belongs to, and whose mail counts (ruling 14)."""

from dataclasses import replace

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.authority import author_of
from maild.core.change import AddMessage, Verdict
from maild.core.mail.facts import FolderRole
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.values.case import Clock
from maild.core.values.duration import Length
from maild.core.values.people import Member, Role, Team
from maild.core.values.rule import Happening, Rule
from tests.support import desk, mails
from tests.support.deciding import (
    CASE,
    PASSED,
    RITA,
    SEALED,
    arrived,
    case,
    facts,
    flags,
    good,
    kinds,
    met,
    opened_later,
    opens,
    verdict,
)

ANNA = Member(
    "Anna", ("anna@project.example", "anna@home.example"), "anna@phone.example", frozenset({Role.HANDLER})
)
CARL = Member(
    "Carl",
    ("carl@project.example",),
    "carl@project.example",
    frozenset({Role.COORDINATOR, Role.HANDLER}),
    "A" * 40,
)
BEA = Member("Bea", ("bea@project.example",), "bea@project.example", frozenset({Role.BACKUP}), "B" * 40)
TEAM = Team((ANNA, CARL, BEA))


def test_a_role_lists_its_members_in_order() -> None:
    """Everybody with the role, as configured."""
    assert TEAM.having(Role.HANDLER) == (ANNA, CARL)
    assert TEAM.having(Role.BACKUP) == (BEA,)


def test_an_address_belongs_to_one_member_in_any_case() -> None:
    """Every address of a member and the contact lead to the member."""
    found = [
        TEAM.claimed_by(a) for a in ("ANNA@Home.Example", " anna@phone.example", "x@project.example", "")
    ]
    assert found == [ANNA, ANNA, None, None]


def test_a_fingerprint_belongs_to_its_member_only() -> None:
    """A listed fingerprint leads to its member; none, and an unlisted one, to nobody."""
    assert [TEAM.signed_by(f) for f in ("A" * 40, "B" * 40, "C" * 40, "")] == [CARL, BEA, None, None]


ANSWER = mails.plain(
    sender="Anna <anna@project.example>",
    to=RITA,
    subject="Re: Overflow in the parser",
    text="Thank you, we are looking into it.\n",
    message_id="<answer@project.example>",
    Cc="security@project.example",
    In_Reply_To="<one@reporter.example>",
)
PROVED = b"Authentication-Results: " + PASSED.encode() + b"\r\n" + ANSWER
THREAD = MailCandidates("EX-777777", by_reference=case())


def from_anna(
    raw: bytes, status: SignatureStatus = SignatureStatus.GOOD, fingerprint: str = desk.ANNA.fingerprint
) -> Opened:
    """A mail opened, with a signature of Anna's."""
    named = parse(raw + CASE.encode())
    found = good(fingerprint) if status is SignatureStatus.GOOD else Signature(status, fingerprint)
    return Opened(named, signature=found)


@pytest.mark.parametrize(
    ("raw", "opened", "authority"),
    [
        (PROVED, None, "team:Anna"),
        (ANSWER, from_anna(ANSWER), "team:Anna"),
        (ANSWER, from_anna(ANSWER, fingerprint="F" * 40), "none"),
        (ANSWER, from_anna(ANSWER, SignatureStatus.BAD), "none"),
        (ANSWER, from_anna(ANSWER, SignatureStatus.EXPIRED), "none"),
        (ANSWER, from_anna(ANSWER, SignatureStatus.REVOKED), "none"),
        (ANSWER, None, "none"),
    ],
)
def test_only_a_proved_member_answers(raw: bytes, opened: Opened | None, authority: str) -> None:
    """A listed signature or our exchanger's word meets the promises; a From line meets nothing."""
    decision = arrived(raw, THREAD, opened=opened)
    (message,) = [c for c in decision.changes if isinstance(c, AddMessage)]
    proved = authority != "none"
    assert message.authority == authority
    assert met(decision) == ([1, 2] if proved else [])
    assert ("unverified-member" in flags(decision)) is not proved
    assert kinds(decision.changes).count("SetHandler") == proved


def test_mail_in_the_sent_folder_is_the_teams() -> None:
    """Who can put mail there owns the account: the member it names, else the desk."""
    for raw, authority in (
        (ANSWER, "team:Anna"),
        (mails.plain(sender="security@project.example", to=RITA), "team:desk"),
    ):
        decision = arrived(raw, THREAD, role=FolderRole.SENT)
        assert [c.authority for c in decision.changes if isinstance(c, AddMessage)] == [authority]
        assert met(decision) == [1, 2]


def test_sent_mail_of_no_case_is_only_kept() -> None:
    """The account's other letters open no cases."""
    decision = arrived(mails.plain(sender="security@project.example", to="x@y.example"), role=FolderRole.SENT)
    assert kinds(decision.changes) == ["Keep"]
    assert verdict(decision) is Verdict.CORRESPONDENCE


def test_an_unopened_mail_that_claims_the_team_waits_for_the_proof() -> None:
    """Sealed and from a member's address: nothing is decided before it is opened; then it counts."""
    raw = SEALED.replace(b"From: rita@reporter.example", b"From: anna@project.example").replace(
        b"To: security@project.example", b"To: rita@reporter.example, security@project.example"
    )
    assert verdict(arrived(raw, THREAD)) is Verdict.WAITING
    inner = parse(mails.plain(text=f"Thank you, we are looking into it.\n\n{CASE}\n"))
    opened = Opened(inner, Form.PGP_MIME, Decryption.OK, good(desk.ANNA.fingerprint))
    assert met(opened_later(raw, opened, THREAD)) == [1, 2]
    unsigned = Opened(inner, Form.PGP_MIME, Decryption.OK)
    assert met(opened_later(raw, unsigned, THREAD)) == []


@pytest.mark.parametrize(
    ("about", "counts"),
    [
        ({}, True),
        ({"text": "> It crashes.\n"}, False),
        ({"text": "Thanks.\n-- \nAnna of the security team\n"}, False),
        ({"to": "carl@project.example"}, False),
        ({"to": "security@project.example", "Cc": "Rita <RITA@reporter.example>"}, True),
        ({"Auto_Submitted": "auto-replied"}, False),
        ({"Precedence": "bulk"}, False),
        ({"text": "We look into it now.\n"}, True),
        ({"text": "Thanks, we will look.\n"}, False),
    ],
)
def test_what_counts_as_an_answer(about: dict[str, str], counts: bool) -> None:
    """To the reporter, by a person, with words of his own (ruling 9)."""
    fields = {
        "sender": "anna@project.example",
        "to": RITA,
        "text": "Thank you, we are looking into it.\n",
        "Authentication_Results": PASSED,
    }
    decision = arrived(mails.plain(**(fields | about)), THREAD)
    assert (met(decision) == [1, 2]) is counts


def test_the_handler_is_who_answered_first() -> None:
    """A case without a handler gets one; a case with one keeps it."""
    assert "SetHandler" in kinds(arrived(PROVED, THREAD).changes)
    taken = MailCandidates("EX-777777", by_reference=case(handler="Carl"))
    assert "SetHandler" not in kinds(arrived(PROVED, taken).changes)


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        (Opened(parse(SEALED), Form.PGP_MIME, Decryption.NO_KEY), [1, 2]),
        (Opened(parse(mails.plain(text="> quoted only\n")), Form.PGP_MIME, Decryption.OK), []),
        (Opened(parse(mails.plain(text="Thanks.\n")), Form.PGP_MIME, Decryption.OK), [1]),
    ],
)
def test_a_sealed_answer_counts_by_what_opening_it_shows(inside: Opened, kept: list[int]) -> None:
    """Not before; what only the reporter can read counts unseen (ruling 9), what we can read is read."""
    raw = SEALED.replace(b"To: security@project.example", b"To: rita@reporter.example")
    known = replace(THREAD, current=THREAD.by_reference)
    assert met(arrived(raw, THREAD, role=FolderRole.SENT)) == []
    assert met(opened_later(raw, inside, known, role=FolderRole.SENT)) == kept


def test_a_members_machine_does_nothing_for_him() -> None:
    """Automatic mail of a proved member is no look at the case, and makes nobody its handler."""
    look = Rule("look", Length(4, "h"), Happening.REPORT, frozenset({Happening.HUMAN}))
    policy = replace(desk.POLICY, rules=(*desk.POLICY.rules, look))
    running = case(Clock(7, CASE, "look", RITA, desk.NOW, look.due(desk.NOW)))
    known = replace(THREAD, by_reference=running)
    bulk = PROVED.replace(b"Subject:", b"Precedence: bulk\r\nSubject:", 1)
    assert met(arrived(PROVED, known, policy=policy)) == [7]
    done = arrived(bulk, known, policy=policy)
    assert (met(done), "SetHandler" in kinds(done.changes)) == ([], False)


def test_a_sealed_mail_of_a_member_opens_no_case_before_it_is_opened() -> None:
    """It may be a word about himself, or a report that he forwards: what it is stands inside."""
    raw = SEALED.replace(b"From: rita@reporter.example", b"From: carl@project.example").replace(
        b"Subject:", f"Authentication-Results: {PASSED}\r\nSubject:".encode(), 1
    )
    assert verdict(arrived(raw)) is Verdict.WAITING
    away = Opened(parse(mails.plain(text="!away until 9d\n")), Form.PGP_MIME, Decryption.OK)
    unreadable = Opened(parse(raw), Form.PGP_MIME, Decryption.NO_KEY)
    assert opens(opened_later(raw, away)) is None
    assert opens(opened_later(raw, unreadable))


@pytest.mark.parametrize(
    ("signature", "authority"),
    [
        (Signature(SignatureStatus.GOOD, "F" * 40), "reporter"),
        (Signature(SignatureStatus.GOOD, "E" * 40), "none"),
        (Signature(SignatureStatus.BAD, "F" * 40), "none"),
        (Signature(SignatureStatus.GOOD, "F" * 40, clear=True), "none"),
        (Signature(), "none"),
    ],
)
def test_a_reporter_is_proved_by_the_key_remembered_for_him(signature: Signature, authority: str) -> None:
    """A good signature by that very key over the whole mail; any other says nothing about him."""
    raw = mails.plain()
    opened = Opened(parse(raw), signature=signature)
    assert author_of(facts(raw), opened, desk.POLICY, "F" * 40).authority == authority


def test_without_a_remembered_key_nobody_is_proved_by_it() -> None:
    """No key and no signature are not equal to each other."""
    raw = mails.plain()
    assert author_of(facts(raw), Opened(parse(raw)), desk.POLICY, "").authority == "none"
