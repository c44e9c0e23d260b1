"""What the programs that maild starts can be seen with: no secret among their arguments or in their environment."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.daemon import ROOT
from tests.support.dovecot import PASSWORD
from tests.support.measured import measured
from tests.support.sealing import SealedDesk, report

pytestmark = pytest.mark.dovecot
WRAPPER = """#!/bin/sh
{ echo "run: $0 $*"; tr '\\0' '\\n' < /proc/$$/environ; } >> "SEEN"
exec REAL "$@"
"""


def test_no_child_carries_a_secret(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Every run of gpg while a sealed and a plain report are handled: neither passwords nor words of a report."""
    seen, programs = sealed_desk.folder / "seen", sealed_desk.folder / "bin"
    programs.mkdir()
    for name in ("gpg", "gpgconf", "gpg-connect-agent"):
        real = shutil.which(name)
        wrapper = programs / name
        wrapper.write_text(WRAPPER.replace("SEEN", str(seen)).replace("REAL", str(real)))
        wrapper.chmod(0o755)
    sealed_desk.inbox.append(report(kit, 1))
    sealed_desk.inbox.append(mails.plain(subject="Overflow in the parser"))
    command = [sys.executable, "-m", "maild", "--config", str(sealed_desk.path), "run", "--once"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{programs}:{os.environ['PATH']}"}
    done = measured(command, sealed_desk.folder, environment)
    assert done.code == 0, done.said
    said = seen.read_text(errors="replace")
    assert said.count("--decrypt") >= 1, said
    for secret in (PASSWORD, "rita@", "sam@", "Overflow", "crash"):
        assert secret not in said, secret
    assert (Path(sealed_desk.folder) / "smtp-password").read_text().strip() == PASSWORD
