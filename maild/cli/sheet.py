"""Comma-separated values that a spreadsheet takes for nothing but values."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def write(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print *rows* with a line of names on top."""
    sheet = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    sheet.writeheader()
    sheet.writerows({name: cell(row.get(name)) for name in columns} for row in rows)


def cell(value: object) -> object:
    """*value*; a text that would be a formula behind an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
