"""The Web Key Directory that maild writes, beside the one that GnuPG's own tool writes."""

import subprocess
from pathlib import Path

import pytest

from maild.app.wkd import hashed, places
from tests.openpgp.kit import Kit
from tests.support.commanding import command

FOUND = [
    path
    for one in ("/usr/lib/gnupg", "/usr/bin", "/usr/libexec")
    if (path := Path(one, "gpg-wks-client")).exists()
]
"""Debian has it in the package gpg-wks-client."""
needs_client = pytest.mark.skipif(not FOUND, reason="no gpg-wks-client on this machine")
CONFIG = """
[desk]
name = "Example"
prefix = "EX"
address = "{address}"
state = "state"
[inbox]
host = "localhost"
[smtp]
host = "localhost"
[openpgp]
home = "{home}"
key = "{key}"
[[team]]
name = "Anna"
addresses = ["anna@project.example"]
roles = ["handler", "coordinator"]
[[team]]
name = "Bea"
addresses = ["bea@project.example"]
roles = ["handler", "backup"]
"""


def config(folder: Path, kit: Kit, address: str = "security@project.example") -> Path:
    """A configuration of a desk with the kit's key."""
    path = folder / "maild.toml"
    path.write_text(CONFIG.format(address=address, home=kit.desk, key=kit.desk_key))
    return path


def test_the_example_of_the_draft() -> None:
    """draft-koch-openpgp-webkey-service §3.1: Joe.Doe@Example.ORG; capitals outside of ASCII stay."""
    assert hashed("Joe.Doe") == "iy9q119eutrkn8s1mk4r39qejnbu3n5q"
    assert hashed("JOE.DOE") == hashed("joe.doe")
    assert hashed("\u00c4") != hashed("\u00e4")
    assert str(places("Joe.Doe@Example.ORG")[0]) == (
        ".well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q"
    )


@needs_client
@pytest.mark.parametrize("local", ["security", "Security-Team", "a", "x+y.z_0"])
def test_the_name_is_the_one_that_gnupg_gives(local: str) -> None:
    """``gpg-wks-client --print-wkd-hash`` says the same."""
    told = subprocess.run(
        [FOUND[0], "--print-wkd-hash", f"{local}@project.example"], capture_output=True, text=True, check=True
    )
    assert told.stdout.split()[0] == hashed(local)


@needs_client
def test_the_tree_is_the_one_that_gnupg_writes(tmp_path: Path, kit: Kit) -> None:
    """``gpg-wks-client --install-key`` makes the same files of the advanced layout; ours are public."""
    ours, theirs = tmp_path / "www", tmp_path / "theirs"
    (theirs / "project.example").mkdir(parents=True)
    said = command(config(tmp_path, kit), "keys", "wkd", str(ours))
    assert said.status == 0, said.err
    key = tmp_path / "key"
    key.write_bytes(kit.public(kit.desk, kit.desk_key))
    words = ["-C", str(theirs), "--install-key", str(key), "security@project.example"]
    subprocess.run([FOUND[0], *words], env={"GNUPGHOME": str(kit.desk), "PATH": "/usr/bin:/bin"}, check=True)
    root = ours / ".well-known/openpgpkey"
    made = {path.relative_to(theirs) for path in theirs.rglob("*") if path.is_file()}
    assert made <= {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    assert all(path.stat().st_mode & 0o004 for path in root.rglob("*"))


def test_both_ways_to_ask_give_the_desks_public_key(tmp_path: Path, kit: Kit) -> None:
    """In binary, without a secret half; writing it again is no error, and leaves nothing of a longer file."""
    path, ours = config(tmp_path, kit), tmp_path / "www"
    for _ in range(2):
        said = command(path, "keys", "wkd", str(ours))
        assert said.out.splitlines() == [str(ours / one) for one in places("security@project.example")]
        for one in places("security@project.example")[:2]:
            stranger = kit.home(f"w{len(list(kit.root.iterdir()))}")
            kit.gpg(stranger, "--import", feed=(ours / one).read_bytes())
            assert kit.prints(stranger) == {kit.desk_key}
            assert not kit.gpg(stranger, "--list-secret-keys")
            (ours / one).write_bytes((ours / one).read_bytes() + bytes(100))
        for one in places("security@project.example")[2:]:
            assert (ours / one).read_bytes() == b""


def test_a_key_without_the_address_is_refused(tmp_path: Path, kit: Kit) -> None:
    """Programs take only a key that names the address they looked for; maild says how to add it."""
    said = command(config(tmp_path, kit, "reports@project.example"), "keys", "wkd", str(tmp_path / "www"))
    assert said.status == 1
    assert f"--quick-add-uid {kit.desk_key} reports@project.example" in said.err
