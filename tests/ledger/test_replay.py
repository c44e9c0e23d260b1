"""Whole histories at random: whatever happens, the journal alone tells what the clocks say."""

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from maild.core.event import OperatorSaid
from maild.core.words.reading import Word
from maild.engine.handler import handle
from maild.errors import Refused
from maild.store import ledger
from maild.store.schema import case
from tests.store.test_histories import UNLIMITED, Histories

WORDS = st.sampled_from(["pause", "resume", "reopen", "duplicate", "taken", "handler", "close", "spam"])


class Ledgers(Histories):
    """The same desk in the hands of chance, and people who say words to it."""

    @rule(data=st.data(), word=WORDS)
    def say(self, data: st.DataObject, word: str) -> None:
        """Somebody says a word about some case; it may be refused."""
        names = self.database.call(lambda c: list(c.execute(select(case.c.id)).scalars()))
        if not names:
            return
        rest = {
            "pause": "vendor until 3d",
            "duplicate": data.draw(st.sampled_from(names)),
            "handler": "Anna",
        }.get(word, "")
        said = OperatorSaid(data.draw(st.sampled_from(names)), Word(word, rest), "operator:x")
        with contextlib.suppress(Refused):
            self.database.call(handle, said, UNLIMITED, self.now)

    @invariant()
    def the_journal_tells_what_the_clocks_say(self) -> None:
        """Replaying it gives every clock with its instants, however it came to be so."""
        if hasattr(self, "database"):
            assert self.database.call(ledger.verify).fault == ""

    @invariant()
    def late_is_missed_and_nothing_else_is(self) -> None:
        """The state of each promise follows from its instants."""
        if not hasattr(self, "database"):
            return
        for row in self.database.call(ledger.ledger, self.now):
            assert (row["state"] == ledger.MISSED) == (row["late_seconds"] > 0 or self.overdue(row))

    def overdue(self, row: dict[str, str]) -> bool:
        """Whether the promise runs and its due instant is this very one."""
        return row["state"] != ledger.STOPPED and row["met"] is None and row["due"] == self.now.isoformat()

    # These hold for mail alone; a word may close, join and reopen cases at any time.
    every_report_is_one_case_with_one_receipt = None
    clocks_make_sense = None


TestLedgers = Ledgers.TestCase
TestLedgers.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
