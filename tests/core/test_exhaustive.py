"""Nothing that can happen or change is forgotten: mypy sees a missing arm."""

import ast
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
MATCHED = (
    "maild/core/events/mail.py",
    "maild/core/events/times.py",
    "maild/core/events/said.py",
    "maild/core/events/keeping.py",
    "maild/store/record.py",
    "maild/store/casefile.py",
    "maild/store/clocks.py",
    "maild/store/keys.py",
    "maild/store/candidates.py",
)
"""Where events are loaded and decided, and changes recorded."""


def matches(source: str) -> list[ast.Match]:
    """The match statements of a module."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Match)]


def without_an_arm(source: str, number: int) -> str:
    """*source* with the arm of this *number* (the last before ``case _`` at most) cut out of each match."""
    lines = source.splitlines()
    for match in sorted(matches(source), key=lambda one: -one.lineno):
        arms = match.cases
        index = min(number, len(arms) - 2)
        start, end = arms[index].pattern.lineno - 1, arms[index + 1].pattern.lineno - 1
        del lines[start:end]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", MATCHED)
def test_each_match_ends_in_assert_never(name: str) -> None:
    """No match over a closed union has another end, so that nothing falls through it."""
    for match in matches((ROOT / name).read_text()):
        assert "assert_never" in ast.unparse(match.cases[-1])


@pytest.mark.parametrize("number", [0, 99], ids=["first", "last"])
def test_a_missing_arm_does_not_type_check(number: int, tmp_path: Path) -> None:
    """With one arm cut out of each match mypy names each of these files."""
    shadows = []
    for name in MATCHED:
        cut = tmp_path / name.replace("/", "-")
        cut.write_text(without_an_arm((ROOT / name).read_text(), number))
        shadows += ["--shadow-file", str(ROOT / name), str(cut)]
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache")]
    out, _, status = api.run([*config, *shadows, *(str(ROOT / name) for name in MATCHED)])
    assert status == 1
    missed = [
        name for name in MATCHED if not any(name in row and "assert_never" in row for row in out.splitlines())
    ]
    assert missed == []


def test_what_is_loaded_is_what_is_asked_for(tmp_path: Path) -> None:
    """With something else loaded for an event, or taken for it in its decision, mypy names the file."""
    swaps = {
        "maild/store/candidates.py": ("heldmail.held(connection)", "team.known(connection)"),
        "maild/core/events/times.py": ("loaded(Board, event, known)", "loaded(HeldMail, event, known)"),
        "maild/core/events/mail.py": ("loaded(HeldCandidates, event", "loaded(EnvelopeCandidates, event"),
    }
    shadows = []
    for name, (right, wrong) in swaps.items():
        source = (ROOT / name).read_text()
        assert right in source
        other = tmp_path / name.replace("/", "-")
        other.write_text(source.replace(right, wrong))
        shadows += ["--shadow-file", str(ROOT / name), str(other)]
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache")]
    out, _, status = api.run([*config, *shadows, *(str(ROOT / name) for name in swaps)])
    assert status == 1
    assert [
        name for name in swaps if not any(name in row and "error" in row for row in out.splitlines())
    ] == []
