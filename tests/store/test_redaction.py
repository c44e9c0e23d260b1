"""Words that people said of a case: sealed or given up, they stand nowhere in the database."""

from datetime import timedelta

import pytest

from maild.core.change import AddParticipant, Change, MergeCase, OpenCase, OweLetter, SealCase
from maild.core.changes.keeping import PurgeCase
from maild.core.decision import Decision
from maild.core.facts.change import SetFact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Draft
from maild.core.values.ids import named
from maild.core.values.people import Audience, Side
from maild.store import facts, record, timeline, views
from maild.store.database import Database, secret
from tests.support.desk import DESK, NOW

CASE, OTHER = "EX-222222", "EX-333333"
CANARY = "quokka"
SAID = (
    ("affects", "", f"1.0 with {CANARY}"),
    ("credit", "", f"Rita {CANARY}"),
    ("branch", "1.8", f"waived: no {CANARY} there"),
    ("branch", "2.0", f"fixed: by the {CANARY} change"),
    ("draft-reason", "", f"{CANARY} is meant so"),
    ("reporter-date", "why", f"a talk on {CANARY}"),
    ("reporter-date", "", NOW.isoformat()),
    ("told", "0123456789abcdef", f"packages {CANARY}"),
    ("claim", "", f"CVSS:3.1/{CANARY}"),
    ("outsider", "0123456789abcdef", f"{CANARY}@vendor.example"),
)
DRAFT = OweLetter(
    dedupe="draft:1",
    kind=LetterKind.DRAFT,
    case_id=CASE,
    recipient="anna@project.example",
    token="a" * 20,
    says=Draft("bug", reason=f"{CANARY} is meant so", credit=f"Rita {CANARY}"),
    internal=True,
)


@pytest.fixture
def said(database: Database) -> Database:
    """A case in clear of which much was said, and another, which is sealed."""
    opened: list[Change] = [OpenCase(CASE, NOW, False, "subject"), OpenCase(OTHER, NOW, True, "")]
    opened += [SetFact(CASE, name, value, "team:Anna", item) for name, item, value in SAID]
    database.call(record.record, Decision((*opened, DRAFT)), DESK, NOW)
    return database


def held(database: Database) -> str:
    """Everything in the tables of facts and letters."""
    rows = [
        row
        for table in ("fact", "letter")
        for row in database.call(lambda c, table=table: c.exec_driver_sql(f"SELECT * FROM {table}").all())
    ]
    return "\n".join(map(str, rows))


def test_once_a_case_is_sealed_no_word_stays_in_clear(said: Database) -> None:
    """Not even what was said before; that something was said is still known, and so are the decisions."""
    assert CANARY in held(said)
    said.call(record.record, Decision((SealCase(CASE),)), DESK, NOW)
    assert CANARY not in held(said)
    kept = said.call(facts.of_case, CASE)
    assert kept.value("affects") == kept.value("credit") == "(sealed)"
    assert kept.value("branch", "2.0") == "fixed"
    assert (kept.value("branch", "1.8"), kept.value("reporter-date")) == ("waived", NOW.isoformat())


def test_a_case_that_a_sealed_one_is_joined_to_is_sealed_as_well(said: Database) -> None:
    """With every word that was said of it."""
    said.call(record.record, Decision((MergeCase(OTHER, CASE, NOW, "op"),)), DESK, NOW)
    assert CANARY not in held(said)


def test_with_the_texts_go_the_words(said: Database) -> None:
    """But addresses, which are forgotten for whoever asks."""
    frame = SetFact(CASE, "prepared-frame", f"Affected: {CANARY}", "team:Anna", "distros")
    said.call(record.record, Decision((frame,)), DESK, NOW)
    said.call(record.record, Decision((PurgeCase(CASE),)), DESK, NOW)
    left = [line for line in held(said).splitlines() if CANARY in line]
    assert len(left) == 1
    assert f"{CANARY}@vendor.example" in left[0]


def test_a_timeline_holds_no_prepared_text(said: Database) -> None:
    """Neither the text, where a desk without a key keeps it, nor the lines that maild adds."""
    texts = [SetFact(CASE, f"prepared-{one}", f"the {CANARY}", "op", "distros") for one in ("text", "frame")]
    said.call(record.record, Decision(tuple(texts)), DESK, NOW)
    rows = [row for row in said.call(timeline.of_case, CASE) if "prepared" in row["what"]]
    assert {row["detail"] for row in rows} == {"(kept)"}


def test_why_an_outsider_may_know_goes_where_he_goes(database: Database) -> None:
    """He is one of the other case's from the join on, with the reason that was given."""
    who, key = "dora@distro.example", database.call(secret)
    opened = [OpenCase(one, NOW, False, "subject") for one in (CASE, OTHER)]
    told = SetFact(CASE, "told", "packages it", "team:Anna", named(key, CASE, who))
    may = AddParticipant(CASE, who, Side.OUTSIDE, Audience.TEAM, "a" * 20, NOW + timedelta(days=9))
    changes = (*opened, told, may, MergeCase(CASE, OTHER, NOW, "op"))
    database.call(record.record, Decision(changes), DESK, NOW)
    (row,) = database.call(views.access, OTHER)
    assert (row["address"], row["reason"]) == (who, "packages it")
