"""Slips of the hand, as they are made in a module."""

import ast

import pytest

from tests.mutants.mutations import mutations


@pytest.mark.parametrize(
    ("line", "slips"),
    [
        ("return a < b", {"return a <= b"}),
        ("return not (a and b)", {"return  (a and b)", "return not (a or b)"}),
        ("return not a in b", {"return  a in b", "return not a not in b"}),
        ("return x if a else y", {"return x if (not (a)) else y"}),
        (
            "return a[1:] + [True]",
            {"return a[2:] + [True]", "return a[1:] - [True]", "return a[1:] + [False]"},
        ),
        ("found: int | None = 0", {"found: int | None = 1"}),
        ("a.found: int | None = b", {"a.found: int & None = b"}),
        ("for one in a: continue", {"for one in a: break"}),
        ("return a", set()),
    ],
)
def test_a_slip_is_at_one_place_and_what_changes_nothing_is_not_made(line: str, slips: set[str]) -> None:
    """Each is a program; annotations of local variables are never evaluated, so they get none."""
    source = f"def f(a, b, x, y):\n    {line}\n"
    made = [one.applied(source) for one in mutations(source)]
    assert {one.splitlines()[1].strip() for one in made} == slips
    assert all(ast.parse(one) for one in made)
