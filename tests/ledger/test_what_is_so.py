"""No letter composed at an instant names a future event before it as to come, nor a state that is not so (ruling 1).

Whole histories are played at random against a real database: reports, answers, commands of every kind, sweeps and
digests, with hours or weeks between them, while the mail server takes letters or does not. Each letter is read as
it would leave, whenever that is, and compared with what the database holds then.
"""

import os
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from maild.core.due import current
from maild.core.event import Delivery, LetterSettled, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Prepared, Reply, SentCopy
from maild.store import asof as loading
from maild.store import cases, letters
from maild.store.letters import Letter
from tests.ledger.acts import ACTS, played
from tests.ledger.playing import PlayedDesk
from tests.ledger.so import SO, assert_times
from tests.support.read import TEMPLATES

HISTORIES = int(os.environ.get("HISTORIES", "30"))
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
@settings(max_examples=HISTORIES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
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
