"""Runs of internal words, however lines stand between them."""

import pytest

from maild.core.writing.gate.runs import APART, RUN, internal

SECRET = "parser writes beyond the borrowed buffer whenever some archive names its members twice in reverse"
WORDS = SECRET.split()
OTHERS = [one[::-1] for one in WORDS]


def test_a_line_that_comes_again_hides_nothing() -> None:
    """Also where it is made of the same words; by itself it is nothing internal."""
    pairs = [" ".join(WORDS[at : at + 2]) for at in range(0, len(WORDS), 2)]
    again = ["buffer buffer"] * len(pairs)
    mixed = [line for two in zip(pairs, again, strict=True) for line in two]
    assert list(internal(["\n".join(mixed)], [SECRET], []))
    assert not list(internal(["\n".join(again)], [SECRET], []))


def found(text: str, secret: str = SECRET, shared: str = "") -> bool:
    """Whether something of *secret* is seen in *text*."""
    return any(True for _ in internal([text], [secret], [shared] if shared else []))


def lines(before: int, behind: int, each: int = 2) -> str:
    """Fewer words than count apart, some on each line, with others of no meaning around them."""
    few = WORDS[: APART - 1]
    rows = [few[at : at + each] for at in range(0, len(few), each)]
    around = [f"{chr(97 + at)}x" for at in range(len(rows))]
    return "\n".join(
        " ".join([*[a] * before, *row, *[a] * behind]) for a, row in zip(around, rows, strict=True)
    )


def spread(count: int) -> str:
    """The first *count* words, with another behind each."""
    return " ".join(f"{one} {other}" for one, other in zip(WORDS[:count], OTHERS, strict=False))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (" ".join(WORDS[3 : 3 + RUN]), True),
        (" ".join(WORDS[3 : 2 + RUN]), False),
        (" ".join(WORDS[-RUN:]), True),
        (" ".join([*WORDS[:5], "quite", *WORDS[5:10]]), False),
        (spread(APART), True),
        (spread(APART - 1), False),
        ("".join(WORDS[:RUN]), True),
        ("".join(WORDS[:RUN])[::-1], True),
        ("".join(WORDS[-RUN:]), True),
        ("x" + "".join(WORDS[:RUN]) + "y", True),
        ("".join(WORDS[:RUN])[:-1], False),
        (lines(0, 0), True),
        (lines(1, 0), True),
        (lines(2, 0), True),
        (lines(3, 0), True),
        (lines(4, 0), False),
        (lines(0, 1), True),
        (lines(0, 2), True),
        (lines(0, 3), False),
        (lines(1, 1), False),
        (lines(1, 0, 4), True),
        ("\n\n".join(lines(1, 0, 4).splitlines()), True),
        (f"ax {' '.join(WORDS[:4])}\nbx {' '.join(WORDS[4:8])}", False),
        (f"ax {' '.join(WORDS[:4])}\nbx {' '.join(WORDS[4:8])}\ncx", True),
    ],
)
def test_so_many_words_in_a_row_are_no_chance(text: str, seen: bool) -> None:
    """Eight next to each other, twelve with others between, or behind a name or two on each of three lines."""
    assert found(text) is seen


@pytest.mark.parametrize(("between", "seen"), [(1, False), (2, True)])
def test_a_line_between_that_comes_three_times_is_a_frame(between: int, seen: bool) -> None:
    """One that comes twice may be somebody's words."""
    rows = [" ".join(WORDS[at : at + 4]) for at in range(0, 16, 4)]
    text = "\n".join(
        [
            f"{rows[0]}\nCarl said to all of us today",
            *(f"Carl said to all of us today\n{one}" for one in rows[1:3]),
        ][: between + 1]
    )
    assert found(text) is seen


def test_a_greeting_is_too_short() -> None:
    """Eight words of at least sixteen letters."""
    sixteen = "we go on as if so it is"
    fifteen = "we go on as if so it a"
    assert [sum(map(len, one.split()[:RUN])) for one in (sixteen, fifteen)] == [16, 15]
    assert found(sixteen, sixteen)
    assert not found(fifteen, fifteen)


@pytest.mark.parametrize(
    ("shared", "seen"),
    [(SECRET, False), (" ".join(WORDS[:RUN]), True), (" ".join(WORDS[4:]), True)],
)
def test_what_the_reader_has_too_is_not_internal(shared: str, seen: bool) -> None:
    """Run by run: the rest stays so."""
    assert found(SECRET, shared=shared) is seen


def test_each_text_is_looked_through() -> None:
    """And what is found is named, as it stands there."""
    run = " ".join(WORDS[:RUN])
    assert set(internal(["Hello.", run, "Bye."], ["", SECRET], [])) == {run, run.replace(" ", "")}
    assert list(internal([run], [], [])) == []
