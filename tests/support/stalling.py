"""``python -m tests.support.stalling CLOCK FOLDER HOW …``: as ``leaping``, and one mail takes for ever.

A mail that says ``WORD`` is not done being parsed while the file ``FOLDER/stall`` exists; each look at that file
adds a byte to ``FOLDER/looks``. *HOW* is ``beside``, as the engine has it, or ``within``:
then parsing is done on the event loop, and holds up everything.
"""

import asyncio
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.leaping import lead

WORD = b"x-stalls: yes"
PACE = 0.02
"""Seconds between two looks."""


def stall(folder: Path) -> None:
    """From now on that mail takes for ever; to be called before anything else imports the parser."""
    from maild.core.mail import mime

    parse = mime.parse

    def slowly(raw: bytes) -> mime.Tree:
        while WORD in raw.lower() and (folder / "stall").exists():
            with (folder / "looks").open("ab") as looks:
                looks.write(b".")
            time.sleep(PACE)
        return parse(raw)

    mime.parse = slowly


def within() -> None:
    """From now on nothing is done beside the loop."""

    async def here(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return work(*args, **kwargs)

    asyncio.to_thread = here


if __name__ == "__main__":
    _, clock, where, how = sys.argv[:4]
    del sys.argv[1:4]
    lead(Path(clock))
    stall(Path(where))
    if how == "within":
        within()
    runpy.run_module("maild", run_name="__main__", alter_sys=True)
