"""A process measured from outside: how long it took, and how much memory it had at the most."""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Exit status, seconds of wall clock, and MiB of resident memory at the most (VmHWM of the process)."""

    code: int
    seconds: float
    peak: float
    said: str


def measured(command: list[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run *command* to its end, looking at its memory as it goes."""
    begin, peak = time.monotonic(), 0
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(0.005)
        seconds = time.monotonic() - begin
        said.seek(0)
        return Measured(process.returncode, seconds, peak / 1024, said.read().decode("utf-8", "replace"))


def _high_water(pid: int) -> int:
    """The KiB of the kernel's own high-water mark, so that nothing between two looks is missed."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    # Before it has become the new program it is still a copy of this one.
    if not any(line.startswith("Name:\tpython") for line in lines):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
