"""A road: a folder with mails, the steps that are walked, and the end of it as people would see it.

``road.toml`` holds ``proves`` (the sentence), ``steps``, and, where needed, pieces of configuration. Steps:

=================================  =====================================================================
``run``                            take in everything, sweep, send (``maild run --once``)
``deliver NAME [into FOLDER]``     a mail of ``mails/`` arrives now; ``dated 3d``: with an INTERNALDATE so old
``deliver NAME as a file``         the same, byte for byte, past the IMAP server
``wait 49h``                       time goes by
``release N`` / ``reject N``       the operator's word on mail N
``close N [as spam]``              ... on the Nth case
``say N WORD ...``                 ... any word of the team's, on the Nth case
``adopt all`` / ``adopt N``        ... on the backlog
``smtp STAGE[:ADDRESS] ANSWER``    the SMTP server answers so from now on (``drop``: hangs up)
``smtp up``                        ... as usual
``imap down`` / ``imap up``        nobody answers where the mailbox was
``renumber FOLDER``                the server gives new UIDs to all mail of a folder
``crash``                          letters are left as they were in the middle of being sent
=================================  =====================================================================

In mails ``@CASE1@`` is the number of the first case ``@LETTER1@`` the Message-ID of the first letter and
``@MARK1@`` its mark header. The mail ``BIG`` is made here.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from maild.app import operator
from maild.core.values.duration import parse_duration
from maild.errors import Refused
from maild.store.schema import letter
from tests.support import mails
from tests.support.running import RunningDesk
from tests.support.smtpsink import DROP


class Road:
    """One folder, walked on a running desk."""

    def __init__(self, folder: Path, desk: RunningDesk) -> None:
        self.folder, self.desk = folder, desk
        about = tomllib.loads((folder / "road.toml").read_text())
        self.steps: list[str] = about.pop("steps")
        self.proves: str = about.pop("proves")
        desk.configure(**about.pop("config", {}))
        assert not about, f"unknown words in road.toml: {sorted(about)}"
        self.delivered: list[bytes] = []
        self.refusals: list[str] = []
        self.bad: list[str] = []

    def walk(self) -> None:
        """Every step, in order."""
        words: dict[str, Callable[[str], None]] = {
            "deliver": self.deliver,
            "wait": lambda length: self.desk.wait(parse_duration(length)),
            "release": lambda mail: self.word(operator.release, int(mail)),
            "reject": lambda mail: self.word(operator.reject, int(mail)),
            "adopt": lambda mail: self.word(operator.adopt, None if mail == "all" else int(mail)),
            "close": self.close,
            "say": self.say,
            "smtp": self.smtp,
            "imap": self.imap,
            "renumber": self.desk.renumber,
            "crash": lambda _: self.crash(),
            "run": lambda _: self.desk.run(),
        }
        for step in self.steps:
            word, _, rest = step.partition(" ")
            words[word](rest)

    def deliver(self, what: str) -> None:
        """A mail arrives."""
        match = re.fullmatch(r"(\S+?)(?: into (\S+))?(?: dated (\S+))?( as a file)?", what)
        assert match, what
        big = match[1] == "BIG"
        raw = mails.of_size(150_000) if big else self.filled((self.folder / "mails" / match[1]).read_bytes())
        self.delivered.append(raw)
        at = self.desk.clock - (parse_duration(match[3]) if match[3] else timedelta(0))
        if match[4]:
            self.desk.drop(raw, at)
        else:
            self.desk.inbox.append(raw, at, match[2] or "INBOX")

    def filled(self, raw: bytes) -> bytes:
        """The mail with the names of our cases and letters filled in, its line ends as IMAP wants them."""

        def name(match: re.Match[bytes]) -> bytes:
            number = int(match[2]) - 1
            if match[1] == b"CASE":
                return str(self.desk.cases()[number]["case"]).encode()
            wanted = rb"^Message-ID: (.+)\r$" if match[1] == b"LETTER" else rb"^(X-Maild-Mark: .+)\r$"
            found = re.search(wanted, self.desk.sink.letters[number].raw, re.MULTILINE)
            assert found
            return found[1]

        if b"\x00" in raw:
            return raw
        return re.sub(rb"\r?\n", b"\r\n", re.sub(rb"@(CASE|LETTER|MARK)(\d+)@", name, raw))

    def word(self, say: Callable[..., object], *arguments: object) -> None:
        """An operator's word; a refusal is kept for the end."""
        with self.desk.desk() as desk:
            try:
                say(desk, *arguments)
            except Refused as refused:
                self.refusals.append(str(refused))

    def close(self, which: str) -> None:
        """An operator closes a case."""
        number, _, spam = which.partition(" ")
        self.word(operator.close, self.desk.cases()[int(number) - 1]["case"], "done", spam == "as spam")

    def say(self, what: str) -> None:
        """An operator says one of the team's words about a case."""
        number, word, rest = what.split(maxsplit=2)
        self.word(operator.say, self.desk.cases()[int(number) - 1]["case"], word, rest)

    def smtp(self, how: str) -> None:
        """The SMTP server behaves so from now on."""
        stage, _, answer = how.partition(" ")
        if stage == "up":
            for each in self.bad:
                self.desk.sink.always(each, "")
        else:
            self.bad.append(stage.replace(":", " "))
            self.desk.sink.always(self.bad[-1], DROP if answer == "drop" else answer)

    def imap(self, how: str) -> None:
        """The mailbox goes away, or is back."""
        before = self.desk.path.read_text()
        if how == "down":
            self.up = before
            self.desk.imap_down()
        else:
            self.desk.path.write_text(self.up)

    def crash(self) -> None:
        """What a killed daemon leaves: letters of which nobody knows whether they went out."""
        with self.desk.desk() as desk:
            desk.ask(lambda c: c.execute(update(letter).values(state="sending", settled=None)))
