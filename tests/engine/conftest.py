"""Keys for the tests of this folder, and desks that use them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openpgp.conftest import kit
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.postgres import Cluster
from tests.support.running import RunningDesk
from tests.support.sealing import SealedDesk
from tests.support.smtpsink import SmtpSink

__all__ = ["kit"]


@pytest.fixture
def sealed_desk(
    tmp_path: Path,
    inbox: User,
    sink: SmtpSink,
    certificate: Certificate,
    kit: Kit,
) -> SealedDesk:
    """A desk with the kit's key, its baseline fixed."""
    return SealedDesk(tmp_path, inbox, sink, certificate, kit)


@pytest.fixture
def name(cluster: Cluster) -> str:
    """A database in PostgreSQL for one desk, with maild's tables."""
    return cluster.ready()


@pytest.fixture
def started(desk: RunningDesk) -> Iterator[list[Daemon]]:
    """Every daemon that a test starts is ended after it."""
    daemons: list[Daemon] = []
    yield daemons
    for daemon in daemons:
        daemon.close()


@pytest.fixture
def home(kit: Kit, tmp_path: Path) -> Iterator[Path]:
    """A key folder of this test's own with the desk's secret keys, to be harmed at will."""
    made = kit.home(f"h{len(list(kit.root.iterdir()))}")
    kit.gpg(made, "--import", feed=kit.gpg(kit.desk, "--export-secret-keys"))
    yield made
    kit.end(made)
    shutil.rmtree(made, ignore_errors=True)
