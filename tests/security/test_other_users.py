"""What another user of the machine can reach, and what a command that root typed still is: nothing, and not root."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.gateways.openpgp import prepare_home
from tests.openpgp.kit import Kit
from tests.support.daemon import ROOT

NOBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, as /var/lib is."""
    made = Path(tempfile.mkdtemp(prefix="mu", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def as_nobody(script: str, *arguments: str) -> str:
    """What a Python *script* says that another user runs."""
    drop = f"import os; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
    command = [sys.executable, "-S", "-c", f"import socket, sys\n{drop}{script}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


REACH = """
try:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(sys.argv[1])
    print("reached")
except OSError as error:
    print(error.strerror)
"""


def test_nobody_else_reaches_the_agent(kit: Kit, open_folder: Path) -> None:
    """The agent's socket stands in the key folder, which is closed to others: a connection is refused by it."""
    home = open_folder / "gnupg"
    prepare_home(home)
    kit.gpg(home, "--import", feed=kit.gpg(kit.desk, "--export", kit.desk_key))
    subprocess.run(["gpgconf", "--homedir", str(home), "--launch", "gpg-agent"], check=True)
    try:
        found = [one for one in home.iterdir() if stat.S_ISSOCK(one.stat().st_mode)]
        assert home / "S.gpg-agent" in found
        assert {as_nobody(REACH, str(one)) for one in found} == {"Permission denied"}
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)


def test_nobody_else_speaks_to_the_alert_socket(open_folder: Path) -> None:
    """As the unit makes it, for the service's user alone: another user's words start no command of the operator."""
    unit = (shipped("config") / "maild-alert.socket").read_text()
    assert "SocketUser=maild\nSocketMode=0600\n" in unit
    path = open_folder / "alert.sock"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listening:
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen(1)
        assert as_nobody(REACH, str(path)) == "Permission denied"


DROPPED = """
import json, os, sys
from pathlib import Path
from maild.app.owner import become_owner

def refused(work, *arguments):
    try:
        work(*arguments)
    except PermissionError:
        return True
    return False

become_owner(Path(sys.argv[1]))
Path(sys.argv[1], "made").write_text("")
again = {"uid": refused(os.setuid, 0), "gid": refused(os.setgid, 0), "group": refused(os.setgroups, [0])}
secret = refused(Path(sys.argv[2]).read_text)
print(json.dumps([os.getresuid(), os.getresgid(), os.getgroups(), again, secret]))
"""


def test_what_root_types_is_done_by_the_owner_for_good(open_folder: Path) -> None:
    """Every id is the owner's, no group of root's is left, there is no way back, and files are the owner's."""
    state, secret = open_folder / "state", open_folder / "secret"
    state.mkdir(mode=0o700)
    os.chown(state, NOBODY, NOBODY)
    secret.write_text("root's")
    secret.chmod(0o600)
    command = [sys.executable, "-c", DROPPED, str(state), str(secret)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    again = {"uid": True, "gid": True, "group": True}
    assert json.loads(said) == [[NOBODY] * 3, [NOBODY] * 3, [], again, True]
    assert ((state / "made").stat().st_uid, (state / "made").stat().st_gid) == (NOBODY, NOBODY)
