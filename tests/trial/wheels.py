"""What pip needs without a network: the wheels of maild's dependencies, kept between runs, and maild's own."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.trees.readme import ROOT
from tests.trees.tree import CannotMakeError, cache


def wheels(folder: Path, python: str) -> Path:
    """*folder* filled with every wheel that ``pip install maild`` wants where *python* is the version."""
    own = folder / "wheels"
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(own), str(ROOT))
    for wheel in _dependencies(python).iterdir():
        (own / wheel.name).hardlink_to(wheel) if _same_disk(wheel, own) else shutil.copy(wheel, own)
    return own


def _dependencies(python: str) -> Path:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    kept = cache() / f"wheels-{hashlib.sha256(repr((python, wanted)).encode()).hexdigest()[:12]}"
    if not kept.is_dir():
        unfinished = kept.with_suffix(f".{os.getpid()}")
        try:
            _pip(
                "download",
                "--python-version",
                python,
                "--only-binary",
                ":all:",
                "--dest",
                str(unfinished),
                *wanted,
            )
            unfinished.rename(kept)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return kept


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _pip(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotMakeError(f"pip {' '.join(words[:3])}: {done.stderr[-500:]}")
