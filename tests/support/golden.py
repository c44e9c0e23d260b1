"""Pages of text as they should be, in ``tests/golden``: ``GOLDEN=write pytest …`` writes them anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def golden(name: str, text: str) -> None:
    """*text* is what ``tests/golden/NAME`` holds; look at the change before you commit a new one."""
    file = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert file.exists(), f"{name} is missing: GOLDEN=write writes it"
    assert text == file.read_text("utf-8")
