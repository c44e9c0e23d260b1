"""Keys and a relaying desk for the tests of this folder; everybody's key folders are made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openpgp.conftest import kit
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.relaying import RelayDesk, key_folder
from tests.support.smtpsink import SmtpSink

__all__ = ["kit"]


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit
) -> Iterator[RelayDesk]:
    """A relaying desk, its baseline fixed."""
    folder = tmp_path / "desk"
    folder.mkdir()
    made = RelayDesk(folder, inbox, sink, certificate, kit)
    made.run()
    return made


@pytest.fixture(scope="session")
def folders(kit: Kit) -> dict[str, Path]:
    """The key folders of people's own clients, by the letter of their name."""
    secrets = {"m": kit.member, "b": kit.backup, "s": kit.stranger, "c": ""}
    return {name: key_folder(kit, f"c{name}", key) for name, key in secrets.items()}
