"""Names that maild gives: unguessable, not derivable from one another, the same again after a restore."""

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.values import ids

SECRET = b"a secret of the desk"


def test_a_case_id_can_be_read_out_on_the_telephone() -> None:
    """The prefix and six characters without 0, O, 1, I and L."""
    for identity in map(str, range(200)):
        assert re.fullmatch(r"EX-[2-9A-HJKMNP-Z]{6}", next(ids.case_ids(SECRET, "EX", identity)))


def test_a_taken_case_id_has_successors() -> None:
    """The same report offers other ids, all different, always in the same order."""
    first = list(islice(ids.case_ids(SECRET, "EX", "mail"), 50))
    assert len(set(first)) == 50
    assert first == list(islice(ids.case_ids(SECRET, "EX", "mail"), 50))


@pytest.mark.parametrize(
    "other",
    [
        ("EX-222222", "rita@reporter.example", "team"),
        ("EX-222223", "rita@reporter.example", "reporter"),
        ("EX-222222", "tom@reporter.example", "reporter"),
        ("EX-222222rita@reporter.example", "", "reporter"),
        ("EX-222222", "rita@reporter.examplere", "porter"),
    ],
)
def test_tokens_differ_by_case_participant_and_audience(other: tuple[str, str, str]) -> None:
    """Another case, person or audience has another token, even when the words run together the same."""
    mine = ids.token(SECRET, "EX-222222", "rita@reporter.example", "reporter")
    assert re.fullmatch(r"[a-z2-7]{20}", mine)
    assert ids.token(SECRET, *other) != mine


def test_everything_depends_on_the_secret() -> None:
    """Another desk's secret gives other names for the same things."""
    for name in (
        lambda secret: next(ids.case_ids(secret, "EX", "mail")),
        lambda secret: ids.token(secret, "EX-222222", "rita@reporter.example", "reporter"),
        lambda secret: ids.reference(secret, "receipt:EX-222222"),
        lambda secret: ids.mark(secret, "letter"),
    ):
        assert name(SECRET) == name(SECRET)
        assert name(SECRET) != name(b"another secret")


def test_no_name_holds_another() -> None:
    """Nothing of a token, a reference or a mark of one letter can be read off another of the same case."""
    token = ids.token(SECRET, "EX-222222", "rita@reporter.example", "reporter")
    team = ids.token(SECRET, "EX-222222", "rita@reporter.example", "team")
    reference = ids.reference(SECRET, "receipt:EX-222222")
    proof = ids.mark(SECRET, reference).partition(".")[2]
    names = [token, team, reference, proof, "EX-222222".lower()]
    pieces = [{name[i : i + 5] for i in range(len(name) - 4)} for name in names]
    assert all(not a & b for i, a in enumerate(pieces) for b in pieces[i + 1 :])


def test_a_message_id_carries_token_and_reference_in_the_desks_domain() -> None:
    """An answer's References lead back to the case and to the letter."""
    token = ids.token(SECRET, "EX-222222", "rita@reporter.example", "reporter")
    given_id = ids.message_id(SECRET, "receipt:EX-222222", token, "project.example")
    assert given_id == f"<{token}.{ids.reference(SECRET, 'receipt:EX-222222')}@project.example>"


def test_a_mark_is_verified() -> None:
    """Our own mark names its letter, blanks around it allowed."""
    assert ids.marked(SECRET, f" {ids.mark(SECRET, 'abc')} ") == "abc"


@pytest.mark.parametrize("value", ["", ".", "abc", "abc.", "abc.aaaaaaaaaaaaaaaaaaaaaaaaaa", "é.ü"])
def test_a_mark_that_is_not_ours_names_nothing(value: str) -> None:
    """Made-up marks, empty ones and odd characters are refused without error."""
    assert ids.marked(SECRET, value) == ""


@given(st.text(max_size=60))
def test_no_text_is_our_mark_by_chance(value: str) -> None:
    """Whatever stands in the header (any character): no error and no letter."""
    assert ids.marked(SECRET, value) == ""


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_two_lists_of_words_never_have_one_digest(one: list[str], other: list[str]) -> None:
    """The digest tells lists apart, however their words are cut."""
    assert (ids.digest(SECRET, *one) == ids.digest(SECRET, *other)) == (one == other)
