"""The words that the rules look for, as the files of ``config/screening`` list them.

A line is an entry, a colon and its topics: ``parcel*: parcel, lure-thing`` or ``your parcel*: parcel!``. The
mark ``!`` says that the entry settles its topic alone; without it, it is a hint. Lines that begin with ``#``
are comments. ``faults`` says what is wrong in the files; the rules pass it over, so that no message fails by
a typing error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from maild.core.screening.fold import fold, words
from maild.core.screening.lexicon import Entry, Lexicon, compile_entries
from maild.core.values.wordfile import lines, strays

PLAIN = 3
PLAIN = 3
"""The strength of an entry that settles its topic; a hint has strength 1."""
"""The strength of an entry that settles its topic; a hint has strength 1."""

SEVERAL = "..."
"""In an entry of wording: one to five words, whatever they are."""


class Kind(Enum):
    """What the words of a topic speak for."""

    REPORT = "for a report"
    WANTED = "mail that somebody subscribed to"
    OFFER = "unasked offers"
    DEMAND = "demands and false notices"
    THING = "what a false notice is about"
    WORDING = "the form of a subject"


_NAMES = {
    Kind.REPORT: "flaw reporting bug-grammar technical goods abuse",
    Kind.WANTED: "newsletter",
    Kind.OFFER: "adult dating pharma gambling income credit crypto-money sale marketing",
    Kind.DEMAND: "account-word notice-word phishing brand prize advance-fee parcel tax urgency you invoice"
    " document",
    Kind.THING: "lure-thing",
    Kind.WORDING: "reply-prefix conversation-mark number-word befallen opening order loud small currency"
    " currency-after currency-sign percent-before percent-after advisory-scheme file-ending version-before"
    " claimed undone newsletter-sender newsletter-head",
}
TOPICS: Mapping[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""Every topic of the files; ``config/screening/README.md`` says what each means."""

OFFERS = frozenset(name for name, kind in TOPICS.items() if kind is Kind.OFFER)
LURES = OFFERS | {name for name, kind in TOPICS.items() if kind is Kind.DEMAND}
"""The topics that speak against a mail."""

_WORDING = frozenset(name for name, kind in TOPICS.items() if kind is Kind.WORDING)
_PLACE = re.compile("@([a-z-]+)@")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The entries of ``texts``, the files by language; they are read when a rule first asks for one."""

    texts: Mapping[str, str] = field(repr=False)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All entries but those of wording."""
        return compile_entries(
            Entry(topic, plain, text)
            for topic, entries in self._by_topic.items()
            if topic not in _WORDING
            for text, plain in entries
        )

    def read(self) -> None:
        """Read the files now, which takes a moment, and not when a rule first asks for an entry."""
        _ = self.lexicon

    def wording(self, topic: str) -> frozenset[str]:
        """The entries of one *topic* of wording, as they are written."""
        return self._wordings.get(topic, frozenset())

    def pattern(self, template: str, flags: int = 0) -> re.Pattern[str]:
        """The pattern *template* with every ``@topic@`` replaced by the entries of that topic."""
        found = self._patterns.get(template)
        if found is None:
            filled = _PLACE.sub(lambda place: _either(self.wording(place[1])), template)
            found = self._patterns[template] = re.compile(filled, flags)
        return found

    @cached_property
    def _wordings(self) -> Mapping[str, frozenset[str]]:
        return {topic: frozenset(text for text, _ in self._by_topic[topic]) for topic in _WORDING}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    @cached_property
    def _by_topic(self) -> Mapping[str, list[tuple[str, bool]]]:
        found: dict[str, list[tuple[str, bool]]] = {name: [] for name in TOPICS}
        for text in self.texts.values():
            for _, entry, topics in lines(text):
                for topic in topics:
                    name = topic.rstrip("!")
                    if name in found and entry:
                        found[name].append((entry, topic.endswith("!")))
        return found


def faults(texts: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the files *texts*, a sentence each: unknown topics, entries that stand twice."""
    places: dict[str, str] = {}
    for language, text in texts.items():
        for number, entry, marked in lines(text):
            place = f"{language}.txt, line {number}"
            topics = [topic.rstrip("!") for topic in marked]
            wording = _WORDING.issuperset(topics)
            said = entry.lower() if wording else fold(entry)
            if not (said if wording else words(said)):
                yield f"{place}: there is no word before the colon"
            yield from strays(place, entry, topics, TOPICS)
            if said in places:
                yield f"{place}: '{entry}' is already at {places[said]}; name all its topics there"
            places[said] = place


def _either(entries: frozenset[str]) -> str:
    """A pattern for any of *entries*, the longest first; of none, one that matches nothing.

    Entries with ``SEVERAL`` are gathered by what stands before it.
    """
    plain = [_piece(entry) for entry in entries if SEVERAL not in entry]
    apart: dict[str, list[str]] = {}
    for entry in sorted(entries):
        before, several, after = entry.partition(SEVERAL)
        if several:
            apart.setdefault(_piece(before.strip()), []).append(_piece(after.strip()))
    gathered = [rf"{before}(?:\s\S+){{1,5}}\s(?:{'|'.join(after)})" for before, after in apart.items()]
    found = sorted((*plain, *gathered), key=lambda piece: (-len(piece), piece))
    return f"(?:{'|'.join(found)})" if found else "(?!)"


def _piece(entry: str) -> str:
    return re.escape(entry.rstrip("*")) + (r"\w*" if entry.endswith("*") else "")
