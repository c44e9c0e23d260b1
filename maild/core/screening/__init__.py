"""Screening: what the subject and the plain header facts of a mail say, for and against its being a report.

Read ``table`` first: it is the whole policy in one table. ``shapes``, ``topics`` and ``evidence`` hold the
rules themselves, ``structure`` those about header fields, ``seen`` the subject as people see it. The words
they look for come from ``config/screening`` (``vocabulary``). Bodies are never judged, nothing is learned
from mail, nothing is asked over the network. A verdict may delay a human's look; it never prevents it.
"""

from maild.core.screening.screen import screen
from maild.core.screening.verdict import QUARANTINE, REPORT, THRESHOLD, Screening, ScreeningPolicy

__all__ = ["QUARANTINE", "REPORT", "THRESHOLD", "Screening", "ScreeningPolicy", "screen"]
