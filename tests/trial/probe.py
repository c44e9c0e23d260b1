"""Typed from inside: what a process may write, start and reach, as one line of JSON. Only the standard library.

Run once in the service's sandbox and once outside it, as the same user; the difference is what the sandbox does.
"""

import ctypes
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

PLACES = [
    "/",
    "/boot",
    "/dev",
    "/dev/mqueue",
    "/dev/shm",
    "/etc",
    "/etc/maild",
    "/etc/maild/secrets",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/opt/maild",
    "/root",
    "/run",
    "/run/lock",
    "/run/user",
    "/srv",
    "/srv/mail",
    "/sys/fs/cgroup",
    "/tmp",
    "/usr",
    "/usr/local/bin",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/mail",
    "/var/spool",
    "/var/tmp",
    "/run/maild",
    "/var/lib/maild",
    "/var/lib/maild/gnupg",
]
PROGRAMS = [
    "sh",
    "bash",
    "perl",
    "cat",
    "env",
    "id",
    "mount",
    "ssh",
    "systemctl",
    "python3",
    "gpg",
    "gpg-agent",
    "gpgconf",
    "gpg-connect-agent",
]
FAMILIES = [
    "INET",
    "INET6",
    "UNIX",
    "NETLINK",
    "PACKET",
    "ALG",
    "VSOCK",
    "BLUETOOTH",
    "CAN",
    "TIPC",
    "QIPCRTR",
]


def writable() -> Iterator[str]:
    """The places in which a file can be made."""
    return (place for place in PLACES if _can(_write, Path(place) / "probe"))


def _write(file: Path) -> None:
    file.write_bytes(b"x")
    file.unlink()


def started() -> Iterator[str]:
    """The programs that can be started, by name; copies of one that lie where the service can write among them."""
    for name in PROGRAMS:
        if (path := shutil.which(name)) and _can(_run, path):
            yield name
    for place in ("/run/maild", "/var/lib/maild", "/tmp"):
        copy = Path(place) / "probe"
        if _can(shutil.copy, "/usr/bin/true", copy):
            if _can(_run, str(copy)):
                yield f"a copy in {place}"
            copy.unlink()
    if _can(_from_memory):
        yield "a copy in memory"
    if _can(_run, "/lib64/ld-linux-x86-64.so.2", "/usr/bin/true"):
        yield "a program by way of the loader"


def executable() -> Iterator[str]:
    """Every file of the system that the kernel would let us execute (access(2) knows noexec mounts)."""
    for top in ("/usr", "/opt", "/etc", "/var", "/run", "/srv"):
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                if path.is_file() and not path.is_symlink() and os.access(path, os.X_OK):
                    yield str(path)


def families() -> Iterator[str]:
    """The address families in which a socket can be had."""
    for name in FAMILIES:
        number = getattr(socket, f"AF_{name}", None)
        kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)
        if number is not None and any(_can(_socket, number, kind) for kind in kinds):
            yield name


def calls() -> Iterator[str]:
    """Ways out of a sandbox that open."""
    libc = ctypes.CDLL(None, use_errno=True)
    tried = {
        "unshare": lambda: libc.unshare(0x10000000),
        "setuid": lambda: libc.setuid(0),
        "mount": lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, b""),
        "ptrace": lambda: libc.ptrace(16, os.getppid(), 0, 0),
        "writable and executable memory": lambda: -(libc.mmap(0, 4096, 7, 0x22, -1, 0) in (-1, 0xFFFFFFFF)),
        "other people's processes": lambda: -(not any(_other(pid) for pid in os.listdir("/proc"))),
    }
    for name, call in tried.items():
        if call() >= 0:
            yield name


def _other(pid: str) -> bool:
    return (
        pid.isdigit()
        and _can(Path(f"/proc/{pid}").stat)
        and Path(f"/proc/{pid}").stat().st_uid != os.getuid()
    )


def _from_memory() -> None:
    with closing(open(os.memfd_create("probe", 0), "wb")) as file:
        file.write(Path("/usr/bin/true").read_bytes())
        file.flush()
        _run(f"/proc/self/fd/{file.fileno()}", pass_fds=(file.fileno(),))


def _run(*command: str, pass_fds: tuple[int, ...] = ()) -> None:
    subprocess.run([*command, "--version"], capture_output=True, check=True, timeout=10, pass_fds=pass_fds)


def _socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _can(attempt: Callable[..., object], *given: object) -> bool:
    try:
        attempt(*given)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


print(
    json.dumps({one.__name__: sorted(set(one())) for one in (writable, started, families, calls, executable)})
)
