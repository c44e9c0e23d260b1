"""Two daemons of one desk in PostgreSQL, and what can befall whichever of them works."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from maild.store.lease import HOST
from tests.chaos.shortlease import AIM, CLOCK, HELD
from tests.chaos.world import RoughSink, Way, configure
from tests.openpgp.kit import Kit
from tests.support.commanding import Said, command
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.ports import await_that
from tests.support.postgres import Cluster

BLOWS = ("kill", "kill", "kill", "stop", "cut", "end", "restart")
"""What befalls who works, in these proportions: it dies, it is stopped and goes on later, its connections are cut, it
is asked to end, or the database's server dies and comes back."""
AIMED = ("kill", "kill", "stop", "cut")
PATIENCE = 600.0
LONG = 20.0
"""Seconds in which whatever is due is done."""
_LEASE = "SELECT value::json ->> 'term', value::json ->> 'holder', value::json ->> 'until' FROM setting WHERE name = 'lease'"
_WATCH = """
    CREATE SCHEMA storm;
    CREATE TABLE storm.trail (
        at timestamptz DEFAULT clock_timestamp(), message_id text, was text, then_ text, term bigint, now_in bigint,
        doubts int, bytes text
    );
    CREATE FUNCTION storm.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO storm.trail (message_id, was, then_, term, now_in, doubts, bytes) SELECT NEW.message_id,
            OLD.state, NEW.state, coalesce(OLD.term, 0), (value::json ->> 'term')::bigint, NEW.doubts,
            (SELECT md5(content) FROM public.letter_bytes WHERE letter_id = NEW.id)
            FROM public.setting WHERE name = 'lease';
        RETURN NEW;
    END $$;
    CREATE TRIGGER note AFTER UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION storm.note();
"""
"""The database itself writes down what becomes of each letter; what a storm excuses must not be a moment of its own."""
_AGAIN = (
    "SELECT message_id FROM storm.trail "
    "WHERE was = 'sending' AND then_ = 'owed' AND bytes IS NOT NULL AND term < now_in"
)
_TRAIL = (
    "SELECT at, was, then_, term, now_in, doubts, bytes FROM storm.trail WHERE message_id = '{}' ORDER BY at"
)
_BUSY = "(SELECT id FROM envelope WHERE state IN ('kept', 'to-open') UNION ALL SELECT id FROM letter WHERE state IN ('owed', 'sending')) AS left_to_do"
_TERMS = "SELECT count(*) FROM (SELECT term, max(term) OVER (ORDER BY id) AS most FROM journal) AS t WHERE term < most"
_WITHOUT = "journal WHERE term IS NULL AND id > {}"


class Pair(Way):
    """A desk, its two hosts and its database."""

    def __init__(
        self,
        folder: Path,
        inbox: User,
        sink: RoughSink,
        kit: Kit,
        cluster: Cluster,
        chance: random.Random,
        *,
        keys: bool = True,
    ) -> None:
        super().__init__(inbox, sink, kit)
        self.folder, self.cluster, self.chance = folder, cluster, chance
        self.name = cluster.ready()
        cluster.run(_WATCH, self.name)
        self.clock = folder / "clock"
        self.clock.write_text("0")
        self.blows: Counter[str] = Counter()
        self.took: dict[str, list[float]] = {blow: [] for blow in sorted(set(BLOWS))}
        self.ended: list[str] = []
        self.paths = [self._host(name, inbox, keys) for name in ("one", "two")]
        self.daemons: list[Daemon | None] = [None, None]

    def _host(self, name: str, inbox: User, keys: bool) -> Path:
        """A host's own folder, with the desk's files."""
        place = self.folder / name
        place.mkdir()
        more = f'\n[database]\nurl = "{self.cluster.url(self.name)}"\n'
        configure(place, inbox, self.sink, self.kit, keys=keys, more=more)
        return place / "maild.toml"

    def start(self) -> None:
        """Every daemon that does not run is started, as systemd does; one that ended by itself is counted."""
        for number, path in enumerate(self.paths):
            daemon = self.daemons[number]
            if daemon and daemon.process.poll() is not None:
                if not (aim := self._aim(number).with_suffix(HELD)).exists():
                    self.ended.append(f"{path.parent.name} ended with {daemon.process.returncode}")
                aim.unlink(missing_ok=True)
                self._bury(number)
            if self.daemons[number] is None:
                said = {CLOCK: str(self.clock), AIM: str(self._aim(number))}
                self.daemons[number] = Daemon(path, said, ("tests.chaos.shortlease",))

    def _aim(self, number: int) -> Path:
        return self.paths[number].with_name("aim")

    def _bury(self, number: int) -> None:
        if daemon := self.daemons[number]:
            self.daemons[number] = None
            daemon.process.wait(60)
            daemon.close()

    def lease(self) -> tuple[int, str, int]:
        """The term, the process that has it, and until when."""
        term, holder, until = self.cluster.run(_LEASE, self.name)[0]
        return int(str(term)), str(holder), int(str(until))

    def works(self) -> int | None:
        """Which daemon works, if one of them does."""
        self.start()
        holder = self.lease()[1]
        for number, daemon in enumerate(self.daemons):
            if daemon and f" {daemon.process.pid}-" in holder:
                return number
        return None

    def await_one(self) -> int:
        """Which daemon works, as soon as one does."""
        found = await_that(
            lambda: [one] if (one := self.works()) is not None else None, "one works", PATIENCE
        )
        return found[0]

    def blow(self, point: str = "") -> bool:
        """Something befalls who works, at the step *point* or at once; then somebody works again. Whether at the step."""
        number = self.await_one()
        what = self.chance.choice(AIMED if point else BLOWS)
        reached = bool(point) and self._reaches(number, point, what)
        before = self.lease()
        worked = self.works() == number
        began = time.monotonic()
        self._strike(number, what)
        self.blows[f"{what}{' at a named step' if reached else ''}"] += 1
        if worked:
            await_that(lambda: self._works_again(before, what), "somebody works again", PATIENCE)
            self.took[what].append(time.monotonic() - began)
        else:  # it was overtaken by itself before it came to the step
            self.blows["of these, somebody who stood by"] += 1
        if what == "stop" and (daemon := self.daemons[number]):
            os.kill(daemon.process.pid, signal.SIGCONT)
        return reached

    def _works_again(self, before: tuple[int, str, int], what: str) -> bool:
        """Whether somebody works since the lease was like *before*: in another term where its holder was taken out.

        It may be the same process again, when it was overtaken and came back before the blow.
        """
        term, _, until = self.lease()
        another = term != before[0] or what in ("cut", "restart")
        return another and until > before[2] and self.works() is not None

    def blow_at_takeover(self, point: str) -> bool:
        """Who works is killed, and the other dies at the step *point* of its takeover; then somebody works again."""
        aim = self._aim(1 - self.await_one())
        aim.write_text(f"{point}|kill")
        try:
            self.blow()
            return not aim.exists()
        finally:
            aim.unlink(missing_ok=True)

    def _reaches(self, number: int, point: str, what: str) -> bool:
        """Whether the daemon comes to the step in time."""
        aim = self._aim(number)
        aim.write_text(f"{point}|{what}")
        until = time.monotonic() + 4
        while aim.exists() and time.monotonic() < until:
            time.sleep(0.005)
        with suppress(FileNotFoundError):
            aim.unlink()
            return False
        return True

    def _strike(self, number: int, what: str) -> None:
        """What befalls the daemon."""
        daemon = self.daemons[number]
        assert daemon
        if what == "cut":
            self.cluster.end_connections(self.name)
        elif what == "restart":
            self.cluster.die()
            self.cluster.come_back()
        elif what == "stop":
            os.kill(daemon.process.pid, signal.SIGSTOP)
        else:
            daemon.process.send_signal(signal.SIGKILL if what == "kill" else signal.SIGTERM)
            self._bury(number)
        self._aim(number).with_suffix(HELD).unlink(missing_ok=True)

    def taken_up(self) -> Counter[str]:
        """By Message-ID, how often a letter under way was taken up again by whoever came after its sender."""
        return Counter(str(row[0]) for row in self.cluster.run(_AGAIN, self.name))

    def answers(self) -> list[str]:
        """The letters that are a person's words, by Message-ID."""
        query = "SELECT message_id FROM letter WHERE kind = 'answer'"
        return [str(row[0]) for row in self.cluster.run(query, self.name)]

    def trail(self, message_id: str) -> list[str]:
        """What became of a letter, and when the world was given it, as lines."""
        rows = self.cluster.run(_TRAIL.format(message_id), self.name)
        lines = [" ".join(map(str, row)) for row in rows]
        return sorted(
            [*lines, *(f"{at} dot, {said}" for at, name, said in self.sink.dots if name == message_id)]
        )

    def advance(self, hours: float) -> None:
        """Time goes by for all."""
        new = self.clock.with_suffix(".new")
        new.write_text(str(float(self.clock.read_text()) + hours))
        new.rename(self.clock)

    def count(self, query: str) -> int:
        """A count, read from outside."""
        return int(str(self.cluster.run(f"SELECT count(*) FROM {query}", self.name)[0][0]))

    def rest(self, seconds: float = 4.0) -> None:
        """Until nothing is left to do, and some seconds (sweeps) later still nothing; letters that wait need hours."""
        for _ in range(12):
            with suppress(TimeoutError):
                await_that(self._is_quiet, "all is done", LONG)
                time.sleep(seconds)
                if self._is_quiet():
                    return
            self.advance(1)
        raise TimeoutError("letters go on waiting")

    def _is_quiet(self) -> bool:
        return self.works() is not None and not self.count(_BUSY)

    def shunted(self) -> int:
        """How many mails were set aside because daemons died three times when they were next."""
        return self.count("envelope WHERE state = 'shunted'")

    def word(self, *words: str) -> Said:
        """An operator's command."""
        return command(self.paths[0], *words)

    def close(self) -> None:
        """Both daemons end."""
        for number, daemon in enumerate(self.daemons):
            if daemon:
                with suppress(ProcessLookupError):
                    os.kill(daemon.process.pid, signal.SIGCONT)
                daemon.end(seconds=60)
                self._bury(number)

    def terms(self) -> list[str]:
        """Whether each row of the journal was written in the term of its time, as sentences."""
        back = int(str(self.cluster.run(_TERMS, self.name)[0][0]))
        return [f"{back} rows of the journal were written in a term that was over"] if back else []

    def copied(self) -> tuple[Path, Said]:
        """The state folder of a file that the desk is moved into, and what the command says."""
        place = self.folder / "books"
        place.mkdir()
        for file in self.paths[0].parent.iterdir():
            if file.is_file() and file.suffix not in (".log", HELD):
                (place / file.name).write_bytes(file.read_bytes())
                (place / file.name).chmod(0o600)
        # hosts that run are refused: these have ended, and say so until their lease would be over
        self.cluster.run(f"DELETE FROM setting WHERE starts_with(name, '{HOST}')", self.name)
        return place / "state", command(place / "maild.toml", "migrate-database", "sqlite:")
