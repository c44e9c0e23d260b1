"""The heads of further lists and forwarders on the real engine: who gets an acknowledgement, and nobody else does."""

from pathlib import Path

import pytest

from tests.core.test_further_lists import HEADS, LIST, RITA
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


def test_each_author_and_nobody_else_is_acknowledged(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate
) -> None:
    """One report by each road: every one is a case; no list, mask for everybody, robot or topic gets a letter."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.run()
    desk.configure(desk=f'own_lists = ["{LIST}"]\n')
    wanted = set()
    for number, head in enumerate(HEADS.values()):
        person = f"rita{number}@reporter{number}.example"
        raw = head.raw(person).replace(b"<one@reporter.example>", f"<{number}@reporter.example>".encode())
        desk.inbox.append(raw.replace(b"parser\r\n", f"parser {number}\r\n".encode(), 1), desk.clock)
        wanted |= {head.author.replace(RITA, person)} if head.answered and head.author else set()
    desk.run()
    assert len(desk.cases()) == len(HEADS)
    assert {address for letter in desk.sink.letters for address in letter.recipients} - wanted <= desk_team(
        desk
    )
    assert wanted <= {address for letter in desk.sink.letters for address in letter.recipients}


def desk_team(desk: RunningDesk) -> set[str]:
    """Where the team gets its own letters."""
    with desk.desk() as open_desk:
        return {member.contact for member in open_desk.policy.team.members}
