"""What libraries and the interpreter complain of reaches the log without a word that may be a mail's."""

import json
import subprocess
import sys

from tests.support.daemon import ROOT

COMPLAINTS = """
import asyncio, gc, logging, sys, warnings
from maild import log
log.to_stderr()
SECRET = "the subject of a mail"

async def fails():
    raise ValueError(SECRET)

async def lost():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
    gc.collect()

logging.getLogger("some.module").warning("cannot read %r", SECRET)
logging.getLogger("some.module").info("not worth telling: %s", SECRET)
try:
    raise KeyError(SECRET)
except KeyError:
    logging.getLogger("scheduler").exception("job failed: " + SECRET)
warnings.warn(SECRET, UserWarning)
asyncio.run(lost())
"""


def test_a_complaint_is_told_by_its_place_and_kind_only() -> None:
    """Warnings, errors, lost tasks: one line of ours for each, and neither message nor traceback."""
    done = subprocess.run(
        [sys.executable, "-c", COMPLAINTS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(one["event"], one["level"], one["name"]) for one in told] == [
        ("library", "warning", "some.module"),
        ("library", "error", "scheduler"),
        ("library", "warning", "py.warnings"),
        ("library", "error", "asyncio"),
    ]
    assert [one["fingerprint"].split(" at ")[0] for one in told] == ["", "KeyError", "", "ValueError"]
    assert "subject of a mail" not in done.stderr
