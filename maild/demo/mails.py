"""The mails of the demo's story, as their senders' programs would write them."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP
from email.utils import format_datetime

from maild.demo.keys import Keys

DESK = "Heron security <security@heron.example>"
ANA = "Ana Acosta <ana@heron.example>"
RITA = "Rita Reed <rita@reed.example>"
BO = "Bo Berg <bo@berg.example>"
PRIYA = "Priya Pillai <priya@pillai.example>"

RITAS = "<overflow@reed.example>"
BOS = "<sealed@berg.example>"

SECRETS = ("FEATHER-OFFSET", "NEST-BYPASS", "BEAK-ESCAPE")
"""A word of each report that no letter of maild may hold."""


def old(at: datetime) -> bytes:
    """What stood in the mailbox before maild ever ran."""
    text = "A month ago I sent you a note about the installer. Is there any news?\n"
    return _plain("Otto Old <otto@old.example>", DESK, "The installer", text, at, "<old@old.example>")


def overflow(at: datetime) -> bytes:
    """A report in clear."""
    text = (
        f"The PNG reader trusts the length of the palette. See {SECRETS[0]} in the attached steps:\n"
        "a file of 40 bytes writes past the heap buffer. Version 4.2, all systems.\n"
    )
    subject = "Heap buffer overflow in the PNG reader of Heron 4.2"
    return _plain(RITA, DESK, subject, text, at, RITAS)


def away(at: datetime, receipt: str) -> bytes:
    """The reporter's mailbox answers our *receipt* (a Message-ID) while she travels."""
    mail = _mail(RITA, DESK, "Out of office: Auto: report received", at, "<away@reed.example>", receipt)
    mail["Auto-Submitted"] = "auto-replied"  # RFC 3834 §5
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content("I am travelling and will read my mail on Monday.\n")
    return mail.as_bytes()


def sealed(at: datetime, keys: Keys) -> bytes:
    """An encrypted report; what it is about stands inside only."""
    text = f"Any password is accepted after the login was cancelled twice ({SECRETS[1]}).\n"
    inside = _entity("Authentication bypass in the web console", text)
    return _sealed(BO, DESK, at, BOS, keys.seal(inside, at, keys.desk))


def spam(at: datetime) -> bytes:
    """What every published address gets."""
    text = "Dear webmaster, we place links to your website on 300 partner blogs.\n"
    subject = "Guest post and SEO backlinks for your website, 50% discount this week only"
    return _plain("Growth Team <sales@links.example>", DESK, subject, text, at, "<sale@links.example>")


def escape(at: datetime) -> bytes:
    """The report that nobody on the team will answer."""
    text = f"An archive with a crafted name ({SECRETS[2]}) writes outside of the target folder.\n"
    subject = "Path traversal when Heron unpacks an archive"
    return _plain(PRIYA, DESK, subject, text, at, "<escape@pillai.example>")


def answer(at: datetime) -> bytes:
    """A person's answer from the desk's own account: it stands in Sent, and that proves its author."""
    text = "Thank you, we can reproduce this. A fix is being written; we will tell you its date.\n"
    subject = "Re: Heap buffer overflow in the PNG reader of Heron 4.2"
    return _plain(DESK, RITA, subject, text, at, "<answer@heron.example>", RITAS)


def sealed_answer(at: datetime, keys: Keys, case: str) -> bytes:
    """A member's answer from her own account, encrypted, signed with the *case* in it, the desk in Cc."""
    subject = f"Re: Authentication bypass [{case}]"
    inside = _entity(subject, "Thank you, this is confirmed. May we name you?\n")
    ciphertext = keys.seal(inside, at, keys.reporter, keys.desk, signer=keys.member)
    return _sealed(ANA, BO, at, "<sealed-answer@heron.example>", ciphertext, BOS, DESK)


def _mail(sender: str, to: str, subject: str, at: datetime, name: str, answers: str = "") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(at - timedelta(seconds=5)), name
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    return mail


def _plain(
    sender: str, to: str, subject: str, text: str, at: datetime, name: str, answers: str = ""
) -> bytes:
    mail = _mail(sender, to, subject, at, name, answers)
    mail.set_content(text)
    return mail.as_bytes()


def _entity(subject: str, text: str) -> bytes:
    """What is to be sealed: a MIME entity that carries the real subject with it."""
    inside = EmailMessage(policy=SMTP)
    inside["Subject"] = subject
    inside.set_content(text)
    inside.set_param("protected-headers", "v1")
    return inside.as_bytes()


def _sealed(
    sender: str, to: str, at: datetime, name: str, ciphertext: bytes, answers: str = "", copy: str = ""
) -> bytes:
    """PGP/MIME (RFC 3156 §4)."""
    mail = MIMEMultipart("encrypted", protocol="application/pgp-encrypted", policy=SMTP)
    for field, value in _mail(sender, to, "...", at, name, answers).items():
        mail[field] = value
    if copy:
        mail["Cc"] = copy
    mail.attach(MIMEApplication(b"Version: 1\r\n", "pgp-encrypted", _as_is))
    mail.attach(MIMEApplication(ciphertext, "octet-stream", _as_is, name="encrypted.asc"))
    return mail.as_bytes(policy=SMTP)


def _as_is(_part: MIMEApplication) -> None:
    """Armor needs no transfer encoding."""
