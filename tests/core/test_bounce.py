"""Delivery reports: what they say of each recipient, and what came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.bounce import (
    MAX_ATTACHED,
    MAX_NAMED,
    MAX_RECIPIENTS,
    Action,
    DeliveryReport,
    RecipientReport,
    delivery_report,
    enclosed,
    reports_delivery,
    returned_headers,
    unreached,
)
from maild.core.mail.mime import parse
from tests.support.bounded import bounded

ENVELOPE = "Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: letter-7\n"
FAILED = "Final-Recipient: rfc822; <Ann@Reporters.Example>\nAction: failed\nStatus: 5.1.1 (no such user)\n"
RETURNED = "From: desk@project.example\nX-Mark: abc\nSubject: Auto: report received\n\nHello.\n"


def report(
    *groups: str,
    returned: str = RETURNED,
    kind: str = "message/rfc822",
    status: str = "message/delivery-status",
) -> bytes:
    """A delivery report of these groups of fields, returning a mail."""
    body = "\n".join(groups)
    return (
        "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\n\nSorry.\n--b\nContent-Type: {status}\n\n{body}\n"
        f"--b\nContent-Type: {kind}\n\n{returned}\n--b--\n"
    ).encode()


def read(raw: bytes) -> DeliveryReport:
    """The report in *raw*, which must be one."""
    found = delivery_report(parse(raw).root)
    assert found is not None
    return found


def test_a_report_names_each_recipient_with_action_status_and_plain_address() -> None:
    """Type, brackets, case and comments are taken off."""
    assert read(report(ENVELOPE, FAILED)).recipients == (
        RecipientReport(Action.FAILED, "5.1.1", "ann@reporters.example"),
    )


def test_the_envelope_id_comes_from_the_group_about_the_mail() -> None:
    """It is what our letter was sent with."""
    assert read(report(ENVELOPE, FAILED)).envelope_id == "letter-7"


def test_the_original_recipient_is_kept_beside_the_final_one() -> None:
    """A forwarded address fails under another name than we wrote to."""
    fields = (
        "Original-Recipient: rfc822;ann@a.example\nFinal-Recipient: rfc822;ann@b.example\nAction: failed\n"
    )
    found = read(report(ENVELOPE, fields)).recipients[0]
    assert (found.original, found.final) == ("ann@a.example", "ann@b.example")


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ("Action: delayed\nStatus: 4.4.1\n", Action.DELAYED),
        ("Action: Failed (permanent)\n", Action.FAILED),
        ("Action: relayed\n", Action.RELAYED),
        ("Final-Recipient: rfc822;a@b.example\nStatus: 5.0.0\n", Action.FAILED),
        ("Final-Recipient: rfc822;a@b.example\nStatus: 4.2.2\n", Action.DELAYED),
        ("Final-Recipient: rfc822;a@b.example\n", Action.UNKNOWN),
        ("Action: exploded\n", Action.UNKNOWN),
        ("Original-Recipient: rfc822;a@b.example\nStatus: 2.0.0\n", Action.DELIVERED),
    ],
)
def test_the_action_is_the_one_named_or_what_the_status_means(fields: str, action: Action) -> None:
    """RFC 3464 wants an Action; some leave it out, and then the class of the code says it."""
    assert read(report(ENVELOPE, fields)).recipients[0].action is action


def test_one_failure_among_delays_is_a_failure() -> None:
    """A letter that failed for somebody has failed."""
    found = read(report(ENVELOPE, "Action: delayed\n", FAILED))
    assert (found.failed, found.delayed) == (True, False)


def test_a_delay_alone_is_a_delay() -> None:
    """Nothing has failed yet, so nothing must be done yet."""
    found = read(report(ENVELOPE, "Action: delayed\n"))
    assert (found.failed, found.delayed) == (False, True)


def test_a_report_without_a_group_about_the_mail_is_read_too() -> None:
    """Some mail systems begin with the recipient."""
    assert read(report(FAILED)).failed


@pytest.mark.parametrize(
    ("kind", "returned"),
    [
        ("message/rfc822", RETURNED),
        ("message/global", RETURNED),
        ("text/rfc822-headers", RETURNED.partition("\n\n")[0]),
        ("message/global-headers", "\n" + RETURNED.partition("\n\n")[0]),
    ],
)
def test_the_header_of_the_returned_mail_is_read_from_every_form_of_it(kind: str, returned: str) -> None:
    """Whole or headers only, ASCII or international."""
    assert read(report(ENVELOPE, FAILED, kind=kind, returned=returned)).returned.get("X-Mark") == "abc"


def test_international_reports_are_read() -> None:
    """RFC 6533 has its own type for them."""
    assert read(report(ENVELOPE, FAILED, status="message/global-delivery-status")).failed


def test_the_body_of_the_returned_mail_is_not_its_header() -> None:
    """A mark quoted in a body proves nothing."""
    assert not read(report(ENVELOPE, FAILED, returned="From: a@b.example\n\nX-Mark: abc\n")).returned.has(
        "X-Mark"
    )


def test_a_mail_without_a_delivery_report_gives_none() -> None:
    """A person's words about a bounce are no report."""
    assert delivery_report(parse(b"From: a@b.example\n\nAction: failed\nStatus: 5.1.1\n").root) is None


def test_an_old_bounce_gives_the_header_quoted_in_its_text() -> None:
    """Before RFC 3464 the mail was quoted in the text; its header is known by its looks."""
    raw = (
        b"From: MAILER-DAEMON@a.example\n\nI tried.\n\nName: none\n\n--- copy follows\n\n" + RETURNED.encode()
    )
    raw = raw.replace(b"X-Mark", b"To: ann@b.example\nX-Mark")
    found = returned_headers(parse(raw).root)
    assert found is not None
    assert found.get("X-Mark") == "abc"


def test_a_text_without_a_quoted_header_gives_nothing() -> None:
    """One line with a colon is not a header."""
    assert returned_headers(parse(b"From: a@b.example\n\nSubject: hello\n").root) is None
    quoted = "Sorry.\n\nFrom: desk@project.example\n{}Subject: hello\n\nHello.\n"
    assert returned_headers(parse(f"X: y\n\n{quoted.format('')}".encode()).root) is None
    found = returned_headers(parse(f"X: y\n\n{quoted.format('To: ann@b.example' + chr(10))}".encode()).root)
    assert found is not None
    assert [name for name, _ in found.fields] == ["From", "To", "Subject"]


def test_a_flood_of_recipients_is_cut() -> None:
    """The report is hostile mail as any other."""
    assert len(read(report(ENVELOPE, *[FAILED] * 1000)).recipients) == MAX_RECIPIENTS
    assert len(read(report(ENVELOPE, *[FAILED] * MAX_RECIPIENTS)).recipients) == MAX_RECIPIENTS
    assert len(read(report(*[FAILED] * (MAX_RECIPIENTS - 1))).recipients) == MAX_RECIPIENTS - 1


def test_an_endless_name_is_cut() -> None:
    """Of an envelope's id and of an address no more is kept than one can have."""
    long = "x" * 1000
    found = read(report(f"Original-Envelope-Id: {long}\n", f"Final-Recipient: rfc822; {long}@b.example\n"))
    assert (found.envelope_id, found.recipients[0].final) == (long[:100], long[:320])


@pytest.mark.parametrize(("before", "found"), [(0, True), (MAX_ATTACHED - 1, True), (MAX_ATTACHED, False)])
def test_a_report_is_looked_for_in_so_many_attached_mails(before: int, found: bool) -> None:
    """Whoever passes one on with others attaches it early."""
    mail = "--o\nContent-Type: message/rfc822\n\n{}\n"
    others = mail.format("Subject: x\n\nHello.") * before
    inner = report(ENVELOPE, FAILED).decode()
    raw = f'Content-Type: multipart/mixed; boundary="o"\n\n{others}{mail.format(inner)}--o--\n'
    root = parse(raw.encode()).root
    assert (enclosed(root) is not root) is found


def test_a_report_that_somebody_pasted_is_no_report() -> None:
    """Its source in a text is what a person wrote about it."""
    source = report(ENVELOPE, FAILED).decode().replace("--b", "> --b")
    root = parse(f'Content-Type: multipart/mixed; boundary="o"\n\n--o\n\n{source}\n--o--\n'.encode()).root
    assert enclosed(root) is root


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("multipart/report; report-type=delivery-status", True),
        ("multipart/report; report-type=Delivery-Status", True),
        ("multipart/report; report-type=disposition-notification", False),
        ("multipart/report", False),
        ("multipart/mixed; report-type=delivery-status", False),
    ],
)
def test_a_part_says_that_it_is_a_delivery_report(kind: str, wanted: bool) -> None:
    """By its type and by that of the report, both."""
    raw = f"Content-Type: {kind}; boundary=b\n\n--b\n\nSorry.\n--b--\n"
    assert reports_delivery(parse(raw.encode()).root) is wanted


def test_a_bounce_names_whom_it_did_not_reach() -> None:
    """In its report first, under both names, then in its text; each once, and not without end."""
    root = parse(report(ENVELOPE, f"Original-Recipient: rfc822;ann@a.example\n{FAILED}")).root
    text = "Sorry: <ann@a.example>, Bea@B.example. and carl@c.example"
    wanted = ("ann@a.example", "ann@reporters.example", "bea@b.example", "carl@c.example")
    assert unreached(root, text) == wanted
    plain = parse(b"From: MAILER-DAEMON@mx.example\n\nSorry.\n").root
    many = [f"u{number}@b.example" for number in range(MAX_NAMED + 1)]
    assert unreached(plain, " ".join(many)) == tuple(many[:MAX_NAMED])
    assert unreached(root, " ".join(many)) == (*wanted[:2], *many[: MAX_NAMED - 2])
    assert unreached(plain, "") == ()


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(noise: bytes) -> None:
    """Any status part and any returned part give a report."""
    raw = report("NOISE", returned="NOISE").replace(b"NOISE", noise.replace(b"--b", b""))
    found = delivery_report(parse(raw).root)
    assert found is None or isinstance(found.failed, bool)


@pytest.mark.parametrize("filler", [b"\n", b"a:\n", b" ", b"Action: failed\n\n", b"\r\n"])
def test_a_long_report_takes_bounded_work(filler: bytes) -> None:
    """Megabytes of one thing are read in linear time."""
    raw = report("NOISE", returned="NOISE").replace(b"NOISE", filler * (1_000_000 // len(filler)))
    tree = parse(raw)
    with bounded():
        delivery_report(tree.root)
