"""Key folders (GnuPG homes): the desk's with its secret keys, the team's public ones, scratch ones.

Hostile keys only ever meet a scratch home, which is thrown away; signatures are judged from one too, so
that no secret key is within reach of what a stranger wrote.
"""

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from maild.errors import TemporaryError
from maild.gateways.openpgp.runner import memory_file
from maild.gateways.openpgp.trusted import gpg_version

Recipient = Path | str | bytes
"""A key to seal to: a file, a fingerprint in the desk's or the team's home, or the key itself."""
MAX_SOCKET = 107
"""Bytes of a unix socket's path (unix(7)); gpg-agent cannot listen on a longer one."""
_AGENT_CONF = "# The agent keeps what maild told it at start.\n"
_SECONDS = 400 * 24 * 3600


def prepare_home(home: Path, strong: bool = False) -> None:
    """Makes *home* a key folder (0700) whose agent keeps passphrases; what is there already stays.

    A *strong* passphrase (random, 256 bits) needs no slow derivation, which would cost a third of a second
    at every use of the key. Raises ``TemporaryError`` when it cannot be written.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        conf = home / "gpg-agent.conf"
        if not conf.exists():
            ttl = f"default-cache-ttl {_SECONDS}\nmax-cache-ttl {_SECONDS}\n"
            quick = "s2k-count 65536\n" if strong else ""
            conf.write_text(_AGENT_CONF + ttl + quick, encoding="ascii")
    except OSError as error:
        raise TemporaryError(f"key folder {home}: {error.strerror}") from None


def check_home(home: Path) -> tuple[str, ...]:
    """What is wrong with the key folder *home*, as sentences; empty when nothing is."""
    try:
        found = home.stat()
    except OSError as error:
        return (f"key folder {home} cannot be read: {error.strerror}",)
    faults = []
    if not stat.S_ISDIR(found.st_mode):
        return (f"key folder {home} is not a folder",)
    if found.st_mode & 0o077:
        faults.append(f"key folder {home} is open to others (mode {stat.S_IMODE(found.st_mode):o}, want 700)")
    if found.st_uid != os.geteuid():
        faults.append(f"key folder {home} belongs to another user")
    length = len(os.fsencode(_socket(home)))
    if length > MAX_SOCKET:
        faults.append(
            f"key folder {home}: the path of its agent's socket has {length} bytes, at most {MAX_SOCKET} work"
        )
    if conf := _keyboxd(home):
        faults.append(
            f"{conf} says use-keyboxd: gpg then reads no other keyring than its own, not the team's"
        )
    return tuple(faults)


def _keyboxd(home: Path) -> Path | None:
    """The file that makes gpg 2.3 or later keep keys in a daemon, where ``--keyring`` counts for nothing.

    ``--no-options`` does not keep gpg from reading it, and no other option takes it back (tried with 2.4.9).
    gpg 2.2 has no such daemon.
    """
    for conf in (home / "common.conf", _system_folder() / "common.conf"):
        try:
            lines = conf.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        if "use-keyboxd" in (line.strip() for line in lines) and gpg_version(home) >= (2, 3):
            return conf
    return None


def system_options() -> tuple[Path, tuple[str, ...]]:
    """The system's ``gpg.conf`` and the options in it, which gpg reads whatever it is told.

    ``--no-options`` keeps gpg from the user's file only, nothing keeps it from this one (tried with 2.2.40).
    """
    conf = _system_folder() / "gpg.conf"
    try:
        lines = conf.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return conf, ()
    words = (line.split() for line in lines)
    return conf, tuple(dict.fromkeys(one[0] for one in words if one and not one[0].startswith("#")))


def _system_folder() -> Path:
    """Where this gpg reads what holds for every user."""
    try:
        command = ["gpgconf", "--list-dirs", "sysconfdir"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return Path("/etc/gnupg")
    return Path(unquote(os.fsdecode(done.stdout).strip()) or "/etc/gnupg")


def _socket(home: Path) -> Path:
    """Where the agent's longest socket would be: in the user's run folder if there is one, else in *home*."""
    name = "S.gpg-agent.browser"
    run = Path(f"/run/user/{os.geteuid()}")
    # There the name of the folder is a hash of the home's, of fixed length (gnupg doc/gpg-agent.texi).
    return run / "gnupg" / ("d." + "x" * 24) / name if _is_folder(run) else home.absolute() / name


def _is_folder(path: Path) -> bool:
    """Whether *path* is a folder that can be looked at; in a service's sandbox /run/user cannot."""
    try:
        return path.is_dir()
    except PermissionError:
        return False


def public_keyring(home: Path) -> Path:
    """The file with the public keys of *home*."""
    return home / "pubring.kbx"


def keyring_arguments(files: tuple[Path, ...]) -> list[str]:
    """The gpg arguments that add the keyring *files* that exist."""
    return [word for file in files if file.is_file() for word in ("--keyring", str(file.absolute()))]


@contextlib.contextmanager
def key_at_hand(key: bytes) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """The gpg arguments, and the descriptors to inherit, that lay the public *key* beside the keyrings.

    It lives in anonymous memory for one run; an empty *key* adds nothing.
    """
    if not key:
        yield [], ()
        return
    with memory_file(key) as descriptor:
        yield ["--keyring", f"gnupg-ring:/proc/self/fd/{descriptor}"], (descriptor,)


@contextlib.contextmanager
def recipient_arguments(recipients: Sequence[Recipient]) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """The gpg arguments, and the descriptors to inherit, that name the *recipients* of one message."""
    words: list[str] = []
    with contextlib.ExitStack() as files:
        held: list[int] = []
        for recipient in recipients:
            if isinstance(recipient, bytes):
                held.append(files.enter_context(memory_file(recipient)))
                words += ["--recipient-file", f"/proc/self/fd/{held[-1]}"]
            elif isinstance(recipient, Path):
                words += ["--recipient-file", str(recipient.absolute())]
            else:
                words += ["--recipient", recipient]
        yield words, tuple(held)


@contextlib.contextmanager
def scratch_home(parent: Path | None = None) -> Iterator[Path]:
    """A key folder for one question, removed afterwards.

    Raises ``TemporaryError`` when there is no room for it.
    """
    try:
        home = Path(tempfile.mkdtemp(prefix="maild-", dir=parent))
    except OSError as error:
        raise TemporaryError(f"no folder for a scratch keyring: {error.strerror}") from None
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def want_room(home: Path, size: int) -> None:
    """``TemporaryError`` unless *size* bytes can be written in *home*: gpg calls a full disk a bad key."""
    file = home / "room"
    try:
        file.write_bytes(bytes(size))
    except OSError as error:
        raise TemporaryError(f"no room for a scratch keyring: {error.strerror}") from None
    finally:
        file.unlink(missing_ok=True)
