"""The command line, word by word, in the tests' own process: exit status and what it said."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maild.cli import main
from tests.support.umask import own_umask


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


def command(config: Path, *words: str, stdin: bytes = b"") -> Said:
    """``maild --config CONFIG WORDS...``, as it would end as a process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, own_umask(), redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["maild", "--config", str(config), *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
    code: Any = ended.value.code
    return Said(int(code or 0), out.getvalue(), err.getvalue())
