"""Delivery reports in the shape that Postfix gives them, made from a letter as the SMTP sink got it."""

from email import message_from_bytes

from tests.support.smtpsink import Letter

WORDS = {
    "failed": ("Undelivered Mail Returned to Sender", "5.1.1", "550 5.1.1 no such user"),
    "delayed": ("Delayed Mail (still being retried)", "4.4.1", "connect to mx.reporter.example: timed out"),
}


def postfix(
    letter: Letter,
    action: str = "failed",
    to: str = "",
    envelope_id: str | None = None,
    returned: str | None = None,
) -> bytes:
    """What the server says of *letter* to its envelope sender.

    *to*, *envelope_id* and *returned* (header lines) replace what the letter really had; empty leaves it out.
    """
    subject, status, text = WORDS[action]
    given = next((word[6:] for word in letter.options if word.startswith("ENVID=")), "")
    head = str(message_from_bytes(letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")).strip()
    envelope = given if envelope_id is None else envelope_id
    lines = [
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.project.example (Mail Delivery System)",
        f"Subject: {subject}",
        f"To: {to or letter.envelope_from}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="4bQ.17/mx.project.example"',
        f"Message-Id: <20260302093100.{abs(hash((action, to, envelope, returned)))}@mx.project.example>",
        "",
        "This is a MIME-encapsulated message.",
        "",
        "--4bQ.17/mx.project.example",
        "Content-Description: Notification",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"<{letter.recipients[0]}>: {text}",
        "",
        "--4bQ.17/mx.project.example",
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.project.example",
        *([f"Original-Envelope-Id: {envelope}"] if envelope else []),
        "X-Postfix-Queue-ID: 4bQ17",
        "Arrival-Date: Mon,  2 Mar 2026 09:30:00 +0000 (UTC)",
        "",
        f"Final-Recipient: rfc822; {letter.recipients[0]}",
        f"Original-Recipient: rfc822;{letter.recipients[0]}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {text}",
        "",
        "--4bQ.17/mx.project.example",
        "Content-Description: Undelivered Message Headers",
        "Content-Type: text/rfc822-headers",
        "",
        head if returned is None else returned,
        "",
        "--4bQ.17/mx.project.example--",
    ]
    return "\r\n".join("\r\n".join(lines).splitlines()).encode() + b"\r\n"
