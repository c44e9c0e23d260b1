"""The demo, played by the real command in a process of its own."""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.core.mail.address import addresses
from maild.core.mail.mime import parse
from tests.support.leaks import assert_nothing_internal
from tests.support.smtpsink import Letter

pytest.importorskip("pymap")

REPOSITORY = Path(__file__).parents[2]
TOO_SHORT = """
import sys
from maild.cli import main
from maild.demo import playing
playing.LAST = 60
sys.argv = ["maild", "demo"]
main()
"""


@dataclass(frozen=True)
class Played:
    """A demo that was played: what it left and said, where its own folder was, its picture."""

    kept: Path
    said: str
    temporary: Path
    drawn: Path


def run(*words: str, temporary: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python *words`` with a temporary folder of its own."""
    settings = {**os.environ, "TMPDIR": str(temporary), **environment}
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=REPOSITORY, env=settings, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A temporary folder with a name short enough for the sockets of gpg-agent, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="md", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, temporary: Path) -> Played:
    """One demo with ``--keep``, for all tests that only look."""
    kept = tmp_path_factory.mktemp("k") / "a folder"
    drawn = tmp_path_factory.mktemp("p") / "demo.svg"
    done = run("-m", "maild", "demo", "--keep", str(kept), "--picture", str(drawn), temporary=temporary)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return Played(kept, done.stdout, temporary, drawn)


@pytest.fixture
def ask(played: Played) -> Callable[..., Any]:
    """What a listing of maild says of the kept folder."""

    def listing(*words: str) -> Any:
        config = str(played.kept / "maild.toml")
        done = run("-m", "maild", "--config", config, *words, "--json", temporary=played.temporary)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return listing


def test_the_timeline_and_both_tables_are_shown(played: Played) -> None:
    """Who reads the demo sees every mail, what was done with it, the cases, the letters and the verdict."""
    for words in (
        "Rita Reed",
        "Bo Berg",
        "quarantine",
        "automatic",
        "Cora Conti",
        "Ben Brandt",
        "signature good",
    ):
        assert words in played.said
    assert played.said.count("┏") == 2
    assert "That was 5 days" in played.said


def test_the_kept_configuration_lists_the_cases(ask: Callable[..., Any]) -> None:
    """The kept folder answers ``maild cases``, and the encrypted report hides its subject there."""
    cases = ask("cases")
    assert len(cases) == 3
    assert sum(case["subject"] == "(sealed)" for case in cases) == 1
    assert sorted(case["answered"] for case in cases) == [False, True, True]


def test_each_lapsed_promise_is_escalated_at_its_instant(ask: Callable[..., Any]) -> None:
    """Silence is told to the coordinator after 48 h, to the backup a day later; a late update after five."""
    letters = ask("outbox", "--all")
    received = {row["to"]: when(row["settled"]) for row in letters if row["kind"] == "receipt"}
    told = [(row["to"], when(row["settled"])) for row in letters if row["kind"] == "escalation"]
    silence = received["priya@pillai.example"] + timedelta(hours=48)
    update = received["rita@reed.example"] + timedelta(hours=7, days=5)
    assert told == [
        ("cora@heron.example", silence),
        ("ben@heron.example", silence + timedelta(days=1)),
        ("cora@heron.example", update),
    ]


def when(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def test_the_demo_ends_now(ask: Callable[..., Any], played: Played) -> None:
    """What is kept happened in the last five days, so that "2 d late" and "in 20 h" are as they would be."""
    first = min(when(case["opened"]) for case in ask("cases")) - timedelta(hours=1)
    made = datetime.fromtimestamp((played.kept / "maild.toml").stat().st_mtime, first.tzinfo)
    assert timedelta(hours=130) <= made - first <= timedelta(hours=130, minutes=3)


def test_readme_shows_the_demo_as_it_is(played: Played) -> None:
    """The picture in README is what the demo draws; ``maild demo --picture FILE`` draws it anew."""
    (shown,) = re.findall(r"!\[[^]]*\]\((\S+\.svg)\)", (REPOSITORY / "README.md").read_text("utf-8"))
    drawn = played.drawn.read_text("utf-8")
    assert timeless((REPOSITORY / shown).read_text("utf-8")) == timeless(drawn), f"--picture {shown}"
    assert not re.search(r"(?<!xmlns=\")https?://(?!www.textualize.io)", drawn)


def timeless(drawing: str) -> str:
    """A drawing without what differs from one time to the next: days, and the numbers of cases."""
    named = dict.fromkeys(re.findall(r"HERON-\w{6}", drawing))
    for number, name in enumerate(named):
        drawing = drawing.replace(name, f"HERON-{number}")
    return re.sub(r"\w{3}&#160;\d\d&#160;\w{3}&#160;\d\d:\d\d", "DAY", drawing)


def test_the_kept_report_can_be_explained(ask: Callable[..., Any], played: Played) -> None:
    """The kept key still opens the kept encrypted report."""
    explained = ask("explain", str(next((played.kept / "mails/in").glob("*-sealed-report.eml"))))
    gpg = ["gpgconf", "--homedir", str(played.kept / "gnupg"), "--kill", "gpg-agent"]
    subprocess.run(gpg, check=True)
    assert explained["opened"]["form"] == "pgp-mime"
    assert explained["opened"]["decryption"] == "ok"


def test_all_mails_are_kept(ask: Callable[..., Any], played: Played) -> None:
    """Every mail in and every letter out is a file, and no letter holds a word of a report."""
    arrived, sent = (sorted((played.kept / "mails" / way).glob("*.eml")) for way in ("in", "out"))
    assert len(arrived) == 8
    assert (
        len(sent) == len(ask("outbox", "--all")) == 13
    )  # pages for members, receipts, reminders, escalations
    assert not any(b"FEATHER-OFFSET" in file.read_bytes() for file in sent)
    assert any(b"FEATHER-OFFSET" in file.read_bytes() for file in arrived)


def test_nothing_internal_is_in_a_letter_to_a_reporter(played: Played) -> None:
    """The same check that every letter of the other tests goes through."""
    team = frozenset(f"{name}@heron.example" for name in ("ana", "cora", "ben"))
    letters = [file.read_bytes() for file in (played.kept / "mails/out").glob("*.eml")]
    readers = [address_in(raw, "To") for raw in letters]
    assert sum(reader not in team for reader in readers) >= 3
    for reader, raw in zip(readers, letters, strict=True):
        sent = Letter("", (reader,), raw, (), False, "")
        assert_nothing_internal(sent, private=team, desk="security@heron.example")


def address_in(raw: bytes, name: str) -> str:
    """The one address in a header of a letter."""
    (found,) = addresses(parse(raw).root.headers, name)
    return found.address


def test_nothing_else_is_left(played: Played) -> None:
    """The demo's own folder is gone, and no agent of gpg that it started goes on."""
    for process in agents_below(played.temporary):
        ended = select.poll()
        ended.register(process)
        assert ended.poll(10_000), "an agent goes on"
        os.close(process)
    assert list(played.temporary.iterdir()) == []


def agents_below(folder: Path) -> list[int]:
    """Descriptors of the running processes that name *folder* on their command line."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in line.read_bytes():
                found.append(os.pidfd_open(int(line.parent.name)))
        except OSError:
            continue  # it ended while we looked
    return found


def test_without_gpg_the_rest_is_played(temporary: Path, tmp_path: Path) -> None:
    """Where gpg is missing the demo says so, leaves the encrypted report out and ends well."""
    done = run("-m", "maild", "demo", temporary=temporary, PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gpg is not installed" in done.stdout
    assert "Bo Berg" not in done.stdout
    assert "That was 5 days" in done.stdout


def test_what_does_not_happen_is_named(temporary: Path) -> None:
    """A demo in which an escalation is missing ends with status 1 and a sentence that names it."""
    done = run("-c", TOO_SHORT, temporary=temporary)
    assert done.returncode == 1
    assert "the demo did not come out as it should: escalations should be" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(temporary.iterdir()) == []


def test_a_folder_in_use_is_not_written_to(tmp_path: Path) -> None:
    """``--keep`` refuses a folder that holds something, and says what to do."""
    (tmp_path / "mine").write_text("mine")
    done = run("-m", "maild", "demo", "--keep", str(tmp_path), temporary=tmp_path)
    assert done.returncode == 1
    assert "is not empty; name a new folder" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]
