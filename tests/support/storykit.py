"""Keys of people who live at a time gone by, and sign then."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.openpgp.kit import Kit


class StoryKit(Kit):
    """A kit whose gpg believes *clock* (aware UTC). The desk's own gpg goes by the machine's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        super().__init__()

    def gpg(self, home: Path, *words: str, feed: bytes = b"", check: bool = True) -> bytes:
        """What gpg writes to standard output."""
        at = f"{self.clock():%Y%m%dT%H%M%S}!"
        return super().gpg(home, "--faked-system-time", at, *words, feed=feed, check=check)
