"""Promises played at random against a real database, through the real handler.

Reports, spam, questions, answers, bounces, words, restarts, time without maild and sweeps, in any order:
nobody is forgotten, and nobody is called early, for nothing, or twice.
"""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Row, select

from maild.config.share import shipped
from maild.core.change import Verdict
from maild.core.changes.promises import LookAgain
from maild.core.event import (
    Arrival,
    Delivery,
    Event,
    LetterSettled,
    MailArrived,
    OperatorSaid,
    RejectMail,
    SweepDue,
)
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.policy import Limits
from maild.core.values import ids
from maild.core.values.duration import Length
from maild.core.values.people import Team
from maild.core.values.rule import HELD_MAIL, Happening, Rule, Rung
from maild.core.words.reading import Word
from maild.engine.handler import handle, handle_arrival
from maild.store import envelopes, journal, letters
from maild.store.database import open_database
from maild.store.schema import case, clock, envelope, escalation, letter
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY, SECRET

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WAITS = (timedelta(0), 6 * HOUR, DAY)
"""How long each rung of the ladder waits after the one before."""
RULES = (
    *POLICY.rules,
    Rule("look", Length(4, "h"), Happening.REPORT, frozenset({Happening.HUMAN}), warn_at=(0.5,)),
    Rule("owner", Length(1, "d"), Happening.REPORT, frozenset({Happening.HANDLER})),
    Rule("answer", Length(3, "d"), Happening.QUESTION, frozenset({Happening.REPLY}), warn_at=(0.2, 0.9)),
    HELD_MAIL,
)
SHARES = {one.id: len(one.warn_at) for one in RULES}
GONE = replace(CARL, away=((NOW + 5 * DAY, NOW + 12 * DAY),))
FULL = replace(
    POLICY,
    rules=RULES,
    limits=Limits(9999, 9999, 9999),
    team=Team((ANNA, GONE, BEA)),
    ladders={
        "default": tuple(Rung((who,), wait) for who, wait in zip(("Carl", "Bea", "Anna"), WAITS, strict=True))
    },
)
WORDS = st.sampled_from(
    [
        Word("handler", "Anna"),
        Word("taken"),
        Word("pause", "the vendor until 3d"),
        Word("resume"),
        Word("close", "fixed"),
        Word("spam"),
        Word("reopen"),
    ]
)
SPAM = "You have won 1,000,000 dollars!!! Claim your prize"
HELD_FOR = 12 * HOUR
HELD = envelope.c.verdict == Verdict.QUARANTINE
PEOPLE = st.sampled_from(["rita@a.example", "tom@b.example"])
GAPS = st.one_of(st.integers(1, 50), st.integers(60, 60 * 24 * 4)).map(
    lambda minutes: timedelta(minutes=minutes)
)


class Promises(RuleBasedStateMachine):
    """A desk whose promises run, in the hands of chance."""

    @initialize()
    def begin(self) -> None:
        """A new desk."""
        self.folder = tempfile.TemporaryDirectory(prefix="maild-test-")
        self.now, self.mails = NOW, 0
        self.reports: list[tuple[str, str]] = []
        self.open()

    def open(self) -> None:
        """The database, as at every start."""
        self.database = open_database(Path(self.folder.name), shipped("migrations"))
        self.database.call(letters.recover)

    def teardown(self) -> None:
        """The desk is gone."""
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def tell(self, event: Event) -> Any:
        """Something happens; no two things happen at the very same instant."""
        self.now += timedelta(seconds=1)
        return self.database.call(handle, event, FULL, self.now)

    def arrive(self, raw: bytes, at: datetime, role: FolderRole = FolderRole.INBOX) -> None:
        """A mail is kept and handled, as the engine does it."""
        tree = parse(raw)
        name = identity(tree, SECRET)
        mail = envelopes.Received(role, 1, crc32(raw), role, at, False, len(raw), False, "", name, raw)
        number = self.database.call(envelopes.keep, mail, self.now)
        if number is not None:
            facts = read_facts(tree, FULL, role)
            self.tell(MailArrived(Arrival(number, name, at), facts, Opened(tree)))
            self.database.call(envelopes.set_state, number, envelopes.DONE)

    def fresh(self) -> str:
        """A Message-ID that was never used."""
        self.mails += 1
        return f"<{self.mails}@mails.example>"

    def rows(self, query: Any) -> list[Row[Any]]:
        """What the database holds."""
        found: list[Row[Any]] = self.database.call(lambda c: list(c.execute(query)))
        return found

    @rule(who=PEOPLE, late=st.integers(0, 30))
    def report(self, who: str, late: int) -> None:
        """Somebody reports something new; it may be seen some hours later."""
        name = self.fresh()
        self.reports.append((who, name))
        raw = mails.plain(sender=who, message_id=name, text=f"{name} crashes it.\n")
        self.arrive(raw, self.now - late * HOUR)

    @rule(late=st.integers(0, 30))
    def spam(self, late: int) -> None:
        """Something comes that is held; it may be seen some hours later."""
        raw = mails.plain(subject=SPAM, sender="win@spam.example", message_id=self.fresh())
        self.arrive(raw, self.now - late * HOUR)

    @rule(data=st.data(), release=st.booleans())
    def look(self, data: st.DataObject, release: bool) -> None:
        """Somebody looks at a held mail: it becomes a case, or is rejected."""
        held = self.rows(select(envelope.c.id).where(HELD).order_by(envelope.c.id))
        if held:
            self.now += timedelta(seconds=1)
            one = data.draw(st.sampled_from(held)).id
            if release:
                self.database.call(handle_arrival, one, FULL, self.now, True)
            else:
                self.tell(RejectMail(one, "operator:x"))

    @precondition(lambda self: self.reports)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """A reporter writes again; a closed case goes on."""
        who, name = data.draw(st.sampled_from(self.reports))
        raw = mails.plain(sender=who, message_id=self.fresh(), text="Any news?\n", In_Reply_To=name)
        self.arrive(raw, self.now)

    @precondition(lambda self: self.reports)
    @rule(data=st.data(), late=st.integers(0, 72), automatic=st.booleans())
    def answer(self, data: st.DataObject, late: int, automatic: bool) -> None:
        """A person answers from the desk's account, seen hours later perhaps; or only a machine does."""
        who, name = data.draw(st.sampled_from(self.reports))
        about = {"Auto_Submitted": "auto-replied"} if automatic else {}
        desk, text = "security@project.example", "We can see it and are looking for a way to mend it.\n"
        raw = mails.plain(sender=desk, to=who, message_id=self.fresh(), text=text, In_Reply_To=name, **about)
        self.arrive(raw, self.now - late * HOUR, FolderRole.SENT)

    @rule(data=st.data())
    def bounce(self, data: st.DataObject) -> None:
        """A letter that was sent comes back."""
        sent = self.rows(
            select(letter.c.reference).where(letter.c.state == letters.SENT).order_by(letter.c.id)
        )
        if sent:
            mark = ids.mark(SECRET, data.draw(st.sampled_from(sent)).reference)
            self.arrive(returned(mark, self.fresh()), self.now)

    @rule(data=st.data(), word=WORDS)
    def say(self, data: st.DataObject, word: Word) -> None:
        """The operator says a word about some case; it may be refused."""
        names = self.rows(select(case.c.id).order_by(case.c.opened, case.c.id))
        if names:
            self.tell(OperatorSaid(data.draw(st.sampled_from(names)).id, word, "operator:x"))

    @rule(outcomes=st.lists(st.sampled_from(["sent", "sent", "failed", "later"]), min_size=1, max_size=8))
    def send(self, outcomes: list[str]) -> None:
        """Letters go out, are refused for good, or have to wait."""
        for outcome in outcomes:
            for one in self.database.call(letters.claim, self.now, 1):
                if outcome == "later":
                    self.database.call(letters.postpone, one.id, self.now + HOUR, "busy")
                    continue
                self.database.call(letters.settle, one.id, outcome, self.now)
                event = LetterSettled(one.id, one.kind, one.case_id, one.reporter, Delivery(outcome))
                self.tell(event)

    @rule(gap=GAPS)
    def wait(self, gap: timedelta) -> None:
        """Time goes by, with or without maild."""
        self.now += gap

    @rule()
    def restart(self) -> None:
        """Maild ends and starts again."""
        self.database.close()
        self.open()

    @rule(gap=GAPS)
    def sweep(self, gap: timedelta) -> None:
        """Later, promises are looked at: what is late is told, what is kept is not, and once is enough."""
        self.now += gap
        running = {c.id: c for c in self.clocks()}
        before = Counter((e.clock_id, e.due, e.rung, e.contact) for e in self.rows(select(escalation)))
        self.tell(SweepDue())
        after = self.rows(select(escalation))
        told = {(e.clock_id, e.due) for e in after}
        for step in after:
            if not before[step.clock_id, step.due, step.rung, step.contact]:
                assert step.clock_id in running, "a promise that is kept, or stopped, was escalated"
                assert step.at >= step.due, "told early"
        for one in running.values():
            waits = max(t for t in (one.due, one.taken_until, one.paused_until) if t)
            heard = one.mail is not None and self.heard_of_held_mail() > self.now - HELD_FOR
            assert heard or (one.id, one.due) in told or waits > self.now, "it slipped and nobody was told"
        again = self.tell(SweepDue()).changes
        assert all(isinstance(change, LookAgain) for change in again), "a second sweep tells nobody anything"

    def heard_of_held_mail(self) -> datetime:
        """When somebody was last told of held mail."""
        of_held = select(escalation.c.at).join(clock).where(clock.c.mail.is_not(None))
        return max(row.at for row in self.rows(of_held)) if self.rows(of_held) else NOW - 99 * DAY

    def clocks(self) -> list[Row[Any]]:
        """The clocks that run."""
        return self.rows(select(clock).where(clock.c.met.is_(None), clock.c.stopped.is_(None)))

    @invariant()
    def every_reporter_is_owed_something(self) -> None:
        """No open case without a running or kept acknowledgement; one opened again owes a person's word."""
        if not hasattr(self, "database"):
            return
        open_ = {row.id for row in self.rows(select(case.c.id).where(case.c.state == "open"))}
        alive = self.rows(select(clock.c.case_id, clock.c.promise).where(clock.c.stopped.is_(None)))
        owing = {r.case_id for r in alive if r.promise == "acknowledge"}
        again = {c.case_id for c in self.clocks() if c.promise in ("respond", "update")}
        assert open_ <= owing | again

    @invariant()
    def every_step_is_told_once(self) -> None:
        """One line in one letter for each clock, due instant, rung and person, in the order of the ladder."""
        if not hasattr(self, "database"):
            return
        told = Counter(
            (row.recipient, *(line[key] for key in ("case", "mail", "promise", "started", "due", "rung")))
            for row in self.rows(select(letter).where(letter.c.kind == "escalation"))
            for line in row.facts["lapsed"]
        )
        assert not told or max(told.values()) == 1
        joined = escalation.join(letter, letter.c.id == escalation.c.letter_id)
        query = select(escalation, letter.c.settled, letter.c.state).select_from(joined)
        last: dict[tuple[int, datetime], Row[Any]] = {}
        for step in self.rows(query.order_by(escalation.c.rung)):
            first = last.get((step.clock_id, step.due))
            if first is not None:
                assert step.rung > first.rung
                assert first.settled is not None
                early = first.state == letters.SENT and step.at < first.settled + WAITS[step.rung]
                assert not early or step.rung > first.rung + 1
            last[step.clock_id, step.due] = step

    @invariant()
    def reminders_come_before_and_once_a_share(self) -> None:
        """At most as many letters as the promise has shares, to each person, and none once it is due."""
        if not hasattr(self, "database"):
            return
        found: Counter[tuple[object, ...]] = Counter()
        for row in self.rows(select(letter).where(letter.c.kind == "reminder")):
            for line in row.facts["coming"]:
                assert row.owed < datetime.fromisoformat(line["due"])
                found[row.recipient, line["case"] or line["mail"], line["promise"], line["started"]] += 1
        assert all(count <= SHARES[str(name[2])] for name, count in found.items())

    @invariant()
    def a_flood_of_spam_is_no_flood_of_letters(self) -> None:
        """Of held mail each rung hears once in the time that its promise gives, however much is held."""
        if not hasattr(self, "database"):
            return
        of_held = select(escalation).join(clock).where(clock.c.mail.is_not(None)).order_by(escalation.c.at)
        last: dict[tuple[int, str], Row[Any]] = {}
        for step in self.rows(of_held):
            before = last.get((step.rung, step.contact))
            if before is not None and before.letter_id != step.letter_id:
                assert step.at >= before.at + HELD_FOR
            last[step.rung, step.contact] = step

    @invariant()
    def the_journal_holds(self) -> None:
        """Nothing of it was changed."""
        if hasattr(self, "database"):
            assert self.database.call(journal.broken_at) is None


def returned(mark: str, name: str) -> bytes:
    """A mail server's report that a letter of ours with this *mark* could not be delivered."""
    return (
        f"From: MAILER-DAEMON@mx.project.example\r\nTo: security@project.example\r\nSubject: Undelivered\r\n"
        f"Message-ID: {name}\r\nAuto-Submitted: auto-replied\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        "--r\r\n\r\nIt could not be delivered.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.project.example\r\n\r\n"
        "Final-Recipient: rfc822; rita@a.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nX-Maild-Mark: {mark}\r\n\r\n--r--\r\n"
    ).encode()


TestPromises = Promises.TestCase
TestPromises.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
