"""The words of a copy that a member answered: in their order, as programs leave them, and no others."""

# ruff: noqa: RUF001 - dashes and quotation marks of many programs

import pytest

from maild.core.mail.copied import LONG, MAX_LINKS, RUN, Copied, bare, begun, words

LINES = ["It crashes when the parser", "reads a line of a thousand letters", "and it crashes when you stop"]
LETTERS = "x" * (2 * LONG + 5)


def after(*quoted: list[str], lines: list[str] = LINES) -> Copied:
    """The copy of *lines* of which these words were quoted, one after another."""
    copy = Copied.of(lines)
    for one in quoted:
        assert copy.holds(one)
    return copy


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("> > | It crashes", ["It", "crashes"]),
        ("“It” – ‘crashes’…", ['"It"', "-", "'crashes'..."]),
        ("«It» — it„s", ['"It"', "-", 'it"s']),
        ("It -- crashes --- so", ["It", "-", "crashes", "-", "so"]),
        ("a–—b", ["a-b"]),
        (">", []),
    ],
)
def test_words_are_compared_as_somebody_would_have_typed_them(line: str, said: list[str]) -> None:
    """Without marks of quotation, and with the marks and dashes of a keyboard."""
    assert words([line]) == said


def test_a_mark_of_quotation_stands_at_the_beginning_only() -> None:
    """What an arrow in a line says belongs to it."""
    assert bare(" >> a > b |") == "a > b |"


def test_a_line_is_known_by_the_words_that_it_begins_with() -> None:
    """The last one of several, by its number."""
    assert begun(["> one two three four", "x", "one two three"]) == {("one", "two", "three"): 2, ("x",): 1}


def test_the_words_of_a_copy_and_where_its_lines_end() -> None:
    """Each line of a copy ends behind its last word; a blank line has none."""
    copy = Copied.of(["one two", "", "three"])
    assert (copy.words, copy.ends, copy.at, copy.rest) == (["one", "two", "three"], {2, 3}, 0, "")


@pytest.mark.parametrize(
    ("quoted", "said", "held", "at"),
    [
        ([], ["It", "crashes"], True, 2),
        ([["It"]], ["crashes", "when"], True, 3),
        ([["It"]], ["when"], False, 1),
        ([], [], True, 0),
        ([], ["the", "parser"], False, 0),
        ([], ["the", "parser", "reads"], True, 6),
        ([], ["the", "parser", "writes"], False, 0),
        ([], ["crashes", "when", "the"], True, 4),
        ([], ["crashes", "when", "you"], True, 17),
        ([["the", "parser", "reads"]], ["It", "crashes", "when"], False, 6),
        ([["the", "parser", "reads"]], ["crashes", "when", "you"], True, 17),
        ([["it", "crashes", "when"]], ["you", "stop"], True, 18),
        ([["it", "crashes", "when"]], ["you", "stop", "it"], False, 16),
    ],
)
def test_what_comes_next_is_quoted_and_what_comes_later_if_it_is_long(
    quoted: list[list[str]], said: list[str], held: bool, at: int
) -> None:
    """Three words are no accident; what was passed is not quoted again, and a wrong word passes nothing."""
    copy = after(*quoted)
    assert (copy.holds(said), copy.at) == (held, at)


def test_the_same_words_twice_are_passed_in_their_order() -> None:
    """The place that comes next, not the first one of all nor one further below."""
    copy = after(lines=["a b c one", "a b c two", "a b c three"])
    places = [copy.holds(["a", "b", "c"]) and copy.at for _ in range(4)]
    assert places == [3, 7, 11, False]


@pytest.mark.parametrize(
    ("said", "passed", "at", "rest"),
    [
        ([[LETTERS]], [True], 1, ""),
        ([["x" * LONG]], [True], 1, "x" * (LONG + 5)),
        ([["x" * (LONG - 1)]], [False], 0, ""),
        ([["x" * LONG], ["x" * LONG]], [True, True], 1, "x" * 5),
        ([["x" * LONG], ["x" * (LONG - 1)]], [True, False], 1, "x" * (LONG + 5)),
        ([["x" * LONG], ["x" * (LONG + 5)]], [True, True], 1, ""),
        ([["x" * LONG], ["x" * (LONG + 5), "end"]], [True, True], 2, ""),
        ([["x" * LONG], ["x" * LONG], ["x" * 5, "end"]], [True, True, True], 2, ""),
        ([["x" * LONG], ["end"]], [True, True], 2, ""),
        ([["x" * LONG], [], ["end"]], [True, True, True], 2, ""),
        ([["x" * LONG], ["x" * LONG, "end"]], [True, False], 1, "x" * (LONG + 5)),
        ([["y" * LONG]], [False], 0, ""),
        ([["x" * LONG, "end"]], [False], 0, ""),
    ],
)
def test_a_long_word_may_be_broken(said: list[list[str]], passed: list[bool], at: int, rest: str) -> None:
    """At any of its letters from the twentieth on; the next line brings the rest, or more of it."""
    copy = Copied.of([LETTERS, "end"])
    assert ([copy.goes_on(one) for one in said], copy.at, copy.rest) == (passed, at, rest)


@pytest.mark.parametrize(
    ("first", "passed"), [("see", True), ("saw", False), ("", False)], ids=["same", "other", "none"]
)
def test_the_words_before_a_broken_one_are_the_copys_too(first: str, passed: bool) -> None:
    """A word that was broken is the copy's only after the words that stand before it there."""
    copy = Copied.of([f"see {LETTERS} end"])
    assert copy.goes_on([*first.split(), "x" * LONG]) is passed


@pytest.mark.parametrize(
    ("quoted", "said", "line", "chance"),
    [
        (["It"], ["crashes"], 2, True),
        (["It"], ["crashes", "when"], 2, True),
        (["It"], ["crashes", "when", "the"], 2, False),
        (["It", "crashes"], ["when", "the", "parser"], 2, False),
        (["It", "crashes", "when"], ["the", "parser"], 2, False),
        (["It", "crashes", "when"], ["the"], 2, True),
        (["It"], ["crashes"], 1, False),
        (["It"], ["crashes"], 0, False),
    ],
)
def test_a_word_that_comes_next_is_an_accident_where_the_copy_goes_on_below(
    quoted: list[str], said: list[str], line: int, chance: bool
) -> None:
    """A word or two that end no line of the copy, whose next words begin a line below this one."""
    copy = after(quoted)
    known = {tuple(copy.words[copy.at : copy.at + RUN]): line}
    assert copy.by_chance(said, 1, known) is chance
    assert not copy.by_chance(said, 1, {})


COPIED = "https://reporter.example/poc"
LONGER = f"{COPIED}/second"


@pytest.mark.parametrize(
    ("word", "copied"),
    [
        (f"https://gate.example/?url={COPIED}", COPIED),
        ("https://gate.example/?url=https%3A%2F%2Freporter.example%2Fpoc&x=1", COPIED),
        ("https://gate.example/?url=https%253A%252F%252Freporter.example%252Fpoc", COPIED),
        ("https://gate.example/v2/url?u=https-3A__plain.example&d=1", "https://plain.example"),
        ("https://gate.example/v2/url?u=http-3A__old.example&d=1", "http://old.example"),
        (f"https://gate.example/?url={LONGER}", LONGER),
        ("https://gate.example/?url=https://elsewhere.example", None),
        (f"({COPIED})", None),
        ("poc", None),
    ],
)
def test_a_link_that_a_gateway_wrote_anew_is_read_as_the_copy_has_it(word: str, copied: str | None) -> None:
    """The longest one that it holds; a link with nothing in it is what it is."""
    copy = Copied.of([f"{COPIED} {LONGER} poc", "https://plain.example http://old.example"])
    assert copy.as_copied([word]) == [copied or word]
    other = f"https://gate.example/?url={LONGER}"
    assert copy.as_copied([word, "and", other]) == [copied or word, "and", LONGER]


def test_of_a_copy_full_of_links_the_first_are_looked_for() -> None:
    """Each once, however often it stands there."""
    links = [f"https://reporter.example/{number:03}" for number in range(MAX_LINKS + 1)]
    copy = Copied.of([links[0], *links])
    within, beyond = (f"https://gate.example/?u={link}" for link in links[-2:])
    assert copy.as_copied([within, beyond]) == [links[-2], beyond]
