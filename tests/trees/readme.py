"""What README.md tells to type: its two commands, and the commands of an operator's first day."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _section(title: str) -> str:
    return (ROOT / "README.md").read_text("utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]


def two_commands() -> tuple[str, str]:
    """The blocks under "Two commands": the demo, the tests."""
    demo, tests = _section("Two commands").split("```")[1::2]
    return demo.strip(), tests.strip()


def wanted_for_the_demo() -> str:
    """The command that installs what the demo needs on Debian, as that section gives it."""
    found = re.search(r"`(apt-get install [^`]+)`", _section("Two commands"))
    assert found, "README tells no longer what the demo needs"
    return found.group(1)


def commands() -> list[str]:
    """Each command of the block under "An operator's first day", continuation lines joined."""
    block = _section("An operator's first day").split("```")[1].strip()
    return block.replace("\\\n", " ").splitlines()


def packages() -> tuple[str, ...]:
    """The Debian packages that the commands install."""
    words = next(one for one in commands() if one.startswith("apt-get install")).split()
    return tuple(word for word in words[2:] if not word.startswith("-"))
