"""What a start costs: only what this desk needs is loaded and built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.certificate import Certificate
from tests.support.daemon import ROOT
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

SOME = {
    "aiosmtpd": "the demo's servers",
    "alembic": "only a database that is new or older",
    "holidays": "only a calendar that asks for them",
    "prometheus_client": "only a desk that shows figures",
    "pymap": "the demo's servers",
    "rich.live": "the board",
    "rich.progress": "commands that take long on a terminal",
}
"""Heavy modules, and who needs them."""


def python(*words: str) -> str:
    """What a Python of its own says on standard error."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *words]
    return subprocess.run(
        command, env=settings, capture_output=True, text=True, check=True, timeout=60
    ).stderr


@pytest.mark.dovecot
def test_a_desk_loads_nothing_that_only_others_need(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate
) -> None:
    """A desk that runs has loaded no heavy module that only other desks or commands need."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.run()
    told = python("-X", "importtime", "-m", "maild", "--config", str(desk.path), "run", "--once")
    loaded = {line.rpartition("|")[2].strip() for line in told.splitlines()}
    assert {"maild.engine.supervisor", "sqlalchemy", "jinja2"} <= loaded
    assert loaded.isdisjoint(SOME)


def test_the_words_of_the_rules_are_compiled_for_the_first_mail() -> None:
    """Loading maild and reading the words compiles none of them."""
    python(
        "-c",
        "import maild.cli; from maild.config.words import words; assert 'lexicon' not in vars(words())",
    )
