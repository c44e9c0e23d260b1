"""A member's signed fields against those outside: who sends an old signed text again has to change them (ruling 14)."""

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Verdict
from maild.core.mail.mime import parse
from maild.core.mail.opened import OTHER_AUTHOR, Opened
from tests.support import mails
from tests.support.deciding import CASE, arrived, case, good, verdict
from tests.support.desk import ANNA, DESK
from tests.support.members import RELAY

OUTER = {"subject": f"Re: {CASE}", "In_Reply_To": "<one@reporter.example>"}
AGREE = {
    "nothing signed": {},
    "the same subject": {"subject": f"Re: {CASE}"},
    "written with other blanks": {"subject": f"RE:  {CASE}"},
    "the end of it, behind the tag of a list": {"subject": CASE},
    "the same addressee": {"to": DESK.address},
    "more addressees": {"to": f"{DESK.address}, rita@reporter.example"},
    "addressed in copy": {"to": "rita@reporter.example", "cc": DESK.address},
    "the same answered message": {"in-reply-to": "<one@reporter.example>"},
    "it among others": {"in-reply-to": "<two@x> <one@reporter.example>"},
    "no answered message": {"in-reply-to": ""},
}
CONTRADICT = {
    "another subject": {"subject": f"Re: the crash in {CASE}?"},
    "another addressee": {"to": "team@elsewhere.example"},
    "another in copy alone": {"cc": "team@elsewhere.example"},
    "another answered message": {"in-reply-to": "<two@reporter.example>"},
}


def _held(protected: dict[str, str], reasons: tuple[str, ...] = (), **outer: str) -> bool:
    raw = mails.plain(sender=ANNA.contact, text=f"Thanks, we look at it.\n\n{CASE}\n", **{**OUTER, **outer})
    opened = Opened(parse(raw), signature=good(ANNA.fingerprint), protected=protected, reasons=reasons)
    found = MailCandidates("EX-777777", by_reference=case(), current=case())
    return verdict(arrived(raw, found, opened=opened, policy=RELAY)) is Verdict.HELD


@pytest.mark.parametrize("protected", AGREE.values(), ids=AGREE)
def test_fields_that_agree_leave_a_signature_good(protected: dict[str, str]) -> None:
    """The message counts as the member's."""
    assert not _held(protected)


@pytest.mark.parametrize("protected", CONTRADICT.values(), ids=CONTRADICT)
def test_a_field_that_says_something_else_makes_it_wait(protected: dict[str, str]) -> None:
    """It counts for nothing until a person has looked."""
    assert _held(protected)


@pytest.mark.parametrize("shown", ["...", "[...]", "Encrypted Message", f"[{CASE}] ...", f"Re: [{CASE}] ..."])
def test_a_hidden_subject_contradicts_nothing(shown: str) -> None:
    """Programs put dots outside, and an answer to a letter of ours has the case in front of them."""
    assert not _held({"subject": f"Re: the crash in {CASE}?"}, subject=shown)


def test_another_author_inside_makes_it_wait() -> None:
    """The signed From is not the one outside."""
    assert _held({}, (OTHER_AUTHOR,))
