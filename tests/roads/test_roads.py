"""The whole road of a message, in the order of the folders: mails in, cases and letters out.

Against a real Dovecot, a real SMTP server and the real engine; only the clock is the test's.
``expected.txt`` is the end of the road in full: what is not in it did not happen.
"""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from maild.core.mail.facts import identity
from maild.core.mail.mime import parse
from maild.store import journal
from maild.store.schema import case, envelope
from tests.support.certificate import Certificate
from tests.support.desk import SECRET
from tests.support.dovecot import User
from tests.support.picture import picture
from tests.support.postgres import Cluster
from tests.support.road import Road
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
ROADS = sorted(path.parent for path in Path(__file__).parent.glob("*/road.toml"))
IN_POSTGRESQL = [road for road in ROADS if int(road.name[:3]) % 20 == 0]
"""Every second road in the suite; all of them pass (by hand: ``IN_POSTGRESQL = ROADS``)."""


@pytest.mark.parametrize("folder", ROADS, ids=lambda path: path.name)
def test_road(
    folder: Path,
    tmp_path: Path,
    inbox: User,
    sink: SmtpSink,
    certificate: Certificate,
) -> None:
    """The road ends as its ``expected.txt`` says (what it proves stands in its ``road.toml``)."""
    walked(folder, RunningDesk(tmp_path, inbox, sink, certificate))


def walked(folder: Path, desk: RunningDesk) -> None:
    """Walk the road in *folder* and compare where it leads."""
    road = Road(folder, desk)
    road.walk()
    found = picture(desk, road.refusals)
    assert found == (folder / "expected.txt").read_text(), road.proves
    every_road(road, desk)


@pytest.mark.parametrize("folder", IN_POSTGRESQL, ids=lambda folder: folder.name)
def test_the_same_road_in_postgresql(
    folder: Path,
    tmp_path: Path,
    inbox: User,
    sink: SmtpSink,
    certificate: Certificate,
    cluster: Cluster,
) -> None:
    """A desk whose database is on a server of PostgreSQL comes to the same end, word by word."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.database = f'\n[database]\nurl = "{cluster.url(cluster.emptied())}"\n'
    walked(folder, desk)


def every_road(road: Road, desk: RunningDesk) -> None:
    """What holds at the end of every road."""
    nothing_is_lost(road, desk)
    letters_are_well_made(road, desk)
    nothing_is_said(road, desk)
    sealed_stays_sealed(desk)
    with desk.desk() as opened:
        assert opened.ask(journal.broken_at) is None


def nothing_is_lost(road: Road, desk: RunningDesk) -> None:
    """Every mail that was delivered is kept in the database or stands in the backlog, and none is stuck."""
    with desk.desk() as opened:
        rows = opened.ask(lambda c: c.execute(envelope.select()).all())
    assert {row.state for row in rows} <= {"done"}
    sent = {identity(parse(raw), SECRET) for raw in road.delivered}
    assert len(sent) == len(rows) + len(desk.view("backlogged"))


def letters_are_well_made(road: Road, desk: RunningDesk) -> None:
    """Automatic by its headers, one Message-ID one text, from the desk, to one person."""
    bodies: dict[str, bytes] = {}
    for sent in desk.sink.letters:
        letter = message_from_bytes(sent.raw, policy=policy.default)
        assert letter["Auto-Submitted"] in ("auto-replied", "auto-generated")
        assert str(letter["From"]) == "Example Security Team <security@project.example>"
        assert sent.recipients == (letter["To"].addresses[0].addr_spec,)
        assert (sent.tls, sent.login) == (True, "desk")
        assert bodies.setdefault(letter["Message-ID"], sent.raw) == sent.raw
    replies = [text for text in bodies.values() if b"auto-replied" in text]
    assert len(replies) <= len(desk.cases())


def sealed_stays_sealed(desk: RunningDesk) -> None:
    """No word of a sealed mail stands in a clear column of its case (ruling 24)."""
    with desk.desk() as opened:
        rows = opened.ask(lambda c: c.execute(case.select().where(case.c.sealed)).all())
    assert all(row.subject == "" for row in rows)


def nothing_is_said(road: Road, desk: RunningDesk) -> None:
    """No word of a mail's text or subject, and no reporter, in any letter to the team or in the log."""
    secrets = {word for raw in road.delivered for word in re.findall(rb"\bxq\w{2,12}\b", raw)}
    people = [p for one in desk.cases() for p in one["participants"] if p["side"] == "reporter"]
    reporters = {str(p["address"]).encode() for p in people}
    for sent in desk.sink.letters:
        assert not {word for word in secrets if word in sent.raw}
        if b"auto-generated" in sent.raw:
            assert not {one for one in reporters if one in sent.raw}
    log = desk.log.getvalue().encode()
    assert b"baseline" in log
    assert not {word for word in secrets | reporters if word in log}


def test_every_road_has_its_end() -> None:
    """No folder without steps, mails in use and an expectation; the numbers give one order."""
    assert len(ROADS) == len({path.name[:3] for path in ROADS})
    for folder in ROADS:
        steps = (folder / "road.toml").read_text()
        assert (folder / "expected.txt").exists()
        assert all(mail.name in steps for mail in (folder / "mails").glob("*"))
