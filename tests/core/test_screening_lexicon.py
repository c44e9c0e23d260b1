"""Families of words: how entries are written, how they are found, and what they cost."""
# ruff: noqa: RUF001 - look-alike letters are the matter

import pytest

from maild.config.words import words as shipped_words
from maild.core.screening.fold import SOLID, fold, words
from maild.core.screening.seen import disguised
from maild.core.screening.vocabulary import TOPICS, Kind, Vocabulary

FRUIT = Vocabulary(
    {
        "en": "# Fruit\n\napple: parcel!\nripe* pear: parcel!\nsour cherry pie: tax, parcel!\nplum*: parcel\nfig: parcel",
        "zh": "苹果: parcel!",
    }
)
SHIPPED = shipped_words()


def strength(text: str) -> int:
    """How strongly *text* speaks of the topic that the fruit are entries of."""
    folded = fold(text)
    return FRUIT.lexicon.find(folded, words(folded)).get("parcel", 0)


def written() -> list[str]:
    """The shipped entries that are searched for as words: all but those of wording alone."""
    lines = [
        line.rpartition(":")
        for text in SHIPPED.texts.values()
        for line in text.splitlines()
        if line[:1] not in ("", "#")
    ]
    return [
        entry
        for entry, _, topics in lines
        if any(TOPICS[one.strip(" !")] is not Kind.WORDING for one in topics.split(","))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an apple", 3),
        ("apples", 0),
        ("plums", 1),
        ("plum plums", 1),
        ("plum fig", 2),
        ("plum fig apple", 3),
        ("riper big green pear", 3),
        ("ripe one two three pear", 0),
        ("pear ripe", 0),
        ("sour big cherry old pie", 3),
        ("sour cherry", 0),
        ("吃苹果吧", 3),
    ],
)
def test_entries_are_words_stems_phrases_or_letters(text: str, expected: int) -> None:
    """Whole words, beginnings, phrases with small gaps; scripts without spaces anywhere in the text."""
    assert strength(text) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("É", "e"),
        ("STRASSE", "straße"),
        ("ﬁne", "fine"),
        ("ＡＢＣ", "abc"),
        ("don’t", "don't"),
        ("Kırmızı", "kirmizi"),
        ("Łódź", "lodz"),
        ("й", "и"),
        ("𝐅𝐫𝐞𝐞", "free"),
    ],
)
def test_the_same_word_folds_to_the_same_letters(left: str, right: str) -> None:
    """Case, accents, width, ligatures and apostrophes make no difference."""
    assert fold(left) == fold(right)


def test_japanese_sounds_are_kept_apart() -> None:
    """A voiced letter is another letter."""
    assert fold("ガ") != fold("カ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("V1agra", ("viagra",)),
        ("v*agra", ("viagra",)),
        ("c.a.s.i.n.o", ("casino",)),
        ("p\u0430ypal", ("paypal",)),
        ("sha1 and log4j on x86", ()),
        ("XSS\u0430 and API-\u043a\u043b\u044e\u0447", ()),
        ("casino", ()),
    ],
)
def test_only_lure_words_are_seen_through_a_disguise(text: str, found: tuple[str, ...]) -> None:
    """Names from programs and words of two scripts are no disguise."""
    assert disguised(text, SHIPPED.lexicon) == found


def test_no_entry_is_written_in_a_way_that_can_never_be_found() -> None:
    """Signs are no part of words, and a star stands only at the end of one."""
    for entry in written():
        folded = fold(entry)
        if not SOLID.search(folded):
            assert all(word.rstrip("*") in words(word) for word in folded.split()), entry


def test_no_stem_is_so_short_that_it_means_anything() -> None:
    """Three letters at least, four letters in Latin script unless nothing else begins so."""
    assert min(map(len, SHIPPED.lexicon.stems)) >= 3


COMMON = """
a about after all also an and any are as at back be body but by can come could danger day did do does each even fine
first for from get give go good had has have he her him his how i if in into is it its just know last like long look
make man many may me more most my new no not now of on one only or other our out over people platform point
primary read said say see she so some take than that the their them then there these they think this time to told
two up us use very want was way we well were what when which who will with word work would year you your
"""


def test_no_foreign_entry_reads_as_a_common_english_word() -> None:
    """Without its accents a word of one language may be another one's smallest word."""
    for entry in written():
        word = fold(entry)
        if not entry.isascii() and word.rstrip("*").isascii() and " " not in word:
            like = [
                one
                for one in COMMON.split()
                if one == word or (word[-1] == "*" and one.startswith(word[:-1]))
            ]
            assert not like, (entry, like)
