"""Desks whose memory is written out, lost and put back."""

from pathlib import Path

import pytest

from tests.openpgp.conftest import kit
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.relaying import RelayDesk
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

__all__ = ["kit"]


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk that observes; its baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.fixture
def relay(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit) -> RelayDesk:
    """A desk that relays; its baseline is fixed."""
    return RelayDesk(tmp_path, inbox, sink, certificate, kit)
