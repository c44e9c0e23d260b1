"""The mail as the rules see it: the subject as people see it, what its words are about, the header fields."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.core.mail.headers import Headers
from maild.core.screening.fold import fold, words
from maild.core.screening.lexicon import Lexicon
from maild.core.screening.verdict import ScreeningPolicy
from maild.core.screening.vocabulary import LURES, Vocabulary
from maild.core.values.lookalike import TWINS

MAX_SUBJECT = 400
"""Characters of a subject that are judged; nobody reads further either."""

HIDDEN = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_PREFIX = r"\s*(?:(?:@reply-prefix@|re\s?\[\d+\]|re\s?\(\d+\))(?:\[\d+\])?\s*[:\uff1a]|\[[^\[\]]{1,40}\])"
_DIGIT = re.compile(r"\d")
_DISGUISE = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
)
_DISGUISE.update(str.maketrans({"€": "e", "£": "l", "!": "i", "|": "l", "¡": "i", "ß": "b", "¥": "y"}))
_MASK = re.compile(r"[0134578@$€£!|¡¥]\w")
_DISGUISED = re.compile(r"(?<![^\W\d_])[^\W\d_]*+(?:[0134578@$€£!|¡¥][^\W\d_]+)+")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][.\-_*·~ ]){3,}[^\W\d_](?!\w)")
_SEPARATORS = re.compile(r"\W|_")
_STARRED = re.compile(r"(?<![^\W\d_])[^\W\d_]++\*[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u0557]|[\u0370-\u0557][a-zA-Z]")
_HIGH = re.compile(r"[\x80-\xff]")
_UNDECLARED = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1254")


@dataclass(frozen=True, slots=True)
class Seen:
    """One mail before the rules.

    ``subject`` is the decoded subject; ``text`` the same as people see it, without reply prefixes and list
    tags; ``tokens`` its folded words; ``topics`` the topics of the vocabulary found, with strengths 1 to 3;
    ``disguised`` the lure words found under look-alike letters, digits or dots; ``digits`` whether there is
    any digit; ``names`` the names of the header fields, in lower case.
    """

    subject: str
    text: str
    tokens: tuple[str, ...]
    topics: Mapping[str, int]
    disguised: tuple[str, ...]
    digits: bool
    names: frozenset[str]
    headers: Headers = field(repr=False)
    policy: ScreeningPolicy = field(repr=False)

    def about(self, topic: str) -> int:
        """How strongly the subject speaks of *topic*: 0 not at all, 1 a hint, 2 hints, 3 plainly."""
        return self.topics.get(topic, 0)

    @property
    def words(self) -> Vocabulary:
        """The words that the rules look for."""
        return self.policy.words


def see(subject: str, headers: Headers, policy: ScreeningPolicy) -> Seen:
    """The mail with the decoded *subject* and its *headers*, as the rules see it."""
    cut = subject[:MAX_SUBJECT]
    visible = cut if cut.isascii() else unicodedata.normalize("NFKC", HIDDEN.sub("", cut))
    lexicon = policy.words.lexicon
    unmasked = disguised(visible, lexicon)
    folded = fold(" ".join((visible, *readings(cut), *unmasked)))
    tokens = words(folded)
    return Seen(
        subject=cut,
        text=bare(visible, policy.words),
        tokens=tokens,
        topics=lexicon.find(folded, tokens),
        disguised=unmasked,
        digits=bool(_DIGIT.search(visible)),
        names=frozenset(name.lower() for name, _ in headers.fields),
        headers=headers,
        policy=policy,
    )


def bare(visible: str, vocabulary: Vocabulary) -> str:
    """*visible* without reply prefixes and list tags in front."""
    prefix = vocabulary.pattern(_PREFIX, re.IGNORECASE)
    start = 0
    while match := prefix.match(visible, start):
        start = match.end()
    return visible[start:].strip() or visible.strip()


def readings(subject: str) -> tuple[str, ...]:
    """What a subject of raw bytes without a charset may mean: all plausible readings.

    Such bytes reach us as Latin-1; words of a family are only found in the right reading.
    """
    if subject.isascii() or len(_HIGH.findall(subject)) < 4 or any(letter > "\xff" for letter in subject):
        return ()
    raw = subject.encode("latin-1")
    return tuple(raw.decode(charset, "ignore") for charset in _UNDECLARED)


def disguised(visible: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Lure words that *visible* writes with digits for letters, dots between letters or foreign twins."""
    found = []
    if _MASK.search(visible):
        found += [m[0].lower().translate(_DISGUISE) for m in _DISGUISED.finditer(visible)]
    found += [_SEPARATORS.sub("", m[0]).lower() for m in _SPACED.finditer(visible)]
    if not visible.isascii():
        letters = (m[0] for m in _LETTERS.finditer(visible))
        found += [fold(word.translate(TWINS)) for word in letters if _MIXED.search(word)]
    if "*" in visible:
        starred = [m[0].lower() for m in _STARRED.finditer(visible)]
        found += [word.replace("*", vowel) for word in starred for vowel in "aeiou"]
    return tuple(word for word in found if len(word) > 3 and lexicon.knows(word, LURES))
