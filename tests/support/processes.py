"""What the kernel tells of other processes (proc_pid_stat(5))."""

from contextlib import suppress
from pathlib import Path


def children(parent: int) -> list[int]:
    """The processes that *parent* started and that have not been waited for."""
    everybody = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return [pid for pid in everybody if _stat(pid)[1:2] == [str(parent)]]


def running(pid: int) -> bool:
    """Whether a process is there and more than a zombie."""
    return _stat(pid)[:1] not in ([], ["Z"], ["X"])


def _stat(pid: int) -> list[str]:
    """State, parent and so on; nothing when it is gone. The name before them may hold anything."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
