"""What is so of a kind of letter is said once, in its row."""

import pytest

from maild.config.letters import Letters, templates
from maild.config.share import shipped
from maild.core.letters import kinds
from maild.core.letters.kinds import ROWS, LetterKind, Reader, Restore, Template, Words


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
