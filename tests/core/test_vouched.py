"""What our exchanger's word for a member covers: what somebody has of theirs is sent again into a case."""

from datetime import datetime, timedelta

import pytest

from maild.core.cases.vouched import OFF
from maild.core.change import Verdict
from maild.core.decision import Decision
from maild.core.mail.dkim import Covered, covered
from maild.core.mail.headers import Headers
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from tests.support.deciding import CASE, PASSED, arrived, verdict
from tests.support.desk import NOW
from tests.support.members import ADDRESS, OBSERVE, RELAY, Way, answers, known, mail, policy, token_text

GOOGLE = "v=1; d=project.example; h=to:subject:message-id:date:from:mime-version:from:to:cc:subject; b=x"
MICROSOFT = "v=1; d=project.example; h=From:Date:Subject:Message-ID:Content-Type:\n MIME-Version; b=x"
UNDATED = "v=1; d=mail.project.example; h=from:to:subject:message-id; b=x"
UNNAMED = "v=1; d=project.example; h=from:to:subject:date; b=x"
HALF = "v=1; d=project.example; l=0; h=from:to:date:subject; b=x"
SPF = f"{PASSED}; spf=pass (mx: 192.0.2.1 is permitted) smtp.mailfrom={ADDRESS}"
PUBLIC, NAKED, TAGGED = "public@lists.example", "Re: your patch", f"Re: [{CASE}] Overflow"
OURS = f"security+{token_text('reporter')}@project.example"
PLAIN = "security@project.example"
LATER = NOW + timedelta(hours=2)
OLD = NOW - timedelta(days=300)


def comes(to: str, subject: str, date: datetime, **fields: str) -> Decision:
    """Anna's message, well proved, with a reference to her copy of the report."""
    way = Way("reporter", plus=False)
    raw = mail(way, to=to, subject=subject, date=date, **fields)  # type: ignore[arg-type]
    return arrived(raw, known(way, raw=raw), opened=Opened(parse(raw)), at=LATER, policy=RELAY)


@pytest.mark.parametrize(
    ("signature", "to", "subject", "date"),
    [
        (GOOGLE, PUBLIC, NAKED, LATER),
        (GOOGLE, f"{PUBLIC}\nCc: {OURS}", NAKED, LATER),
        (GOOGLE, f"{PUBLIC}\nTo: {OURS}", NAKED, LATER),
        (GOOGLE, PLAIN, NAKED, OLD),
        (GOOGLE, PUBLIC, TAGGED, OLD),
        (MICROSOFT, OURS, NAKED, LATER),
        (MICROSOFT, OURS, NAKED, OLD),
        (MICROSOFT, PLAIN, NAKED, LATER),
        (UNDATED, PLAIN, NAKED, LATER),
        (UNNAMED, PLAIN, NAKED, LATER),
        (HALF, OURS, TAGGED, LATER),
        ("", PLAIN, NAKED, OLD),
    ],
)
def test_what_was_written_for_others_goes_nowhere(
    signature: str, to: str, subject: str, date: datetime
) -> None:
    """What no signature covers says nothing: only the date, the addresses and the words that were signed do."""
    decision = comes(to, subject, date, DKIM_Signature=signature)
    assert (verdict(decision), answers(decision)) == (Verdict.HELD, [])


@pytest.mark.parametrize(
    ("signature", "to", "subject", "date"),
    [
        (GOOGLE, PLAIN, NAKED, LATER),
        (GOOGLE, OURS, NAKED, LATER),
        (GOOGLE, "rita@reporter.example", NAKED, LATER),
        (GOOGLE, PUBLIC, TAGGED, LATER),
        (MICROSOFT, PLAIN, TAGGED, LATER),
        (MICROSOFT, OURS, TAGGED, LATER),
        (MICROSOFT, OURS, TAGGED, OLD),
        (UNDATED, OURS, NAKED, LATER),
        (UNDATED, PLAIN, TAGGED, LATER),
        ("", PLAIN, TAGGED, OLD),
        ("", OURS, NAKED, OLD),
        ("v=1; d=elsewhere.example; l=0; h=from; b=x", PLAIN, NAKED, LATER),
    ],
)
def test_what_was_written_for_us_is_heard(signature: str, to: str, subject: str, date: datetime) -> None:
    """The case in its subject, a token or the desk in its To field is enough, whatever their server signs."""
    assert verdict(comes(to, subject, date, DKIM_Signature=signature)) is Verdict.CORRESPONDENCE


@pytest.mark.parametrize("signature", ["", GOOGLE, MICROSOFT])
def test_a_message_that_belongs_to_no_case_is_a_members_whatever_its_date(signature: str) -> None:
    """There is nothing to bring it into, and the clock of a computer may be years behind."""
    way = Way("", plus=False)
    raw = mail(way, to=PLAIN, subject=NAKED, date=OLD, DKIM_Signature=signature)  # type: ignore[arg-type]
    decision = arrived(
        raw, known(way, raw=raw, by_reference=None), opened=Opened(parse(raw)), at=LATER, policy=RELAY
    )
    assert verdict(decision) is Verdict.REPORT
    assert decision.acknowledgement is not None
    assert decision.acknowledgement.reasons == ("from the team",)


@pytest.mark.parametrize("signature", [MICROSOFT, HALF, UNDATED])
def test_what_its_authors_own_server_brought_is_heard(signature: str) -> None:
    """SPF for their very address says that nobody else sends it again; for a neighbour's it says nothing."""
    there = {"DKIM_Signature": signature, "Authentication_Results": SPF}
    assert verdict(comes(PLAIN, NAKED, LATER, **there)) is Verdict.CORRESPONDENCE
    there["Authentication_Results"] = SPF.replace(f"={ADDRESS}", "=eve@project.example")
    assert verdict(comes(PLAIN, NAKED, LATER, **there)) is Verdict.HELD


def test_where_a_list_delivers_no_copy_names_the_case() -> None:
    """Members answer the reporter's own mail there: what their server signs of it is enough."""
    way = Way("", plus=False)
    fields = {"DKIM_Signature": MICROSOFT, "In_Reply_To": "<one@reporter.example>"}
    raw = mail(way, to="rita@reporter.example", subject=NAKED, date=LATER, **fields)  # type: ignore[arg-type]
    for mode, wanted in ((OBSERVE, Verdict.CORRESPONDENCE), (RELAY, Verdict.HELD)):
        decision = arrived(
            raw, known(way, raw=raw), opened=Opened(parse(raw)), at=LATER, policy=policy(way, mode)
        )
        assert verdict(decision) is wanted


def test_a_signature_below_the_end_of_what_is_read_counts_as_covering_nothing() -> None:
    """Sixty-four kilobytes of fields above it; the same without them is heard."""
    pads = {f"X_Pad_{number}": "x" * 900 for number in range(80)}
    for padding, wanted in ((pads, Verdict.HELD), ({}, Verdict.CORRESPONDENCE)):
        fields = {"DKIM_Signature": "", **padding}
        assert verdict(comes(PLAIN, NAKED, LATER, **fields)) is wanted


def test_a_signature_that_is_pushed_out_of_sight_counts_as_covering_nothing() -> None:
    """Hundreds of fields above it: nobody knows what it covers."""
    padding = (("X-Pad", "x"),) * 200
    assert covered(Headers(padding), "project.example") == Covered()
    assert covered(Headers(padding[1:]), "project.example") is None


FROM = (("From", ADDRESS), ("To", PLAIN), ("Cc", PUBLIC), ("Subject", NAKED))


@pytest.mark.parametrize(
    ("signatures", "fields", "whole", "addressed"),
    [
        (["d=project.example; h=from:to:subject"], {"from", "to", "subject"}, True, True),
        (["d=project.example; h=From:CC:Subject"], {"from", "cc", "subject"}, True, True),
        (["d=project.example; h=from:subject"], {"from", "subject"}, True, False),
        (["d=project.example; l=9; h=from:to"], {"from", "to"}, False, True),
        (["d = mail.project.example ;\t h = from : to"], {"from", "to"}, True, True),
        (["d=PROJECT.example.; h=from"], {"from"}, True, False),
        (["d=project.example; h=from:to", "d=project.example; h=from:subject"], {"from"}, True, False),
        (["d=project.example; h=from:to", "d=project.example; l=1; h=from:to"], {"from", "to"}, False, True),
        (["d=project.example; h=from:to", "d=else.example; l=1; h=from"], {"from", "to"}, True, True),
        (["d=project.example; b=x"], {""}, True, False),
    ],
)
def test_what_every_signature_of_a_domain_covers(
    signatures: list[str], fields: set[str], whole: bool, addressed: bool
) -> None:
    """And whether it says to whom the message goes, and covers all of its text."""
    headers = Headers((*(("DKIM-Signature", one) for one in signatures), *FROM))
    found = covered(headers, "project.example")
    assert found == Covered(frozenset(fields), whole)
    assert found.addressed is addressed


@pytest.mark.parametrize("domain", ["else.example", "notproject.example", "example", ""])
def test_a_signature_of_another_domain_covers_nothing(domain: str) -> None:
    """Of one that only ends alike neither."""
    assert covered(Headers((("DKIM-Signature", f"d={domain}; h=from:to"), *FROM)), "project.example") is None


def test_a_field_that_is_there_twice_is_not_covered() -> None:
    """The lower one is signed, and people read the upper one; nor is one with a blank before its colon."""
    signed = (("DKIM-Signature", "d=project.example; h=from:to:subject"), *FROM)
    assert covered(Headers((("to", PUBLIC), *signed)), "project.example") == Covered(
        frozenset({"from", "subject"}), True
    )
    assert covered(Headers(signed, frozenset({"subject"})), "project.example") == Covered(
        frozenset({"from", "to"}), True
    )


@pytest.mark.parametrize(("seconds", "heard"), [(1, False), (0, True), (-60, True)])
def test_a_clock_may_be_behind_by_so_much(seconds: int, heard: bool) -> None:
    """What is dated earlier before its case was there has to name the case, or us."""
    decision = comes(PUBLIC, NAKED, NOW - OFF - timedelta(seconds=seconds), DKIM_Signature="")
    assert (verdict(decision) is Verdict.CORRESPONDENCE) is heard
