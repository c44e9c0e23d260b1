"""Invented subjects of today, lures and honest ones, in thirty languages."""

from dataclasses import replace

import pytest

from maild.core.mail.headers import Headers
from maild.core.screening import screen
from maild.core.screening.table import EXCUSE_RULES, STRUCTURE_RULES, SUBJECT_RULES
from tests.core.test_screening_rules import seen
from tests.support.golden import golden
from tests.support.screened import LISTED, PLAIN, RULES, SPAMMY, held
from tests.support.subjects import halves, subjects


def share(lines: list[str]) -> float:
    """The share of *lines* held on a plain header."""
    return len(held("\n".join(lines))) / len(lines)


def test_no_honest_subject_is_held_in_any_language() -> None:
    """Vulnerability reports, and questions in words that lures use too, whatever the header."""
    honest = "\n".join(subjects("honest"))
    assert held(honest) == []
    assert held(honest, SPAMMY) == []


def test_hardly_any_flaw_of_a_shop_is_taken_for_an_offer() -> None:
    """One in twenty-five at most: prices, coupons, payments and wallets as what a report is about."""
    assert share(subjects("trade")) <= 0.04


@pytest.mark.parametrize(
    "offer",
    [
        "Any item 50% off, order today",
        "Your gift card for $0.01 is waiting",
        "Unlimited coupons for you",
        "Urgent: wallet payment of $0 again and again",
        "Order any pills for $0.50",
    ],
)
def test_an_offer_stays_one_that_speaks_as_such_flaws_do(offer: str) -> None:
    """To the reader, in a hurry, or at a discount."""
    assert held(offer) == [offer]


def test_most_lures_are_held_that_the_rules_were_written_with() -> None:
    """At least nineteen of twenty."""
    assert share(halves("lures")[0]) >= 0.95
    assert share(subjects("lures-later")) >= 0.9


def test_most_lures_are_held_that_nobody_looked_at() -> None:
    """At least four of five: the rules know kinds of lures, not lines of a file."""
    assert share(halves("lures")[1]) >= 0.8


def test_hardly_any_post_on_a_technical_list_is_held() -> None:
    """One in twenty at most, though they speak of offers; a list tag in the subject shows whose they are."""
    tagged = "\n".join(f"[dev] {line}" for line in subjects("lists"))
    assert len(held(tagged, LISTED)) <= len(subjects("lists")) / 20


def test_the_marks_of_our_own_list_help_no_spam() -> None:
    """A desk behind a mailing list gets every message with them."""
    own = LISTED | {"List-Post": "<mailto:security@project.example>"}
    policy = replace(RULES, own_lists=("security@project.example",))
    verdicts = [screen("Cheap flights", Headers(tuple(one.items())), policy).verdict for one in (own, LISTED)]
    assert verdicts == ["quarantine", "report"]


def test_most_newsletters_pass() -> None:
    """Three of four, though they speak of goods and prices as advertising does."""
    assert share(subjects("newsletters")) <= 0.25


def test_hardly_any_newsletter_is_held_that_its_header_shows() -> None:
    """One in ten at most, where it says how to unsubscribe; an account notice gains nothing by that."""
    for mark in ({"List-Unsubscribe": "<https://news.example/u>"}, {"Precedence": "bulk"}):
        assert (
            len(held("\n".join(subjects("newsletters")), PLAIN | mark)) <= len(subjects("newsletters")) / 10
        )
        lures = "\n".join(
            ["Your account has been suspended", "Verify your password now", "Your parcel is held"]
        )
        assert len(held(lures, PLAIN | mark)) == 3


def test_a_report_about_accounts_and_payments_is_none_of_them() -> None:
    """Titles of advisories whose nouns are those of notices and offers."""
    titles = """Password encryption salt expiry
Need to make a limit of count of attempts to change email address
Loan application form shows data of others
Coupon code can be used several times
Reactivation of a closed account without verification
Encryption key lifetime is not limited"""
    assert held(titles) == []


def test_a_known_sender_of_newsletters_helps_an_offer_and_no_account_notice() -> None:
    """Whoever warns of an account gains nothing by calling themselves news."""
    news = PLAIN | {"From": "Example News <news@example.org>"}
    assert held("Free downloads for readers of the forum", news) == []
    assert held("Your account has been suspended", news) != []


def test_plain_evidence_of_a_report_is_never_outweighed() -> None:
    """However much of a lure the subject is beside it."""
    lure = "Congratulations!!! You have won a free casino bonus of $5,000, verify your account now"
    assert screen(lure, seen(lure).headers, RULES).verdict == "quarantine"
    report = f"{lure}: stored XSS"
    assert screen(report, seen(report).headers, RULES).verdict == "report"


@pytest.mark.parametrize("name", ["honest", "lists", "lures", "lures-later", "newsletters", "trade"])
def test_who_changes_a_rule_sees_which_subjects_it_judges_otherwise(name: str) -> None:
    """Each rule that speaks, and how strongly, is as when somebody last looked; half of the lures nobody looks at."""
    rules = (*SUBJECT_RULES, *STRUCTURE_RULES, *EXCUSE_RULES)
    rows = []
    for subject in halves(name)[0] if name == "lures" else subjects(name):
        mail = seen(subject)
        said = [f"{rule.reason}={strength}" for rule in rules if (strength := rule.test(mail))]
        rows.append(f"{subject}\n    {' '.join(said) or 'nothing'}\n")
    golden(f"screening/{name}.txt", "".join(rows))
