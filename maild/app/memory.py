"""Memory of long mails goes back to the system.

The C library keeps what was freed for later once it has seen a long block go; then a mail of 25 MB leaves
holes that nothing else fits into, and the process grows with every mail. Told a fixed limit, it asks the
system for each long block and returns it (mallopt(3), M_MMAP_THRESHOLD). A saving only: where there is no
such call, nothing happens.
"""

import contextlib

M_MMAP_THRESHOLD = -3
LONG = 1024 * 1024
"""Bytes from which on a block comes from the system and goes back to it."""


def return_long_blocks() -> None:
    """Have every long block returned as soon as it is free, in this process."""
    # A sandbox that forbids executable memory, or another C library, may not know it.
    with contextlib.suppress(ImportError, MemoryError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LONG)
