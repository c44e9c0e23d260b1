"""maild sets its process's umask; within the tests' own process it has to be set back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_umask(mask: int = 0o022) -> Iterator[None]:
    """A usual umask inside the block, and the one from before after it."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
