"""What takes long is done before the transaction in which a mail is handled."""

from dataclasses import replace

from maild.core.screening.vocabulary import Vocabulary
from maild.engine import arriving
from tests.support.desk import POLICY


def test_the_words_of_the_screening_are_read_before_the_transaction() -> None:
    """They take a moment, in which nobody else could write."""
    screening = replace(POLICY.screening, words=Vocabulary(POLICY.screening.words.texts))
    assert arriving._looked({}, replace(POLICY, screening=screening)) == {}
    assert "lexicon" in vars(screening.words)
