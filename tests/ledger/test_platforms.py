"""Notices of reports on platforms, over a real database: which case they join, and that a report is public there."""

from zlib import crc32

import pytest
from sqlalchemy import select

from maild.core.letters.kinds import LetterKind
from maild.store.database import Database
from maild.store.schema import case, fact, letter
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, MX

LISTED = {"Precedence": "list", "List_Id": "<xq.example.github.com>"}
GHSA = "example/xq/security/advisories/GHSA-aaaa-bbbb-cccc"
PLATFORMS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "GitHub": (
        {"sender": "Rita <notifications@github.com>", "message_id": f"<{GHSA}@github.com>", **LISTED},
        {
            "sender": "Tim <notifications@github.com>",
            "message_id": "<example/xq-ghsa-aaaa-bbbb-cccc/pull/1/c2@github.com>",
            "References": "<example/xq-GHSA-aaaa-bbbb-cccc/pull/1@github.com>",
            **LISTED,
        },
    ),
    "GitLab": (
        {"sender": "Rita <gitlab@mg.gitlab.com>", "X_GitLab_Project_Path": "e/xq", "X_GitLab_Issue_IID": "9"},
        {"sender": "Tim <gitlab@mg.gitlab.com>", "X_GitLab_Project_Path": "e/xq", "X_GitLab_Issue_IID": "9"},
    ),
    "Launchpad": (
        {"sender": "Rita <1902470@bugs.launchpad.net>"},
        {"sender": "Tim <1902470@bugs.launchpad.net>"},
    ),
    "HackerOne": (
        {"sender": "HackerOne <no-reply@hackerone.com>", "subject": "[xq] New report: overflow (#271828)"},
        {"sender": "HackerOne <no-reply@hackerone.com>", "subject": "Re: overflow, comment on #271828"},
    ),
    "VINCE": (
        {"sender": "VINCE <cert+donotreply@cert.org>", "subject": "VU#123456: Overflow in xq"},
        {"sender": "VINCE <cert+donotreply@cert.org>", "subject": "New post in VU#123456"},
    ),
    "Jira": (
        {"sender": '"Rita (Jira)" <jira@example.atlassian.net>', "subject": "[JIRA] (SEC-42) Overflow in xq"},
        {
            "sender": '"Tim (Jira)" <jira@example.atlassian.net>',
            "subject": "[JIRA] Commented: (SEC-42) Overflow",
        },
    ),
}
PUBLIC = {
    "GitHub": "Rita published the advisory GHSA-aaaa-bbbb-cccc.\n",
    "GitLab": "Rita made the issue visible to everyone\n",
    "Launchpad": "** Information type changed from Private Security to Public Security\n",
    "HackerOne": "Report #271828 has been publicly disclosed.\n",
    "VINCE": "VU#123456 has been published.\n",
    "Jira": "Security Level: Private -> Public\n",
}


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk without any mail yet."""
    return PlayedDesk(database)


def notice(fields: dict[str, str], text: str, proved: bool = True) -> bytes:
    """A platform's notice, proved by our exchanger or not."""
    domain = fields["sender"].rpartition("@")[2].rstrip(">")
    results = f"{MX}; dmarc={'pass' if proved else 'fail'} header.from={domain}"
    about = {"subject": "Overflow in the parser of xq", "message_id": f"<{crc32(text.encode())}@x.example>"}
    return mails.plain(**{**about, **fields, "text": text, "Authentication_Results": results})


def paged(desk: PlayedDesk) -> set[str]:
    """Who is told that something is public too early."""
    query = select(letter.c.recipient, letter.c.facts).where(letter.c.kind == LetterKind.NOTICE)
    rows = desk.database.call(lambda connection: connection.execute(query).all())
    return {row.recipient for row in rows if row.facts.get("about") == "seen-early"}


@pytest.mark.parametrize("name", PLATFORMS)
def test_notices_of_one_report_are_one_case(name: str, desk: PlayedDesk) -> None:
    """By the platform's own name for the report, whoever wrote there; another report is another case."""
    first, second = PLATFORMS[name]
    of = desk.arrives(notice(first, "Rita: it crashes.\n"))
    assert of
    assert desk.arrives(notice(second, "Tim: I can reproduce it.\n")) == of
    swap = {"1902470": "1902471", "271828": "314159", "VU#123456": "VU#654321", "SEC-42": "SEC-43"}
    swap |= {"aaaa-bbbb-cccc": "dddd-eeee-ffff", "9": "8"} if name in ("GitHub", "GitLab") else {}
    other = dict(first)
    for old, new in swap.items():
        other = {field: value.replace(old, new) for field, value in other.items()}
    assert desk.arrives(notice(other, "Rita: something else crashes.\n")) not in ("", of)


@pytest.mark.parametrize("name", PLATFORMS)
def test_nobody_joins_by_a_forged_notice(name: str, desk: PlayedDesk) -> None:
    """Where the exchanger does not prove the platform, its name for the report says nothing."""
    first, second = PLATFORMS[name]
    of = desk.arrives(notice(first, "Rita: it crashes.\n"))
    forged = {field: value for field, value in second.items() if field not in ("References", "message_id")}
    assert desk.arrives(notice(forged, "Mallory: let me in.\n", proved=False)) != of


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_report_that_is_public_there_pages_as_a_leak_does(name: str, desk: PlayedDesk) -> None:
    """Everybody on the ladder, once; what a person quotes and what nobody proved page nobody."""
    first, second = PLATFORMS[name]
    desk.arrives(notice(first, "Rita: it crashes.\n"))
    desk.arrives(notice(second, f"Tim: what if it says\n> {PUBLIC[name]}\n"))
    assert paged(desk) == set()
    desk.arrives(notice(second, f"Mallory:\n{PUBLIC[name]}", proved=False))
    assert paged(desk) == set()
    desk.arrives(notice(second, PUBLIC[name]))
    assert paged(desk) == {ANNA.contact, BEA.contact, CARL.contact}
    desk.arrives(notice(second, f"{PUBLIC[name]}again\n"))
    query = select(fact.c.item).where(fact.c.name == "seen-early")
    assert desk.database.call(lambda connection: connection.execute(query).scalars().all()) == [name]


def test_a_first_notice_that_is_about_a_public_report_pages_too(desk: PlayedDesk) -> None:
    """The case that it opens is known to everybody already."""
    fields = {"sender": "Rita <1902470@bugs.launchpad.net>"}
    assert desk.arrives(notice(fields, PUBLIC["Launchpad"]))
    assert paged(desk) == {ANNA.contact, BEA.contact, CARL.contact}


@pytest.mark.parametrize("name", ["GitHub", "GitLab", "Jira"])
def test_what_the_reporter_writes_there_reopens_a_closed_case(name: str, desk: PlayedDesk) -> None:
    """What anybody else writes does not, nor a bare thanks, nor a notice that nobody proved."""
    first, second = PLATFORMS[name]
    rita = {field: text.replace("Tim", "Rita") for field, text in second.items()}
    author = {"X_GitHub_Sender": "rita"} if name == "GitHub" else {}
    of = desk.arrives(notice({**first, **author}, "It crashes.\n"))
    closed = select(case.c.state).where(case.c.id == of)
    desk.says(of, "answered", "https://platform.example/9")
    desk.says(of, "close", "not a vulnerability")
    others = {"X_GitHub_Sender": "tim"} if name == "GitHub" else {}
    for fields, text, proved in (
        ({**second, **others}, "I agree with that.\n", True),
        ({**rita, **author}, "Thanks!\n", True),
        ({**rita, **author}, "But it still crashes, as Mallory says.\n", False),
    ):
        desk.arrives(notice(fields, text, proved))
        assert desk.database.call(lambda connection: connection.execute(closed).scalar()) == "closed"
    assert desk.arrives(notice({**rita, **author}, "But it still crashes with another file.\n")) == of
    assert desk.database.call(lambda connection: connection.execute(closed).scalar()) == "open"


def test_a_platform_of_their_own_says_nothing_of_somebody_elses_case(desk: PlayedDesk) -> None:
    """Whoever runs a GitLab, well proved, pages nobody about a case whose thread their notice answers."""
    ritas = desk.arrives(mails.plain())
    fields = {
        "sender": "Eve <gitlab@elsewhere.example>",
        "X_GitLab_Project_Path": "a/b",
        "X_GitLab_Issue_IID": "9",
        "In_Reply_To": "<one@reporter.example>",
    }
    assert desk.arrives(notice(fields, PUBLIC["GitLab"])) == ritas
    assert paged(desk) == set()
