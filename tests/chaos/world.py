"""The world around one desk under fire: real Dovecot, a Postfix or a rough SMTP server, real gpg, a clock."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from tests.chaos.feed import GONE, Fed
from tests.chaos.lives import Lives
from tests.chaos.steps import Aim
from tests.openpgp.kit import Kit, armor
from tests.support.certificate import Certificate
from tests.support.daemon import ROOT, team_is_known
from tests.support.desk import MX
from tests.support.dovecot import PASSWORD, User
from tests.support.postfix import Postfix
from tests.support.smtpsink import DROP, SmtpSink

ADDRESS = "security@project.example"
CONFIG = """\
[desk]
name = "Example Security Team"
address = "{address}"
prefix = "EX"
state = "state"
mode = "relay"
[inbox]
host = "localhost"
port = {imap}
ca_file = "{imap_ca}"
username = "{user}"
password_file = "imap-password"
sent = "Sent"
junk = "Junk"
poll = "1s"
timeout = "20s"
[smtp]
host = "localhost"
port = {smtp}
tls = "starttls"
ca_file = "{smtp_ca}"
timeout = "{patience}s"
[openpgp]
home = "{home}"
key = "{key}"
[trust]
authserv_id = "{mx}"
[limits]
receipts_per_address_day = 1000000
receipts_per_domain_hour = 1000000
receipts_per_hour = 1000000
[[team]]
name = "Mia"
addresses = ["mia@project.example"]
{mia}
roles = ["handler", "coordinator"]
[[team]]
name = "Bea"
addresses = ["bea@project.example"]
roles = ["backup"]
"""


class RoughSink(SmtpSink):
    """An SMTP server that refuses, hangs up and greylists by chance; what it cut after the dot it counts."""

    def __init__(self, certificate: Certificate, chance: random.Random) -> None:
        super().__init__(certificate)
        self.certificate, self.chance = certificate, chance
        self.rough = 0.0
        self.cut: Counter[str] = Counter()
        self.whims: Counter[str] = Counter()
        self.dots: list[tuple[str, str, str]] = []

    def scripted(self, stage: str, about: str = "") -> str:
        """As ever; ``gone.example`` refuses everything for good, and by chance there is trouble."""
        if stage == "RCPT" and about.endswith(GONE):
            return "550 5.1.1 nobody"
        return super().scripted(stage, about) or ("" if stage == "DOT" else self.whim(stage))

    def whim(self, stage: str) -> str:
        """Some trouble of this stage, or none."""
        troubles = {
            "CONNECT": ("421 4.3.2 closing", DROP),
            "EHLO": ("451 4.3.0 later",),
            "STARTTLS": ("454 4.3.3 not now", DROP),
            "MAIL": ("451 4.3.0 later", DROP),
            "RCPT": ("451 4.7.1 greylisted", "452 4.2.2 full"),
            "DATA": ("452 4.3.1 full", DROP),
            "DOT": ("451 4.3.0 later", DROP, DROP, "nonsense"),
        }
        if stage not in troubles or self.chance.random() >= self.rough:
            return ""
        answer = self.chance.choice(troubles[stage])
        self.whims[f"{stage} {answer[:3]}"] += 1
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """The dot: decided here, so that a letter that was kept and not acknowledged can be counted."""
        answer = self.whim("DOT")
        now = datetime.now(UTC).isoformat(" ")  # noqa: TID251
        self.dots.append((now, _message_id(envelope.original_content), answer or "taken"))
        if answer and not answer.startswith("4"):
            self.cut[_message_id(envelope.original_content)] += 1
        if answer:
            self.answer("DOT", answer)
        return await super().handle_DATA(server, session, envelope)


class Way:
    """How mail gets to a desk, and what was sent on it."""

    def __init__(self, inbox: User, sink: RoughSink, kit: Kit, postfix: Postfix | None = None) -> None:
        self.inbox, self.sink, self.kit, self.postfix = inbox, sink, kit, postfix
        self.fed: list[Fed] = []

    def put(self, one: Fed) -> None:
        """A mail arrives: through Postfix where there is one and it can carry it, else into the folder."""
        self.fed.append(one)
        if self.postfix is None or one.kind == "broken":
            # promises count from here, so that not all of them lapse in one sweep
            arrived = datetime.now(UTC) - timedelta(hours=self.sink.chance.uniform(0, 20))  # noqa: TID251
            self.inbox.append(one.raw, arrived)
        else:
            self.postfix.hand_in("" if one.kind in ("bounce", "automatic") else one.author, ADDRESS, one.raw)

    def again(self, one: Fed) -> None:
        """The same mail comes a second time: into another folder, or the way of the first.

        What a server wrote on in between and lies in another folder is a mail of its own (ruling 20).
        """
        if self.postfix is None:
            self.inbox.append(one.raw, folder="Junk")
        else:
            self.postfix.hand_in(one.author, ADDRESS, one.raw)


class World(Way):
    """One desk and everything it talks to."""

    def __init__(
        self,
        folder: Path,
        lives: Lives,
        inbox: User,
        sink: RoughSink,
        kit: Kit,
        postfix: Postfix | None = None,
        broken: str = "",
        keys: bool = True,
    ) -> None:
        super().__init__(inbox, sink, kit, postfix)
        self.lives, self.folder = lives, folder
        self.path, self.log = folder / "maild.toml", folder / "log"
        self.hours = 0.0
        self.deaths: Counter[str] = Counter()
        self.excused: Counter[str] = Counter()
        self.broken = broken
        configure(folder, inbox, self.postfix or sink, kit, keys=keys)

    def advance(self, hours: float) -> None:
        """Time goes by for the lives to come."""
        self.hours += hours

    def begin(self, *words: str, aim: Aim | None = None) -> int:
        """A new life of the daemon, at the world's hour; its pid."""
        if not (self.folder / "state/maild.db").exists():
            team_is_known(self.path)
        known = {"CHAOS_SMTP_PORT": str(self.sink.port)}
        return self.lives.begin(
            self.path, *words, aim=aim, hours=self.hours, broken=self.broken, environment=known
        )

    def kill(self, pid: int, after: float) -> bool:
        """Kill the life *pid* after so many seconds, or bury what has died before; whether it had."""
        status = self.lives.ended(after)
        died = status is not None
        if not died:
            os.kill(pid, signal.SIGKILL)
            status = self.lives.ended(30)
        assert status == -signal.SIGKILL, f"ended with {status}:\n{self.log.read_text()[-4000:]}"
        self.excused.update(self.being_sent())
        return died

    def being_sent(self) -> list[str]:
        """The letters that were under way when the process died."""
        with closing(sqlite3.connect(self.folder / "state/maild.db")) as raw:
            rows = raw.execute("SELECT message_id FROM letter WHERE state = 'sending'")
            return [row[0] for row in rows]

    def once(self) -> None:
        """A life in peace: everything that can be done is done."""
        self.begin("--once")
        status = self.lives.ended(3600)
        assert status in (0, os.EX_TEMPFAIL), f"ended with {status}:\n{self.log.read_text()[-4000:]}"

    def settle_down(self) -> None:
        """The mail server in between has nothing left to do."""
        end = time.monotonic() + 120
        while self.postfix and self.postfix.queued():
            assert time.monotonic() < end, "Postfix keeps letters"
            time.sleep(0.2)

    def verify(self) -> list[str]:
        """What `maild verify` finds wrong."""
        done = self.word("verify")
        return [f"maild verify: {done.stdout}{done.stderr}"] if done.returncode else []

    def word(self, *words: str) -> subprocess.CompletedProcess[str]:
        """An operator's command."""
        command = [sys.executable, "-m", "maild", "--config", str(self.path), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    def shunted(self) -> int:
        """How many mails were set aside because the daemon died three times when they were next."""
        with closing(sqlite3.connect(self.folder / "state/maild.db")) as raw:
            found = raw.execute("SELECT count(*) FROM envelope WHERE state = 'shunted'").fetchone()
            return int(found[0])

    def busy(self) -> int:
        """How much is left to do: mails not handled, letters not settled."""
        with closing(sqlite3.connect(self.folder / "state/maild.db")) as raw:
            mails = raw.execute("SELECT count(*) FROM envelope WHERE state IN ('kept', 'to-open')").fetchone()
            letters = raw.execute("SELECT count(*) FROM letter WHERE state IN ('owed', 'sending')").fetchone()
            return int(mails[0] + letters[0])


def configure(
    folder: Path, inbox: User, smtp: Postfix | RoughSink, kit: Kit, *, keys: bool = True, more: str = ""
) -> None:
    """Write a desk's configuration and secrets into *folder*; *keys*: a member has one; *more* sections."""
    public = armor(kit.public(kit.people, kit.member), "PUBLIC KEY BLOCK")
    (folder / "mia.asc").write_bytes(public)
    (folder / "imap-password").write_text(PASSWORD + "\n")
    (folder / "imap-password").chmod(0o600)
    values = {
        "address": ADDRESS,
        "imap": inbox.server.imaps,
        "imap_ca": inbox.server.certificate.cert,
        "user": inbox.name,
        "smtp": smtp.port,
        "smtp_ca": smtp.certificate.cert,
        "patience": 20 if isinstance(smtp, Postfix) else 5,
        "home": kit.desk,
        "key": kit.desk_key,
        "mia": f'fingerprint = "{kit.member}"\nkey_file = "mia.asc"' if keys else "",
        "mx": MX,
    }
    (folder / "maild.toml").write_text(CONFIG.format(**values) + more)


def _message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"] or "")
