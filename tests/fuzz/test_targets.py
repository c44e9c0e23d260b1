"""The fuzzers' targets, on their seeds and on what Hypothesis makes of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import SEEDS, WORDS
from tests.fuzz.targets import TARGETS

CASES = [(name, seed) for name in TARGETS for seed in SEEDS[name]()]


@pytest.mark.parametrize("name", TARGETS)
def test_the_sentence_holds_for_every_seed(name: str) -> None:
    """Each example comes out as a message, or as unreadable with a reason."""
    for seed in SEEDS[name]():
        TARGETS[name](seed)


@settings(deadline=None, max_examples=300)  # the machine may be busy
@given(st.data())
def test_the_sentence_holds_for_what_becomes_of_them(data: st.DataObject) -> None:
    """Cut, doubled, flipped and mixed with the words that matter, they still do."""
    name, seed = data.draw(st.sampled_from(CASES))
    raw = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(at, len(raw)))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=20),
                st.sampled_from(WORDS[name]).map(str.encode),
                st.just(bytes(raw[at:end]) * 2),
            )
        )
        raw[at:end] = piece
    TARGETS[name](bytes(raw[:65536]))
