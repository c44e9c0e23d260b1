"""``maild install-service`` and the files that it installs; what they do on a real system is proved in trial/."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from maild.app import install
from maild.app.install import Command, Link, Program, Write, steps, unit_for
from maild.config.share import shipped
from maild.errors import PermanentError, Refused
from tests.support.commanding import command

SYSTEM = Program(Path("/opt/maild"), Path("/usr/bin/python3.11"), Path("/usr"))
CONFIG = shipped("config")
UNIT = (CONFIG / "maild.service").read_text()


@pytest.fixture(autouse=True)
def old_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian 12's."""
    monkeypatch.setattr(install, "systemd_version", lambda: 252)


def files(plan: list[install.Step]) -> dict[str, str]:
    return {str(step.path): step.text for step in plan if isinstance(step, Write)}


def token_unit(kind: str) -> str:
    """What renews the OAuth token of the only desk."""
    text = (CONFIG / f"maild-token@.{kind}").read_text().replace("maild-%i", "maild")
    return text.replace("/etc/maild/%i", "/etc/maild").replace(" of %i", "")


def test_what_is_installed_is_what_is_shipped() -> None:
    """For /opt/maild and the distribution's Python every file is installed as it is shipped, byte for byte."""
    plan = steps(SYSTEM, "", {"/usr/local/share/man/man8/maild.8": "page"})
    assert files(plan) == {
        "/etc/systemd/system/maild.service": UNIT,
        "/etc/systemd/system/maild-failed@.service": (CONFIG / "maild-failed@.service").read_text(),
        "/etc/systemd/system/maild-token.service": token_unit("service"),
        "/etc/systemd/system/maild-token.timer": token_unit("timer"),
        "/etc/sysusers.d/maild.conf": (CONFIG / "sysusers.d" / "maild.conf").read_text(),
        "/etc/tmpfiles.d/maild.conf": (CONFIG / "tmpfiles.d" / "maild.conf").read_text(),
        "/usr/local/share/man/man8/maild.8": "page",
    }
    assert [step.words[0] for step in plan if isinstance(step, Command)] == [
        "systemd-sysusers",
        "systemd-tmpfiles",
        "systemctl",
    ]


def test_another_python_is_named() -> None:
    """Where maild runs on a Python of its own, the unit lets that one and its libraries be executed."""
    other = Program(Path("/srv/maild"), Path("/opt/python/bin/python3.13"), Path("/opt/python"))
    unit = unit_for(other, UNIT)
    assert "ExecStart=/srv/maild/bin/maild run" in unit
    assert "/opt/maild" not in unit
    assert "ExecPaths=/opt/python/bin/python3.13 /opt/python/lib\n" in unit


def test_a_maild_that_the_service_cannot_see_is_refused() -> None:
    """ProtectHome= and PrivateTmp= hide homes and temporary folders: installed there, the service could not start."""
    for place in ("/home/me/maild", "/root/maild", "/tmp/maild"):
        with pytest.raises(Refused, match="cannot see"):
            steps(Program(Path(place), Path("/usr/bin/python3"), Path("/usr")), "", {})


def test_an_instance_is_the_same_under_other_names() -> None:
    """maild@.service is maild.service but for names and words; its user and folders carry the instance's name."""
    text = (CONFIG / "maild@.service").read_text()
    for given, plain in (
        ("maild-%i", "maild"),
        ("/etc/maild/%i/", "/etc/maild/"),
        (", the security desk of %i by", ", the security desk by"),
    ):
        text = text.replace(given, plain)
    assert spoken(text) == spoken(UNIT)
    made = files(steps(SYSTEM, "ember", {}))
    assert (
        'u maild-ember - "maild, the security desk" /var/lib/maild-ember\n'
        in made["/etc/sysusers.d/maild-ember.conf"]
    )
    assert "d /var/lib/maild-ember 0700 maild-ember maild-ember\n" in made["/etc/tmpfiles.d/maild-ember.conf"]
    assert made["/etc/systemd/system/maild-token@.timer"] == (CONFIG / "maild-token@.timer").read_text()
    for wrong in ("Ember", "a/b", "a b", "x" * 25, "../x"):
        with pytest.raises(Refused, match="instance"):
            steps(SYSTEM, wrong, {})


def spoken(unit: str) -> list[str]:
    """The lines of a unit that systemd reads."""
    return [line for line in unit.splitlines() if line and not line.startswith("#")]


def test_pauses_grow_where_systemd_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """From systemd 254 on a drop-in makes the pauses between restarts grow; before it the file would be a fault."""
    assert not any("backoff" in path for path in files(steps(SYSTEM, "", {})))
    monkeypatch.setattr(install, "systemd_version", lambda: 254)
    drop_in = files(steps(SYSTEM, "", {}))["/etc/systemd/system/maild.service.d/backoff.conf"]
    assert "RestartSteps=" in drop_in


def test_a_step_is_done_whole(tmp_path: Path) -> None:
    """A file replaces the one before, a link too, but never somebody's own file; a failed command says why."""
    Write(tmp_path / "a" / "unit", "new").carry_out()
    assert (tmp_path / "a" / "unit").read_text() == "new"
    assert [one.name for one in (tmp_path / "a").iterdir()] == ["unit"]
    own = tmp_path / "maild"
    own.write_text("somebody's")
    Link(own, Path("/opt/maild/bin/maild")).carry_out()
    assert own.read_text() == "somebody's"
    with pytest.raises(PermanentError, match="unrecognized option"):
        Command(("ls", "--nosuch")).carry_out()
    with pytest.raises(PermanentError, match="no systemd here"):
        Command(("/nosuch/systemctl",)).carry_out()


def test_a_dry_run_does_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It tells each step, and carries out none."""
    monkeypatch.setattr(Program, "running", classmethod(lambda cls: SYSTEM))
    for kind in (Write, Link, Command):
        monkeypatch.setattr(kind, "carry_out", lambda self: pytest.fail(f"carried out: {self}"))
    said = command(tmp_path / "none", "install-service", "--dry-run")
    assert said.status == 0
    assert "would write /etc/systemd/system/maild.service\n" in said.out
    assert "would run systemd-sysusers /etc/sysusers.d/maild.conf\n" in said.out


def test_only_root_installs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Anybody else is told so, before anything is done."""
    monkeypatch.setattr(Program, "running", classmethod(lambda cls: SYSTEM))
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(Write, "carry_out", lambda self: pytest.fail(f"carried out: {self}"))
    assert command(tmp_path / "none", "install-service").status == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("name", ["maild.service", "maild@.service", "maild-token@.service"])
def test_the_shipped_unit_is_little_exposed(name: str) -> None:
    """Systemd's own figure for the exposure of the unit is 1.5 at most, wherever the tests run."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(CONFIG / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stderr
    print(found.group())
    assert float(found.group(1)) <= 1.5


def test_the_tokens_unit_is_as_closed_as_the_daemons() -> None:
    """What the daemon may not do, the unit that renews the token may not either; and it listens nowhere."""
    text = (CONFIG / "maild-token@.service").read_text()
    daemon = spoken((CONFIG / "maild@.service").read_text())
    begin = daemon.index("UMask=0077")
    closed = [
        one for one in daemon[begin : daemon.index("[Install]")] if "gpg" not in one and "/run/" not in one
    ]
    assert set(closed) <= {*spoken(text), "ReadOnlyPaths=/tmp /var/tmp -/run/lock -/dev/shm -/dev/mqueue"}
    assert "SocketBindDeny=any" in spoken(text)
    assert "%i" not in "".join(spoken(token_unit("service")) + spoken(token_unit("timer")))
