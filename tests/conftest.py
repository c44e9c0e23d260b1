"""Real servers: one Dovecot for the whole run with a fresh user for each test, an SMTP sink for each."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime

import pytest
import structlog
from hypothesis import settings

from maild.core.values.ids import MARK_HEADER
from maild.store import team
from tests.support import postgres
from tests.support.certificate import Certificate, make_certificate
from tests.support.dovecot import Dovecot, User, find_dovecot
from tests.support.leaks import assert_nothing_internal
from tests.support.newfiles import copied
from tests.support.secrets import assert_kept
from tests.support.smtpsink import SmtpSink, running

# Never a time limit on an example: the machine that runs the tests may be busy.
settings.register_profile("maild", deadline=None)
settings.load_profile("maild")


BEGIN = [
    "roads",
    "growth",
    "disclosure",
    "chaos",
    "demo",
    "keeping",
    "engine",
    "relay",
    "store",
    "gateways",
    "openpgp",
    "security",
    "pages",
]
"""The folders whose files begin first, as they take longest; the quick tables fill what is left."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes that nobody can read name no test: a time in them would give every worker other names."""
    readable = not isinstance(val, bytes) or (val.isascii() and val.decode().isprintable())
    return None if readable else argname


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that at the end no worker waits for another."""
    ranks = {folder: rank for rank, folder in enumerate(BEGIN)}
    items.sort(key=lambda item: ranks.get(item.path.parent.name, len(BEGIN)))


def _without_type(instant: datetime) -> str:
    """Python's own way of writing an instant compares wrongly with ours, and newer Pythons warn of it."""
    raise AssertionError(f"{instant} goes into SQLite without the type Instant")


sqlite3.register_adapter(datetime, _without_type)


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    """Neither the log of a test nor maild's umask goes on into the next test."""
    yield
    structlog.reset_defaults()
    os.umask(0o022)


@pytest.fixture(autouse=True)
def _known_team(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desks of tests are not new to their teams, so nobody gets the page for new members; but where asked."""
    if not request.node.get_closest_marker("new_desk"):
        monkeypatch.setattr(team, "begins", lambda _connection: False)


@pytest.fixture(scope="session", autouse=True)
def _new_files() -> Iterator[None]:
    """A new database in a file is a copy of the first one."""
    with copied():
        yield


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost and 127.0.0.1, its own authority."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """One PostgreSQL for all tests; skipped where there is none."""
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL on this machine (tests/run installs it)")
    with postgres.running() as found:
        yield found


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for all tests; skipped where there is none."""
    if find_dovecot() is None:
        pytest.skip("no Dovecot on this machine (tests/run installs it)")
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def inbox(dovecot: Dovecot) -> Iterator[User]:
    """A user with an empty mailbox, for one test."""
    user = dovecot.user()
    yield user
    user.log_out()


@pytest.fixture
def sink(certificate: Certificate, request: pytest.FixtureRequest) -> Iterator[SmtpSink]:
    """An SMTP server with STARTTLS and a login (desk, sesame), for one test.

    Whatever the test is about, nothing internal may stand in a letter that went to an outsider: no token, line of a
    block or word of mail within the team that the database of a desk knows, in any decoding.
    """
    kit = request.getfixturevalue("kit") if "kit" in request.fixturenames else None
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as server:
        yield server
    for desk in server.desks:
        assert_kept(desk, server.letters, kit)
    for sent in server.letters:
        if MARK_HEADER.encode() in sent.raw:  # what a desk wrote; tests of SMTP itself hand in anything
            assert_nothing_internal(sent, kit)
