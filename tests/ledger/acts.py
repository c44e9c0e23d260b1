"""Whatever people can do to a case, by name, on a desk that has everything that people are told of."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.config.share import shipped
from maild.core.event import DigestDue, MemberSaid, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.table import (
    HOLDS,
    PREDISCLOSED,
    PREPARED,
    PREPARED_DATE,
)
from maild.core.values.desk import Mode
from maild.core.values.duty import START, Duties, Step
from maild.core.values.people import Member, Role, Team
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from maild.core.words.reading import Word
from maild.store import cases, facts
from maild.store.database import open_database
from tests.ledger.playing import RITA, PlayedDesk
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, POLICY

DEE = Member("Dee", ("dee@project.example",), "dee@project.example", frozenset({Role.HANDLER}))
FULL = replace(
    POLICY,
    desk=replace(POLICY.desk, mode=Mode.RELAY),
    team=Team((ANNA, DEE, CARL, BEA)),
    process=replace(POLICY.process, idle_after=timedelta(days=3)),
    duties=Duties((Step("early-warning", timedelta(hours=24), START, "the early warning"),)),
    targets=Targets(
        (Predisclosure("distros", "distros@lists.example"),),
        (
            Announcement("announce", Kind.LIST, "announce@lists.example"),
            Announcement("blog", Kind.BLOG, "", "announce", timedelta(hours=6)),
        ),
    ),
    digest_at=time(8),
    zone=UTC,
)


@contextmanager
def played() -> Iterator[PlayedDesk]:
    """A desk with everything that people are told of."""
    with TemporaryDirectory() as folder:
        database = open_database(Path(folder) / "state", shipped("migrations"))
        try:
            yield PlayedDesk(database, FULL)
        finally:
            database.close()


def at(desk: PlayedDesk, days: float) -> str:
    """A date so many days from now, as people write it."""
    return f"{desk.now + timedelta(days=days):%Y-%m-%d %H:%M} UTC"


def told(desk: PlayedDesk, case: str) -> None:
    """The list is told the date that there is, as if two had approved a letter to it."""
    found = desk.database.call(cases.get, case)
    date = found.record.value("embargo") if found else ""
    if not date:
        return

    def noted(connection) -> None:  # type: ignore[no-untyped-def]
        values = ((PREPARED, "digest"), (PREPARED_DATE, date), (PREDISCLOSED, "digest"), (HOLDS, date))
        for name, value in values:
            facts.write(connection, SetFact(case, name, value, "maild", "distros"), desk.now)

    desk.database.call(noted)


def flagged(desk: PlayedDesk, case: str) -> None:
    """Somebody else's report comes from a machine: its acknowledgement waits for a person."""
    name = f"{desk.now.timestamp()}"
    marked = {"X_Auto_Response_Suppress": "All", "message_id": f"<{name}@other.example>"}
    desk.arrives(mails.plain(sender="sam@other.example", **marked))


def more(desk: PlayedDesk, case: str) -> None:
    """The reporter writes again."""
    name = f"{desk.now.timestamp()}"
    raw = mails.plain(
        sender=RITA,
        message_id=f"<{name}@reporter.example>",
        text=f"It crashes with another file, {name}.\n",
        In_Reply_To="<1@reporter.example>",
    )
    desk.arrives(raw)


def joined(desk: PlayedDesk, case: str) -> None:
    """Somebody else reports the same, and the two are joined."""
    name = f"{desk.now.timestamp()}"
    other = desk.report(name, f"r{int(desk.now.timestamp())}@other.example")
    desk.says(other, "duplicate", case)


def says(word: str, rest: str = "") -> Callable[[PlayedDesk, str], None]:
    """A command; ``DAYS:n`` in it is the date so many days from then."""

    def act(desk: PlayedDesk, case: str) -> None:
        text = re.sub(r"DAYS:(-?[\d.]+)", lambda found: at(desk, float(found[1])), rest)
        desk.says(case, word, text)

    return act


def member(word: str, rest: str = "") -> Callable[[PlayedDesk, str], None]:
    """Anna goes away, or comes back."""
    return lambda desk, case: desk.happens(MemberSaid("Anna", Word(word, rest), "operator:x")) and None


ACTS: dict[str, Callable[[PlayedDesk, str], None]] = {
    "answer": lambda desk, case: desk.answer(),
    "more": more,
    "sweep": lambda desk, case: desk.happens(SweepDue()) and None,
    "digest": lambda desk, case: desk.happens(DigestDue()) and None,
    "flagged": flagged,
    "joined": joined,
    "told": told,
    "handler": says("handler", "Anna"),
    "other handler": says("handler", "Dee"),
    "acknowledge": says("acknowledge"),
    "pause": says("pause", "the vendor until 3d"),
    "resume": says("resume"),
    "verdict": says("verdict", "vulnerability"),
    "bug": says("verdict", "bug"),
    "severity": says("severity", "Important"),
    "send": says("send"),
    "embargo": says("embargo", "DAYS:9"),
    "later": says("embargo", "DAYS:11 it takes longer"),
    "soon": says("embargo", "DAYS:1.5 why not"),
    "their date": says("reporter-date", "DAYS:4"),
    "their late date": says("reporter-date", "DAYS:15"),
    "leaked": says("leaked"),
    "exploited": says("exploited"),
    "published": says("published", "announce"),
    "blog": says("published", "blog"),
    "open": says("in-the-open", "many have found it"),
    "started": says("regulatory", "start"),
    "done": says("regulatory", "done early-warning"),
    "guest": says("guest", "fixer@vendor.example until 2d"),
    "tell": says("tell", "packager@vendor.example until 2d they build it"),
    "told otherwise": says("told", "distros"),
    "close": says("close", "unannounced nobody runs it"),
    "reopen": says("reopen"),
    "away": member("away", "until 9d"),
    "back": member("back"),
}
