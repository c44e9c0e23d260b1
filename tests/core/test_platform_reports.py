"""What all notices of one report on a platform have in common, and whose words they may hold."""

import pytest

from maild.core.mail.headers import Headers
from maild.core.mail.platforms import dependency_alert, elsewhere, open_to_strangers, report_name

GITHUB, GITLAB, JIRA = "notifications@github.com", "gitlab@git.example.org", "jira@issues.example.org"
HACKERONE = "no-reply@hackerone.com"

LONGEST = "/".join(letter * 100 for letter in "abc")


def head(**fields: str) -> Headers:
    """Header fields."""
    return Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items()))


ADVISORY = head(Message_ID="<acme/xq/advisories/GHSA-abcd-efgh-2345@github.com>")
FORK = head(References="<acme/xq-ghsa-abcd-efgh-2345/pull/1@github.com>", Message_ID="<a/b/c@github.com>")
ISSUE = head(Message_ID="<acme/xq/issues/7@github.com>")
IID = {"X_GitLab_Project_Path": "acme/xq", "X_GitLab_Issue_IID": "7"}


@pytest.mark.parametrize(
    ("headers", "address", "text", "name"),
    [
        (ADVISORY, GITHUB, "", "github::ghsa-abcd-efgh-2345"),
        (FORK, GITHUB, "", "github::ghsa-abcd-efgh-2345"),
        (ISSUE, GITHUB, "", "github::acme/xq/issues/7"),
        (head(Message_ID=f"<{LONGEST}@github.com>"), GITHUB, "", f"github::{LONGEST}"),
        (head(Subject="x"), GITHUB, "", ""),
        (ISSUE, "rita@reporter.example", "", ""),
        (head(**IID), GITLAB, "", "gitlab::git.example.org/acme/xq/-/issues/7"),
        (head(**IID), "gitlab@mg.gitlab.com", "", "gitlab::gitlab.com/acme/xq/-/issues/7"),
        (head(X_GitLab_Issue_IID="7"), GITLAB, "", ""),
        (head(X_GitLab_Project_Path="acme/xq"), GITLAB, "", ""),
        (
            head(X_GitLab_Project_Path="acme/xq", X_GitLab_MergeRequest_IID="8"),
            GITLAB,
            "",
            "gitlab::git.example.org/acme/xq/-/merge_requests/8",
        ),
        (head(Subject="[JIRA] (XQ-7) GHSA-abcd-efgh-2345"), JIRA, "", "jira:issues.example.org:xq-7"),
        (head(Subject="GHSA-abcd-efgh-2345"), HACKERONE, "", ""),
        (head(Subject="New report #1234567"), HACKERONE, "", "hackerone::1234567"),
        (head(), HACKERONE, "See https://hackerone.com/reports/1234567.", "hackerone::1234567"),
        (head(), HACKERONE, "https://hackerone.com/reports/1234567 " * 2, "hackerone::1234567"),
        (
            head(),
            HACKERONE,
            "https://hackerone.com/reports/1234567 https://hackerone.com/reports/7654321",
            "",
        ),
        (head(), "5@bugs.launchpad.net", "", "launchpad::5"),
    ],
)
def test_a_report_has_one_name_in_all_its_notices(
    headers: Headers, address: str, text: str, name: str
) -> None:
    """Of an advisory its number, of a Jira's issue its host too; two links name none."""
    assert report_name(headers, address, text) == name


@pytest.mark.parametrize(
    ("headers", "address", "name", "handle", "at"),
    [
        (head(X_GitHub_Sender=" rita "), GITHUB, "GitHub", "rita", "the link in the notice"),
        (ISSUE, GITHUB, "GitHub", "", "https://github.com/acme/xq/issues/7"),
        (
            head(From='"Rita Doe (Jira)" <jira@issues.example.org>'),
            JIRA,
            "Jira",
            "Rita Doe",
            "the issue's page",
        ),
        (head(From="Rita <gitlab@git.example.org>"), GITLAB, "GitLab", "Rita", "the link in the notice"),
        (head(), HACKERONE, "HackerOne", "", "https://hackerone.com"),
        (
            head(X_Launchpad_Bug_Modifier="Rita Doe (rita)"),
            "5@bugs.launchpad.net",
            "Launchpad",
            "rita",
            "https://bugs.launchpad.net/bugs/5",
        ),
        (
            head(X_Launchpad_Bug_Reporter="Rita Doe (rita)"),
            "5@bugs.launchpad.net",
            "Launchpad",
            "rita",
            "https://bugs.launchpad.net/bugs/5",
        ),
    ],
)
def test_a_notice_names_who_wrote_it_and_where_to_answer(
    headers: Headers, address: str, name: str, handle: str, at: str
) -> None:
    """Who wrote on a platform, and where to answer, is read from that platform's own fields."""
    found = elsewhere(headers, address)
    assert found is not None
    assert (found.platform, found.handle, found.at) == (name, handle, at)
    assert elsewhere(headers, "rita@reporter.example") is None


@pytest.mark.parametrize(
    ("headers", "address", "opened"),
    [(ISSUE, GITHUB, True), (ADVISORY, GITHUB, False), (FORK, GITHUB, False), (ISSUE, HACKERONE, False)],
)
def test_an_issue_on_github_may_be_anybodys(headers: Headers, address: str, opened: bool) -> None:
    """An advisory and its private fork are not."""
    assert open_to_strangers(headers, address) is opened


@pytest.mark.parametrize(
    ("fields", "address", "alert"),
    [
        ({"X_GitHub_Severity": "High"}, GITHUB, True),
        ({"X_GitHub_Severity": "moderate "}, GITHUB, True),
        ({"X_GitHub_Severity": "none"}, GITHUB, False),
        ({}, GITHUB, False),
        ({"X_GitHub_Severity": "high"}, HACKERONE, False),
        (
            {"X_GitHub_Severity": "high", "Message_ID": "<a/b/advisories/GHSA-abcd-efgh-2345@github.com>"},
            GITHUB,
            False,
        ),
    ],
)
def test_an_alert_about_a_dependency_names_a_severity(
    fields: dict[str, str], address: str, alert: bool
) -> None:
    """What belongs to an advisory of the project's own is a report all the same."""
    assert dependency_alert(head(**fields), address) is alert
