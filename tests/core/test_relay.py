"""Where a mail goes in relay and in observe, what promise it keeps, who is told (rulings 14 to 18)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.cases.authority import Proved, author_of
from maild.core.change import AddMessage, AddParticipant, OweLetter, Verdict
from maild.core.decide import decide
from maild.core.event import Delivery, LetterSettled
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.mail.thread import Token
from maild.core.policy import Policy, Promise
from maild.core.values.case import CaseState
from maild.core.values.people import Audience, Side
from tests.core.test_sealed import ARMORED
from tests.openpgp.mails import pgp_mime, signed, text
from tests.support import mails
from tests.support.deciding import (
    CASE,
    RITA,
    answered_case,
    arrived,
    case,
    clock,
    flags,
    good,
    kinds,
    letters,
    met,
    opened_later,
    started,
    token,
    verdict,
)
from tests.support.desk import ANNA, CARL, NOW, SECRET
from tests.support.members import (
    ADDRESS,
    OBSERVE,
    RELAY,
    TEAM,
    WORDS,
    Way,
    answers,
    audiences,
    decided,
    known,
    mail,
    policy,
    to,
    to_rita,
    token_text,
    told,
)

PROOFS = ("signed", "authenticated", "token", "none")
OTHERS = TEAM - {ADDRESS}
DESKS, JOE = "security@project.example", "joe@partner.example"


@pytest.mark.parametrize("proof", ["signed", "authenticated", "token"])
@pytest.mark.parametrize(
    ("to_line", "subject"),
    [
        (JOE, "Re: Overflow"),
        (f"{JOE}\nCc: {DESKS}", "Re: Overflow"),
        (f"{JOE}\nCc: {DESKS}", "Fwd: Overflow"),
        (f"carl@project.example\nCc: {DESKS}", "Re: Overflow"),
        (DESKS, "Fwd: [EX-222222] Overflow"),
        (f"{DESKS}\nCc: {JOE}", "WG: Overflow"),
    ],
)
def test_a_copy_that_is_handed_on_answers_nobody(proof: str, to_line: str, subject: str) -> None:
    """With the references of the copy, to somebody else or as a forward: it goes to the team, and its author is told."""
    text = f"{WORDS}\n{CASE}\n"
    decision = decided(Way("reporter", plus=False, proof=proof), text, to=to_line, subject=subject)
    assert (answers(decision), to_rita(decision)) == ([], False)
    assert (audiences(decision), told(decision)) == ({"team"}, {ADDRESS: "unclear-audience"})


@pytest.mark.parametrize(("to_line", "goes"), [(f"{JOE}, {{}}", 0), (f"{{}}\nCc: {JOE}", 0), ("{}", 1)])
def test_a_forward_with_the_address_of_the_copy_beside(to_line: str, goes: int) -> None:
    """A mail client put it there as the desk's: to a colleague it answers nobody; to it alone it is an answer."""
    to_line = to_line.format(f"security+{token_text('reporter')}@project.example")
    decision = decided(Way("reporter"), f"{WORDS}\n{CASE}\n", to=to_line, subject="Fwd: Overflow")
    assert len(answers(decision)) == goes
    assert told(decision) == ({} if goes else {ADDRESS: "unclear-audience"})


@pytest.mark.parametrize("to_line", [DESKS, f"{DESKS}\nCc: {JOE}", f"{JOE}\nTo: {DESKS}"])
def test_a_reply_to_all_is_still_an_answer(to_line: str) -> None:
    """To the desk, whoever else is in it, under a subject of any kind but a forward's."""
    text = f"{WORDS}\n{CASE}\n"
    way = Way("reporter", plus=False)
    for subject in ("Re: [EX-222222] Fwd: Overflow", "[EX-222222] Overflow", "AW: Overflow"):
        assert len(answers(decided(way, text, to=to_line, subject=subject))) == 1


@pytest.mark.parametrize("plus", [True, False])
@pytest.mark.parametrize("mode", [RELAY, OBSERVE], ids=["relay", "observe"])
def test_a_reporters_mail_goes_to_the_whole_team(mode: Policy, plus: bool) -> None:
    """In relay each member gets a copy whose reply goes to the reporter; where a list delivers, none."""
    way = Way(plus=plus)
    raw = mails.plain(message_id="<two@reporter.example>")
    decision = arrived(raw, MailCandidates("EX-777777", by_token=token(case())), policy=policy(way, mode))
    assert verdict(decision) is Verdict.CORRESPONDENCE
    assert to(decision) == (TEAM if mode is RELAY else set())
    assert audiences(decision) == ({"reporter"} if mode is RELAY else set())
    assert met(decision) == []
    assert not to_rita(decision)


@pytest.mark.parametrize("plus", [True, False])
@pytest.mark.parametrize("proof", PROOFS)
def test_a_reply_to_the_reporters_mail(proof: str, plus: bool) -> None:
    """Proved: to him, and copies to the others; no promise is met before a server took it. Else: held."""
    decision = decided(Way("reporter", plus, proof))
    proved = proof != "none"
    assert verdict(decision) is (Verdict.CORRESPONDENCE if proved else Verdict.HELD)
    assert [(one.recipient, one.in_reply_to) for one in answers(decision)] == (
        [(RITA, "<one@reporter.example>")] if proved else []
    )
    assert to(decision) == (OTHERS if proved else set())
    assert met(decision) == []
    assert ("unverified-member" in flags(decision)) is not proved
    assert kinds(decision.changes).count("SetHandler") == proved


@pytest.mark.parametrize("plus", [True, False])
@pytest.mark.parametrize("proof", PROOFS)
def test_internal_mail_stays_in_the_team(proof: str, plus: bool) -> None:
    """A reply to a team-internal copy, or new mail to the team's address: the others, never the reporter."""
    decision = decided(Way("team", plus, proof))
    assert not to_rita(decision)
    assert to(decision) == (OTHERS if proof != "none" else set())
    assert audiences(decision) <= {"team"}
    assert met(decision) == []
    assert told(decision) == ({} if proof != "none" else {ADDRESS: "your-mail-held"})


@pytest.mark.parametrize("proof", ["signed", "authenticated"])
def test_what_is_unclear_goes_to_the_team_and_its_author_is_told(proof: str) -> None:
    """Known thread, no member's token: nothing to the reporter."""
    decision = decided(Way("", proof=proof))
    assert not to_rita(decision)
    assert (to(decision), audiences(decision)) == (OTHERS, {"team"})
    assert told(decision) == {ADDRESS: "unclear-audience"}


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("plus", [True, False])
def test_in_observe_an_answer_is_only_seen(plus: bool, proof: str) -> None:
    """Sent to the reporter by its author: it counts when it is proved, and nothing is passed on."""
    decision = decided(Way("", plus, proof), mode=OBSERVE, to=RITA, Cc="security@project.example")
    assert met(decision) == ([1, 2] if proof in ("signed", "authenticated") else [])
    assert answers(decision) == []
    assert to(decision) == set()


def test_a_members_new_mail_opens_a_case_for_the_team() -> None:
    """No receipt, no promise; the others get it, and their replies stay inside."""
    raw = mail(Way(""), subject="Something we found", message_id="<new@home.example>")
    decision = arrived(raw, MailCandidates("EX-777777"), policy=RELAY)
    assert (to(decision), audiences(decision)) == (OTHERS, {"team"})
    assert started(decision) == []
    assert letters(decision, LetterKind.RECEIPT) == []


def test_a_member_without_proof_opens_nothing_in_relay() -> None:
    """New mail that claims to be a member's is held, and the handlers hear of it once a day."""
    raw = mail(Way("", proof="none"), message_id="<new@home.example>")
    decision = arrived(raw, MailCandidates("EX-777777"), policy=RELAY)
    assert verdict(decision) is Verdict.HELD
    assert kinds(decision.changes) == ["Keep", "OweLetter", "OweLetter"]
    assert told(decision) == {ADDRESS: "your-mail-held"}
    later = arrived(raw, MailCandidates("EX-777777"), policy=RELAY, at=NOW + timedelta(hours=2))
    assert later.changes[1].dedupe == decision.changes[1].dedupe  # type: ignore[union-attr]


def test_a_reply_to_all_doubles_nothing() -> None:
    """Sent to the reporter by its author already: the others see it, and no second letter goes to him."""
    decision = decided(Way("reporter"), Cc=RITA)
    assert answers(decision) == []
    assert to(decision) == OTHERS


def test_members_on_cc_get_one_copy() -> None:
    """Whoever a member adds beside the desk, each other member has exactly one copy."""
    decision = decided(Way("reporter"), Cc="carl@project.example, bea@project.example")
    assert sorted(one.recipient for one in letters(decision, LetterKind.COPY)) == sorted(OTHERS)
    assert len(answers(decision)) == 1


@pytest.mark.parametrize(
    ("text", "sent", "brief"),
    [
        (WORDS, True, False),
        ("Thanks, we will look.\n", True, True),
        ("Thanks!\n", True, True),
        ("> It crashes.\n", False, False),
        ("\n\n-- \nAnna\n", False, False),
        ("", False, False),
    ],
)
def test_a_reply_goes_out_when_it_says_anything(text: str, sent: bool, brief: bool) -> None:
    """Short words go out marked as no answer in detail; of an empty reply its author hears."""
    decision = decided(Way("reporter"), text)
    assert [one.facts["brief"] for one in answers(decision)] == ([brief] if sent else [])
    assert told(decision) == ({} if sent else {ADDRESS: "unclear-audience"})


@pytest.mark.parametrize(
    ("brief", "one", "numbers"),
    [
        (False, case(), [1, 2]),
        (True, case(), [1]),
        (False, answered_case(), [3]),
        (True, answered_case(), [3]),
    ],
)
def test_an_accepted_answer_keeps_the_promises(brief: bool, one: object, numbers: list[int]) -> None:
    """In detail: all that run. A brief one: *acknowledge* and *update*, never *respond*."""
    event = LetterSettled(7, LetterKind.ANSWER, CASE, RITA, Delivery.SENT, by="team:Anna", brief=brief)
    decision = decide(event, CaseCandidates(one), RELAY, NOW + timedelta(hours=1))  # type: ignore[arg-type]  # a Case
    assert met(decision) == numbers
    assert [name for name, _, _ in started(decision)] == ([] if numbers == [1] else ["update"])


def test_an_automatic_answer_of_a_member_goes_nowhere() -> None:
    """Out of office: no letter, no promise."""
    decision = decided(Way("reporter"), Auto_Submitted="auto-replied")
    assert not [change for change in decision.changes if isinstance(change, OweLetter)]
    assert met(decision) == []


def test_a_guest_of_a_case_that_a_stranger_names_gets_no_copy_of_his_report() -> None:
    """The case in his subject is only guessed: his report is a case of its own, and its guest is no guest here."""
    raw = mails.plain(subject=f"vulnerability like {CASE}", sender="eve@elsewhere.example")
    found = MailCandidates("EX-777777", by_tag=case(), guests=("fix@vendor.example",))
    copied = {one.recipient for one in letters(arrived(raw, found, policy=RELAY), LetterKind.COPY)}
    assert copied
    assert "fix@vendor.example" not in copied


def test_a_guests_mail_goes_to_the_team_only() -> None:
    """He is no reporter and no member: replies to his mail stay inside, and he gets no copy of it."""
    guest = Token(case(), "fix@vendor.example", Side.GUEST, Audience.TEAM)
    raw = mails.plain(sender="fix@vendor.example", message_id="<g@vendor.example>")
    found = MailCandidates("EX-777777", by_token=guest, guests=("fix@vendor.example", "two@vendor.example"))
    decision = arrived(raw, found, policy=RELAY)
    assert to(decision) == TEAM | {"two@vendor.example"}
    assert audiences(decision) == {"team"}


def test_a_guests_token_in_another_hand_leads_nowhere() -> None:
    """It reaches the team's audience, so mail that bears it is held unless the guest sends it."""
    guest = Token(case(), "fix@vendor.example", Side.GUEST, Audience.TEAM)
    raw = mails.plain(sender="eve@elsewhere.example", message_id="<g@vendor.example>")
    decision = arrived(raw, MailCandidates("EX-777777", by_token=guest), policy=RELAY)
    assert (verdict(decision), to(decision)) == (Verdict.HELD, set())
    assert flags(decision) == {"unverified-member"}


def test_a_mail_of_the_team_to_itself_reopens_nothing() -> None:
    """A closed case goes on when a reporter writes or is written to; words among the team leave it closed."""
    closed = case(state=CaseState.CLOSED)
    assert "CaseReopened" not in kinds(decided(Way("team"), one=closed).changes)
    assert "CaseReopened" in kinds(decided(Way("reporter"), one=closed).changes)
    assert "CaseReopened" in kinds(
        arrived(mails.plain(), MailCandidates("X", by_token=token(closed))).changes
    )


def test_every_member_has_a_token_of_his_own_for_each_audience() -> None:
    """Random, lower case, never the same twice; the copy bears the one of its audience."""
    decision = arrived(mails.plain(), MailCandidates("EX-777777"), policy=RELAY)
    tokens = [c.token for c in decision.changes if isinstance(c, AddParticipant) and c.side is Side.MEMBER]
    assert len(set(tokens)) == len(tokens) == 2 * len(TEAM)
    assert {one.token for one in letters(decision, LetterKind.COPY)} < set(tokens)
    assert all(text == text.lower() and SECRET.hex() not in text for text in tokens)


def test_the_contact_of_an_escalation_gets_no_mail_of_the_case() -> None:
    """Copies go to a member's first address, never to the telephone that only rings."""
    decision = arrived(mails.plain(), MailCandidates("EX-777777"), policy=RELAY)
    assert CARL.contact not in to(decision)


@pytest.mark.parametrize("sender", [f"Rita <{RITA}>", "eve@elsewhere.example"])
def test_a_borrowed_signature_is_held_once_it_is_seen(sender: str) -> None:
    """From outside it joined its thread like any mail; opened, it is a member's text in another's hands."""
    raw = mails.plain(sender=sender, message_id="<b@elsewhere.example>", In_Reply_To="<one@reporter.example>")
    signature = good(ANNA.fingerprint)
    found = MailCandidates("EX-777777", by_reference=case(), current=case(), replayed=RITA not in sender)
    decision = opened_later(raw, Opened(parse(raw), signature=signature), found, policy=RELAY)
    assert verdict(decision) is Verdict.HELD
    assert flags(decision) == {"unverified-member"}
    assert (to(decision), answers(decision), met(decision)) == (set(), [], [])
    assert [c.authority for c in decision.changes if isinstance(c, AddMessage)] == ["none"]


def test_a_reporters_mail_with_a_borrowed_signature_is_his_when_it_is_released() -> None:
    """A person let it in: the team gets it as the reporter's, and nothing of it is a member's word."""
    raw = mails.plain(message_id="<b@elsewhere.example>")
    whole = Opened(parse(raw), signature=good(ANNA.fingerprint))
    found = MailCandidates("EX-777777", by_reference=case(), current=case())
    decision = arrived(raw, found, opened=whole, policy=RELAY, released=True)
    assert (to(decision), audiences(decision)) == (TEAM, {"reporter"})
    assert (answers(decision), met(decision), flags(decision)) == ([], [], set())
    assert "SetHandler" not in kinds(decision.changes)


def test_held_mail_that_is_released_is_the_members() -> None:
    """A person said so: it is answered with, and every message of the case has its authority."""
    way = Way("reporter", proof="none")
    raw = mail(way)
    decision = arrived(raw, known(way), policy=RELAY, released=True)
    assert [one.recipient for one in answers(decision)] == [RITA]
    assert [c.authority for c in decision.changes if isinstance(c, AddMessage)] == ["team:Anna"]


def test_a_paused_update_is_met_by_an_answer_all_the_same() -> None:
    """Whoever waits is glad to hear earlier."""
    paused = replace(clock(Promise.UPDATE, 4), paused_until=NOW + timedelta(days=9))
    event = LetterSettled(7, LetterKind.ANSWER, CASE, RITA, Delivery.SENT, by="team:Anna")
    assert met(
        decide(event, CaseCandidates(case(paused, answered=True)), RELAY, NOW + timedelta(days=1))
    ) == [4]


HEAD = (
    f"From: {ANNA.contact}\r\nTo: security@project.example\r\nSubject: Yes\r\nMessage-ID: <y@x>\r\n".encode()
)
FORMS = {
    "plain": text("Yes.", head=HEAD),
    "signed": signed(text("Yes."), b"-----BEGIN PGP SIGNATURE-----", head=HEAD),
    "sealed": pgp_mime(ARMORED.encode(), head=HEAD),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_token_proves_a_member_only_when_all_of_the_mail_was_seen(form: str) -> None:
    """Before a signature was judged, or a ciphertext opened, it proves nobody; nor does it in an encrypted case."""
    tree = parse(FORMS[form])
    facts = read_facts(tree, RELAY, FolderRole.INBOX)
    mine = Token(case(), ANNA.contact, Side.MEMBER, Audience.REPORTER)
    before = Proved.TOKEN if form == "plain" else Proved.NOTHING
    assert author_of(facts, None, RELAY, token=mine).proved is before
    assert author_of(facts, Opened(tree), RELAY, token=mine).proved is Proved.TOKEN
    sealed = replace(mine, case=case(sealed=True))
    assert author_of(facts, Opened(tree), RELAY, token=sealed).proved is Proved.NOTHING
