"""A desk behind a real Postfix at a time gone by, for the stories of this folder."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from tests.openpgp.kit import armor
from tests.support.certificate import Certificate
from tests.support.dovecot import Dovecot, User
from tests.support.leaks import assert_nothing_internal
from tests.support.postfix import find_postfix
from tests.support.smtpsink import SmtpSink, running
from tests.support.story import Story
from tests.support.storydesk import Post, StoryDesk, as_written
from tests.support.storykit import StoryKit

pytest.register_assert_rewrite("tests.disclosure.steps", "tests.disclosure.watching")
AGO = timedelta(days=24)
"""How long ago a story begins: Dovecot dates no mail with a time to come."""


@pytest.fixture(scope="module")
def beginning() -> datetime:
    """When every story begins: at half past nine, three weeks and a half ago."""
    now = datetime.now(UTC)  # noqa: TID251 - gpg and Dovecot read no other clock
    return (now - AGO).replace(hour=9, minute=30, second=0, microsecond=0)


@pytest.fixture(scope="module")
def kit(beginning: datetime) -> Iterator[StoryKit]:
    """Keys that are a week old when the story begins."""
    if shutil.which("gpg") is None:
        pytest.skip("no gpg on this machine")
    made = StoryKit(lambda: beginning - timedelta(days=7))
    yield made
    made.remove()


@pytest.fixture(scope="module")
def post(dovecot: Dovecot, certificate: Certificate) -> Iterator[Post]:
    """One Postfix for all stories."""
    if find_postfix() is None:
        pytest.skip("no Postfix on this machine, or not root (tests/run installs it)")
    with running(SmtpSink(certificate)) as world:
        made = Post(dovecot.user(), world)
        try:
            made.postfix.start()
            yield made
        finally:
            made.postfix.remove()
            made.gate.log_out()


@pytest.fixture(scope="module")
def list_key(kit: StoryKit) -> str:
    """The key of the list that is told ahead."""
    return kit.key(kit.people, "Distros List <distros@lists.example>")


@pytest.fixture
def story(
    tmp_path: Path,
    inbox: User,
    post: Post,
    certificate: Certificate,
    kit: StoryKit,
    list_key: str,
    beginning: datetime,
) -> Iterator[Story]:
    """A desk at the beginning; afterwards no letter that left it tells an outsider what is internal."""
    key = armor(kit.public(kit.people, list_key), "PUBLIC KEY BLOCK")
    (tmp_path / "distros.asc").write_bytes(key)
    desk = StoryDesk(tmp_path, inbox, post, certificate, kit, beginning)
    kit.clock = lambda: desk.clock
    yield Story(desk, kit, list_key, f"Kestrel{token_hex(6)}wing")
    desk.close()
    for sent in desk.sent:
        assert_nothing_internal(as_written(sent.letter), kit)
