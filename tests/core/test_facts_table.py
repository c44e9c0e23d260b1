"""The table of facts: each is declared once, with what becomes of it."""

import ast
from pathlib import Path

import pytest

import maild
from maild.core.facts import table
from maild.core.facts.change import SetFact
from maild.core.facts.row import Joined, Public, Then, Watched
from maild.core.facts.table import TABLE, row_of, tellable, watched_names

HOUSE = Path(maild.__file__).parent


def test_every_name_has_its_row_once() -> None:
    """Every name that the table's file declares has one row, and no row stands twice."""
    names = {value for name, value in vars(table).items() if name.isupper() and isinstance(value, str)}
    assert {row.name for row in TABLE} | {table.WHY} == names
    assert len({(row.name, row.item) for row in TABLE}) == len(TABLE)


def test_a_fact_without_a_row_cannot_be_recorded() -> None:
    """An unknown name is an error where the change is made, not a row that nothing ever gives up."""
    with pytest.raises(ValueError, match="colour"):
        SetFact("EX-222222", "colour", "red", "op")


def test_an_item_without_a_row_of_its_own_is_as_its_name() -> None:
    """The reason of the reporter's date is people's words; the date is not, and a branch is as all branches."""
    assert row_of("reporter-date", "why").free_text
    assert not row_of("reporter-date").free_text
    assert row_of("branch", "2.0") is row_of("branch")


def test_what_people_worded_never_outlives_the_texts() -> None:
    """Whatever is taken out of an encrypted case goes when its texts are given up; addresses go on request."""
    worded = {row.name for row in TABLE if row.encrypted is not Then.STAYS}
    given_up = {row.name for row in TABLE if row.given_up is not Then.STAYS}
    assert worded - given_up == {"outsider"}


def test_what_somebody_waits_for_survives_a_join() -> None:
    """Each instant that a sweep watches goes on in the other case, but what is about letters of this one."""
    watched = {*watched_names(Watched.OPEN), *watched_names(Watched.ALWAYS)}
    lost = {row.name for row in TABLE if row.name in watched and row.joined is Joined.STAYS}
    assert lost == {"prepared", "announced-at", "seen-at"}


@pytest.mark.parametrize(
    ("name", "announced", "encrypted", "may"),
    [
        ("severity", False, True, True),
        ("affects", False, False, True),
        ("affects", False, True, False),
        ("credit", False, False, False),
        ("credit", True, False, True),
        ("credit", True, True, False),
        ("told", True, False, False),
    ],
)
def test_what_people_outside_may_be_told(name: str, announced: bool, encrypted: bool, may: bool) -> None:
    """A row says when; what people worded in an encrypted case stays out of every other text."""
    assert tellable(name, announced, encrypted) is may


def test_what_is_about_people_is_never_public() -> None:
    """Neither who was told nor who stood in copy."""
    people = [row for row in TABLE if row.joined is Joined.WITH_PERSON or row.name == "outsider"]
    assert {row.public for row in people} == {Public.NEVER}


def test_nobody_else_declares_a_fact() -> None:
    """No other module gives a name of the table as a text of its own to a case's record."""
    strays = []
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                recorded = node.func.attr in ("value", "fact", "items") and "record" in ast.dump(node.func)
                texts = [one for one in node.args[:1] if isinstance(one, ast.Constant)]
                strays += [f"{path}:{node.lineno}" for _ in texts if recorded]
    assert strays == []
