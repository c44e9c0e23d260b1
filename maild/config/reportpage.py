"""The report as one page of HTML: tables with a bar beside each count, no script, and nothing fetched."""

from collections.abc import Mapping, Sequence
from typing import Any

from maild.config.environment import environment
from maild.config.share import shipped
from maild.config.style import allowed, style

BARS = {
    "inflow": "messages",
    "times": "median_hours",
    "promises": "percent",
    "handlers": "cases",
    "open": "cases",
    "months": "messages",
    "kept": "kept",
    "missed": "late_hours",
    "told": "step",
}
"""Which figure of each part is drawn."""


def html(name: str, figures: Mapping[str, Any], parts: Sequence[tuple[str, str]]) -> str:
    """The page for the desk of this *name*; *parts* are keys of the figures with their titles."""
    templates = environment([shipped("config")], autoescape=True)
    sections = [(title, figures[key], BARS[key], _most(figures[key], BARS[key])) for key, title in parts]
    about = {"name": name, "since": figures["since"], "until": figures["until"], "sections": sections}
    return templates.get_template("report.html").render(csp=allowed(), style=style(), **about) + "\n"


def _most(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    return max((float(row[key] or 0) for row in rows), default=0) or 1.0
