"""Why a server is not reached is told in the same words for IMAP and for SMTP."""

import socket

import pytest

from maild.errors import TemporaryError
from maild.gateways.imap import ImapAccount
from maild.gateways.imap.connection import open_connection
from maild.gateways.smtp import SmtpAccount, check
from maild.gateways.tls import Tls
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.smtpsink import SmtpSink, running


def imap(host: str, port: int, tls: Tls, ca_file: str) -> str:
    """What is told when IMAP fails."""
    with pytest.raises(TemporaryError) as told:
        open_connection(ImapAccount(host, port, tls, ca_file, "x", "y", timeout=1.0))
    return str(told.value)


async def smtp(host: str, port: int, tls: Tls, ca_file: str) -> str:
    """What is told when SMTP fails."""
    with pytest.raises(TemporaryError) as told:
        await check(SmtpAccount(host, port, tls, ca_file, timeout=1.0))
    return str(told.value)


NOT_THERE = [
    ("no.such.invalid", "the name does not resolve; check host"),
    ("localhost", "connection refused on port 1; check host and port"),
]


@pytest.mark.parametrize(("host", "words"), NOT_THERE)
def test_a_name_and_a_closed_port_at_imap(host: str, words: str, certificate: Certificate) -> None:
    """Which of the two it is, and what to look at."""
    assert words in imap(host, 1, "implicit", str(certificate.cert))


@pytest.mark.parametrize(("host", "words"), NOT_THERE)
async def test_a_name_and_a_closed_port_at_smtp(host: str, words: str, certificate: Certificate) -> None:
    """The same words at SMTP."""
    assert words in await smtp(host, 1, "starttls", str(certificate.cert))


async def test_a_name_with_several_addresses_at_smtp(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused at each of them is refused: here 127.0.0.1 and 127.0.0.2."""
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", 1)) for n in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_known: both)
    assert NOT_THERE[1][1] in await smtp("localhost", 1, "starttls", str(certificate.cert))


@pytest.mark.dovecot
def test_tls_of_the_wrong_kind_at_imap(inbox: User) -> None:
    """A server that speaks STARTTLS, and one that begins with TLS, are told apart by what to set."""
    server = inbox.server
    ca = str(server.certificate.cert)
    assert "speaks STARTTLS" in imap("localhost", server.imap, "implicit", ca)
    assert 'set tls = "implicit"' in imap("localhost", server.imaps, "starttls", ca)


@pytest.mark.parametrize(
    ("theirs", "ours", "words"),
    [
        ("starttls", "implicit", "speaks STARTTLS on port {}"),
        ("none", "implicit", 'set tls = "starttls"'),
        ("implicit", "starttls", 'set tls = "implicit"'),
        ("none", "starttls", "does not offer STARTTLS"),
    ],
)
async def test_tls_of_the_wrong_kind_at_smtp(
    theirs: Tls, ours: Tls, words: str, certificate: Certificate
) -> None:
    """The same at SMTP, with the port that was tried."""
    with running(SmtpSink(certificate, tls=theirs)) as sink:
        told = await smtp("localhost", sink.port, ours, str(certificate.cert))
    assert words.format(sink.port) in told


async def test_silence_after_the_greeting_is_no_question_of_tls(
    sink: SmtpSink, certificate: Certificate
) -> None:
    """Whoever greeted speaks the protocol: another kind of TLS is not proposed."""
    sink.always("STARTTLS", "stall")
    told = await smtp("localhost", sink.port, "starttls", str(certificate.cert))
    assert told.endswith("no answer in time")
