"""Runs of internal words, however lines stand between them."""

from maild.core.writing.gate.runs import internal

SECRET = "parser writes beyond the borrowed buffer whenever some archive names its members twice in reverse"
WORDS = SECRET.split()


def test_a_line_that_comes_again_hides_nothing() -> None:
    """Also where it is made of the same words; by itself it is nothing internal."""
    pairs = [" ".join(WORDS[at : at + 2]) for at in range(0, len(WORDS), 2)]
    again = ["buffer buffer"] * len(pairs)
    mixed = [line for two in zip(pairs, again, strict=True) for line in two]
    assert list(internal(["\n".join(mixed)], [SECRET], []))
    assert not list(internal(["\n".join(again)], [SECRET], []))
