"""Whole histories, played at random against a real database: what must hold in whatever order.

The mailbox and the SMTP server are only thought of: mail is kept and handled as the engine does it,
letters are claimed, sent and lost, maild is killed in between, time goes by, people answer and close.
"""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zlib import crc32

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from maild.config.share import shipped
from maild.core.event import Arrival, Delivery, LetterSettled, MailArrived, OperatorSaid, SweepDue
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.policy import Limits
from maild.core.words.reading import Word
from maild.engine.handler import handle
from maild.store import cases, envelopes, journal, letterbytes, letters
from maild.store.database import open_database
from maild.store.schema import case, clock, escalation, letter
from tests.support import mails
from tests.support.desk import NOW, POLICY

UNLIMITED = replace(POLICY, limits=Limits(999, 999, 999))
PEOPLE = st.sampled_from(["rita@a.example", "tom@b.example", "eve@c.example"])
DAY = timedelta(days=1)


class Histories(RuleBasedStateMachine):
    """A desk in the hands of chance."""

    @initialize()
    def begin(self) -> None:
        """A new desk."""
        self.folder = tempfile.TemporaryDirectory(prefix="maild-test-")
        self.database = open_database(Path(self.folder.name), shipped("migrations"))
        self.now = NOW
        self.reports: list[tuple[str, str]] = []
        self.given: Counter[tuple[str, bytes]] = Counter()

    def teardown(self) -> None:
        """The desk is gone."""
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def arrive(self, raw: bytes, at: datetime, role: FolderRole = FolderRole.INBOX) -> None:
        """A mail is kept, and handled in its own transaction, as the engine does it."""
        tree = parse(raw)
        known_as = identity(tree, POLICY.desk.secret)
        mail = envelopes.Received(role, 1, crc32(raw), role, at, False, len(raw), False, "", known_as, raw)
        number = self.database.call(envelopes.keep, mail, self.now)
        if number is None:
            return
        kept = self.database.call(envelopes.get, number)
        assert kept is not None
        arrival = Arrival(kept.id, kept.identity, kept.at, kept.odd, kept.truncated)
        facts = read_facts(tree, UNLIMITED, FolderRole(kept.role))
        self.database.call(handle, MailArrived(arrival, facts, Opened(tree)), UNLIMITED, self.now)
        self.database.call(envelopes.set_state, number, envelopes.DONE)

    @rule(who=PEOPLE)
    def report(self, who: str) -> None:
        """Somebody reports something new."""
        name = f"<{len(self.reports)}@reports.example>"
        self.reports.append((who, name))
        self.arrive(mails.plain(sender=who, message_id=name, text=f"{name} crashes it.\n"), self.now)

    @rule(data=st.data(), folder=st.sampled_from([FolderRole.INBOX, FolderRole.JUNK]))
    def see_again(self, data: st.DataObject, folder: FolderRole) -> None:
        """A mail is fetched once more: other folder, other numbers, after a crash."""
        if self.reports:
            who, name = data.draw(st.sampled_from(self.reports))
            raw = mails.plain(sender=who, message_id=name, text=f"{name} crashes it.\n")
            self.arrive(b"Received: from somewhere\r\n" + raw, self.now, folder)

    @rule(data=st.data(), late=st.integers(0, 72))
    def answer(self, data: st.DataObject, late: int) -> None:
        """A person answers from the desk's account; the answer may be seen hours later."""
        if self.reports:
            who, name = data.draw(st.sampled_from(self.reports))
            at = self.now - timedelta(hours=late)
            text = f"We are looking into it, {at.isoformat()}.\n"
            raw = mails.plain(
                sender="security@project.example",
                to=who,
                message_id=f"<{at.timestamp()}-{len(name)}{name[1:]}",
                text=text,
                In_Reply_To=name,
            )
            self.arrive(raw, at, FolderRole.SENT)

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        """Time goes by."""
        self.now += timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        """Deadlines are looked at."""
        self.database.call(handle, SweepDue(), UNLIMITED, self.now)

    @rule(outcomes=st.lists(st.sampled_from(["sent", "failed", "later", "killed"]), min_size=1, max_size=6))
    def send(self, outcomes: list[str]) -> None:
        """Letters go out, are refused, have to wait, or maild is killed just after one went out."""
        for outcome in outcomes:
            for one in self.database.call(letters.claim, self.now, 1):
                fixed = self.database.call(letterbytes.read, one.id)
                content = fixed or f"{one.message_id} {self.now}".encode()
                self.database.call(letterbytes.fix, one.id, content)
                if outcome in ("sent", "killed"):
                    self.given[one.message_id, content] += 1
                if outcome == "killed":
                    self.database.call(letters.recover)
                elif outcome == "later":
                    self.database.call(letters.postpone, one.id, self.now + timedelta(minutes=5), "busy")
                else:
                    self.settle(one, Delivery.SENT if outcome == "sent" else Delivery.FAILED)

    def settle(self, one: letters.Letter, delivery: Delivery) -> None:
        """What the dispatcher does after the server's answer."""
        state = letters.SENT if delivery is Delivery.SENT else letters.FAILED
        self.database.call(letters.settle, one.id, state, self.now)
        event = LetterSettled(one.id, one.kind, one.case_id, one.reporter, delivery)
        self.database.call(handle, event, UNLIMITED, self.now)

    @rule(data=st.data(), spam=st.booleans())
    def close(self, data: st.DataObject, spam: bool) -> None:
        """An operator closes some case; it may be refused."""
        names = self.database.call(lambda c: list(c.execute(select(case.c.id)).scalars()))
        if names:
            word = Word("spam" if spam else "close")
            said = OperatorSaid(data.draw(st.sampled_from(names)), word, "operator:x")
            self.database.call(handle, said, UNLIMITED, self.now)

    @invariant()
    def every_report_is_one_case_with_one_receipt(self) -> None:
        """Nothing is lost, nobody is answered twice."""
        if not hasattr(self, "database"):
            return
        owed = self.database.call(
            lambda c: c.execute(select(letter.c.case_id).where(letter.c.kind == "receipt"))
        )
        receipts = Counter(row.case_id for row in owed)
        found = [self.database.call(cases.by_message_id, [name]) for _, name in self.reports]
        assert all(found)
        assert len({one.id for one in found if one}) == len(self.reports)
        assert receipts == Counter(one.id for one in found if one)

    @invariant()
    def one_message_id_is_one_text(self) -> None:
        """However often a letter had to be handed in, it was the same letter."""
        if hasattr(self, "database"):
            assert len({name for name, _ in self.given}) == len(self.given)

    @invariant()
    def every_rung_is_climbed_once_in_order_and_never_early(self) -> None:
        """Coordinator not before the deadline, backup a day after the coordinator's letter was accepted."""
        if not hasattr(self, "database"):
            return
        joined = select(escalation, letter.c.state, letter.c.settled).join(
            letter, letter.c.id == escalation.c.letter_id
        )
        steps = self.database.call(lambda c: c.execute(joined.order_by(escalation.c.rung)).all())
        by_clock: dict[tuple[int, datetime], list[object]] = {}
        for step in steps:
            assert step.at >= step.due
            by_clock.setdefault((step.clock_id, step.due), []).append(step)
        for found in by_clock.values():
            assert [step.rung for step in found] == list(range(len(found)))
            for first, second in pairwise(found):
                assert first.settled is not None
                assert second.at >= first.settled + (DAY if first.state == "sent" else timedelta(0))

    @invariant()
    def clocks_make_sense(self) -> None:
        """One update at most runs for a reporter, and an open answered case always has one."""
        if not hasattr(self, "database"):
            return
        rows = self.database.call(lambda c: c.execute(select(clock)).all())
        running = Counter(
            (r.case_id, r.reporter) for r in rows if r.promise == "update" and not r.met and not r.stopped
        )
        assert not running or max(running.values()) == 1
        opened = self.database.call(
            lambda c: c.execute(select(case).where(case.c.state == "open", case.c.answered)).all()
        )
        assert all(any(name == row.id for name, _ in running) for row in opened)

    @invariant()
    def the_journal_holds(self) -> None:
        """Nothing of it was changed."""
        if hasattr(self, "database"):
            assert self.database.call(journal.broken_at) is None


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
