"""``maild install-service``: unit, user, folders, manual pages and completion, each in its place.

What is to be done is worked out first, as values; ``--dry-run`` shows them, and nothing else does them.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from maild.config.share import shipped
from maild.errors import PermanentError, Refused

INSTANCE = re.compile(r"[a-z][a-z0-9-]{0,23}")
"""Names of instances: with ``maild-`` before it, one is a user's name (32 characters at most)."""
HIDDEN = ("/home/", "/root/", "/tmp/", "/var/tmp/")  # noqa: S108 - the service does not see them
UNITS = Path("/etc/systemd/system")


@dataclass(frozen=True, slots=True)
class Program:
    """Where maild runs from: its environment (sys.prefix), the interpreter behind it, that one's prefix."""

    prefix: Path
    python: Path
    base: Path

    @classmethod
    def running(cls) -> "Program":
        """The maild that is running now."""
        return cls(Path(sys.prefix), Path(sys.executable).resolve(), Path(sys.base_prefix))

    @property
    def maild(self) -> Path:
        """The command."""
        return self.prefix / "bin" / "maild"


@dataclass(frozen=True, slots=True)
class Write:
    """A file with its text (mode 0644); what is there already is replaced."""

    path: Path
    text: str

    def __str__(self) -> str:
        return f"write {self.path}"

    def carry_out(self) -> None:
        """Do it, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(self.path.name + ".new")
        new.write_text(self.text, "utf-8")
        new.chmod(0o644)
        new.replace(self.path)


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link, so that the command is on everybody's path."""

    path: Path
    target: Path

    def __str__(self) -> str:
        return f"link {self.path} to {self.target}"

    def carry_out(self) -> None:
        """Do it; a file that is no link is somebody else's, and stays."""
        if self.path.is_symlink():
            self.path.unlink()
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.symlink_to(self.target)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of systemd's."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"run {' '.join(self.words)}"

    def carry_out(self) -> None:
        """Do it; ``PermanentError`` with what it said when it fails."""
        try:
            done = subprocess.run(self.words, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PermanentError(f"{self.words[0]}: {error.strerror} (no systemd here?)") from None
        if done.returncode:
            raise PermanentError(f"{' '.join(self.words)}: {(done.stderr or done.stdout).strip()}")


Step = Write | Link | Command


def steps(program: Program, instance: str, extra: dict[str, str]) -> list[Step]:
    """What has to be done for *instance* (empty: the only desk); *extra* are further files by their path.

    ``Refused`` when the service could not work so.
    """
    if instance and not INSTANCE.fullmatch(instance):
        raise Refused(f"instance {instance!r}: use small letters, digits and '-', at most 24")
    for path in (program.prefix, program.python):
        if str(path).startswith(HIDDEN):
            raise Refused(
                f"the service cannot see {path}: install maild elsewhere, for example in /opt/maild"
            )
    unit = "maild@.service" if instance else "maild.service"
    config = shipped("config")
    name = f"maild-{instance}" if instance else "maild"
    return [
        Write(UNITS / unit, unit_for(program, (config / unit).read_text("utf-8"))),
        Write(UNITS / "maild-failed@.service", (config / "maild-failed@.service").read_text("utf-8")),
        *_backoff(unit),
        *_token_units(program, instance),
        *(Write(Path(path), text) for path, text in extra.items()),
        *_user_and_folders(config, name, instance),
        Link(Path("/usr/local/bin/maild"), program.maild),
        Command(("systemctl", "daemon-reload")),
    ]


def unit_for(program: Program, unit: str) -> str:
    """The *unit* with the paths of this maild in place of /opt/maild and the distribution's Python."""
    unit = unit.replace("/opt/maild", str(program.prefix))
    if program.base != Path("/usr"):
        more = f"ExecPaths={program.python} {program.base / 'lib'}\n"
        unit = unit.replace("\nExecPaths=", f"\n{more}ExecPaths=", 1)
    return unit


def _token_units(program: Program, instance: str) -> list[Step]:
    """What renews an OAuth token; the timer does nothing before somebody enables it."""
    found = []
    for kind in ("service", "timer"):
        text = (shipped("config") / f"maild-token@.{kind}").read_text("utf-8")
        if not instance:
            text = (
                text.replace("maild-%i", "maild").replace("/etc/maild/%i", "/etc/maild").replace(" of %i", "")
            )
        name = f"maild-token{'@' if instance else ''}.{kind}"
        found.append(Write(UNITS / name, unit_for(program, text)))
    return [*found]


def _user_and_folders(config: Path, name: str, instance: str) -> list[Step]:
    user, folders = (Path(f"/etc/{kind}.d/{name}.conf") for kind in ("sysusers", "tmpfiles"))
    return [
        Write(user, _named((config / "sysusers.d" / "maild.conf").read_text("utf-8"), instance)),
        Write(folders, _named((config / "tmpfiles.d" / "maild.conf").read_text("utf-8"), instance)),
        Command(("systemd-sysusers", str(user))),
        Command(("systemd-tmpfiles", "--create", str(folders))),
    ]


def _named(text: str, instance: str) -> str:
    """The lines of a sysusers.d or tmpfiles.d file, for the user and the folders of *instance*."""
    if not instance:
        return text
    text = re.sub(r"(?<!/)\bmaild(?= |$)", f"maild-{instance}", text, flags=re.MULTILINE)
    text = text.replace("/etc/maild", f"/etc/maild/{instance}")
    return text.replace("/var/lib/maild", f"/var/lib/maild-{instance}")


def _backoff(unit: str) -> list[Step]:
    """Pauses that grow from 10 s to 5 min, where systemd knows them (RestartSteps= came with 254)."""
    if systemd_version() < 254:
        return []
    text = "[Unit]\nStartLimitIntervalSec=30min\n[Service]\nRestartSteps=8\nRestartMaxDelaySec=5min\n"
    return [Write(UNITS / f"{unit}.d" / "backoff.conf", text)]


def systemd_version() -> int:
    """The version of systemd; 0 where there is none."""
    command = ["systemctl", "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.match(r"systemd (\d+)", said)
    return int(found.group(1)) if found else 0


def may_install() -> None:
    """``Refused`` unless we are root."""
    if os.geteuid() != 0:
        raise Refused("only root can install the service (--dry-run shows what would be done)")
