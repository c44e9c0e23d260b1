"""The corpus of real mail, where there is one; nothing of it is kept in the project."""

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part, parse


def find_corpus() -> Path | None:
    """The folder of the corpus: ``MAILD_CORPUS``, or what the unpacker beside the repository prints.

    None where there is no corpus at all; AssertionError when there is one that cannot be unpacked.
    """
    if given := os.environ.get("MAILD_CORPUS"):
        return Path(given)
    unpack = Path(__file__).parents[3] / "shared" / "corpus" / "unpack"
    if not unpack.exists():
        return None
    with (Path(tempfile.gettempdir()) / f"maild-corpus-{os.getuid()}").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # the workers of a run all come at once
        done = subprocess.run([str(unpack)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{unpack} failed: {done.stderr}"  # never skipped without a word
    return Path(done.stdout.strip())


def read_mails(folder: Path) -> dict[str, Part]:
    """Every mail in *folder*, by file name."""
    return {path.name: parse(path.read_bytes()).root for path in sorted(folder.iterdir()) if path.is_file()}


def with_subject(headers: Headers, subject: str) -> Headers:
    """*headers* with their Subject replaced (or added)."""
    rest = tuple((name, value) for name, value in headers.fields if name.lower() != "subject")
    return Headers((*rest, ("Subject", subject)))
