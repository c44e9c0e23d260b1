"""Bare Debian trees, made once and kept: what a small host has before anything is installed for maild.

Only the standard library is used here: ``tests/run --on`` comes before any virtual environment.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

RELEASES = {"bookworm": "3.11", "trixie": "3.13", "forky": "3.14"}
"""The Debian releases that maild is tried on, each with its Python: oldstable, stable, testing."""
CHANGED = "3"
"""Changes when the recipe below does, so that a tree kept from before is not taken for a new one."""

_SCRIPTS = Path("/usr/share/debootstrap/scripts")
_MIRROR = re.compile(r"^(?:URIs:|deb) .*?(https?://\S+/debian)/?(?=\s)", re.MULTILINE)
_OWN_AUTHORITIES = Path("/usr/local/share/ca-certificates")


class CannotMakeError(Exception):
    """Something that has to be fetched is out of reach."""


def cache() -> Path:
    """The folder that outlives a run."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "maild-trial"


def mirror() -> str:
    """The Debian mirror that this machine uses itself (deb822 or one-line style)."""
    for file in sorted(Path("/etc/apt").glob("sources.list*")) + sorted(
        Path("/etc/apt/sources.list.d").glob("*")
    ):
        if file.is_file() and (found := _MIRROR.search(file.read_text())):
            return found.group(1)
    return "http://deb.debian.org/debian"


def bare_tree(release: str) -> Path:
    """A tree of Debian's *release* with its essential packages and apt, and nothing else (one minute)."""
    return kept_tree(release, (), lambda tree: None)


def kept_tree(
    release: str, included: tuple[str, ...], finish: Callable[[Path], None], also: str = ""
) -> Path:
    """A tree of *release* with the packages *included*, finished by *finish*; made when it is not there.

    *also* says what *finish* does: another word makes another tree. Raises ``CannotMakeError``.
    """
    recipe = repr((CHANGED, release, included, also))
    tree = cache() / f"{release}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    if not tree.is_dir():
        unfinished = tree.with_suffix(f".{os.getpid()}")
        try:
            _make(release, included, unfinished)
            finish(unfinished)
            unfinished.rename(tree)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return tree


def _make(release: str, included: tuple[str, ...], tree: Path) -> None:
    tree.parent.mkdir(parents=True, exist_ok=True)
    script = _SCRIPTS / release  # an older debootstrap does not know newer releases by name
    words = ["--variant=minbase", *([f"--include={','.join(included)}"] if included else [])]
    run(
        "debootstrap",
        *words,
        release,
        str(tree),
        mirror(),
        str(script if script.exists() else _SCRIPTS / "sid"),
    )
    (tree / "etc/apt/apt.conf.d/bare").write_text(
        'Acquire::Check-Valid-Until "false";\n'  # a mirror of testing may be a few weeks behind
        'Binary::apt-get::APT::Keep-Downloaded-Packages "true";\n'
    )
    # nothing is started while packages are set up: there is no systemd in a chroot
    policy = tree / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    _reach_the_network(tree)
    run("chroot", str(tree), "apt-get", "-qq", "update")


def _reach_the_network(tree: Path) -> None:
    """The tree asks the same resolver as this machine, and trusts the authorities that were added to it."""
    shutil.copy("/etc/resolv.conf", tree / "etc/resolv.conf")
    if _OWN_AUTHORITIES.is_dir():
        shutil.copytree(_OWN_AUTHORITIES, tree / str(_OWN_AUTHORITIES)[1:], dirs_exist_ok=True)


def run(*command: str) -> None:
    """Run *command*; ``CannotMakeError`` with its last words when it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotMakeError(f"{' '.join(command)}: {(done.stderr or done.stdout)[-500:]}")
