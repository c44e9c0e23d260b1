"""Reports of machines that are known by a phrase or a file name only."""

import pytest

from maild.core.mail.machines import policy_report, read_receipt
from maild.core.mail.mime import Part, parse
from tests.support.phrases import PHRASES

NOTED = "message/disposition-notification"


def within(*kinds: str) -> str:
    """The head and body of a mixed mail with parts of these kinds."""
    body = "".join(f"--b\r\nContent-Type: {kind}\r\n\r\nx\r\n" for kind in kinds)
    return f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{body}--b--\r\n"


def root(subject: str, rest: str = "\r\nx") -> Part:
    """A mail with this subject."""
    return parse(f"Subject: {subject}\r\n{rest}".encode()).root


@pytest.mark.parametrize(
    ("mail", "by_program", "receipt"),
    [
        (root("Read: Overflow"), True, True),
        (root("READ : Overflow"), True, True),
        (root("Gelesen: Overflow"), True, True),
        (root("Read: Overflow"), False, False),
        (root("Read Overflow"), True, False),
        (root("Read"), True, False),
        (root("Overflow: read"), True, False),
        (root("x", within("text/plain", NOTED)), False, True),
        (root("x", within("text/plain", "text/html", "text/rfc822-headers", NOTED)), False, True),
        (root("x", within("text/plain", "message/global-disposition-notification")), False, True),
        (root("x", within("text/plain", "text/rfc822-headers")), False, False),
        (root("x", within("text/plain", "image/png", NOTED)), False, False),
        (root("x", within("text/plain", NOTED).replace("mixed", "related")), False, False),
        (root("Return receipt", "X-Notes-Item: x\r\n\r\nx"), False, True),
        (root("Return receipt", "\r\nYour document: x\r\nwas received by:\r\nRita"), False, True),
        (root("Return receipt"), False, False),
        (root("Return receipt of x", "X-Notes-Item: x\r\n\r\nx"), False, False),
    ],
)
def test_a_read_receipt_without_its_structure_is_known(mail: Part, by_program: bool, receipt: bool) -> None:
    """By its parts, by what Notes writes, or by its subject where no person wrote it."""
    assert bool(read_receipt(mail.headers, mail, PHRASES, by_program)) is receipt


@pytest.mark.parametrize(
    ("mail", "report"),
    [
        (root("x", "TLS-Report-Domain: example.org\r\n\r\nx"), "TLS report"),
        (root("x", within("text/plain", "application/tlsrpt+gzip")), "TLS report"),
        (
            root("x", within("text/plain", "application/gzip; name=a!b!1700000000!1700086399.xml.gz")),
            "DMARC report",
        ),
        (
            root("Report domain: example.org Submitter: a", within("application/zip; name=r.zip")),
            "DMARC report",
        ),
        (root("Report domain: example.org Submitter: a"), ""),
        (root("x", within("application/zip; name=r.zip")), ""),
    ],
)
def test_a_report_on_a_domains_mail_is_known(mail: Part, report: str) -> None:
    """By its header, its type or the name of its file (RFC 7489 §7.2.1.1, RFC 8460)."""
    assert policy_report(mail.headers, mail) == report
