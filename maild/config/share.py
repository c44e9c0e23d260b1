"""Where the files that maild ships with lie: inside an installed wheel, or in the checkout around it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The folder ``config`` or ``migrations`` that came with this maild."""
    inside = _PACKAGE / "_share" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
