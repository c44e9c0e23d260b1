"""The invented subjects in ``tests/subjects``: lures in two halves, and honest ones."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "subjects"


def subjects(name: str) -> list[str]:
    """The subjects of one file, without its comments."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def halves(name: str) -> tuple[list[str], list[str]]:
    """Every other subject was looked at while the rules were written; the others only counted."""
    return subjects(name)[::2], subjects(name)[1::2]
