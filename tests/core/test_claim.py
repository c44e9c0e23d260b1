"""The CVSS vector that a reporter gives is his claim: kept beside the team's own, and never taken for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.candidates.mail import MailCandidates
from maild.core.decision import Decision
from maild.core.disclosure.claim import vector_in
from maild.core.facts.change import SetFact
from maild.core.facts.table import CLAIM, CVSS, SEVERITY
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened
from tests.support import mails
from tests.support.deciding import CASE, SEALED, arrived, case, opened_later

THREE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
FOUR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
TEXT = f"I would say {THREE}.\n"


def claims(decision: Decision) -> list[str]:
    """What is kept as a claim, or as what the team says."""
    kept = [one for one in decision.changes if isinstance(one, SetFact)]
    assert not [one for one in kept if one.name in (CVSS, SEVERITY)]
    return [one.value for one in kept if one.name == CLAIM]


@pytest.mark.parametrize("vector", [THREE, FOUR, THREE.replace("3.1", "3.0")])
def test_a_vector_in_a_report_is_kept_as_a_claim(vector: str) -> None:
    """Of any version in use; the team's severity stays unset."""
    assert claims(arrived(mails.plain(text=f"Severity: {vector}, I think.\n"))) == [vector]


@pytest.mark.parametrize(
    "text", ["CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS 9.8", ""]
)
def test_what_is_no_vector_is_no_claim(text: str) -> None:
    """Half a vector, a wrong one, a bare number."""
    assert claims(arrived(mails.plain(text=f"{text}\n"))) == []


def test_a_later_mail_of_the_reporter_claims_too_and_nobody_elses_does() -> None:
    """He may correct himself; a stranger in the thread says nothing for him."""
    thread = MailCandidates("EX-777777", by_reference=case())
    assert claims(arrived(mails.plain(text=TEXT), thread)) == [THREE]
    assert claims(arrived(mails.plain(sender="tim@third.example", text=TEXT), thread)) == []


def test_of_sealed_mail_only_the_place_is_kept() -> None:
    """A vector says how bad it is: nothing of a sealed mail stands in the clear (ruling 24)."""
    opened = Opened(parse(mails.plain(text=TEXT)), Form.PGP_MIME, Decryption.OK)
    known = MailCandidates("EX-777777", current=case(sealed=True))
    (kept,) = claims(opened_later(SEALED, opened, known))
    assert kept.startswith("(sealed, in mail ")
    clear = replace(known, current=case(sealed=True))
    assert claims(arrived(mails.plain(text=TEXT), replace(clear, by_reference=clear.current))) == [kept]


@given(st.text(alphabet="CVSS:3.1/4.0AVNLPRUIH \n", max_size=400))
def test_whatever_is_written_it_is_a_vector_or_nothing(text: str) -> None:
    """Never an error, never half of one."""
    assert vector_in(text) in ("", *text.split())


def test_it_belongs_to_the_case_that_the_mail_opens() -> None:
    """By its number."""
    changes = arrived(mails.plain(text=TEXT)).changes
    assert {one.case_id for one in changes if isinstance(one, SetFact)} == {"EX-777777"} != {CASE}
