"""A folder of files that a web server hands out, written by a command."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from maild.errors import Refused

READABLE, OPEN = 0o644, 0o755
"""Files and folders that everyone may read: what is in them is public."""


def publish(
    folder: Path, names: Iterable[PurePosixPath], contents: Callable[[], Mapping[PurePosixPath, bytes]]
) -> list[Path]:
    """Write into *folder* the *contents* among *names*, over what such a file held; which files these are.

    The files are opened before the contents are asked for: root then still writes where the desk's owner
    cannot. ``Refused`` when a file cannot be written.
    """
    with ExitStack() as ends:
        numbers = {name: _opened(folder, name) for name in names}
        for number in numbers.values():
            ends.callback(os.close, number)
        written = contents()
        for name, content in written.items():
            os.ftruncate(numbers[name], 0)
            with os.fdopen(os.dup(numbers[name]), "wb") as out:
                out.write(content)
    return [folder / name for name in written]


def _opened(folder: Path, name: PurePosixPath) -> int:
    """The file, open for writing, with the folders above it."""
    try:
        for above in [folder, *(folder / one for one in reversed(name.parents[:-1]))]:
            if not above.is_dir():
                above.mkdir()
                above.chmod(OPEN)
        number = os.open(folder / name, os.O_WRONLY | os.O_CREAT, READABLE)
    except OSError as error:
        raise Refused(f"cannot write {folder / name}: {error.strerror}") from None
    os.fchmod(number, READABLE)
    return number
