"""What is known of an author: who counts as one, and how it is told."""

import pytest

from maild.core.cases.authority import Author, Standing
from maild.core.cases.standing import AUTHOR, REPORT, Known, report, said, who, who_there
from maild.core.change import AddFeatures
from tests.support import mails
from tests.support.deciding import arrived, facts
from tests.support.desk import MX, POLICY, SECRET

OUTSIDE = Author(Standing.OUTSIDE)


def proved(sender: str, **headers: str) -> bytes:
    """A mail whose author our exchanger proves."""
    domain = sender.rpartition("@")[2].rstrip(">")
    results = f"{MX}; dmarc=pass header.from={domain}"
    return mails.plain(sender=sender, Authentication_Results=results, **headers)


def test_only_a_proved_author_is_known_again() -> None:
    """The same address twice is one author, if the exchanger proves it; a From line alone is nobody."""
    rita, tim = ("rita@reporter.example", "tim@reporter.example")
    names = {who(facts(proved(one)), OUTSIDE, POLICY) for one in (rita, f"Rita <{rita}>", tim)}
    assert len(names) == 2
    assert "" not in names
    assert who(facts(mails.plain(sender=rita)), OUTSIDE, POLICY) == ""
    assert who(facts(proved(rita)), Author(Standing.TEAM), POLICY) == ""


def test_on_a_platform_it_is_the_person_and_never_the_shared_address() -> None:
    """Two people of GitHub are two authors; a robot's address is none."""
    shared = "notifications@github.com"
    one, other, none = (
        who(facts(proved(shared, **({"X_GitHub_Sender": name} if name else {}))), OUTSIDE, POLICY)
        for name in ("octo", "hexa", "")
    )
    assert one != other
    assert one
    assert other
    assert none == ""
    assert who(facts(proved("no-reply@tracker.example")), OUTSIDE, POLICY) == ""


def test_a_report_is_kept_with_its_authors_hash_and_no_address() -> None:
    """Only where the author is proved."""

    def kept(raw: bytes) -> list[str]:
        added = [one for one in arrived(raw).changes if isinstance(one, AddFeatures)]
        return [digest for one in added for kind, digest in one.features if kind == AUTHOR]

    (digest,) = kept(proved("rita@reporter.example"))
    assert len(digest) == 64
    assert kept(mails.plain()) == []


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (None, ""),
        (Known(), "first report here"),
        (Known(("vulnerability",)), "1 earlier report here, confirmed"),
        (Known(("vulnerability",) * 2), "2 earlier reports here, both confirmed"),
        (Known(("bug",) * 3), "3 earlier reports here, all bug"),
        (
            Known(("out-of-scope", "", "vulnerability")),
            "3 earlier reports here, 1 confirmed, 1 out-of-scope, 1 not judged yet",
        ),
    ],
)
def test_how_it_is_told(known: Known | None, text: str) -> None:
    """How many, and the team's verdicts on them; nothing of an author who is not proved."""
    assert said(known) == text


@pytest.mark.parametrize(
    ("verdicts", "confirmed"), [((), False), (("bug",), False), (("bug", "vulnerability", ""), True)]
)
def test_whose_report_was_a_vulnerability_before(verdicts: tuple[str, ...], confirmed: bool) -> None:
    """One earlier report that was a vulnerability is enough."""
    assert Known(verdicts).confirmed is confirmed


ADVISORY = {"message_id": "<example/xq/security/advisories/GHSA-aaaa-bbbb-cccc@github.com>"}


def test_a_report_on_a_platform_is_known_again_by_a_proved_notice() -> None:
    """Whoever wrote it; a forged notice, another report and mail of people are none."""
    shared = "notifications@github.com"
    one, other = (facts(proved(shared, X_GitHub_Sender=name, **ADVISORY)) for name in ("octo", "hexa"))
    forged = facts(mails.plain(sender=shared, **ADVISORY))  # type: ignore[arg-type]
    elsewhere = facts(
        proved(shared, message_id="<example/xq/security/advisories/GHSA-dddd-eeee-ffff@github.com>")
    )
    assert report(one, SECRET) == report(other, SECRET) != ""
    assert len(report(one, SECRET)) == 64
    assert report(elsewhere, SECRET) not in ("", report(one, SECRET))
    assert report(forged, SECRET) == report(facts(proved("rita@reporter.example")), SECRET) == ""
    assert who_there(one, SECRET) not in ("", who_there(other, SECRET))
    assert who_there(facts(mails.plain(sender=shared, X_GitHub_Sender="octo")), SECRET) == ""


def test_a_case_keeps_which_report_on_a_platform_it_is_about() -> None:
    """A case keeps only the hash of the report on a platform that it is about."""
    raw = proved("notifications@github.com", X_GitHub_Sender="octo", **ADVISORY)
    kept = [one for one in arrived(raw).changes if isinstance(one, AddFeatures)]
    found = [digest for one in kept for kind, digest in one.features if kind == REPORT]
    assert found == [report(facts(raw), SECRET)]
