"""Notices of reports on platforms, in the shapes that platforms send (see the table for where they were seen)."""

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.elsewhere import answered
from maild.core.change import CaseReopened, OpenCase, OweLetter, Verdict
from maild.core.changes.promises import MeetClock
from maild.core.letters.kinds import LetterKind
from maild.core.mail.disclosed import TABLE as DISCLOSED
from maild.core.mail.disclosed import says_public
from maild.core.mail.platforms import TABLE, elsewhere, platform_of
from maild.core.mail.robots import answers_nobody
from maild.core.values.case import CaseState
from maild.core.words.command import Command
from maild.core.words.reading import Word
from maild.store.views import outside
from tests.support import mails
from tests.support.deciding import arrived, case, facts, letters, met, verdict
from tests.support.desk import MX, NOW, POLICY
from tests.support.members import ADDRESS, TEAM, Way, decided, told
from tests.support.members import answers as members_answers
from tests.support.phrases import PHRASES

REPLY = "example/xq <reply+0194ABCDEF@reply.github.com>"
LISTED = {
    "Precedence": "list",
    "List_ID": "example/xq <xq.example.github.com>",
    "X_Auto_Response_Suppress": "All",
}
GITHUB = {
    "sender": "Rita Reed <notifications@github.com>",
    "Reply_To": REPLY,
    "X_GitHub_Sender": "ritar",
    **LISTED,
}
AUTO = {"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"}
GITLAB = {"X_GitLab_Project_Path": "example/xq", "X_GitLab_Issue_IID": "679", **AUTO}
BUG = {"X_Launchpad_Notification_Type": "bug", "Precedence": "bulk", "X_Launchpad_Bug_Private": "yes"}
JIRA = {"X_JIRA_FingerPrint": "1c27f2e699e2bc30", "Precedence": "bulk"}
SHAPES = {
    "a GitHub comment": (
        {
            **GITHUB,
            "message_id": "<example/xq/issues/15/287@github.com>",
            "References": "<example/xq/issues/15@github.com>",
        },
        ("GitHub", "ritar", "https://github.com/example/xq/issues/15"),
    ),
    "a GitHub pull request": (
        {**GITHUB, "message_id": "<example/xq/pull/438@github.com>"},
        ("GitHub", "ritar", "https://github.com/example/xq/pull/438"),
    ),
    "a GitHub review": (
        {
            **GITHUB,
            "message_id": "<example/xq/pull/23/review/27@github.com>",
            "References": "<example/xq/pull/23@github.com>",
        },
        ("GitHub", "ritar", "https://github.com/example/xq/pull/23"),
    ),
    "a GitHub advisory, assumed": (
        {**GITHUB, "message_id": "<example/xq/security/advisories/GHSA-aaaa-bbbb-cccc@github.com>"},
        ("GitHub", "ritar", "https://github.com/example/xq/security/advisories/GHSA-aaaa-bbbb-cccc"),
    ),
    "a GitHub notice without a thread": (
        {**GITHUB, "message_id": "<x@y.example>", "X_GitHub_Sender": ""},
        ("GitHub", "", "the link in the notice"),
    ),
    "a GitLab comment": (
        {
            "sender": "Rita Reed <gitlab@mg.gitlab.com>",
            "Reply_To": "GitLab / Example / xq <incoming+24ad322d@incoming.gitlab.com>",
            **GITLAB,
        },
        ("GitLab", "Rita Reed", "https://gitlab.com/example/xq/-/issues/679"),
    ),
    "GitLab itself": (
        {"sender": "GitLab <gitlab@mg.gitlab.com>", "Reply_To": "noreply@gitlab.com", **AUTO},
        ("GitLab", "GitLab", "the link in the notice"),
    ),
    "another GitLab": (
        {"sender": "Tim (@tim) <gitlab@gitlab.project.example>", **GITLAB},
        ("GitLab", "Tim (@tim)", "https://gitlab.project.example/example/xq/-/issues/679"),
    ),
    "a Launchpad comment": (
        {
            "sender": "Rita Reed <1902470@bugs.launchpad.net>",
            "X_Launchpad_Bug_Reporter": "Tim (tim)",
            "X_Launchpad_Bug_Modifier": "Rita Reed (ritar)",
            **BUG,
        },
        ("Launchpad", "ritar", "https://bugs.launchpad.net/bugs/1902470"),
    ),
    "a new Launchpad bug": (
        {"sender": "Tim <1881249@bugs.launchpad.net>", "X_Launchpad_Bug_Reporter": "Tim Tall (tim)", **BUG},
        ("Launchpad", "tim", "https://bugs.launchpad.net/bugs/1881249"),
    ),
    "a Launchpad reporter with accents": (
        {
            "sender": "Zoe <1881250@bugs.launchpad.net>",
            "X_Launchpad_Bug_Reporter": "=?utf-8?q?Zo=C3=AB_Zan_=28zoe=29?=",
            **BUG,
        },
        ("Launchpad", "zoe", "https://bugs.launchpad.net/bugs/1881250"),
    ),
    "VINCE": ({"sender": "VINCE <cert+donotreply@cert.org>"}, ("VINCE", "", "https://kb.cert.org/vince")),
    "HackerOne": (
        {"sender": "HackerOne <no-reply@hackerone.com>"},
        ("HackerOne", "", "https://hackerone.com"),
    ),
    "Intigriti": (
        {"sender": "Intigriti <noreply@intigriti.com>"},
        ("Intigriti", "", "https://app.intigriti.com"),
    ),
    "Jira of a foundation": (
        {
            "sender": '"Rita Reed (Jira)" <jira@foundation.example>',
            **JIRA,
        },
        ("Jira", "Rita Reed", "the issue's page"),
    ),
    "a GitLab of one's own that says noreply": (
        {"sender": "Tim (@tim) <noreply@gitlab.project.example>", **GITLAB},
        ("GitLab", "Tim (@tim)", "https://gitlab.project.example/example/xq/-/issues/679"),
    ),
    "a GitLab merge request": (
        {
            "sender": "Tim (@tim) <gitlab@mg.gitlab.com>",
            "X_GitLab_Project_Path": "example/xq",
            "X_GitLab_MergeRequest_IID": "12",
        },
        ("GitLab", "Tim (@tim)", "https://gitlab.com/example/xq/-/merge_requests/12"),
    ),
    "Jira in the cloud": (
        {
            "sender": '"Rita Reed (Jira)" <jira@example.atlassian.net>',
            "Reply_To": "jira@example.atlassian.net",
            **JIRA,
        },
        ("Jira", "Rita Reed", "the issue's page"),
    ),
    "Atlassian's own Jira": (
        {"sender": '"Rita Reed (JIRA)" <jira@atlassian.com>', **JIRA, **AUTO},
        ("Jira", "Rita Reed", "the issue's page"),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_notice_says_who_wrote_and_where_to_answer(name: str) -> None:
    """Platform, handle and place, from its own header fields."""
    fields, known = SHAPES[name]
    seen = facts(mails.plain(**fields))
    assert seen.author is not None
    found = elsewhere(seen.headers, seen.author.address)
    assert found is not None
    assert (found.platform, found.handle, found.at) == known


@pytest.mark.parametrize("name", SHAPES)
def test_nobody_is_answered_at_a_platforms_address(name: str) -> None:
    """No receipt by itself, whatever speaks for the report; the address counts as one that nobody reads."""
    fields, _ = SHAPES[name]
    raw = mails.plain(subject="Overflow in the xqparser", **fields)
    seen = facts(raw)
    assert seen.author is not None
    assert answers_nobody(seen.author.address, PHRASES)
    assert letters(arrived(raw), LetterKind.RECEIPT) == []


@pytest.mark.parametrize("name", SHAPES)
def test_a_platforms_address_lets_nobody_into_a_case(name: str) -> None:
    """Everybody there writes from it: a strangers' notice that names the case number does not join."""
    fields, _ = SHAPES[name]
    raw = mails.plain(subject="Re: [EX-222222] Overflow", **fields)
    seen = facts(raw)
    assert seen.author is not None
    known = MailCandidates("EX-777777", by_tag=case(reporters=(seen.author.address,)))
    assert arrived(raw, known).thread.case is None


@pytest.mark.parametrize("proof", ["signed", "authenticated", "token"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_members_reply_to_a_platform_stays_with_the_team(name: str, proof: str) -> None:
    """No letter goes to the platform, no promise is met; the member is told where such answers go."""
    seen = facts(mails.plain(**SHAPES[name][0]))
    assert seen.author is not None
    of = case(reporters=(seen.author.address,))
    decision = decided(Way(proof=proof), one=of)
    assert members_answers(decision) == []
    assert met(decision) == []
    owed = {change.recipient for change in decision.changes if isinstance(change, OweLetter)}
    assert owed <= TEAM | {member.contact for member in POLICY.team.members}
    assert told(decision)[ADDRESS] == "answers-nobody"


ALERT = {**GITHUB, "sender": "GitHub <notifications@github.com>", "X_GitHub_Severity": "high"}
PROVED = f"{MX}; dmarc=pass header.from=github.com"


def test_a_dependency_alert_is_kept_and_opens_no_case() -> None:
    """It tells of a weakness in what the project uses; a person who releases it makes it a case."""
    raw = mails.plain(subject="[example/xq] Overflow", Authentication_Results=PROVED, **ALERT)
    decision = arrived(raw)
    assert verdict(decision) is Verdict.AUTOMATIC
    assert not any(isinstance(change, OpenCase | OweLetter) for change in decision.changes)
    assert verdict(arrived(raw, released=True)) is Verdict.REPORT


@pytest.mark.parametrize(
    "about",
    [
        {"Authentication_Results": f"{MX}; dmarc=fail header.from=github.com"},
        {"Authentication_Results": PROVED, "X_GitHub_Severity": ""},
        {
            "Authentication_Results": PROVED,
            "message_id": "<example/xq/security/advisories/GHSA-a@github.com>",
        },
    ],
    ids=["nobody proved it", "it names no severity", "it is about an advisory of ours"],
)
def test_what_is_not_surely_a_dependency_alert_opens_a_case(about: dict[str, str]) -> None:
    """A report is never taken for one."""
    decision = arrived(mails.plain(subject="Overflow in the xqparser", **{**ALERT, **about}))
    assert any(isinstance(change, OpenCase) for change in decision.changes)


@pytest.mark.parametrize(
    "local",
    [
        "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do.not.reply", "tickets-noreply",
        "alerts+noreply", "cert+donotreply", "noreply-security", "no-reply+abc", "dont-reply", "do_not_respond",
        "noanswer", "NoReply", "reports.noreply", "xnoreply", "not-reply", "reply+abcdef", "comments+1234",
        "nicht-antworten", "keine-antwort", "ne-pas-repondre", "nao-responda", "non-rispondere", "geen-antwoord",
        "svara-ej", "ikke-svar", "nie-odpowiadaj", "noreplies", "autoreply", "automated", "auto-confirm", "notify",
        "alerts", "system-notification", "unmonitored", "bounces+12-ab=x.example", "inbound+1a2b", "replyto+abc",
        "wordpress", "web-form", "contactform", "form-mailer", "httpd", "jira", "bugzilla-daemon", "redmine",
        "monorail+v2.3", "buganizer-system", "gerrit", "contact-project+example-xq-12-issue-", "mailer-daemon",
    ],
)  # fmt: skip
def test_the_general_rule_needs_no_platform(local: str) -> None:
    """Whatever says in its name that nobody reads it, or holds a thread's token, is not answered."""
    assert answers_nobody(f"{local}@forge.example", PHRASES)
    assert letters(arrived(mails.plain(sender=f"{local}@forge.example")), LetterKind.RECEIPT) == []


@pytest.mark.parametrize(
    "address",
    [
        "rita@github.com",
        "rita@hackerone.com",
        "12@launchpad.example",
        "nora@x.example",
        "jira.jones@x.example",
        "rita+security@x.example",
        "support+id12@x.example",
        "nicht.schmidt@x.example",
        "autumn@x.example",
        "automation-lead@x.example",
        "inbound@x.example",
        "formica@x.example",
    ],
)
def test_people_are_no_platforms(address: str) -> None:
    """A platform's own people write from other addresses."""
    assert platform_of(address) == ""
    assert not answers_nobody(address, PHRASES)


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("no-reply@hackerone.com", "Rita requested disclosure of report #271828.\n"),
        ("no-reply@hackerone.com", "> The report has been disclosed.\nNo, it has not.\n"),
        ("1@bugs.launchpad.net", "** Information type changed from Public Security to Private Security\n"),
        ("notifications@github.com", "Please tell me when the advisory will be published.\n"),
        ("notifications@github.com", "published the advisory\n"),
        ("gitlab@mg.gitlab.com", "Rita made the issue confidential\n"),
        ("rita@reporter.example", "The report has been disclosed on HackerOne.\n"),
    ],
)
def test_other_news_of_a_report_does_not_make_it_public(sender: str, text: str) -> None:
    """A request, a question, a quote, the way back; a stranger's comment in public; and what no platform says."""
    assert says_public(facts(mails.plain()).headers, sender, text) == ""


def test_every_platform_can_say_that_a_report_is_public() -> None:
    """A row for each."""
    assert {row.platform for row in DISCLOSED} == {row.name for row in TABLE}


def test_every_row_has_its_address() -> None:
    """The table and the addresses name the same platforms."""
    assert {row.name for row in TABLE} >= {known[0] for _, known in SHAPES.values()}


def test_answered_elsewhere_keeps_the_promises() -> None:
    """As an answer by mail would; without a place it does nothing."""
    where = "https://github.com/example/xq"
    done = answered(Command(Word("answered", where), case(), "team:Anna", "Anna", NOW, POLICY))
    assert sum(isinstance(change, MeetClock) for change in done.changes) == 2
    assert where in done.said
    assert answered(Command(Word("answered", ""), case(), "team:Anna", "Anna", NOW, POLICY)).changes == ()


_ID = "4f1c2a3b-0d9e-4c7a-8b6f-1a2b3c4d5e6f"
LINKED = [
    ("HackerOne <no-reply@hackerone.com>", "https://hackerone.com/reports/1234567", "1234567"),
    ("Bugcrowd <support@bugcrowd.com>", f"https://tracker.bugcrowd.com/example/submissions/{_ID}", _ID),
    (
        "Intigriti <noreply@intigriti.com>",
        f"https://app.intigriti.com/company/submissions/{_ID}/EXAMPLE-E93DFEYK",
        "EXAMPLE-E93DFEYK",
    ),
    ("huntr <notifications@huntr.com>", f"https://huntr.com/bounties/{_ID}/", _ID),
    ("huntr <info@huntr.com>", f"https://huntr.dev/bounties/{_ID}", _ID),
]


@pytest.mark.parametrize(("sender", "link", "report"), LINKED)
def test_the_one_link_to_a_report_in_a_notice_names_it(sender: str, link: str, report: str) -> None:
    """Where its head does not; with links to two reports it names none, as a stranger may have written one."""
    seen = facts(
        mails.plain(sender=sender, subject="New comment", text=f"Somebody wrote. See {link}\n{link}")
    )
    assert seen.author is not None
    found = elsewhere(seen.headers, seen.author.address, seen.text)
    assert found is not None
    assert found.report == report
    assert link.startswith(found.at)
    other = link.replace(report, report.translate(str.maketrans("1234", "4321")))
    found = elsewhere(seen.headers, seen.author.address, f"{link} and {other}")
    assert found is not None
    assert found.report == ""


def test_a_code_of_intigriti_in_the_subject_names_the_report() -> None:
    """As it stands in advisories."""
    seen = facts(mails.plain(sender="noreply@intigriti.com", subject="[XWIKI-E93DFEYK] New message"))
    assert seen.author is not None
    found = elsewhere(seen.headers, seen.author.address)
    assert found is not None
    assert found.report == "XWIKI-E93DFEYK"


def test_a_listing_names_the_person_on_a_platform() -> None:
    """Not the address from which the platform writes for everybody; that stays there for programs."""
    fields, _ = SHAPES["a GitHub comment"]
    found = outside(mails.plain(**fields))
    assert (found["author"], found["from"]) == ("ritar on GitHub", "notifications@github.com")
    assert (
        outside(mails.plain(sender="HackerOne <no-reply@hackerone.com>"))["author"] == "somebody on HackerOne"
    )
    assert outside(mails.plain())["author"] == "rita@reporter.example"


@pytest.mark.parametrize("opener", [True, False])
def test_a_comment_of_the_reporter_on_a_platform_reopens_a_closed_case(opener: bool) -> None:
    """One of somebody else there, such as the team itself, does not."""
    fields, _ = SHAPES["a GitHub comment"]
    closed = case(state=CaseState.CLOSED, reporters=("notifications@github.com",), answered=True)
    known = MailCandidates("EX-777777", by_report=closed, by_opener=opener)
    raw = mails.plain(
        text="It is still there in 2.1.\n",
        Authentication_Results=f"{MX}; dmarc=pass header.from=github.com",
        **fields,
    )
    reopened = [one for one in arrived(raw, known).changes if isinstance(one, CaseReopened)]
    assert bool(reopened) is opener
