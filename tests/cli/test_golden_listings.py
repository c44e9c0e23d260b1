"""Every listing on a terminal of 80 columns, as a person sees it."""

import re

import pytest
from rich.cells import cell_len
from rich.text import Text

from maild.cli.columns import LISTINGS, Kind
from maild.cli.listing import laid
from tests.cli.shown_rows import LONG, ROWS
from tests.support.desk import NOW
from tests.support.golden import golden

KEPT_WHOLE = re.compile(r"EXAMPLE-\w{6}|\b[0-9A-F]{40}\b|\d{4}-\d\d-\d\dT\d\d:\d\d|[\w.-]+@[\w.-]+")


def text(name: str, width: int = 80) -> str:
    """The listing *name* on a terminal of so many columns."""
    return "\n".join(line.plain for line in laid(ROWS[name], LISTINGS[name], NOW, width)) + "\n"


def test_every_listing_has_rows_here() -> None:
    """A listing that is declared is looked at."""
    assert set(ROWS) == set(LISTINGS)


@pytest.mark.parametrize("name", list(LISTINGS))
def test_a_listing_is_as_it_was_looked_at(name: str) -> None:
    """The golden file of each."""
    golden(f"listings/{name.replace(' ', '-')}.txt", text(name))


@pytest.mark.parametrize("name", list(LISTINGS))
@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    """Whatever its values are."""
    assert max(map(cell_len, text(name, width).splitlines())) <= width


@pytest.mark.parametrize("name", list(LISTINGS))
@pytest.mark.parametrize("width", [40, 80, 200])
def test_what_has_to_be_typed_again_is_never_cut(name: str, width: int) -> None:
    """Case numbers, fingerprints, days and addresses stand whole on one line, also where there is little room."""
    shown = text(name, width)
    for row in ROWS[name]:
        for column in LISTINGS[name]:
            for whole in KEPT_WHOLE.findall(str(row.get(column.key))):
                assert whole.replace("T", " ") in shown


@pytest.mark.parametrize("name", list(LISTINGS))
def test_a_column_without_values_goes(name: str) -> None:
    """Its heading too; and nobody reads True, False or None."""
    empty = [{**row, LISTINGS[name][-1].key: None} for row in ROWS[name]]
    lines = [line.plain for line in laid(empty, LISTINGS[name], NOW, 80)]
    assert LISTINGS[name][-1].heading not in lines[0].split("  ")
    assert not re.search(r"\b(True|False|None)\b", text(name))


def test_late_is_red_and_soon_is_yellow() -> None:
    """By style, which a pipe and NO_COLOR leave out."""
    spans = {span.style for line in laid(ROWS["cases"], LISTINGS["cases"], NOW, 80) for span in line.spans}
    assert {"bold red", "yellow"} <= spans
    assert any(column.kind is Kind.DUE for column in LISTINGS["cases"])


def test_markup_of_a_stranger_is_text() -> None:
    """Square brackets of a subject stand as they are; what could move the cursor is gone."""
    row = {**ROWS["cases"][0], "subject": "[bold red]x[/] \x1b[2J\u202e"}
    lines = laid([row], LISTINGS["cases"], NOW, 200)
    assert "[bold red]x[/] [2J" in lines[1].plain
    assert isinstance(lines[1], Text)
    assert LONG in text("access", 20)
