"""The whole road against an SMTP server that fails in every way it can: what becomes of the letter, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from maild.app import operator
from maild.store.schema import letter, letter_bytes
from tests.support import mails
from tests.support.certificate import Certificate, make_certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import DROP, STALL, SmtpSink, running

pytestmark = pytest.mark.dovecot
RITA = "rita@reporter.example"
USERS = {"desk": "sesame"}
MINUTES = (1, 5, 15, 60, 60)
"""Between two tries of a letter."""


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk that observes, its baseline fixed; it waits a second for its SMTP server."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


def reported(desk: RunningDesk, sender: str = RITA) -> None:
    """A report arrives and everything that can be done is done."""
    desk.inbox.append(mails.plain(sender=sender), desk.clock)
    desk.run()


def receipt(desk: RunningDesk, who: str = RITA) -> dict[str, Any]:
    """The receipt of a reporter in the outbox, its bytes too."""
    with desk.desk() as opened:
        query = select(letter, letter_bytes.c.content).outerjoin(letter_bytes)
        query = query.where(letter.c.kind == "receipt", letter.c.recipient == who)
        return dict(opened.ask(lambda c: c.execute(query).one())._mapping)


def later(desk: RunningDesk, who: str = RITA, **length: float) -> dict[str, Any]:
    """Time goes by, one more round; the receipt of a reporter then."""
    desk.wait(timedelta(**length))
    desk.run()
    return receipt(desk, who)


def acknowledged(desk: RunningDesk) -> str | None:
    """When the promise to acknowledge was met."""
    (one,) = desk.cases()
    (met,) = [row["met"] for row in one["promises"] if row["promise"] == "acknowledge"]
    return met


def arrived_at(sink: SmtpSink, who: str = RITA) -> list[bytes]:
    """What the server has for a reporter."""
    return [one.raw for one in sink.letters if one.recipients == (who,)]


TEMPORARY = {
    "CONNECT": ("421 4.3.2 closing", "554 5.3.2 no service", DROP, STALL),
    "EHLO": ("451 4.3.0 later", DROP),
    "STARTTLS": ("454 4.7.0 not now", DROP),
    "AUTH": ("454 4.7.0 later", "535 5.7.8 wrong", DROP),
    "MAIL": ("451 4.3.0 later", DROP, STALL),
    "RCPT": ("451 4.7.1 greylisted", "452 4.2.2 full", DROP),
    "DATA": ("452 4.3.1 full", DROP, STALL),
    "DOT": ("452 4.3.1 full", "421 4.3.2 closing"),
}


@pytest.mark.parametrize("stage", TEMPORARY)
def test_what_may_pass_is_tried_again_after_a_minute(desk: RunningDesk, sink: SmtpSink, stage: str) -> None:
    """Refused for now, hung up or silent: then with the bytes and Message-ID committed first, and once."""
    desk.path.write_text(desk.path.read_text().replace('timeout = "10s"', 'timeout = "1s"'))
    for number, answer in enumerate(TEMPORARY[stage]):
        who = f"r{number}@reporter.example"
        sink.always(stage, answer)
        desk.inbox.append(mails.plain(sender=who, message_id=f"<{who}>"), desk.clock)
        desk.run()
        first = receipt(desk, who)
        assert (first["state"], first["attempts"], first["doubts"]) == ("owed", 1, 0), answer
        assert first["next_at"] - desk.clock == timedelta(minutes=1), answer
        sink.always(stage, "")
        last = later(desk, who, minutes=1)
        assert (last["state"], last["attempts"], last["content"]) == ("sent", 2, first["content"]), answer
        assert arrived_at(sink, who) == [first["content"]], answer


def test_after_a_death_behind_the_dot_the_same_bytes_go_again(desk: RunningDesk, sink: SmtpSink) -> None:
    """Days later too, when a receipt written anew would say something else under the same Message-ID."""
    reported(desk)
    dying = update(letter).where(letter.c.kind == "receipt").values(state="sending", settled=None)
    with desk.desk() as opened:
        opened.ask(lambda connection: connection.execute(dying))
    later(desk, hours=72)
    first, again = arrived_at(sink)
    assert first == again


def test_the_tries_of_a_day(desk: RunningDesk, sink: SmtpSink) -> None:
    """After 1, 5, 15 and 60 minutes and then hourly, as long as it takes, over the deadline too; never given up."""
    sink.always("RCPT", "451 4.7.1 greylisted")
    reported(desk)
    waits = []
    for _ in range(5):
        row = receipt(desk)
        waits.append((row["next_at"] - desk.clock) / timedelta(minutes=1))
        desk.clock = row["next_at"] - timedelta(seconds=1)
        assert later(desk)["attempts"] == row["attempts"], "a second too early is too early"
        later(desk, seconds=1)
    assert tuple(waits) == MINUTES
    row = later(desk, hours=30)
    assert (row["state"], acknowledged(desk)) == ("owed", None)
    sink.always("RCPT", "")
    assert later(desk, hours=1)["state"] == "sent"
    assert arrived_at(sink) == [row["content"]]
    told = [one.recipients for one in sink.letters]
    assert told.count(("carl@phone.example",)) == 1, (
        "the promise lapsed meanwhile, and its coordinator was told once"
    )


PERMANENT = {
    "MAIL": "550 5.7.1 not you",
    "RCPT": "550 5.1.1 nobody",
    "DATA": "554 5.5.1 no",
    "DOT": "552 5.3.4 too big",
}


def test_what_is_refused_for_good_is_told_and_not_tried_again(desk: RunningDesk, sink: SmtpSink) -> None:
    """The receipt has failed, the reporter counts as out of reach, the promise runs on."""
    for number, (stage, answer) in enumerate(PERMANENT.items()):
        who = f"r{number}@reporter.example"
        sink.answer(stage, answer)
        desk.inbox.append(mails.plain(sender=who, message_id=f"<{who}>"), desk.clock)
        desk.run()
        assert receipt(desk, who)["state"] == "failed", stage
    desk.wait(timedelta(hours=3))
    desk.run()
    assert [receipt(desk, f"r{number}@reporter.example")["attempts"] for number in range(4)] == [1] * 4
    assert [sent.recipients for sent in sink.letters] == [("anna@project.example",)] * 4
    for one in desk.cases():
        assert "reporter-unreachable" in one["flags"]
        assert [row["met"] for row in one["promises"]] == [None, None]


@pytest.mark.parametrize("answer", [DROP, "well, perhaps"])
def test_what_nobody_knows_is_tried_three_times_and_parked(
    desk: RunningDesk, sink: SmtpSink, answer: str
) -> None:
    """The same bytes at most three times; then a person is told, and may send it again."""
    sink.answer("DOT", answer)
    reported(desk)
    first = receipt(desk)
    assert (first["state"], first["doubts"]) == ("owed", 1)
    sink.answer("DOT", answer)
    assert later(desk, minutes=1)["doubts"] == 2
    sink.answer("DOT", answer)
    assert later(desk, minutes=5)["state"] == "parked"
    assert later(desk, hours=3)["attempts"] == 3
    assert arrived_at(sink) == [first["content"]] * 3
    assert [
        b"An acknowledgement may not have been sent" in one.raw
        for one in sink.letters
        if one.recipients != (RITA,)
    ] == [True]
    (one,) = desk.cases()
    assert "receipt-by-hand" in one["flags"]
    assert acknowledged(desk) is None
    with desk.desk() as opened:
        operator.send(opened, first["id"], False)
    assert later(desk, minutes=0)["state"] == "sent"
    assert set(arrived_at(sink)) == {first["content"]}
    assert acknowledged(desk) is not None


def test_one_refused_among_others_harms_nobody(desk: RunningDesk, sink: SmtpSink) -> None:
    """Each reader has a letter of his own: one is refused, one greylisted, one served."""
    sink.always("RCPT gone@reporter.example", "550 5.1.1 nobody")
    sink.always("RCPT grey@reporter.example", "451 4.7.1 greylisted")
    for name in ("gone", "grey", "good"):
        raw = mails.plain(sender=f"{name}@reporter.example", message_id=f"<{name}@reporter.example>")
        desk.inbox.append(raw, desk.clock)
    desk.run()
    found = {row["to"]: row["state"] for row in desk.view("outbox", True) if row["kind"] == "receipt"}
    assert {who.partition("@")[0]: state for who, state in found.items()} == {
        "gone": "failed",
        "grey": "owed",
        "good": "sent",
    }


def test_an_address_beyond_ascii_waits_for_nobody(
    tmp_path: Path, inbox: User, certificate: Certificate
) -> None:
    """Where the server has no SMTPUTF8 the receipt has failed, the team is told, and the next letter goes."""
    with running(SmtpSink(certificate, users=USERS, smtputf8=False)) as sink:
        desk = RunningDesk(tmp_path, inbox, sink, certificate)
        desk.run()
        reported(desk, sender="jürgen@reporter.example")
        assert receipt(desk, "jürgen@reporter.example")["state"] == "failed"
        assert [one.recipients for one in sink.letters] == [("anna@project.example",)]


def test_slow_bytes_are_waited_for(desk: RunningDesk, sink: SmtpSink) -> None:
    """A server that answers byte by byte gets its letter at the first try."""
    sink.drip = 0.001
    reported(desk)
    assert (receipt(desk)["state"], receipt(desk)["attempts"]) == ("sent", 1)


@contextmanager
def at(port: int, sink: SmtpSink) -> Iterator[SmtpSink]:
    """Another server at the same place."""
    sink.port = port
    with running(sink) as server:
        yield server


@pytest.mark.parametrize("fault", ["no starttls", "wrong name", "unknown authority"])
def test_nothing_is_said_to_a_server_that_is_not_trusted(
    tmp_path: Path, inbox: User, certificate: Certificate, fault: str
) -> None:
    """STARTTLS stripped or a wrong certificate: no login, no letter; once mended, the same bytes."""
    other = make_certificate(tmp_path, "DNS:elsewhere.example" if fault == "wrong name" else "DNS:localhost")
    shown = certificate if fault == "no starttls" else other
    bad = SmtpSink(shown, tls="none" if fault == "no starttls" else "starttls", users=USERS)
    trusted = other if fault == "wrong name" else certificate
    with running(bad) as sink:
        desk = RunningDesk(tmp_path, inbox, sink, trusted)
        desk.run()
        reported(desk)
        port, first = sink.port, receipt(desk)
        assert (first["state"], sink.letters) == ("owed", [])
        assert not {"AUTH", "MAIL"} & set(sink.commands)
    with at(port, SmtpSink(certificate, users=USERS)) as sink:
        desk.path.write_text(desk.path.read_text().replace(str(other.cert), str(certificate.cert)))
        assert later(desk, minutes=1)["state"] == "sent"
        assert [one.raw for one in sink.letters] == [first["content"]]


def test_every_letter_has_a_key_of_its_own(desk: RunningDesk, sink: SmtpSink) -> None:
    """The same round again, the same mail again: no letter is owed twice."""
    sink.always("MAIL", "451 4.3.0 later")
    for _ in range(3):
        reported(desk)
        desk.wait(timedelta(minutes=30))
    sink.always("MAIL", "")
    later(desk, hours=2)
    with desk.desk() as opened:
        keys = opened.ask(lambda c: c.execute(select(letter.c.dedupe)).scalars().all())
    assert len(keys) == len(set(keys))
    assert len(arrived_at(sink)) == 1


def test_the_next_step_of_the_ladder_is_not_kept_waiting(desk: RunningDesk, sink: SmtpSink) -> None:
    """Nobody knows whether the coordinator was told, three times: then the backup is told at once."""
    reported(desk)
    sink.always("DOT", DROP)
    for wait in (timedelta(hours=48), timedelta(minutes=1), timedelta(minutes=5)):
        desk.wait(wait)
        desk.run()
    sink.always("DOT", "")
    later(desk, minutes=1)
    lapsed = [one.recipients[0] for one in sink.letters if b"is overdue" in one.raw.partition(b"\r\n\r\n")[0]]
    assert lapsed == ["carl@phone.example"] * 3 + ["bea@project.example"] * 2  # dropped once, then sent


def test_a_refused_login_is_not_tried_again_at_once(desk: RunningDesk, sink: SmtpSink) -> None:
    """Ten letters and a wrong password: a handful of logins, not ten; with the right one all go out."""
    sink.always("AUTH", "535 5.7.8 wrong")
    for number in range(10):
        raw = mails.plain(sender=f"r{number}@reporter.example", message_id=f"<{number}@x>")
        desk.inbox.append(raw, desk.clock)
    desk.run()
    tried = sum(line.startswith("AUTH") for line in sink.commands)
    assert 1 <= tried <= 8  # four letters at once, two mechanisms each
    sink.always("AUTH", "")
    desk.wait(timedelta(minutes=6))
    desk.run()
    assert len({one.recipients for one in sink.letters}) == 10
