"""The outbox: each letter owed once, its bytes fixed once, found again after a crash."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from maild.core.change import OpenCase, OweLetter
from maild.core.decision import Decision
from maild.core.letters.budget import Rank
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Receipt
from maild.core.letters.states import NEXT, State, may
from maild.core.policy import Limits
from maild.engine.claiming import Claims
from maild.engine.parts import Parts
from maild.errors import StoreError
from maild.store import cases, journal, letterbytes, letters, record
from maild.store.database import LONG, Database
from maild.store.letters import FAILED, OWED, SENDING, SENT
from tests.support.desk import DESK, NOW, POLICY

CASE = "EX-222222"
MINUTE = timedelta(minutes=1)
RECEIPT = OweLetter(
    dedupe=f"receipt:{CASE}",
    kind=LetterKind.RECEIPT,
    case_id=CASE,
    recipient="rita@reporter.example",
    token="a" * 20,
    says=Receipt(NOW.isoformat()),
    reporter="rita@reporter.example",
    in_reply_to="<one@reporter.example>",
    references=("<zero@reporter.example>",),
    internal=False,
)


@pytest.fixture
def outbox(database: Database) -> Database:
    """A case, and nothing owed."""
    opened = Decision((OpenCase(CASE, NOW, False, "subject"),))
    database.call(record.record, opened, DESK, NOW)
    return database


def owe(database: Database, number: int = 0) -> None:
    """Owe the receipt, or another letter like it."""
    change = replace(RECEIPT, dedupe=f"{RECEIPT.dedupe}:{number}") if number else RECEIPT
    database.call(letters.owe, change, DESK, NOW)


def test_a_letter_is_owed_once(outbox: Database) -> None:
    """The same dedupe key again changes nothing: no second letter, no second line of the journal."""
    for _ in range(3):
        owe(outbox)
    assert outbox.call(letters.count, OWED) == 1
    assert [row["what"] for row in outbox.call(journal.of_case, CASE)] == ["opened", "letter owed"]


def test_a_letter_comes_back_as_it_was_owed(outbox: Database) -> None:
    """Recipient, facts and thread, with a Message-ID made from its token; no bytes yet."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    assert (letter.recipient, letter.kind, letter.facts) == (RECEIPT.recipient, "receipt", RECEIPT.facts)
    assert (letter.in_reply_to, letter.references) == (RECEIPT.in_reply_to, RECEIPT.references)
    assert letter.message_id.startswith(f"<{RECEIPT.token}.")
    assert (letter.attempts, letter.composed, letter.weight) == (1, False, 0)
    assert "rita" not in repr(letter)


def test_an_answer_to_a_letter_finds_its_case(outbox: Database) -> None:
    """Its Message-ID is known from the moment it is owed."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    found = outbox.call(cases.by_message_id, [letter.message_id])
    assert found is not None
    assert found.id == CASE


def test_a_claimed_letter_is_not_claimed_again(outbox: Database) -> None:
    """While it is being sent nobody else takes it."""
    owe(outbox)
    assert len(outbox.call(letters.claim, NOW, 10)) == 1
    assert outbox.call(letters.claim, NOW, 10) == []
    assert outbox.call(letters.count, SENDING) == 1


def test_letters_are_claimed_in_order_and_not_before_their_time(outbox: Database) -> None:
    """The one due first goes first; a postponed one waits."""
    for number in (1, 2, 3):
        owe(outbox, number)
    assert [letter.id for letter in outbox.call(letters.claim, NOW, 2)] == [1, 2]
    outbox.call(letters.postpone, 1, NOW + MINUTE, "busy")
    assert [letter.id for letter in outbox.call(letters.claim, NOW, 2)] == [3]
    assert outbox.call(letters.next_due) == NOW + MINUTE
    (again,) = outbox.call(letters.claim, NOW + MINUTE, 2)
    assert (again.id, again.attempts) == (1, 2)


def test_after_a_crash_the_same_bytes_are_owed_again(outbox: Database) -> None:
    """A letter caught being sent comes back at once, with the bytes that were fixed, and in doubt: it may be there."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    outbox.call(letterbytes.fix, letter.id, b"the final bytes")
    assert outbox.call(letters.recover) == 1
    (again,) = outbox.call(letters.claim, NOW, 10)
    assert (again.composed, again.message_id, again.attempts) == (True, letter.message_id, 2)
    assert (letter.doubts, again.doubts) == (0, 1)
    outbox.call(letters.recover)
    (third,) = outbox.call(letters.claim, NOW, 10)
    assert third.doubts == 1, "deaths alone let nothing wait for a person"
    assert outbox.call(letterbytes.read, again.id) == b"the final bytes"


@pytest.mark.parametrize("outcome", [SENT, FAILED])
def test_a_settled_letter_is_never_sent_again(outbox: Database, outcome: str) -> None:
    """Neither by a later claim nor by a recovery, nor when it is owed again."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    outbox.call(letters.settle, letter.id, outcome, NOW, "")
    owe(outbox)
    assert outbox.call(letters.recover) == 0
    assert outbox.call(letters.claim, NOW + 100 * MINUTE, 10) == []


def test_a_bounce_is_written_down(outbox: Database) -> None:
    """The letter is marked, and the journal tells each step of its life."""
    owe(outbox)
    outbox.call(letters.claim, NOW, 10)
    outbox.call(letters.settle, 1, SENT, NOW)
    outbox.call(letters.bounced, 1, NOW)
    assert outbox.call(letters.count, letters.BOUNCED) == 1
    steps = [row["what"] for row in outbox.call(journal.of_case, CASE)]
    assert steps == ["opened", "letter owed", "letter sent", "letter bounced"]


def test_the_journal_holds_no_address(outbox: Database) -> None:
    """Its rows tell kinds and instants, never who."""
    owe(outbox)
    assert "rita" not in repr(outbox.call(journal.of_case, CASE))


@pytest.mark.parametrize(("content", "ended"), [(b"short", []), (b"x" * (LONG + 1), ["close"])])
def test_a_connection_that_wrote_a_long_letter_is_not_used_again(
    outbox: Database, content: bytes, ended: list[str]
) -> None:
    """The driver's cache would keep a copy of the letter as long as the connection lives."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    seen: list[str] = []
    event.listen(outbox.engine, "close_detached", lambda *_: seen.append("close"))
    outbox.call(letterbytes.fix, letter.id, content)
    assert seen == ended
    assert outbox.call(letterbytes.read, letter.id) == content


@pytest.mark.parametrize("state", State)
def test_every_state_says_what_may_follow(state: State) -> None:
    """None is left out of the table, and a letter that was sent is never owed again."""
    assert state in NEXT
    assert may(state, State.OWED) is (state in (State.SENDING, State.HELD, State.PARKED))
    assert may(state, State.BOUNCED)


def test_a_bounce_that_outruns_the_answer_of_the_server_stays(outbox: Database) -> None:
    """A letter that came back while it was handed in is not taken for sent, nor sent again."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    outbox.call(letters.bounced, letter.id, NOW)
    assert not outbox.call(letters.settle, letter.id, SENT, NOW)
    outbox.call(letters.postpone, letter.id, NOW, "later")
    assert outbox.call(letters.claim, NOW, 10) == []
    assert outbox.call(letters.count, letters.BOUNCED) == 1


def test_a_letter_that_was_withdrawn_while_under_way_may_have_been_sent(outbox: Database) -> None:
    """What the server says is what counts; but it is not tried again."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    assert outbox.call(letters.settle, letter.id, FAILED, NOW)
    outbox.call(letters.postpone, letter.id, NOW, "later")
    assert outbox.call(letters.claim, NOW, 10) == []
    assert outbox.call(letters.settle, letter.id, SENT, NOW)


LIMITS = Limits(per_hour=4, per_domain_hour=2, team_hour=4)


def paced(number: int, rank: Rank, domain: str) -> OweLetter:
    """A receipt that waits for its turn."""
    to = f"r{number}@{domain}"
    return replace(RECEIPT, dedupe=f"receipt:{number}", recipient=to, pace=rank, share=domain)


def claimed(outbox: Database, now: datetime) -> list[str]:
    """Whom the letters of one claim go to; the server takes each."""
    found = outbox.call(letters.claim, now, 10, LIMITS)
    for one in found:
        outbox.call(letters.settle, one.id, SENT, now)
    return [one.recipient for one in found]


def test_receipts_leave_as_the_hour_allows_and_the_rest_in_the_next(outbox: Database) -> None:
    """Half of the hour for anybody, by turns; three quarters with the likely; none is lost, none is early."""
    for number in range(4):
        outbox.call(letters.owe, paced(number, Rank.ANY, "loud.example"), DESK, NOW)
    outbox.call(letters.owe, paced(5, Rank.ANY, "calm.example"), DESK, NOW)
    assert claimed(outbox, NOW) == ["r0@loud.example", "r5@calm.example"]
    outbox.call(letters.owe, paced(6, Rank.LIKELY, "rita.example"), DESK, NOW + MINUTE)
    assert claimed(outbox, NOW + MINUTE) == ["r6@rita.example"]
    assert claimed(outbox, NOW + 59 * MINUTE) == []
    assert claimed(outbox, NOW + 61 * MINUTE) == ["r1@loud.example", "r2@loud.example"]
    assert claimed(outbox, NOW + 122 * MINUTE) == ["r3@loud.example"]


def test_what_is_dated_later_is_in_no_window(outbox: Database) -> None:
    """After the clock was set back a year, what left in that year uses up nothing."""
    for number in range(2):
        outbox.call(letters.owe, paced(number, Rank.ANY, "loud.example"), DESK, NOW)
    assert len(claimed(outbox, NOW)) == 2
    back = NOW - timedelta(days=365)
    for number in range(2, 4):
        outbox.call(letters.owe, paced(number, Rank.ANY, "loud.example"), DESK, back)
    assert len(claimed(outbox, back)) == 2


def test_a_claim_that_nobody_heard_of_is_taken_back(
    outbox: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its COMMIT took effect and was not answered: the letter goes out at the next claim, and not in a next life."""
    owe(outbox)
    run, lost = outbox.run, [StoreError("the connection is lost")]

    async def unanswered(work: Any, *args: Any) -> Any:
        done = await run(work, *args)
        if lost:
            raise lost.pop()
        return done

    monkeypatch.setattr(outbox, "run", unanswered)
    claims = Claims(Parts(None, POLICY, outbox, lambda: NOW))  # type: ignore[arg-type]

    async def twice() -> list[Any]:
        with pytest.raises(StoreError):
            await claims.next()
        return [*await claims.next(), *await claims.next()]

    ((letter, _),) = asyncio.run(twice())
    assert outbox.call(letters.count, SENDING) == 1
    assert letter.recipient == RECEIPT.recipient
