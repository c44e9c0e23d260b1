"""``tests/run --on RELEASE... [TESTS...]``: README's two commands on a bare Debian of each release.

They are typed as README gives them; where tests are named, the second one gets their names.

Each command gets a throw-away copy of the bare tree with the checkout in it: the demo as root and as an ordinary
user, after the packages that README names for it; the tests as root, who has nothing but what ``tests/run``
installs. One line a release is printed; what was said in between lies in the file that the line names.
"""

import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tests.trees.readme import ROOT, two_commands, wanted_for_the_demo
from tests.trees.room import Room, room
from tests.trees.tree import RELEASES, CannotMakeError, bare_tree, cache

DEMO_SECONDS = 900.0
TESTS_SECONDS = 4500.0
"""A machine that does other work besides may take its time; one that hangs must not hold up the rest."""
BESIDE = ("corpus", "schemas", "field")
"""Folders of ``../shared`` that tests read where they exist."""
VERSIONS = r"""
python3 --version; gpg --version | head -1
echo Dovecot $(dovecot --version 2>/dev/null || /usr/sbin/dovecot --version) | cut -d' ' -f1,2
echo Postfix $(/usr/sbin/postconf -h mail_version)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One command that was run: what it was, whether it passed, how long it took, what it counted."""

    name: str
    passed: bool
    seconds: float
    counted: str = ""

    def __str__(self) -> str:
        """As the closing line tells it."""
        outcome = "passed" if self.passed else "FAILED"
        counted = f", {self.counted}" if self.counted else ""
        return f"{self.name} {outcome} in {self.seconds:.0f} s{counted}"


def main(words: list[str]) -> int:
    """Try each release; 0 when everything passed, 1 when something failed, 2 when it cannot be tried."""
    releases = list(takewhile(RELEASES.__contains__, words))
    only = words[len(releases) :]
    unknown = [name for name in only if not (ROOT / name).exists()]
    if unknown or not releases:
        wanted = f"one or more of {', '.join(RELEASES)}, then tests if not all are wanted"
        print(f"tests/run --on takes {wanted}; got: {' '.join(unknown) or 'nothing'}")
        return 2
    outcomes = [_tried(release, only) for release in releases]
    if False in outcomes:
        return 1
    return 2 if None in outcomes else 0


def _tried(release: str, only: list[str]) -> bool | None:
    """Whether everything passed; ``None`` when this machine can make no such tree, or enter none."""
    log = cache() / f"on-{release}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    try:
        tree = bare_tree(release)
    except CannotMakeError as error:
        print(f"== {release}: not tried, no bare tree: {error}", flush=True)
        return None
    with room(tree) as made:
        if made.run("true", log, seconds=60) != 0:
            print(f"== {release}: not tried, this machine cannot enter a tree, see {log}", flush=True)
            return None
    steps = [*_demos(tree, log), *_tests(tree, log, only)]
    for step in steps:
        print(f"== {release}: {step}", flush=True)
    passed = all(step.passed for step in steps)
    if not passed:
        print("\n".join(log.read_text("utf-8", "replace").splitlines()[-60:]))
    verdict = "both README commands pass" if passed else f"FAILED, see {log}"
    print(f"== {release} ({', '.join(_versions(log))}): {verdict}", flush=True)
    return passed


def _demos(tree: Path, log: Path) -> list[Step]:
    """The demo as root and as an ordinary user, in one room."""
    demo, _ = two_commands()
    with room(tree) as made:
        _bring(made, "root/maild")
        ready = _step(made, "what the demo needs", f"apt-get update && {wanted_for_the_demo()}", log)
        made.run(
            "useradd --create-home user && cp -r maild /home/user && chown -R user: /home/user",
            log,
            seconds=60,
        )
        root = _step(made, "demo as root", f"cd maild && {demo}", log)
        return [ready, root, _step(made, "demo as a user", f"cd maild && {demo}", log, user="user")]


def _tests(tree: Path, log: Path, only: list[str]) -> list[Step]:
    tests = shlex.join([*shlex.split(two_commands()[1]), *only])
    with room(tree) as made:
        _bring(made, "root/maild")
        begin = log.stat().st_size
        step = _step(made, tests, f"cd maild && MAILD_TREE=1 {tests}", log, seconds=TESTS_SECONDS)
        said = log.read_bytes()[begin:].decode("utf-8", "replace")
        made.run(VERSIONS, log, seconds=60)
    counts = re.findall(r"^(\d+ (?:passed|failed).*?) in [\d.]+", said, re.MULTILINE)
    return [
        Step(step.name, step.passed and bool(counts), step.seconds, counts[-1] if counts else "no test ran")
    ]


def _step(
    made: Room, name: str, command: str, log: Path, *, user: str = "root", seconds: float = DEMO_SECONDS
) -> Step:
    begin = time.monotonic()
    status = made.run(command, log, user=user, seconds=seconds)
    return Step(name, status == 0, time.monotonic() - begin)


def _bring(made: Room, target: str) -> None:
    """The checkout as git sees it, uncommitted work included, and what its tests read beside it."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]
    made.put(files, ROOT, target)
    shared = ROOT.parent / "shared"
    for name in BESIDE:
        beside = [file for file in (shared / name).rglob("*") if file.is_file()]
        made.put(beside, shared, str(Path(target).parent / "shared"))


def _versions(log: Path) -> list[str]:
    """What the room said last of what is installed in it."""
    said = log.read_text("utf-8", "replace").splitlines()[-4:]
    return [
        re.sub(r"gpg \(GnuPG\)", "gpg", line)
        for line in said
        if re.match(r"(Python|gpg|Dovecot|Postfix) ", line)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
