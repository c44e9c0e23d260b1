"""Which mistakes would the tests find? ``python tests/mutants/sample.py --seed 1 tests/core tests/relay``.

Makes a copy of the project, runs the given tests in it once and notes which test reaches which line (the
contexts of ``coverage``), then puts one slip after the other into a line of ``maild/core`` or ``maild/engine``
that is reached, and runs, with ``-x``, the tests that reach it. A slip that no test notices *survives*. Prints each
with its place, what became of it and the test that found it, and the part that was killed. The same seed makes the
same slips while the code is the same; lines that none of the given tests reaches are passed over.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from coverage import CoverageData

from tests.mutants.mutations import Mutation, mutations

ROOT = Path(__file__).parents[2]
WHERE = ("maild/core", "maild/engine")
LONG = 600.0
"""Seconds after which a run counts as hanging: the slip was noticed."""
_CONTEXTS = "[run]\nsource = maild\ncore = ctrace\n"
_FOUND = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A mutation of a file, and the tests that reach its line."""

    file: str
    mutation: Mutation
    tests: tuple[str, ...]


def main() -> int:
    """Print what became of a sample; the exit code is the number of survivors, 100 at most."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "maild"
        _copy(copy)
        reached = _reached(copy, asked.tests)
        places = list(_places(copy, reached, asked.where))
        random.Random(asked.seed).shuffle(places)
        chosen = [one for one in places if one.tests][: asked.count]
        passed = places.index(chosen[-1]) + 1 - len(chosen) if chosen else len(places)
        print(f"seed {asked.seed}: {len(chosen)} of {len(places)} mutations in {', '.join(asked.where)}")
        print(f"{passed} others that none of these tests reaches were passed over")
        survivors = sum(not _killed(copy, one) for one in chosen)
    killed = len(chosen) - survivors
    print(f"{killed} of {len(chosen)} killed ({killed / max(1, len(chosen)):.0%})")
    return min(survivors, 100)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tests", nargs="*", default=["tests/core"], help="what is run (default: tests/core)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--where", nargs="+", default=list(WHERE), help="folders or files that get the slips")
    return parser.parse_args()


def _copy(copy: Path) -> None:
    away = shutil.ignore_patterns(".venv", ".git", ".cache", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=away, symlinks=True)


def _run(copy: Path, *words: str, seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    """A command of this Python in the copy, which comes before whatever is installed."""
    environ = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", *words]
    return subprocess.run(
        command, cwd=copy, env=environ, capture_output=True, text=True, check=False, timeout=seconds
    )


def _reached(copy: Path, tests: list[str]) -> dict[str, dict[int, list[str]]]:
    """For each file of ours the lines that tests reach, each with their ids for pytest."""
    (copy / ".coveragerc").write_text(_CONTEXTS)
    done = _run(copy, "coverage", "run", "-m", "pytest", "-p", "tests.mutants.contexts", "-x", *tests)
    if done.returncode:
        sys.exit(f"the tests fail before anything is changed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    data = CoverageData(str(copy / ".coverage"))
    data.read()
    found: dict[str, dict[int, list[str]]] = {}
    for file in data.measured_files():
        lines = data.contexts_by_lineno(file)
        name = Path(file).relative_to(copy).as_posix()
        found[name] = {line: [one for one in names if one] for line, names in lines.items()}
    return found


def _places(copy: Path, reached: dict[str, dict[int, list[str]]], where: list[str]) -> Iterator[Place]:
    """Every mutation, in the order of files and lines, with the tests that reach it while they run."""
    rooms = [copy / one for one in where]
    for path in sorted(one for room in rooms for one in (room.rglob("*.py") if room.is_dir() else [room])):
        file = path.relative_to(copy).as_posix()
        for mutation in mutations(path.read_text("utf-8")):
            yield Place(file, mutation, tuple(sorted(set(reached.get(file, {}).get(mutation.line, ())))))


def _killed(copy: Path, place: Place) -> bool:
    """Whether a test notices; prints the place, the line before and after, and which test it was."""
    path = copy / place.file
    source = path.read_text("utf-8")
    changed = place.mutation.applied(source)
    row = place.mutation.line - 1
    print(f"{place.file}:{row + 1}\n  - {source.splitlines()[row].strip()}")
    print(f"  + {changed.splitlines()[row].strip()}")
    path.write_text(changed, "utf-8")
    try:
        done = _run(copy, "pytest", "-q", "-x", "-p", "no:cacheprovider", *place.tests, seconds=LONG)
    except subprocess.TimeoutExpired:
        print("  killed: it hangs", flush=True)
        return True
    finally:
        path.write_text(source, "utf-8")
    found = _FOUND.search(done.stdout)
    by = found[1] if found else "it does not start"
    print(f"  killed by {by}" if done.returncode else f"  SURVIVES {len(place.tests)} tests", flush=True)
    return bool(done.returncode)


if __name__ == "__main__":
    sys.exit(main())
