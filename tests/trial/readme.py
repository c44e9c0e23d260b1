"""The commands of an operator's first day, as README.md shows them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """Each command of the block under "An operator's first day", continuation lines joined."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## An operator's first day")[2]
    block = section.split("```")[1].strip()
    return block.replace("\\\n", " ").splitlines()


def packages() -> tuple[str, ...]:
    """The Debian packages that the commands install."""
    words = next(one for one in commands() if one.startswith("apt-get install")).split()
    return tuple(word for word in words[2:] if not word.startswith("-"))
