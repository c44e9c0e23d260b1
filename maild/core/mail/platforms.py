"""Notices that platforms send of reports made there: who wrote, about which report, where to answer.

A platform writes for everybody from one address, and whatever is mailed back reaches nobody, or the public.
So its author is the platform and a handle, never the address. Whoever forges such a notice gains nothing by
it: it lets nobody into a case. Each row says where its shape was seen; without that it is assumed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from maild.core.mail.headers import Headers
from maild.core.mail.text import harmless

_FROM = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("GitHub", r"notifications@github\.com"),
        ("Launchpad", r"\d{1,12}@bugs\.launchpad\.net"),
        ("HackerOne", r"no-reply@hackerone\.com"),
        ("Intigriti", r"noreply@intigriti\.com"),
        ("Bugcrowd", r"(?:no-?reply|notifications?|support)@bugcrowd\.com"),
        ("huntr", r"(?:no-?reply|notifications?|support|info)@huntr\.(?:com|dev)"),
        ("VINCE", r"cert\+donotreply@cert\.org"),
        ("Jira", r"jira(?:-[\w.-]{1,60})?@[\w.-]{1,250}"),
        ("GitLab", r"gitlab@[\w.-]{1,250}|no-?reply@gitlab\.[\w.-]{1,250}"),
    )
}
"""The addresses that each writes from."""
_PATH = re.compile(r"<([\w.-]{1,100}/[\w.-]{1,100}/[\w/-]{1,100})@github\.com>")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LINKS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("HackerOne", r"https://hackerone\.com/reports/(\d{4,9})\b"),
        (
            "Bugcrowd",
            rf"https://(?:tracker\.)?bugcrowd\.com/(?:[\w-]{{1,80}}/)?submissions/({_UUID}|[0-9a-f]{{64}})\b",
        ),
        (
            "Intigriti",
            r"https://app\.intigriti\.com/(?:company|researcher)/(?:[\w-]{1,80}/)?submissions/[\w-]{1,80}/"
            r"([A-Z0-9]{1,30}-[A-Z0-9]{8})\b",
        ),
        ("huntr", rf"https://(?:www\.)?huntr\.(?:com|dev)/bounties/({_UUID})\b"),
    )
}
"""The links to a report in the text of a notice whose head does not name it.

HackerOne's and huntr's stand in thousands of advisories, Intigriti's in XWiki's GHSA-j9h5-vcgv-2jfm, and
Bugcrowd's in its documentation.
"""
MAX_READ = 50_000
_PARENS = re.compile(r"\(([^()\s]{1,80})\)\s*$")
_MOST = 80


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: what its notices say of the author and the report, and where their shape was seen."""

    name: str
    author: Callable[[Headers], str]
    report: Callable[[Headers, str], str]
    at: str
    seen: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A report on a platform: who wrote the notice's text there, the report's name, and where to answer."""

    platform: str
    handle: str
    report: str
    at: str


def _named(headers: Headers) -> str:
    """The display name that the platform puts before its own address."""
    return (
        headers.text("From")
        .partition("<")[0]
        .strip()
        .strip('"')
        .removesuffix("(Jira)")
        .removesuffix("(JIRA)")
    )


def _github_report(headers: Headers, address: str) -> str:  # noqa: ARG001 - every row has both
    found = _PATH.search(headers.text("References")) or _PATH.search(headers.text("Message-ID"))
    return found[1] if found else ""


def _gitlab_report(headers: Headers, address: str) -> str:
    path, host = headers.get("X-GitLab-Project-Path").strip(), address.rpartition("@")[2].removeprefix("mg.")
    rows = (("issues", "X-GitLab-Issue-IID"), ("merge_requests", "X-GitLab-MergeRequest-IID"))
    numbered = ((kind, headers.get(name).strip()) for kind, name in rows)
    return next((f"{host}/{path}/-/{kind}/{number}" for kind, number in numbered if path and number), "")


def _of_subject(pattern: str) -> Callable[[Headers, str], str]:
    """The name of a report by what its notices' subjects hold."""
    found = re.compile(pattern)

    def report(headers: Headers, address: str) -> str:  # noqa: ARG001 - every row has both
        named = found.search(headers.text("Subject"))
        return named[1] if named else ""

    return report


def _in_parens(headers: Headers) -> str:
    found = _PARENS.search(
        headers.text("X-Launchpad-Bug-Modifier") or headers.text("X-Launchpad-Bug-Reporter")
    )
    return found[1] if found else ""


def _nothing(headers: Headers, address: str = "") -> str:  # noqa: ARG001 - every row has both
    return ""


TABLE = (
    Platform(
        "GitHub",
        lambda headers: headers.get("X-GitHub-Sender"),
        _github_report,
        "https://github.com/{}",
        "GitHub's page on email notification headers; notices of Homebrew/brew and angular/angular",
    ),
    Platform(
        "GitLab", _named, _gitlab_report, "https://{}", "notices of gitlab.com and of gitlab.freedesktop.org"
    ),
    Platform(
        "Launchpad",
        _in_parens,
        lambda headers, address: address.partition("@")[0],  # noqa: ARG005 - every row has both
        "https://bugs.launchpad.net/bugs/{}",
        "notices of bugs of QEMU on qemu-devel, 2020 and 2021",
    ),
    Platform(
        "VINCE",
        _nothing,
        _of_subject(r"\b(VU#\d{5,7})\b"),
        "https://kb.cert.org/vince",
        "CERT/CC's notice to its correspondents",
    ),
    Platform(
        "HackerOne",
        _nothing,
        _of_subject(r"#(\d{4,9})\b"),
        "https://hackerone.com",
        "mail filters and GitLab's handbook: no-reply@",
    ),
    Platform(
        "Intigriti",
        _nothing,
        _of_subject(r"\b([A-Z0-9]{2,30}-[A-Z0-9]{8})\b"),
        "https://app.intigriti.com",
        "mail filters: noreply@; the code of a report as in XWiki's GHSA-j9h5-vcgv-2jfm",
    ),
    Platform("Bugcrowd", _nothing, _nothing, "https://tracker.bugcrowd.com", "mail filters: support@"),
    Platform("huntr", _nothing, _nothing, "https://huntr.com", "mail filters: notifications@, info@"),
    Platform(
        "Jira",
        _named,
        _of_subject(r"\b([A-Z][A-Z0-9]{1,9}-\d{1,7})\b"),
        "the issue's page",
        "notices of Atlassian, Infomaniak, Red Hat and Apache (jira@apache.org, on its public lists)",
    ),
)


def platform_of(address: str) -> str:
    """The platform that writes from *address* for everybody; empty when it is none's."""
    return next((name for name, where in _FROM.items() if where.fullmatch(address)), "")


def elsewhere(headers: Headers, address: str, text: str = "") -> Elsewhere | None:
    """What a notice from *address* tells of a report on a platform; ``None`` when it is no platform's.

    Where its head names none, the one link to a report in its *text* does.
    """
    name = platform_of(address)
    row = next((one for one in TABLE if one.name == name), None)
    if row is None:
        return None
    report = harmless(row.report(headers, address), _MOST * 4)
    known = report or "{}" not in row.at
    at = row.at.format(report) if known else "the link in the notice"
    if not report and (link := _link(name, text)):
        report, at = link[1], link[0]
    return Elsewhere(name, harmless(row.author(headers).strip(), _MOST), report, at)


def _link(name: str, text: str) -> re.Match[str] | None:
    """The link to a report on the platform *name* in *text*, if all such links there lead to the same."""
    pattern = _LINKS.get(name)
    found = list(pattern.finditer(text[:MAX_READ])) if pattern else []
    return found[0] if len({one[1].lower() for one in found}) == 1 else None


_GHSA = re.compile(r"\bGHSA(?:-[0-9a-z]{4}){3}\b", re.IGNORECASE)


def report_name(headers: Headers, address: str, text: str = "") -> str:
    """What every notice of the same report has in common, platform first; empty where it names none.

    A Jira's keys are its own; of an advisory on GitHub its number counts, as its private fork bears it too.
    """
    found = elsewhere(headers, address, text)
    if found is None or not found.report:
        return ""
    ghsa = _GHSA.search(found.report) if found.platform == "GitHub" else None
    where = address.rpartition("@")[2] if found.platform == "Jira" else ""
    return f"{found.platform}:{where}:{ghsa[0] if ghsa else found.report}".lower()


def open_to_strangers(headers: Headers, address: str) -> bool:
    """Whether anybody may have written what a notice from *address* says.

    So it is on GitHub, but for an advisory and its private fork: who may see those was let in.
    """
    return platform_of(address) == "GitHub" and not _GHSA.search(_github_report(headers, address))


_SEVERITIES = ("low", "moderate", "high", "critical")


def dependency_alert(headers: Headers, address: str) -> bool:
    """Whether a notice from *address* says that something the project uses is vulnerable, as Dependabot does.

    Only those name a severity in their header (GitHub's page on email notification headers); what belongs to
    an advisory of the project's own is a report all the same.
    """
    severity = headers.get("X-GitHub-Severity").strip().lower() in _SEVERITIES
    own = "/advisories/" in _github_report(headers, address)
    return platform_of(address) == "GitHub" and severity and not own
