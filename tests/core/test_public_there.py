"""In what words platforms say that a report is public there, and in what words they say something else."""

import pytest

from maild.core.mail.disclosed import says_public
from tests.support import mails
from tests.support.deciding import facts

FROM = {
    "HackerOne": "no-reply@hackerone.com",
    "GitLab": "gitlab@mg.gitlab.com",
    "Launchpad": "1@bugs.launchpad.net",
    "VINCE": "cert+donotreply@cert.org",
    "Bugcrowd": "noreply@bugcrowd.com",
    "Intigriti": "noreply@intigriti.com",
    "huntr": "noreply@huntr.dev",
    "Jira": "jira@heron.example",
}
PUBLIC = (
    "HackerOne: carl disclosed this report.",
    "HackerOne: Report #271828 has been disclosed",
    "HackerOne: This report was made public by the program",
    "HackerOne: The report is now publicly visible.",
    "GitLab: Carl made the issue visible to everyone",
    "GitLab: Carl made this issue visible to everyone",
    "GitLab: The issue is no longer confidential",
    "GitLab: Carl turned off confidentiality",
    "Launchpad: ** Information type changed from Private Security to Public Security",
    "Launchpad: ** Information type changed from Embargoed to Public",
    "VINCE: VU#123456 has been published",
    "VINCE: Case VU#123456 is now public",
    "Bugcrowd: Your submission has been publicly disclosed",
    "Bugcrowd: The disclosure of your submission was approved and is now public.",
    "Intigriti: The submission HERON-ABCD1234 has been published",
    "huntr: The report has been made public",
    "huntr: This vulnerability has been disclosed publicly",
    "Jira: Security Level: Internal -> Public",
    "Jira: Security Level:   (was: Private)",
)
OTHERWISE = (
    "HackerOne: rita requested to disclose this report.",
    "HackerOne: If you agree, the report will be disclosed in 30 days.",
    "HackerOne: Please do not disclose this report.",
    "HackerOne: This report has not been disclosed yet.",
    "HackerOne: rita cancelled the request to disclose this report",
    "HackerOne: A similar issue was publicly disclosed in CVE-2020-1",
    "GitLab: Carl made the issue confidential",
    "GitLab: Carl turned on confidentiality",
    "Launchpad: ** Information type changed from Public to Private Security",
    "Launchpad: ** Information type changed from Public Security to Public",
    "VINCE: VU#123456 will be published on 2026-03-01",
    "VINCE: VU#123456 is scheduled for publication",
    "Bugcrowd: Disclosure of your submission has been requested",
    "Bugcrowd: Your submission has not been publicly disclosed",
    "huntr: The report will be public in 90 days",
    "Jira: Security Level: Public -> Private",
)


@pytest.mark.parametrize("said", PUBLIC)
def test_it_is_public_there(said: str) -> None:
    """The words of GitLab and Launchpad were seen, the others are assumed."""
    name, _, text = said.partition(": ")
    assert says_public(facts(mails.plain()).headers, FROM[name], f"{text}\n") == name


@pytest.mark.parametrize("said", OTHERWISE)
def test_it_is_not(said: str) -> None:
    """What is asked for, planned or refused, and the way back."""
    name, _, text = said.partition(": ")
    assert says_public(facts(mails.plain()).headers, FROM[name], f"{text}\n") == ""
