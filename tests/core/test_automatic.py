"""Automatic mail: each kind by its proof, and the nearest mail of a person that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.automatic import Automatic, Kind, automatic
from maild.core.mail.mime import parse
from tests.support.phrases import PHRASES

PERSON = "From: Ann <ann@reporters.example>\nTo: security@project.example\nSubject: Delayed code execution\n"
DAEMON = "From: MAILER-DAEMON@mx.example\nSubject: Undelivered mail\n"
REPORT = (
    'Content-Type: multipart/report; report-type={type}; boundary="b"\n\n'
    "--b\n\nWords.\n--b\nContent-Type: message/{part}\n\n{fields}\n--b--\n"
)
EXCHANGE = "Thread-Topic: hello\nThread-Index: " + "A" * 36 + "\n"


def judge(header: str, body: str = "\nText.\n", own: tuple[str, ...] = ()) -> Automatic | None:
    """The verdict on a mail with this *header*; a *body* may begin with more fields."""
    root = parse((header + body).encode()).root
    return automatic(root.headers, root, PHRASES, own)


def kind(header: str, body: str = "\nText.\n", own: tuple[str, ...] = ()) -> Kind | None:
    """The kind alone."""
    found = judge(header, body, own)
    return found.kind if found else None


@pytest.mark.parametrize(
    "subject",
    [
        "Delayed code execution",
        "Out of office replies leak internal addresses",
        "Undeliverable mail shows internal host names",
        "Mail delivery failed: returning message to sender",
        "Automatic reply: loop takes the server down",
    ],
)
def test_a_person_may_write_any_subject(subject: str) -> None:
    """No words make a person's mail automatic, not even those of mail systems."""
    assert (
        kind(f"From: ann@reporters.example\nReturn-Path: <ann@reporters.example>\nSubject: {subject}\n")
        is None
    )


def test_no_words_in_a_body_make_it_automatic() -> None:
    """A report about bounces quotes bounces."""
    body = (
        "\nUser unknown\naccess denied\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1\n"
    )
    assert kind(PERSON, body) is None


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (DAEMON, "\nSorry.\n"),
        (
            "From: Postmaster@mx.example\nReturn-Path: <>\n",
            REPORT.format(type="delivery-status", part="delivery-status", fields="Action: failed\n"),
        ),
        (
            "From: x@mx.example\n",
            REPORT.format(type="x", part="delivery-status", fields="Action: failed\nStatus: 5.1.1\n"),
        ),
        ("From: postmaster@mx.example\nReturn-Path: <>\n", "\nSorry.\n"),
        ("From: Postmaster@mx.example\nX-Failed-Recipients: a@b.example\n", "\nSorry.\n"),
        ("From: Microsoft Outlook <x@mx.example>\nX-MS-Exchange-Message-Is-Ndr: 1\n", "\nSorry.\n"),
        ("From: bounce@mx.example\nReturn-Path: <>\n", "\nSorry.\n"),
    ],
)
def test_bounces_of_all_ages_are_bounces(header: str, body: str) -> None:
    """With a delivery report, from a daemon, or from a mail system with a second sign."""
    assert kind(header, body) is Kind.BOUNCE


@pytest.mark.parametrize(
    ("kind_of_mail", "expected"),
    [("multipart/report", Automatic(Kind.BOUNCE, ("delivery report",))), ("multipart/mixed", None)],
)
def test_a_report_that_names_its_type_needs_no_status(kind_of_mail: str, expected: Automatic | None) -> None:
    """Some gateways take the part for machines away; the type of another multipart says nothing."""
    body = (
        f'Content-Type: {kind_of_mail}; report-type=delivery-status; boundary="b"\n\n--b\n\nSorry.\n--b--\n'
    )
    assert judge(PERSON, body) == expected


@pytest.mark.parametrize("word", ["postmaster", "bounces"])
def test_a_mail_system_s_name_alone_is_no_bounce(word: str) -> None:
    """Postmasters report vulnerabilities too; only the receipt waits for a person."""
    assert (
        kind(f"From: {word}@reporters.example\nReturn-Path: <{word}@reporters.example>\n")
        is Kind.NOTIFICATION
    )


@pytest.mark.parametrize(
    ("author", "subject", "path"),
    [
        ("System Administrator <noreply@mx.example>", "Delivery Failure", "<>"),
        ("gateway@mx.example", "[EXTERNAL] Undeliverable: We received your report", "<>"),
        ("gateway@mx.example", "Your message could not be delivered", "<>"),
        ("gateway@mx.example", "Unzustellbar: Re: Overflow", "<>"),
        ("systemadmin@mx.example", "Delivery Failure", "<systemadmin@mx.example>"),
        ("postmaster@mx.example", "Undeliverable: Re: Overflow", "<postmaster@mx.example>"),
    ],
)
def test_a_bounce_that_only_its_subject_tells_is_one(author: str, subject: str, path: str) -> None:
    """Beside a null return path or a mail system's address; a person who writes the words sends none."""
    assert kind(f"From: {author}\nReturn-Path: {path}\nSubject: {subject}\n") is Kind.BOUNCE
    person = f"From: Ann <ann@reporters.example>\nReturn-Path: <ann@reporters.example>\nSubject: {subject}\n"
    assert kind(person) is None
    more = f"From: {author}\nReturn-Path: {path}\nSubject: Undeliverable mail shows internal host names\n"
    assert kind(more) is not Kind.BOUNCE


def test_a_person_who_passes_a_bounce_on_sends_none() -> None:
    """Wrapped by a gateway or forwarded by a person: who wrote the mail tells."""
    inner = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="i"\n\n--i\n\nSorry.\n--i--\n'
    )
    for how in ("", "Content-Type: message/rfc822\n\n"):
        body = f"\n--b\n\nSee below.\n--b\n{how}{inner}\n--b--\n"
        mixed = 'Subject: Fwd: Undelivered\nContent-Type: multipart/mixed; boundary="b"\n'
        assert kind(f"From: Mia <mia@project.example>\n{mixed}", body) is None
        assert kind(f"From: Mail Delivery System <postmaster@gw.example>\n{mixed}", body) is Kind.BOUNCE
        found = judge(f"From: MAILER-DAEMON@gw.example\n{mixed}", body)
        assert found is not None
        assert found.reasons == ("delivery report in the wrapping of a gateway", "from a mail daemon")


def test_a_report_that_nothing_failed_yet_is_a_delay() -> None:
    """The letter may still arrive."""
    body = REPORT.format(type="delivery-status", part="delivery-status", fields="Action: delayed\n")
    assert kind(DAEMON, body) is Kind.DELAY


@pytest.mark.parametrize(
    "subject", ["Delivery Status Notification (Delay)", "Warning: could not send message for past 4 hours"]
)
def test_a_daemon_s_old_warning_is_a_delay(subject: str) -> None:
    """Mail systems without delivery reports say it in the subject; nobody else is believed."""
    assert kind(f"From: mailer-daemon@mx.example\nSubject: {subject}\n") is Kind.DELAY


def test_a_bounce_of_a_report_about_delays_is_a_bounce() -> None:
    """The returned subject is not what the mail system says."""
    assert kind("From: mailer-daemon@mx.example\nSubject: Undeliverable: Delayed execution\n") is Kind.BOUNCE


def test_a_bounce_behind_blank_lines_is_still_one() -> None:
    """Some programs store a mail with an empty line before its header."""
    assert kind("   \n" + DAEMON) is Kind.BOUNCE


@pytest.mark.parametrize(
    ("report_type", "part", "expected"),
    [
        ("disposition-notification", "disposition-notification", Kind.READ_RECEIPT),
        ("feedback-report", "feedback-report", Kind.FEEDBACK_REPORT),
        ("feedback-report", "whatever", Kind.FEEDBACK_REPORT),
        ("whatever", "feedback-report", Kind.FEEDBACK_REPORT),
        ("tlsrpt", "whatever", Kind.NOTIFICATION),
    ],
)
def test_machine_reports_are_told_apart(report_type: str, part: str, expected: Kind) -> None:
    """RFC 6522 has one envelope for many reports; what it holds decides, or the type that it names."""
    body = REPORT.format(type=report_type, part=part, fields="Disposition: displayed\n")
    assert kind("From: ann@reporters.example\n", body) is expected


@pytest.mark.parametrize(
    "fields",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: Auto-Replied (vacation)\n",
        "X-Autoreply: yes\nPrecedence: bulk\nReturn-Path: <>\n",
        "Precedence: auto_reply\n",
        "X-Auto-Response-Suppress: All\nSubject: Automatic reply: hello\n",
        "X-Auto-Response-Suppress: OOF\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_=3A?= hello\n",
        EXCHANGE + "Subject: Automatiska atbilde: hello\n",
    ],
)
def test_automatic_answers_are_out_of_office(fields: str) -> None:
    """They open no case, so each needs a mark that no person's program leaves."""
    assert kind("From: ann@reporters.example\n" + fields) is Kind.OUT_OF_OFFICE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Auto-Submitted: no\n", None),
        ("X-Autoreply: no\n", None),
        ("Subject: Automatic reply: broken\n", None),
        ("X-Auto-Response-Suppress: None\n", None),
        ("X-Auto-Response-Suppress: All\nSubject: Automatic update runs code\n", Kind.NOTIFICATION),
        (EXCHANGE + "Subject: RE: hello\n", None),
        (EXCHANGE + "Subject: Automatic reply: hello\nIn-Reply-To: <1@a.example>\n", None),
        (EXCHANGE + "Subject: More on this: hello\n", Kind.NOTIFICATION),
    ],
)
def test_the_nearest_other_mail_is_no_automatic_answer(fields: str, expected: Kind | None) -> None:
    """A report about automatic answers, or one with half the marks, still becomes a case."""
    assert kind("From: ann@reporters.example\n" + fields) is expected


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n",
        'Content-Type: multipart/alternative; boundary="b"\n\n--b\n\nHi\n'
        "--b\nContent-Type: text/calendar; method=REQUEST\n\nX\n--b--\n",
        "Content-Class: urn:content-classes:calendarmessage\n\nHi\n",
    ],
)
def test_invitations_are_calendar_mail(body: str) -> None:
    """Their method says that a calendar program speaks."""
    assert kind("From: ann@reporters.example\n", body) is Kind.CALENDAR


@pytest.mark.parametrize(
    ("methods", "reason"),
    [
        (["REQUEST"], "calendar invitation"),
        (["publish"], "calendar invitation"),
        (["REQUEST", "PUBLISH", "ADD"], "calendar invitation"),
        (["REPLY"], "calendar method"),
        (["REQUEST", "REPLY"], "calendar method"),
    ],
)
def test_an_invitation_is_told_from_an_answer_to_one(methods: list[str], reason: str) -> None:
    """It may be somebody's report; whatever else a calendar program says beside it is an answer."""
    parts = "".join(f"--b\nContent-Type: text/calendar; method={one}\n\nX\n" for one in methods)
    body = f'Content-Type: multipart/alternative; boundary="b"\n\n--b\n\nHi\n{parts}--b--\n'
    assert judge(PERSON, body) == Automatic(Kind.CALENDAR, (reason,))


def test_a_report_with_an_attached_calendar_file_is_none() -> None:
    """A crashing calendar file is a proof of concept."""
    body = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nIt crashes.\n'
        "--b\nContent-Type: text/calendar; method=REQUEST\nContent-Disposition: attachment\n\nX\n--b--\n"
    )
    assert kind(PERSON, body) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("List-Id: <users.lists.example>\n", Kind.LIST),
        ("Precedence: list\n", Kind.LIST),
        ("Sender: owner-users@lists.example\n", Kind.LIST),
        ("Precedence: bulk\n", Kind.BULK),
        ("List-Unsubscribe: <https://news.example/u>\n", Kind.BULK),
        ("Return-Path: <x+security=project.example@m.example>\nTo: security@project.example\n", Kind.BULK),
        ("Auto-Submitted: auto-generated\nList-Id: <users.lists.example>\n", Kind.NOTIFICATION),
        ("Auto-Submitted: auto-notified; owner-email=x\n", Kind.NOTIFICATION),
        ("X-Auto-Response-Suppress: DR, AutoReply\n", Kind.NOTIFICATION),
        ("X-FC-Machinegenerated: true\n", Kind.NOTIFICATION),
        ("X-Loop: robot@tracker.example\n", Kind.NOTIFICATION),
        ("Return-Path: <>\n", Kind.NOTIFICATION),
        ("Return-Path: <SRS0=x=t=reporters.example=ann@f.example>\nTo: ann@f.example\n", None),
    ],
)
def test_lists_bulk_and_notifications_are_told_apart(fields: str, expected: Kind | None) -> None:
    """They are screened as any mail; only the receipt is withheld. A forwarder's mark is none of them."""
    assert kind("From: ann@reporters.example\n" + fields) is expected


@pytest.mark.parametrize(
    "local",
    [
        *("noreply", "no-reply", "do_not_reply", "scanner-noreply", "root", "users-request", "majordomo"),
        *("users-subscribe", "users-unsubscribe-ann=x.example", "users+subscribe", "users+owners"),
    ],
)
def test_robots_are_notifications(local: str) -> None:
    """Nobody reads an answer there, but a scanner's report is one."""
    assert kind(f"From: {local}@scanner.example\n") is Kind.NOTIFICATION


@pytest.mark.parametrize(
    "name", ["norep", "bob.root", "nora.reply", "robotics", "daemonette", "subscribe-ann"]
)
def test_people_with_such_names_are_people(name: str) -> None:
    """A part of a name is not the name of a robot."""
    assert kind(f"From: {name}@reporters.example\n") is None


OWN = (
    "From: ann@reporters.example\nReturn-Path: <security-bounces@project.example>\nPrecedence: list\n"
    "Sender: security-bounces@project.example\nList-Post: <mailto:security@project.example>\n"
    "List-Unsubscribe: <mailto:x@project.example>\nX-BeenThere: security@project.example\nX-Loop: x\n"
    "List-Id: The team <security.project.example>\n"
)


@pytest.mark.parametrize(
    "name", ["security@project.example", "security.project.example", " <Security.Project.EXAMPLE>"]
)
def test_the_marks_of_our_own_list_count_for_nothing(name: str) -> None:
    """The list is the desk's transport; who wrote through it is a person."""
    assert kind(OWN, own=(name,)) is None


@pytest.mark.parametrize("name", ["", "project.example", "ecurity@project.example"])
def test_another_list_is_not_ours(name: str) -> None:
    """Part of a name, or none, is not our list."""
    assert kind(OWN, own=(name,)) is Kind.LIST


def test_an_automatic_mail_through_our_own_list_stays_automatic() -> None:
    """Only the marks of the list are forgiven, not those of the author."""
    assert (
        kind(OWN + "Auto-Submitted: auto-replied\n", own=("security@project.example",)) is Kind.OUT_OF_OFFICE
    )


def test_the_reasons_are_fixed_phrases_without_a_word_of_the_mail() -> None:
    """They are shown and stored; the mail is not."""
    found = judge("From: noreply@secret.example\nAuto-Submitted: secret-word\nX-Loop: secret\n")
    assert found is not None
    assert found.reasons == ("auto-submitted", "robot address", "loop mark")


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    """Whatever stands there, there is a verdict."""
    root = parse(raw).root
    automatic(root.headers, root, PHRASES, ("security@project.example",))


def test_reports_about_a_domains_mail_are_machines() -> None:
    """DMARC by the name of its file, TLS by its field or type; what a person attaches is none."""
    mixed = 'From: a@b.example\nContent-Type: multipart/mixed; boundary="b"\n'
    part = "\n--b\n\nSee below.\n--b\nContent-Type: {}\n\nx\n--b--\n"
    dmarc = 'application/gzip; name="google.com!project.example!1772323200!1772409599.xml.gz"'
    assert kind(mixed, part.format(dmarc)) is Kind.FEEDBACK_REPORT
    assert kind(mixed, part.format("application/tlsrpt+gzip")) is Kind.FEEDBACK_REPORT
    assert (
        kind(f"TLS-Report-Domain: project.example\n{mixed}", part.format("text/plain"))
        is Kind.FEEDBACK_REPORT
    )
    assert kind(mixed, part.format('application/gzip; name="wow!.xml.gz"')) is None


def test_read_receipts_of_notes_and_wrapped_ones_are_known() -> None:
    """Notes has no structure for them, and gateways wrap what has; a person's words are neither."""
    said = "\nYour document: Auto: report received\nwas received by: Rita\nat: 02.03.2026\n"
    person = "From: rita@reporter.example\nSubject: {}\n"
    assert kind(person.format("Return Receipt"), said) is Kind.READ_RECEIPT
    assert kind(person.format("Return Receipt") + "X-MIMETrack: Serialize\n") is Kind.READ_RECEIPT
    assert kind(person.format("Return Receipt")) is None
    assert kind(person.format("Return receipt leaks an address"), said) is None
    report = REPORT.format(type="disposition-notification", part="disposition-notification", fields="")
    wrapped = 'Content-Type: multipart/mixed; boundary="w"\n'
    inner = report.replace('"b"', '"i"').replace("--b", "--i")
    assert kind(PERSON + wrapped, f"\n--w\n{inner}\n--w\n\nFrom outside.\n--w--\n") is Kind.READ_RECEIPT


NOTIFIED = "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;a@b.example\n"
MIXED = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nWords.\n--b\n{}\n--b--\n'


def test_a_read_receipt_that_a_gateway_made_plain_is_one() -> None:
    """Beside the notification stands nothing but text; with a file, or where it is one, a person may have written."""
    assert kind(PERSON, MIXED.format(NOTIFIED)) is Kind.READ_RECEIPT
    proof = f"{NOTIFIED}--b\nContent-Type: image/png\n\nx\n"
    assert kind(PERSON, MIXED.format(proof)) is None
    attached = NOTIFIED.replace("\n\n", "\nContent-Disposition: attachment\n\n", 1)
    assert kind(PERSON, MIXED.format(attached)) is None


@pytest.mark.parametrize("begins", ["Read", "Gelesen", "Lu ", "Leído", "Прочитано", "開封済み", "已读"])
def test_a_read_receipt_is_known_by_its_subject_where_a_program_wrote(begins: str) -> None:
    """In many languages; a person may begin a subject so."""
    subject = f"From: ann@reporters.example\nSubject: {begins}: beyond the buffer\n"
    assert kind(f"{subject}Auto-Submitted: auto-replied\n") is Kind.READ_RECEIPT
    assert kind(f"Return-Path: <>\n{subject}") is Kind.READ_RECEIPT
    assert kind(subject) is None


def test_an_answer_to_an_invitation_is_one_beside_a_text() -> None:
    """Only answers: an invitation that stands so may be a file that somebody shows."""
    answer = "Content-Type: text/calendar; method={}\n\nBEGIN:VCALENDAR\n"
    assert kind(PERSON, MIXED.format(answer.format("REPLY"))) is Kind.CALENDAR
    assert kind(PERSON, MIXED.format(answer.format("COUNTER"))) is Kind.CALENDAR
    assert kind(PERSON, MIXED.format(answer.format("REQUEST"))) is None


def test_the_digest_of_a_list_is_the_lists() -> None:
    """By its structure, where a gateway took the list's fields away."""
    assert kind(PERSON, MIXED.replace("multipart/mixed", "multipart/digest").format("\n")) is Kind.LIST


def test_an_emoji_put_on_a_message_is_no_answer() -> None:
    """Gmail sends it as a part of its own beside a text that says so."""
    body = MIXED.replace("mixed", "alternative").format(
        'Content-Type: text/vnd.google.email-reaction+json\n\n{"emoji":"+"}'
    )
    found = judge(PERSON, body)
    assert found == Automatic(Kind.NOTIFICATION, ("reaction to a message",))


RETURNED = (
    "\nIt was undeliverable.\n\nFrom: desk@project.example\nTo: a@b.example\nSubject: x\nMessage-ID: <o@x>\n"
)


@pytest.mark.parametrize(
    ("more", "body", "expected"),
    [
        ("", RETURNED, Kind.BOUNCE),
        ("Reply-To: ann@reporters.example\n", RETURNED, None),
        ("", "\nAnn writes that mail comes back.\n", None),
    ],
)
def test_a_robot_that_returns_a_mail_tells_of_a_bounce(more: str, body: str, expected: Kind | None) -> None:
    """Without a null return path; a form that reports about bounces has somebody who wants an answer."""
    found = judge(
        f"From: no-reply@mailer.example\n{more}Subject: Undelivered Mail Returned to Sender\n", body
    )
    assert found is not None
    assert (found.kind if found.kind is Kind.BOUNCE else None) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            "Report domain: a.example Submitter: mail.example Report-ID: <1@mail.example>",
            Kind.FEEDBACK_REPORT,
        ),
        ("Dmarc Aggregate Report Domain: {a.example} Submitter: {Mail} Date: {x}", Kind.FEEDBACK_REPORT),
        ("[EXTERNAL] Report Domain: a.example Submitter: mail.example", Kind.FEEDBACK_REPORT),
        ("Report domain takeover of a.example by a submitter: steps", None),
    ],
)
def test_a_report_on_a_domain_is_known_by_its_subject(subject: str, expected: Kind | None) -> None:
    """Whatever its file is called (RFC 7489 §7.2.1.1)."""
    part = "\n--b\nContent-Type: application/gzip; name=report.gz\n\nx\n--b--\n"
    head = f'From: ann@mail.example\nSubject: {subject}\nContent-Type: multipart/mixed; boundary="b"\n'
    assert kind(head, part) is expected


SEEN_BY = [
    ("", None, ()),
    ("Auto-Submitted: auto-replied\n", Kind.OUT_OF_OFFICE, ("auto-submitted: auto-replied",)),
    ("X-Autoreply: yes\n", Kind.OUT_OF_OFFICE, ("marked as automatic answer",)),
    ("X-Autoreply: no\nX-Vacation: 1\n", Kind.OUT_OF_OFFICE, ("marked as automatic answer",)),
    ("Precedence: auto_reply\n", Kind.OUT_OF_OFFICE, ("precedence of an automatic answer",)),
    (
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n",
        Kind.OUT_OF_OFFICE,
        ("written by a mailbox rule",),
    ),
    ("Auto-Submitted: auto-generated\n", Kind.NOTIFICATION, ("auto-submitted",)),
    ("X-FC-Machinegenerated: true\n", Kind.NOTIFICATION, ("machine generated",)),
    ("X-Auto-Response-Suppress: OOF\n", Kind.NOTIFICATION, ("asks for no automatic answer",)),
    ("Return-Path: <>\nX-Loop: x\n", Kind.NOTIFICATION, ("null return path", "loop mark")),
    (
        "Precedence: junk\nList-Unsubscribe: <https://x.example>\n",
        Kind.BULK,
        ("precedence bulk or junk", "unsubscribe header"),
    ),
    (
        "Return-Path: <x+security=project.example@m.example>\n",
        Kind.BULK,
        ("return path made for this recipient",),
    ),
    ("X-Loop: x\nPrecedence: bulk\n", Kind.BULK, ("precedence bulk or junk",)),
    ("Return-Path: <>\nPrecedence: bulk\n", Kind.NOTIFICATION, ("null return path",)),
    ("Auto-Submitted: no\nContent-Class: urn:x:calendarmessage\n", Kind.CALENDAR, ("calendar message",)),
]
"""Fields beside a person's own, the kind of mail that they make, and what it was seen by."""


@pytest.mark.parametrize(("fields", "kind", "reasons"), SEEN_BY)
def test_what_a_mail_was_seen_by_is_said(fields: str, kind: Kind | None, reasons: tuple[str, ...]) -> None:
    """Each field alone, and beside another that says something else: the kind, and every reason for it."""
    assert judge(PERSON + fields) == (Automatic(kind, reasons) if kind else None)


@pytest.mark.parametrize(
    ("author", "fields", "reasons"),
    [
        ("MAILER-DAEMON@x.example", "", ("from a mail daemon",)),
        ("postmaster@x.example", "", ()),
        ("postmaster@x.example", "Return-Path: <>\n", ("mail system with a null return path",)),
        (
            "bounces@x.example",
            "X-Failed-Recipients: a@b.example\n",
            ("mail system naming failed recipients",),
        ),
        (
            "daemon@x.example",
            "Return-Path: <>\nFinal-Recipient: a@b.example\n",
            ("mail system with a null return path", "mail system naming failed recipients"),
        ),
        ("ann@x.example", "Return-Path: <>\nX-Failed-Recipients: a@b.example\n", ()),
    ],
)
def test_a_mail_system_needs_a_second_sign(author: str, fields: str, reasons: tuple[str, ...]) -> None:
    """But for a daemon's name, which nobody else has."""
    found = judge(f"From: {author}\nTo: security@project.example\nSubject: Hello\n{fields}")
    assert (found.reasons if found and found.kind is Kind.BOUNCE else ()) == reasons


@pytest.mark.parametrize(
    ("subject", "topic", "index", "more", "seen"),
    [
        ("Out of office: hello", "hello", 34, "", True),
        ("Out of office: hello", "hello", 33, "", False),
        ("Out of office: hello", "hello", 34, "In-Reply-To: <a@x>\n", False),
        ("Out of office: hello", "other", 34, "", False),
        ("Out of office: hello", "", 34, "", False),
        ("Office: hello", "hello", 34, "", False),
        ("Office hours: hello", "hello", 34, "", True),
        ("hello", "hello", 34, "", False),
    ],
)
def test_an_answer_under_a_prefix_of_several_words_is_a_programs(
    subject: str, topic: str, index: int, more: str, seen: bool
) -> None:
    """Where Exchange says that it answers its topic, and names no message that a person answered."""
    head = (
        f"From: ann@x.example\nSubject: {subject}\nThread-Topic: {topic}\nThread-Index: {'A' * index}\n{more}"
    )
    assert (judge(head) is not None) is seen


@pytest.mark.parametrize("mark", ["X-Loop: x", "Precedence: bulk", "List-Unsubscribe: <https://x.example>"])
def test_marks_of_our_own_list_are_none_of_the_author(mark: str) -> None:
    """The list that carries the desk's mail writes them onto everybody's."""
    head = f"{PERSON}List-Id: <security.project.example>\n{mark}\n"
    assert judge(head, own=("security.project.example",)) is None
    assert judge(head) is not None
