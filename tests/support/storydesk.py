"""A desk behind a real Postfix, whose one engine goes on from step to step at a time of the story's own.

Everything travels by Postfix: the desk's letters with STARTTLS, from there to a sink that stands for the rest of
the world; mail for the desk by LMTP into a mailbox at the gate, since Dovecot dates what comes by LMTP with the
machine's own time. From there it is copied, byte for byte, into the desk's inbox under the time of the story.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from maild.app.desk import Desk, open_desk
from maild.app.run import engine
from maild.cli import context
from maild.config import load
from maild.engine.metering import Meter
from maild.engine.supervisor import Supervisor
from maild.errors import MaildError
from maild.gateways.metrics import Metrics
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.cleanlog import assert_clean
from tests.support.commanding import Said, command
from tests.support.dovecot import User
from tests.support.ports import await_that
from tests.support.postfix import Postfix
from tests.support.relaying import RelayDesk
from tests.support.smtpsink import Letter, SmtpSink

ADDRESS = "security@project.example"
DISTROS, ANNOUNCE = "distros@lists.example", "announce@lists.example"
PLACES = f"""
[policy]
version = "1"
list = "{ANNOUNCE}"
canonical = "https://project.example/.well-known/security.txt"
security_txt_expires = "EXPIRES"

[disclosure]
branches = ["1.8", "2.0"]
longest_embargo = "30d"
tracker = "https://project.example/issues"

[[predisclosure]]
id = "distros"
to = "{DISTROS}"
key = "distros.asc"
min_severity = "Important"
only_if = {{ done = ["audit"] }}
subject_tag = "[vs]"

[[announcement]]
id = "announce"
kind = "list"
to = "{ANNOUNCE}"

[[announcement]]
id = "blog"
kind = "blog"
subject = "[blog]"

[[announcement]]
id = "cve"
kind = "cve"
"""
_RECEIVED = re.compile(rb"\AReceived: .*\r\n(?:[ \t].*\r\n)*")


class Post:
    """Postfix, the rest of the world behind it, and the gate where mail for the desk arrives."""

    def __init__(self, gate: User, world: SmtpSink) -> None:
        self.gate, self.world = gate, world
        self.postfix = Postfix(gate, ADDRESS, world.port)

    def brings(self, sender: str, to: str, raw: bytes) -> bytes:
        """Somebody's server hands in a mail for the desk; how it stands in the mailbox."""
        last = self.gate.uids()[-1:]
        self.postfix.hand_in(sender, to, raw)
        await_that(lambda: self.gate.uids()[-1:] != last, "Postfix brings the mail")
        there = self.gate.uids()[-1]
        found: bytes = self.gate.client.fetch([there], ["BODY.PEEK[]"])[there][b"BODY[]"]
        return found

    def rests(self) -> None:
        """Until Postfix has nothing left to deliver."""
        await_that(lambda: not self.postfix.queued(), "Postfix delivers all letters")


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that left the project, and when in the story."""

    at: datetime
    letter: Letter

    @property
    def to(self) -> str:
        """Who got it."""
        return self.letter.recipients[0]


def as_written(letter: Letter) -> Letter:
    """The letter without the line that our Postfix put on top of it."""
    return replace(letter, raw=_RECEIVED.sub(b"", letter.raw))


class StoryDesk(RelayDesk):
    """A desk that begins at an instant of the past and is closed at the end."""

    def __init__(
        self, folder: Path, inbox: User, post: Post, certificate: Certificate, kit: Kit, start: datetime
    ) -> None:
        self.post, self.start, self.sent = post, start, list[Sent]()
        self._began, self._opened = False, list[tuple[Desk, Supervisor]]()
        self._runner, self._ends, self._rooms = asyncio.Runner(), ExitStack(), AsyncExitStack()
        post.world.letters.clear()
        super().__init__(folder, inbox, post.world, certificate, kit)
        self.clock, self._began = start, True
        self.run()

    def configure(self, desk: str = "", inbox: str = "", more: str = "", imap: int = 0) -> None:
        """As ever, with places to publish at, letters handed in to Postfix, and a digest every morning."""
        places = PLACES.replace("EXPIRES", f"{self.start + timedelta(days=200):%Y-%m-%d}")
        super().configure(desk, inbox, places + more, imap)
        head, smtp, tail = self.path.read_text().partition("[smtp]\n")
        tail = tail.replace(f"port = {self.sink.port}", f"port = {self.post.postfix.port}")
        tail = tail.replace('username = "desk"\n', "")
        tail = tail.replace(str(self._certificate.cert), str(self.post.postfix.certificate.cert), 1)
        tail = tail.replace('\ndigest_at = ""\n', '\ndigest_at = "08:00"\n')
        self.path.write_text(head + smtp + tail)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The desk that runs."""
        if not self._opened:
            self._open()
        yield self._opened[0][0]

    def run(self) -> None:
        """The engine takes in, looks at its clocks and sends; the letters are at their readers then."""
        if self._began:
            with self.desk():
                self.trouble = self._runner.run(self._once())
            assert_clean(self.log.getvalue())
            self._arrive()

    def comes(self, raw: bytes, proved: str = "", sender: str = "", to: str = ADDRESS) -> None:
        """A mail travels to the desk, and everything that follows is done; our exchanger vouches for *proved*."""
        super().comes(self.post.brings(sender, to, raw), proved)

    def word(self, *words: str) -> Said:
        """A command of the operator, at the time of the story."""
        at = partial(open_desk, clock=lambda: self.clock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(context, "open_desk", at)
            return command(self.path, *words)

    def metrics(self) -> str:
        """The desk's figures, as they are shown to whoever watches it."""
        file = self.folder / "maild.prom"
        with self.desk() as desk:
            self._runner.run(Meter(desk.parts, Metrics(file), {}).read())
        return file.read_text()

    def close(self) -> None:
        """The engine and the desk end."""
        self._runner.run(self._rooms.aclose())
        self._runner.close()
        self._ends.close()

    def _open(self) -> None:
        desk = self._ends.enter_context(open_desk(load(self.path), lambda: self.clock))
        self._opened.append((desk, self._runner.run(self._rooms.enter_async_context(engine(desk)))))

    async def _once(self) -> str:
        try:
            await self._opened[0][1].once()
        except MaildError as error:
            return str(error)
        return ""

    def _arrive(self) -> None:
        wanted = sum(row["state"] == "sent" for row in self.view("outbox", True))
        letters = self.post.world.await_letters(wanted)
        self.sent += [Sent(self.clock, one) for one in letters[len(self.sent) :]]
