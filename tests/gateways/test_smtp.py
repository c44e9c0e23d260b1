"""The SMTP gateway against a real server that misbehaves on demand."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from maild.errors import PermanentError, TemporaryError
from maild.gateways.smtp import Outcome, SmtpAccount, check, send
from tests.support import mails
from tests.support.certificate import Certificate, make_certificate
from tests.support.smtpsink import DROP, STALL, SmtpSink, running

DESK = "security@project.example"
RITA = "rita@reporter.example"
LETTER = mails.plain(
    subject="Received", text="We have your report.\n.a line with a dot\n", sender=DESK, to=RITA
)


@pytest.fixture
def account(sink: SmtpSink, certificate: Certificate) -> SmtpAccount:
    return _account(sink, certificate)


def _account(sink: SmtpSink, certificate: Certificate, **changes: object) -> SmtpAccount:
    known = {"host": "localhost", "port": sink.port, "tls": "starttls", "ca_file": str(certificate.cert)}
    login = {"username": "desk", "password": "sesame", "timeout": 2.0}
    return SmtpAccount(**(known | login | changes))


async def _send(account: SmtpAccount, *recipients: str, raw: bytes = LETTER) -> Outcome:
    return await send(account, DESK, recipients or (RITA,), raw)


async def test_a_letter_arrives_byte_by_byte_over_tls_after_a_login(
    sink: SmtpSink, account: SmtpAccount
) -> None:
    """An accepted letter is at the server exactly as given, sent encrypted and logged in, and is "sent"."""
    outcome = await _send(account)
    (letter,) = sink.letters
    assert (outcome.kind, outcome.code, outcome.refused) == ("sent", 250, ())
    assert letter.raw == LETTER
    assert (letter.envelope_from, letter.recipients) == (DESK, (RITA,))
    assert letter.tls
    assert letter.login == "desk"


@pytest.mark.parametrize("tls", ["implicit", "none"])
async def test_the_other_two_ways_of_connecting_work(certificate: Certificate, tls: str) -> None:
    """TLS from the first byte, and no TLS where the account says so, both deliver."""
    with running(SmtpSink(certificate, tls=tls)) as sink:
        outcome = await _send(_account(sink, certificate, tls=tls, username=""))
        assert outcome.kind == "sent"
        assert sink.letters[0].tls == (tls == "implicit")


@pytest.mark.parametrize(
    ("stage", "answer", "kind", "reached"),
    [
        ("CONNECT", "421 4.3.2 closing", "temporary", "connect"),
        ("CONNECT", "554 5.3.2 no service", "temporary", "connect"),
        ("EHLO", "451 4.3.0 later", "temporary", "connect"),
        ("STARTTLS", "454 4.3.3 TLS not available", "temporary", "tls"),
        ("AUTH", "454 4.7.0 later", "temporary", "login"),
        ("AUTH", "535 5.7.8 wrong", "temporary", "login"),
        ("MAIL", "451 4.3.0 later", "temporary", "mail"),
        ("MAIL", "530 5.7.0 log in first", "temporary", "mail"),
        ("MAIL", "550 5.7.1 not you", "permanent", "mail"),
        ("RCPT", "451 4.7.1 greylisted", "temporary", "rcpt"),
        ("RCPT", "550 5.1.1 nobody", "permanent", "rcpt"),
        ("DATA", "452 4.3.1 full", "temporary", "data"),
        ("DATA", "554 5.5.1 no", "permanent", "data"),
        ("DOT", "452 4.3.1 full", "temporary", "data"),
        ("DOT", "421 4.3.2 closing", "temporary", "data"),
        ("DOT", "552 5.3.4 too big", "permanent", "data"),
    ],
)
async def test_a_refusal_counts_by_its_class_and_stage(
    sink: SmtpSink, account: SmtpAccount, stage: str, answer: str, kind: str, reached: str
) -> None:
    """4xx is temporary, 5xx about the letter permanent, 5xx about our account or the host temporary."""
    sink.always(stage, answer)
    outcome = await _send(account)
    assert (outcome.kind, outcome.stage, outcome.code) == (kind, reached, int(answer[:3]))
    assert sink.letters == []


@pytest.mark.parametrize("how", [DROP, STALL])
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"])
async def test_silence_before_the_letter_is_temporary(
    sink: SmtpSink, account: SmtpAccount, stage: str, how: str
) -> None:
    """A connection lost or stalled before the letter is written leaves nothing at the server."""
    sink.always(stage, how)
    outcome = await _send(replace(account, timeout=0.2))
    assert outcome.kind == "temporary"


@pytest.mark.parametrize("how", [DROP, STALL])
async def test_a_letter_cut_off_before_its_dot_is_temporary(
    sink: SmtpSink, account: SmtpAccount, how: str
) -> None:
    """While the dot was not written the server cannot have the letter, however much of it it has."""
    sink.always("TEXT", how)
    outcome = await _send(replace(account, timeout=0.5), raw=mails.of_size(30_000_000))
    assert (outcome.kind, outcome.stage) == ("temporary", "data")


@pytest.mark.parametrize("how", [DROP, STALL])
async def test_silence_after_the_dot_is_unknown(sink: SmtpSink, account: SmtpAccount, how: str) -> None:
    """Lost or stalled after the final dot, the server may have the letter: here it does."""
    sink.always("DOT", how)
    outcome = await _send(replace(account, timeout=0.2))
    assert (outcome.kind, outcome.stage) == ("unknown", "data")
    assert len(sink.letters) == 1


async def test_nonsense_after_the_dot_is_unknown(sink: SmtpSink, account: SmtpAccount) -> None:
    """An answer to the dot that is no SMTP reply does not count as a refusal."""
    sink.always("DOT", "well, perhaps")
    assert (await _send(account)).kind == "unknown"


async def test_refused_among_accepted_recipients_are_named(sink: SmtpSink, account: SmtpAccount) -> None:
    """A letter taken for some is sent, with those left out, and which of them may be tried again."""
    sink.always("RCPT gone@reporter.example", "550 5.1.1 nobody")
    sink.always("RCPT full@reporter.example", "452 4.2.2 full")
    outcome = await _send(account, "gone@reporter.example", RITA, "full@reporter.example")
    assert outcome.kind == "sent"
    assert outcome.refused == ("gone@reporter.example", "full@reporter.example")
    assert outcome.deferred == ("full@reporter.example",)
    assert sink.letters[0].recipients == (RITA,)


async def test_all_refused_is_temporary_while_one_may_come_round(
    sink: SmtpSink, account: SmtpAccount
) -> None:
    """When nobody was accepted but one refusal is temporary, the letter may be tried again."""
    sink.always("RCPT", "550 5.1.1 nobody")
    sink.always("RCPT full@reporter.example", "452 4.2.2 full")
    outcome = await _send(account, RITA, "full@reporter.example")
    assert (outcome.kind, outcome.code) == ("temporary", 452)


async def test_without_starttls_nothing_is_sent(certificate: Certificate) -> None:
    """A server whose STARTTLS was stripped gets neither credentials nor mail."""
    with running(SmtpSink(certificate, tls="none")) as sink:
        outcome = await _send(_account(sink, certificate))
        assert (outcome.kind, outcome.stage) == ("temporary", "tls")
        assert "STARTTLS" in outcome.text
        assert set(sink.commands) == {"EHLO"}


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("fault", ["authority", "name"])
async def test_a_wrong_certificate_gets_nothing(
    certificate: Certificate, tmp_path: Path, tls: str, fault: str
) -> None:
    """A certificate of an unknown authority or another host ends the talk before login and mail."""
    other = make_certificate(tmp_path, "DNS:elsewhere.example")
    with running(SmtpSink(other, tls=tls, users={"desk": "sesame"})) as sink:
        trusted = certificate if fault == "authority" else other
        outcome = await _send(_account(sink, trusted, tls=tls))
        assert (outcome.kind, outcome.stage) == ("temporary", "tls")
        assert "certificate refused" in outcome.text
        assert not {"AUTH", "MAIL"} & set(sink.commands)


async def test_a_refused_login_is_temporary_and_keeps_the_password_to_itself(
    sink: SmtpSink, account: SmtpAccount
) -> None:
    """A wrong password may be mended: the letter waits, and no text holds the password."""
    outcome = await _send(replace(account, password=lambda: "wrong-word"))
    assert (outcome.kind, outcome.stage, outcome.code) == ("temporary", "login", 535)
    assert "wrong-word" not in repr(outcome) + repr(replace(account, password="wrong-word"))


@pytest.mark.parametrize("offered", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize(
    ("answer", "kind"), [("235 2.7.0 come in", "sent"), ("535 5.7.8 expired", "temporary")]
)
async def test_a_token_logs_in(certificate: Certificate, answer: str, kind: str, offered: str) -> None:
    """With a token XOAUTH2 or OAUTHBEARER is used; refused, the letter waits for the next token."""
    with running(SmtpSink(certificate)) as sink:
        sink.offered = offered
        sink.always("AUTH", answer)
        outcome = await _send(_account(sink, certificate, token=lambda: "t0ken"))
        assert (outcome.kind, sink.commands.count("AUTH")) == (kind, 1)
        assert "t0ken" not in repr(outcome)


async def test_a_token_that_was_renewed_meanwhile_is_read_again(certificate: Certificate) -> None:
    """The server refuses the one that was read first, and the letter goes with the next."""
    tokens = iter(["expired", "t0ken"])
    with running(SmtpSink(certificate)) as sink:
        sink.offered = "XOAUTH2"
        sink.answer("AUTH", "535 5.7.8 expired", "235 2.7.0 come in")
        outcome = await _send(_account(sink, certificate, token=lambda: next(tokens)))
        assert (outcome.kind, sink.commands.count("AUTH"), len(sink.letters)) == ("sent", 2, 1)


async def test_a_server_without_tokens_says_so(sink: SmtpSink, account: SmtpAccount) -> None:
    """Nothing is tried, and no password is to blame."""
    outcome = await _send(replace(account, token="t0ken"))
    assert outcome.kind == "temporary"
    assert "neither XOAUTH2 nor OAUTHBEARER" in outcome.text
    assert "AUTH" not in sink.commands


async def test_letters_beyond_ascii_in_an_address_need_smtputf8(certificate: Certificate) -> None:
    """Without SMTPUTF8 such an address is a permanent refusal with a reason; with it the letter goes."""
    with running(SmtpSink(certificate, tls="none", smtputf8=False)) as old:
        outcome = await _send(_account(old, certificate, tls="none", username=""), "jürgen@reporter.example")
        assert (outcome.kind, outcome.stage) == ("permanent", "rcpt")
        assert "SMTPUTF8" in outcome.text
        assert "MAIL" not in old.commands
    with running(SmtpSink(certificate, tls="none")) as new:
        outcome = await _send(_account(new, certificate, tls="none", username=""), "jürgen@reporter.example")
        assert outcome.kind == "sent"
        assert "SMTPUTF8" in new.letters[0].options


@pytest.mark.parametrize(
    "address", ["", "rita", "rita@x.example> RCPT TO:<eve@x.example", "a@x.example\r\nDATA"]
)
async def test_what_is_no_address_never_reaches_the_server(
    sink: SmtpSink, account: SmtpAccount, address: str
) -> None:
    """Text that would break out of its command is refused before anything is sent."""
    assert (await _send(account, address)).kind == "permanent"
    assert sink.commands == []


async def test_slow_bytes_are_no_fault(sink: SmtpSink, account: SmtpAccount) -> None:
    """A server that sends its answers byte by byte gets the letter all the same."""
    sink.drip = 0.0005
    assert (await _send(account)).kind == "sent"


async def test_the_server_s_words_stay_out_of_the_text(sink: SmtpSink, account: SmtpAccount) -> None:
    """Servers quote addresses and content: of their answer only the code is kept."""
    sink.always("DOT", f"550 5.7.1 <{RITA}> your Overflow in the parser looks bad")
    outcome = await _send(account)
    assert "550" in outcome.text
    assert not any(word in outcome.text for word in (RITA, "Overflow", "parser"))


async def test_lone_line_ends_and_dots_survive(sink: SmtpSink, account: SmtpAccount) -> None:
    """Lone CR and LF go out as CRLF and a dot at the start of any line arrives once."""
    await _send(account, raw=b".first\nsecond\r.third\r\n..fourth")
    assert sink.letters[0].raw == b".first\r\nsecond\r\n.third\r\n..fourth\r\n"


@pytest.mark.parametrize("dsn", [True, False])
async def test_an_envelope_id_goes_where_it_is_understood(certificate: Certificate, dsn: bool) -> None:
    """With DSN the bounce will carry our id and headers only; without it the letter goes as ever."""
    with running(SmtpSink(certificate, tls="none", dsn=dsn)) as sink:
        account = _account(sink, certificate, tls="none", username="")
        assert (await send(account, "", (RITA,), LETTER, envelope_id="a+b=7 é")).kind == "sent"
        assert sink.letters[0].envelope_from == ""
        assert sink.letters[0].options == (("RET=HDRS", "ENVID=a+2Bb+3D7+20+C3+A9") if dsn else ())


async def test_a_cancelled_send_ends_at_once(sink: SmtpSink, account: SmtpAccount) -> None:
    """A send that waits for a silent server can be cancelled without waiting for it."""
    sink.always("DOT", STALL)
    task = asyncio.ensure_future(_send(account))
    await asyncio.to_thread(sink.await_letters, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 1)


async def test_nobody_listening_is_temporary() -> None:
    """A closed port, and a ca_file that is not there, leave the letter for later."""
    outcome = await _send(SmtpAccount("127.0.0.1", 1, "none"))
    assert (outcome.kind, outcome.stage) == ("temporary", "connect")
    outcome = await _send(SmtpAccount("127.0.0.1", 1, "implicit", ca_file="/no/such.pem"))
    assert outcome.kind == "temporary"
    assert "/no/such.pem" in outcome.text


async def test_check_logs_in_and_says_what_is_wrong(sink: SmtpSink, account: SmtpAccount) -> None:
    """A check passes with the right password, names the login with a wrong one and the file without one."""
    await check(account)
    assert "MAIL" not in sink.commands
    with pytest.raises(TemporaryError, match="check username and password"):
        await check(replace(account, password="wrong"))
    with pytest.raises(PermanentError, match="ca_file"):
        await check(replace(account, ca_file="/no/such.pem"))
