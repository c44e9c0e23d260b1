"""A bare Debian tree, made once and kept: what a small host has before maild is installed.

In it: systemd, and the mail server of the project (Postfix, Dovecot). Not in it: Python, gpg, maild. The packages
that README tells to install lie in apt's own cache, so that its command works without a network.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

SUITE = "bookworm"
BASE = "systemd,systemd-sysv,dbus"
MAIL_SERVER = ("postfix", "dovecot-imapd", "dovecot-lmtpd", "openssl")
MIRROR = re.compile(r"^(?:URIs:|deb) .*?(https?://\S+/debian)/?(?=\s)", re.MULTILINE)


def cache() -> Path:
    """The folder that outlives a run."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "maild-trial"


def mirror() -> str:
    """The Debian mirror that this machine uses itself (deb822 or one-line style)."""
    for file in sorted(Path("/etc/apt").glob("sources.list*")) + sorted(
        Path("/etc/apt/sources.list.d").glob("*")
    ):
        if file.is_file() and (found := MIRROR.search(file.read_text())):
            return found.group(1)
    return "http://deb.debian.org/debian"


def bare_tree(wanted: tuple[str, ...]) -> Path:
    """The tree, with the packages *wanted* in apt's cache; made when it is not there (two minutes)."""
    recipe = repr((SUITE, BASE, MAIL_SERVER, sorted(wanted)))
    tree = cache() / f"tree-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    if not tree.is_dir():
        unfinished = tree.with_suffix(f".{os.getpid()}")
        try:
            _make(unfinished, wanted)
            unfinished.rename(tree)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return tree


def _make(tree: Path, wanted: tuple[str, ...]) -> None:
    tree.parent.mkdir(parents=True, exist_ok=True)
    _run("debootstrap", "--variant=minbase", f"--include={BASE}", SUITE, str(tree), mirror())
    # nothing is started while packages are set up: there is no systemd in a chroot
    policy = tree / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    (tree / "etc/apt/apt.conf.d/trial").write_text('Binary::apt-get::APT::Keep-Downloaded-Packages "true";\n')
    apt = ("chroot", str(tree), "apt-get", "-qq")
    _run(*apt, "update")
    _run(*apt, "install", "-y", "--no-install-recommends", *MAIL_SERVER)
    _run(*apt, "clean")
    _run(*apt, "install", "-y", "--no-install-recommends", "--download-only", *wanted)
    policy.unlink()


class CannotMakeError(Exception):
    """Something that has to be fetched is out of reach."""


def _run(*command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotMakeError(f"{' '.join(command)}: {(done.stderr or done.stdout)[-500:]}")
