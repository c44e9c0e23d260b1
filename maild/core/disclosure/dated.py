"""Whether a text names a date: one that does may no longer be true when the instant moves."""

import re

from maild.core.values.phrases import Phrases

_MONTH = r"@month@\.?"
_DATE = (
    r"(?<![\w.-])(?:"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![\w-])"  # 2026-12-01
    r"|\d{1,2}[.-] ?\d{1,2}[.-] ?20\d\d(?![\w-])"  # 01.12.2026; a version has shorter numbers
    r"|\d{1,2}/\d{1,2}/(?:\d\d){1,2}(?!\w)"  # 12/1/26
    rf"|\d{{1,2}}(?:st|nd|rd|th|er)?\.?(?: of| de)? {_MONTH}(?!\w)"  # 1 December, 1st of Dec, 1 de dezembro
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\w|\.\d)"  # December 1
    r"|[^\W\d_]{3,12}\.? 20\d\d(?!\w|[.-]\d)"  # décembre 2026, in any language
    r"|20\d\d ?年|\d{1,2} ?月 ?\d{1,2}"
    r"|@day@\b"
    r")"
)
"""Dates as people write them; what only looks like one costs two approvals more, nothing else."""


def names_date(text: str, phrases: Phrases) -> bool:
    """Whether *text* names a day, in one of the usual ways."""
    return bool(phrases.pattern(_DATE, re.IGNORECASE).search(text))
