"""Screening and automatic mail, measured on real mail with every bypass off; skipped where there is none."""

from collections.abc import Iterable

import pytest

from maild.core.mail.automatic import Kind, automatic
from maild.core.mail.bounce import delivery_report
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part
from maild.core.screening import QUARANTINE, screen
from tests.support.corpus import find_corpus, read_mails, with_subject
from tests.support.phrases import PHRASES
from tests.support.screened import RULES

HAM_HELD = 0.005
SPAM_HELD = 0.75
SKELETON = {"From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}

Mails = dict[str, Part]


def _mails(name: str) -> Mails:
    root = find_corpus()
    if root is None or not (root / name).is_dir():
        pytest.skip(f"no corpus of real mail here (MAILD_CORPUS, or ../shared/corpus): {name}")
    return read_mails(root / name)


@pytest.fixture(scope="module")
def reports() -> Mails:
    """Real vulnerability reports on a plain header."""
    return _mails("reports")


@pytest.fixture(scope="module")
def ham() -> Mails:
    """Ordinary mail of technical lists."""
    return _mails("ham")


@pytest.fixture(scope="module")
def spam() -> Mails:
    """Real spam."""
    return _mails("spam")


def held(headers: Iterable[Headers]) -> list[bool]:
    """Whether each mail is held."""
    return [screen(one.text("Subject"), one, RULES).verdict == QUARANTINE for one in headers]


def share(verdicts: list[bool]) -> float:
    """The share of mails held."""
    return sum(verdicts) / len(verdicts)


def grafted(subjects: Mails, on: list[Headers]) -> list[Headers]:
    """Every subject on three of the headers *on*, so that all of them are used."""
    texts = [part.headers.get("Subject") for part in subjects.values()]
    return [with_subject(on[(3 * i + j) % len(on)], text) for i, text in enumerate(texts) for j in range(3)]


def skeleton(reports: Mails) -> Headers:
    """The plain header of a report, without its subject."""
    first = next(iter(reports.values()))
    return Headers(tuple(field for field in first.headers.fields if field[0] in SKELETON))


def test_no_report_is_held(reports: Mails) -> None:
    """The one duty of the filter."""
    assert not any(held(part.headers for part in reports.values()))


def test_hardly_any_ordinary_mail_is_held(ham: Mails) -> None:
    """At most one in two hundred."""
    assert share(held(part.headers for part in ham.values())) <= HAM_HELD


def test_most_spam_is_held(spam: Mails) -> None:
    """Three of four, by subject and plain facts of the header."""
    assert share(held(part.headers for part in spam.values())) >= SPAM_HELD


def test_no_report_is_held_on_the_header_of_ordinary_mail(reports: Mails, ham: Mails) -> None:
    """List marks and old mail programs make no report suspicious."""
    assert not any(held(grafted(reports, [part.headers for part in ham.values()])))


def test_no_report_is_held_on_the_header_of_spam(reports: Mails, spam: Mails) -> None:
    """Whatever the header, the subject of a report saves it."""
    assert not any(held(grafted(reports, [part.headers for part in spam.values()])))


def test_most_spam_is_held_on_the_plainest_header(spam: Mails, reports: Mails) -> None:
    """The rules live off subjects, not off a header that gives spam away."""
    assert share(held(grafted(spam, [skeleton(reports)]))) >= SPAM_HELD


def test_hardly_any_ordinary_subject_is_held_on_the_plainest_header(ham: Mails, reports: Mails) -> None:
    """Nor are they saved by list marks alone: without them it stays one in a hundred."""
    assert share(held(grafted(ham, [skeleton(reports)]))) <= 2 * HAM_HELD


def test_every_bounce_is_a_bounce_or_a_delay() -> None:
    """Of all ages and mail systems, in many languages."""
    kinds = {name: automatic(part.headers, part, PHRASES) for name, part in _mails("bounces/bounces").items()}
    assert {
        name for name, found in kinds.items() if not found or found.kind not in {Kind.BOUNCE, Kind.DELAY}
    } == set()


def test_every_delivery_report_in_a_bounce_says_what_failed() -> None:
    """Each has an action for some recipient, and returns the header of the mail."""
    found = [delivery_report(part) for part in _mails("bounces/bounces").values()]
    told = [report for report in found if report]
    assert len(told) > len(found) / 2
    assert all(report.failed and report.returned.has("Subject") for report in told)


def test_other_automatic_mail_is_no_bounce_and_is_not_acknowledged() -> None:
    """Notifications and absences are automatic, but nothing came back."""
    found = [automatic(part.headers, part, PHRASES) for part in _mails("bounces/not-bounces").values()]
    assert all(one and one.kind not in {Kind.BOUNCE, Kind.DELAY} for one in found)


def test_no_report_is_automatic(reports: Mails) -> None:
    """People wrote them, so they get their receipt."""
    assert not any(automatic(part.headers, part, PHRASES) for part in reports.values())
