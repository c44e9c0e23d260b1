"""What is so of a kind of letter is said once, in its row."""

import pytest

from maild.config.letters import Letters, templates
from maild.config.share import shipped
from maild.core.letters import keys, kinds
from maild.core.letters.kinds import ROWS, LetterKind, Reader, Restore, Template, Words
from maild.core.letters.payloads import Payload, Receipt, Reply, Sent, SentCopy, brief, by


def test_every_kind_has_its_row() -> None:
    """None is forgotten."""
    assert set(ROWS) == set(LetterKind)


@pytest.mark.parametrize("kind", LetterKind)
def test_people_s_words_are_never_sent_twice(kind: LetterKind) -> None:
    """What a person or two approved goes out once, and is given up for nothing that a person can put right."""
    row = kinds.row(kind)
    spoken = row.words is not Words.MAILD
    assert (row.doubts == 1) is spoken
    assert row.waits_without_key is spoken
    assert (row.submitted == "") is spoken


@pytest.mark.parametrize("kind", LetterKind)
def test_after_a_restore_nothing_to_outsiders_leaves_unasked(kind: LetterKind) -> None:
    """Whoever is not of the team is not answered twice (ruling 27)."""
    row = kinds.row(kind)
    assert (row.restore is Restore.PARKED) is (row.reader in (Reader.REPORTER, Reader.OUTSIDE))
    assert (kind in kinds.parked_after_restore()) is (row.restore is Restore.PARKED)


@pytest.mark.parametrize("kind", LetterKind)
def test_each_template_is_asked_for(kind: LetterKind) -> None:
    """``check`` looks at each template that a letter may need, and all of them are shipped."""
    wanted = {name for name in templates() if name.partition("/")[0] == kind}
    assert bool(wanted) is (kinds.row(kind).template is not Template.NONE)
    Letters([shipped("config") / "letters"]).check()


def test_what_two_approved_goes_outside_and_waits_where_a_server_refuses_it() -> None:
    """Nobody asks a server again by themselves; what a person wrote is asked about as soon as there is a doubt."""
    approved = (LetterKind.PREDISCLOSURE, LetterKind.ANNOUNCEMENT)
    assert kinds.to_outside() == approved
    assert tuple(kind for kind in LetterKind if kinds.row(kind).waits_if_refused) == approved
    assert [kinds.outside(kind) for kind in (*approved, LetterKind.ANSWER)] == [True, True, False]
    assert set(kinds.asked_at_once()) == {LetterKind.ANSWER, *approved}
    assert set(kinds.flooding()) == {LetterKind.COPY, LetterKind.NOTICE}
    assert LetterKind.RECEIPT in kinds.of_case()
    assert LetterKind.NOTICE not in kinds.of_case()


@pytest.mark.parametrize(
    ("says", "whose", "is_brief"),
    [
        (Reply(1, "team:Anna", brief=True), "team:Anna", True),
        (Reply(1, "team:Anna"), "team:Anna", False),
        (Sent("bug", by="team:Anna", brief=True), "team:Anna", True),
        (SentCopy("bug", by="team:Anna"), "", False),
        (Receipt(""), "", False),
    ],
)
def test_an_answer_is_somebodys(says: Payload, whose: str, is_brief: bool) -> None:
    """And may say too little; a copy of it is nobody's answer."""
    assert (by(says), brief(says)) == (whose, is_brief)


def test_a_key_names_whose_letter_it_is() -> None:
    """A receipt that a person let go is one for each reporter."""
    assert keys.receipt("EX-222222") == "receipt:EX-222222"
    assert keys.receipt("EX-222222", "rita@x.example") == "receipt:EX-222222:rita@x.example"
    assert keys.listing(LetterKind.REMINDER, "a@x.example", ["1", "2"], b"secret").count(":") == 2
    assert len(keys.listing(LetterKind.REMINDER, "a", ["1"], b"secret")) == len("reminder:a:") + 24
