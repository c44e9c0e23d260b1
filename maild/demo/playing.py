"""Playing the demo: a stage in a short-lived folder, the story hour by hour, the proof at the end."""

import asyncio
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maild import log
from maild.app import operator
from maild.app.desk import Desk, now, open_desk
from maild.app.run import engine, only_one
from maild.config import Config, load
from maild.core.policy import Promise
from maild.core.values.duration import words
from maild.demo import configuration, proof
from maild.demo.keys import Keys, has_gpg, make_keys, stop_agents
from maild.demo.screen import Screen, case_row, letter_row, still_waiting, terminal
from maild.demo.servers import Servers, serving
from maild.demo.story import LAST, LOOKED, STEP, Props, Scene, scenes
from maild.demo.watch import Watch
from maild.errors import MaildError, Refused
from maild.store import journal, views

LOG = "maild.log"
IN, OUT = Path("mails/in"), Path("mails/out")
SHORT = 40
"""Bytes a path may have in front of our folder: gpg-agent's sockets bear 107 in all (unix(7))."""


@dataclass(slots=True)
class Clock:
    """The demo's clock: it stands still until it is put forward."""

    at: datetime

    def __call__(self) -> datetime:
        """The demo's time, aware UTC."""
        return self.at


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the play needs."""

    folder: Path
    config: Config
    servers: Servers
    keys: Keys | None
    clock: Clock
    screen: Screen


def play(keep: Path | None, picture: Path | None = None) -> None:
    """Play it all on the terminal; *keep* is a new or empty folder for configuration, database and mails.

    The timeline is also drawn into the file *picture* (SVG).

    Raises ``MaildError`` with a sentence for everything that did not happen as it should.
    """
    _check_empty(keep)
    began, console = time.monotonic(), terminal()
    # The story ends now: who keeps it finds a desk that is five days old. No clock shows seconds.
    clock = Clock(now().replace(second=0, microsecond=0) - LAST * STEP)
    with _folder(keep) as folder, ExitStack() as ends:
        with still_waiting(console.print, "the two mail servers to start"):
            servers = ends.enter_context(serving())
        with still_waiting(console.print, "gpg to make three keys"):
            keys = make_keys(folder / "gnupg", folder / "people", clock.at) if has_gpg() else None
        config = load(configuration.write(folder, servers, keys))
        stage = Stage(folder, config, servers, keys, clock, Screen(console, clock.at))
        found = _play(stage)
    if picture:
        picture.write_text(stage.screen.drawn(), "utf-8")
    if found:
        raise MaildError("the demo did not come out as it should: " + "; ".join(found))
    _farewell(stage.screen, time.monotonic() - began, keep)


def _farewell(screen: Screen, seconds: float, keep: Path | None) -> None:
    screen.say(f"That was {(LAST * STEP).days} days of mail in {seconds:.0f} seconds.", "bold")
    if keep:
        maild = f"maild --config {shlex.quote(str(keep / configuration.FILE))}"
        screen.say(f"Kept in {keep}. Look around:")
        for words in ("status", "cases", "outbox --all", f"explain {shlex.quote(str(keep / IN))}"):
            screen.command(f"{maild} {words}")


def _check_empty(keep: Path | None) -> None:
    """``Refused`` unless *keep* is an empty folder or can be made: found out before anything is played."""
    if keep is None:
        return
    try:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        used = any(keep.iterdir())
    except OSError as error:
        raise Refused(f"{keep} cannot be written: {error.strerror}") from None
    if used:
        raise Refused(f"{keep} is not empty; name a new folder for what the demo leaves")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A folder with a short name, copied to *keep* at the end (whatever the end), then removed."""
    parent = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="maild-demo-", dir=parent if len(parent) <= SHORT else "/tmp"))  # noqa: S108 - mkdtemp makes it ours
    try:
        yield folder
    finally:
        stop_agents(folder / "gnupg", folder / "people", folder / "state" / "team")
        if keep:
            left = shutil.ignore_patterns("people", "S.*", "*.lock", ".#*")  # others' keys, sockets, locks
            shutil.copytree(folder, keep, ignore=left, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _play(stage: Stage) -> list[str]:
    """The story and its tables; what did not come out as it should, as sentences."""
    path = stage.folder / LOG
    with path.open("w", buffering=1) as written, path.open() as read:
        log.set_up(written, as_lines=False)
        try:
            with open_desk(stage.config, stage.clock) as desk, only_one(stage.config):
                _open_with(stage)
                watch = Watch(desk, read)
                start = stage.clock.at
                asyncio.run(_hours(stage, desk, watch))
                return _close_with(stage, desk, watch, start)
        finally:
            log.to_stderr()


def _open_with(stage: Stage) -> None:
    say = stage.screen.say
    promises = stage.config.file.promises
    say("maild demo: the security desk of an invented project, Heron <security@heron.example>.", "bold")
    say(
        f"Its policy: an acknowledgement within {words(promises.acknowledge)}, an answer within"
        f" {words(promises.respond)}, news every {words(promises.update)}. When a promise is overdue,"
        " maild tells the coordinator, and a day later the backup."
    )
    say("Everything is real but the clock (UTC): the program, gpg, and two mail servers on this machine.")
    if stage.keys is None:
        say("gpg is not installed: the encrypted report and its answer are left out.", "bold yellow")
    say("")


async def _hours(stage: Stage, desk: Desk, watch: Watch) -> None:
    """Hour after hour: what arrives, one run of the engine, what it did."""
    story = {scene.hour: scene for scene in scenes(stage.keys is not None)}
    start = stage.clock.at
    async with engine(desk) as supervisor:
        for hour in range(LAST + 1):
            stage.clock.at = start + hour * STEP
            if scene := story.get(hour):
                await asyncio.to_thread(_arrives, stage, scene)
            if hour == LOOKED:
                await asyncio.to_thread(_looks, stage, desk)
            with still_waiting(stage.screen.say, f"maild to finish hour {hour} of {LAST}"):
                await supervisor.once()
            stage.screen.did(stage.clock.at, watch.news())


def _arrives(stage: Stage, scene: Scene) -> None:
    at = stage.clock.at - scene.age
    raw = scene.write(Props(at, stage.keys, stage.servers.letters))
    _keep(stage.folder / IN / f"{scene.hour:03}h-{scene.name}.eml", raw)
    with still_waiting(stage.screen.say, "the mail server to take a message"):
        stage.servers.deliver(raw, scene.folder, at)
    stage.screen.person(stage.clock.at, scene.who, scene.what)


def _looks(stage: Stage, desk: Desk) -> None:
    """Held mail has a promise of its own: that a person looks at it within half a day."""
    for row in desk.ask(views.quarantine):
        operator.reject(desk, row["mail"])
    stage.screen.person(
        stage.clock.at, "Ana Acosta", "looks into the quarantine and rejects the spam (maild reject)"
    )


def _keep(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _close_with(stage: Stage, desk: Desk, watch: Watch, start: datetime) -> list[str]:
    """The tables, the letters as files, the proof."""
    shown = [desk.ask(views.show, row["case"]) for row in desk.ask(views.cases, everything=True)]
    cases = sorted((case for case in shown if case), key=lambda case: str(case["opened"]))
    outbox = desk.ask(views.outbox, everything=True)
    for number, letter in enumerate(stage.servers.letters, start=1):
        _keep(stage.folder / OUT / f"{number:02}-to-{letter.recipients[0]}.eml", letter.raw)
    columns = ["case", *Promise]
    stage.screen.table("Cases", columns, [case_row(case, stage.clock.at) for case in cases])
    stage.screen.table("Letters", ["sent (UTC)", "kind", "case", "to"], [letter_row(row) for row in outbox])
    end = proof.End(
        start,
        stage.keys is not None,
        cases,
        outbox,
        desk.ask(views.status, stage.clock.at),
        stage.servers.letters,
        watch.opened,
        watch.troubles,
        desk.ask(journal.broken_at),
    )
    return proof.faults(end)
