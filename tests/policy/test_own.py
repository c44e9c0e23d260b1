"""``SECURITY.md``: maild's own policy is the page that maild renders."""

from datetime import UTC, datetime
from pathlib import Path

from maild.app.policy import rendered
from maild.config import load

HERE = Path(__file__).parent


def test_the_policy_of_the_project_is_rendered_by_maild() -> None:
    """Render it again after a change: ``maild --config tests/policy/own.toml policy render > SECURITY.md``."""
    page = rendered(load(HERE / "own.toml"), "markdown", datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert (HERE.parents[1] / "SECURITY.md").read_text("utf-8").strip() == page.strip()
