"""A configuration for the tests of the published policy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config import Config, load
from tests.support.desk import GOOD_CONFIG

Configured = Callable[..., Config]


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    """Loads the good configuration with further lines at its end."""
    for name in ("MAILD_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    secret = tmp_path / "secret"
    secret.write_text("sesame\n")
    secret.chmod(0o600)

    def made(more: str = "") -> Config:
        path = tmp_path / "maild.toml"
        path.write_text(f"{GOOD_CONFIG}\n{more}")
        return load(path)

    return made
