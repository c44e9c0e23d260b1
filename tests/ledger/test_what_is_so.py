"""No letter composed at an instant names a future event before it as to come, nor a state that is not so (ruling 1).

Whole histories are played at random against a real database: reports, answers, commands of every kind, sweeps and
digests, with hours or weeks between them, while the mail server takes letters or does not. Each letter is read as
it would leave, whenever that is, and compared with what the database holds then.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from maild.config.share import shipped
from maild.core.disclosure.olddates import old
from maild.core.due import current, embargo
from maild.core.event import Delivery, DigestDue, LetterSettled, MemberSaid, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.table import (
    ANNOUNCED_AT,
    DRAFT,
    ENDED,
    HOLDS,
    PREDISCLOSED,
    PREPARED,
    PREPARED_DATE,
    REGULATORY,
    SEEN_AT,
)
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Prepared, Reply, SentCopy
from maild.core.values.case import Case, CaseState
from maild.core.values.desk import Mode
from maild.core.values.duty import START, Duties, Step
from maild.core.values.people import Member, Role, Team
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from maild.core.words.reading import Word
from maild.core.writing import asof
from maild.store import asof as loading
from maild.store import cases, facts, letters
from maild.store.database import open_database
from maild.store.letters import Letter
from tests.ledger.playing import RITA, PlayedDesk
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, POLICY
from tests.support.read import TEMPLATES

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
INSTANT = re.compile(r"(?:[A-Z][a-z]+day )?(\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d) UTC")
TO_COME = re.compile(
    r"\b(?:will \w+|is to be|has to be|are planned|is planned|plans to|until|expires|\w+ is due|next promise|by)\b[^.]*$"
)
"""Before an instant in its sentence: it is named as to come."""
GONE = re.compile(r"\b(?:was|were|had|since|overdue|should have|went out|reached|received)\b")
PASSED = re.compile(r"\b(?:since|went out on|received on|reached us on|was due by|overdue since) $")
"""Just before an instant: it is named as passed."""


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
PHASES = (Phase.reuse, Phase.generate)
"""A failure is shown as it was found: to make it smaller would play a database for each try."""
HISTORY = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from([0, 1, 5, 20, 50, 120]), st.booleans()),
    min_size=4,
    max_size=16,
)
EVENTFUL = st.permutations(
    ["answer", "handler", "verdict", "embargo", "told", "later", "pause", "sweep", "their date", "guest"]
).map(lambda names: [(name, 5, False) for name in names])


@given(HISTORY | EVENTFUL, st.sampled_from([0, 1, 30, 70, 200, 500]))
@settings(max_examples=30, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
def test_whatever_happened_each_letter_tells_what_is_so_when_it_leaves(
    history: list[tuple[str, int, bool]], last: int
) -> None:
    """Of every kind that has a template, whenever the mail server takes it, after anything that people can do."""
    with played() as desk:
        case = desk.report()
        for name, hours, sends in history:
            ACTS[name](desk, case)
            if sends:
                leave(desk)
            desk.wait(hours=hours, minutes=1)
        desk.happens(SweepDue())
        desk.wait(hours=last)
        leave(desk)


def leave(desk: PlayedDesk) -> None:
    """The mail server takes what is owed, one letter after the other; each is looked at as it leaves."""
    for one in desk.database.call(letters.claim, desk.now, 1000):
        text = written(desk, one)
        if text:
            assert_so(desk, one, text)
        state, delivery = (letters.SENT, Delivery.SENT) if text else (letters.FAILED, Delivery.BARRED)
        desk.database.call(letters.settle, one.id, state, desk.now)
        desk.happens(LetterSettled(one.id, one.kind, one.case_id, one.reporter, delivery))


def written(desk: PlayedDesk, letter: Letter) -> str:
    """Subject and text, a sentence a line; empty when it does not leave; of people's own words a dot."""
    known = desk.database.call(loading.load, letter)
    said = letter.says, known, letter.reporter, desk.policy, desk.now
    if isinstance(letter.says, Copy | Reply | SentCopy | Prepared):
        return "."
    if current.withdrawn(*said):
        return ""
    words = TEMPLATES.render(letter.kind, {"case_id": letter.case_id, **current.facts(*said)}, desk.policy)
    return re.sub(r"(?<=[.?!:]) ", "\n", " ".join(f"{words.subject}.\n{words.text}".split()))


def assert_so(desk: PlayedDesk, letter: Letter, text: str) -> None:
    """Nothing in the letter is contradicted by the clock or the database."""
    for line in text.splitlines():
        assert_times(line, desk.now)
    case = desk.database.call(cases.current, letter.case_id) if letter.case_id else None
    if case is None:
        return
    listing = letter.kind in (LetterKind.REMINDER, LetterKind.ESCALATION, LetterKind.DIGEST)
    for pattern, so in () if listing else SO:
        for found in re.finditer(pattern, text.replace("\n", " ")):
            assert so(case, desk, found, letter), (found[0], text)


def assert_times(line: str, now: datetime) -> None:
    """No instant of one sentence is on the wrong side of *now*."""
    for found in INSTANT.finditer(line):
        when, before = (
            datetime.strptime(found[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC),
            line[: found.start()],
        )
        comes = when + timedelta(minutes=1) > now
        if PASSED.search(before):
            assert when <= now, line
        elif TO_COME.search(before) and not GONE.search(before):
            called_now = line[found.end() :].startswith(", which is now") and now - when <= current.WHILE
            assert comes or called_now, line


Said = Callable[[Case, PlayedDesk, re.Match[str], Letter], bool]


def instant(text: str) -> datetime:
    """The instant that a letter names."""
    found = INSTANT.search(text)
    assert found
    return datetime.strptime(found[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC)


def is_planned(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """The announcement is planned for that instant."""
    at = case.record.embargo
    return at is not None and at.replace(second=0, microsecond=0) == instant(found[0])


def overdue(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """A promise of the case is."""
    return any(one.due <= desk.now for one in case.running())


def unacknowledged(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """The promise to acknowledge runs."""
    return any(one.promise == "acknowledge" for one in case.running())


def lacks_that(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """What is missing is what the checklist lacks now."""
    said = [one.strip() for one in found[1].split(" - ") if one.strip()]
    return said == [" ".join(one.split()) for one in embargo.lacks(case, desk.policy)]


def unread(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """Nobody on the team has looked at the report, or joined it to another."""
    return (
        not case.handler and len(case.reporters) == 1 and not asof.heard(case, letter.reporter, desk.policy)
    )


def handles(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """It is their case."""
    return case.handler == found[1]


NAME = r"(Anna|Dee|Carl|Bea)"
SO: tuple[tuple[str, Said], ...] = (
    (rf"{NAME} is handling", handles),
    (rf"{NAME} is the handler now", handles),
    (rf"{NAME} gets the reminders", handles),
    (rf", and {NAME} handles it", handles),
    ("and nobody handles it", lambda case, *_: not case.handler),
    ("is open again", lambda case, *_: case.state is CaseState.OPEN),
    ("is overdue already", overdue),
    ("have been overdue|has been overdue since", overdue),
    ("has paused promises", lambda case, desk, *_: any(one.waits(desk.now) for one in case.running())),
    ("promise to acknowledge is running", unacknowledged),
    ("no person has read your message", unread),
    (r"(?:is to be|will be) announced on \w+ [^,]*, \d\d:\d\d UTC", is_planned),
    (r"announcement is (?:now )?planned for \w+ [^,]*, \d\d:\d\d UTC", is_planned),
    (r"Still missing: -(.*?)$", lacks_that),
    ("Nothing on the checklist is missing", lambda case, desk, *_: not embargo.lacks(case, desk.policy)),
    ("Nothing has been sent to it yet", lambda case, *_: not case.record.value(HOLDS, "distros")),
    ("readers do not know that yet", lambda case, *_: any(one.item == "distros" for one in old(case))),
    ("There is nothing left to wait for", lambda case, *_: bool(case.record.value(ENDED))),
    ("the embargo stands", lambda case, *_: embargo.runs(case) and not case.record.value(ENDED)),
    ("NOT announced", lambda case, *_: embargo.runs(case)),
    (
        r"published at (\w+) by",
        lambda case, desk, found, _: (
            not (case.record.value(SEEN_AT, found[1]) or case.record.value(ANNOUNCED_AT, found[1]))
        ),
    ),
    (r"Regulatory: ([\w-]+)", lambda case, desk, found, _: not case.record.value(REGULATORY, found[1])),
    (
        "This is a draft of a message to the reporter",
        lambda case, desk, found, letter: case.record.value(DRAFT) == letter.facts["about"],
    ),
)
"""What a letter may say of its case, and when that is so."""


def test_the_looking_finds_what_is_there_to_be_found() -> None:
    """The same letters, filled in as they were owed, would say what is no longer so."""
    with played() as desk:
        case = desk.report()
        for name in ("answer", "embargo", "their date"):
            ACTS[name](desk, case)
        desk.happens(SweepDue())
        kinds = (LetterKind.NOTICE,)
        owed = [one for one in desk.database.call(letters.claim, desk.now, 1000) if one.kind in kinds]
        desk.wait(days=30)
        assert owed
        for one in owed:
            words = TEMPLATES.render(one.kind, {"case_id": case, **one.facts}, desk.policy)
            lines = re.sub(r"(?<=[.?!:]) ", "\n", " ".join(words.text.split())).splitlines()
            with pytest.raises(AssertionError):
                [assert_times(line, desk.now) for line in lines]
