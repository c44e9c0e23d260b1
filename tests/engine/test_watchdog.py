"""What the service manager hears of a daemon in which one mail stalls: fed while the loops get on, then no more."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from maild.app.desk import Desk
from maild.app.run import engine
from maild.core.event import RejectMail
from maild.engine.handler import handle
from maild.engine.progress import Progress
from maild.store import purge, views
from tests.openpgp.mails import pgp_mime
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.sealing import head
from tests.support.smtpsink import SmtpSink
from tests.support.underfire import UnderFire, under_fire

pytestmark = pytest.mark.dovecot
PATIENCE = timedelta(seconds=700)
"""Longer than any loop may stand still (``supervisor``: two polls and ten minutes)."""
LOOKS = 60
"""Looks of the stalled parser in which a daemon that lives feeds the watchdog several times."""
WATCHDOG = 400_000
"""Microseconds within which it has to be fed; the daemon does so twice as often."""


class Stalled:
    """A daemon with a mail that is not parsed until ``let_go``."""

    def __init__(self, fire: UnderFire, folder: Path) -> None:
        self.fire, self.folder = fire, folder

    def looks(self) -> int:
        """How long the mail has been at it, in looks."""
        found = self.folder / "looks"
        return found.stat().st_size if found.exists() else 0

    def comes(self) -> str:
        """The mail arrives, and stalls; its author."""
        who = "slow@reporter.example"
        self.fire.inbox.deliver(mails.plain(sender=who, message_id=f"<{who}>", X_Stalls="yes"))
        self.fire.await_(self.looks)
        return who

    def fed_meanwhile(self) -> int:
        """How often the watchdog is fed while the parser looks ``LOOKS`` times."""
        fed, looks = self.fire.manager.fed(), self.looks()
        self.fire.await_(lambda: self.looks() >= looks + LOOKS)
        return self.fire.manager.fed() - fed

    def let_go(self, who: str) -> None:
        """The mail is parsed after all, the watchdog fed again, and its author gets the acknowledgement."""
        fed = self.fire.manager.fed()
        (self.folder / "stall").unlink()
        self.fire.await_(lambda: self.fire.answered(who) and self.fire.manager.fed() > fed)


Stall = Callable[[str], Stalled]


@pytest.fixture
def stalled(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> Iterator[Stall]:
    """Starts a daemon in which a mail stalls ``beside`` the loop, or ``within`` it."""
    folder = tmp_path / "stalling"
    folder.mkdir()
    (folder / "stall").touch()

    with ExitStack() as stack:

        def start(how: str) -> Stalled:
            program = ("tests.support.stalling", str(folder), how)
            about = under_fire(tmp_path, inbox, sink, certificate, program=program, watchdog=WATCHDOG)
            made = Stalled(stack.enter_context(about), folder)
            made.fire.await_(made.fire.manager.fed)
            return made

        yield start


def test_a_mail_that_takes_long_leaves_the_daemon_alive(stalled: Stall) -> None:
    """While it is parsed the watchdog is fed; when it takes longer than a loop may, no more, and that loop is named."""
    daemon = stalled("beside")
    who = daemon.comes()
    assert daemon.fed_meanwhile() >= 2
    assert daemon.fire.alerts.all() == []
    daemon.fire.later(PATIENCE)
    daemon.fire.await_(lambda: ("stalled", "maild") in daemon.fire.alerts.all())
    daemon.fire.await_(lambda: daemon.fire.manager.all()[-1] == "STATUS=silent: in")
    assert daemon.fed_meanwhile() == 0
    daemon.let_go(who)


def test_a_loop_that_stands_still_feeds_nobody(stalled: Stall) -> None:
    """What is parsed on the loop itself starves the watchdog at once, and systemd starts maild again."""
    daemon = stalled("within")
    who = daemon.comes()
    assert daemon.fed_meanwhile() == 0
    daemon.let_go(who)


class Counted(Progress):
    """A progress that nobody watches, which knows how often its loop got on."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def goes_on(self) -> None:
        self.times += 1


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk in this process, its baseline fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


async def beats_of_a_round(opened: Desk) -> dict[str, int]:
    """How often each loop says in one round that it gets on."""
    loops = {name: Counted() for name in ("in", "open", "out", "sweep")}
    async with engine(opened) as supervisor:
        supervisor.ingress.arriving.progress, supervisor.opening.progress = loops["in"], loops["open"]
        supervisor.dispatcher.storing.progress, supervisor.sweeper.progress = loops["out"], loops["sweep"]
        await supervisor.once()
    return {name: progress.times for name, progress in loops.items()}


def test_a_long_round_is_no_standstill(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each loop gets on with every mail, every letter and every batch of texts it deletes, however many there are."""
    monkeypatch.setattr(purge, "BATCH", 2)
    for number in range(5):
        spam = mails.plain(
            subject="Buy cheap watches now!!!",
            sender=f"s{number}@far.example",
            message_id=f"<{number}@far.example>",
        )
        desk.inbox.append(spam, desk.clock)
    desk.run()
    with desk.desk() as opened:
        for row in opened.ask(views.quarantine):
            opened.ask(handle, RejectMail(row["mail"], "operator"), opened.policy, desk.clock)
    for number in range(3):
        who = f"r{number}@far.example"
        desk.inbox.append(mails.plain(sender=who, message_id=f"<{who}>"), desk.clock)
        desk.inbox.append(pgp_mime(b"none of our keys", head=head(number)), desk.clock)
    desk.wait(timedelta(days=365))
    with desk.desk() as opened:
        found = asyncio.run(beats_of_a_round(opened))
    assert found == {"in": 6, "open": 3, "out": len(desk.sink.letters), "sweep": 3}
