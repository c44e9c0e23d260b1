"""What mail programs and people write in every language, as the files of ``config/phrases`` list it.

A line is an entry, a colon and its topics: ``original message: forwarded-title``. Lines that begin with
``#`` are comments. The entries are compared as sets, or fill the places of a pattern: ``@away@`` is any entry
of the topic ``away``. Whatever is compiled is compiled once for each ``Phrases``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from maild.core.values.wordfile import lines, strays

_WHOLE = frozenset(
    {
        "head-author",
        "head-subject",
        "head-other",
        "forwarded-title",
        "forwarded-beginning",
        "forward-prefix",
        "attribution",
        "attribution-end",
        "attribution-day",
        "attribution-after-day",
        "quote-verb",
        "sent-from",
        "sent-device",
        "device",
        "away",
        "away-until",
        "away-word",
        "undelivered",
        "delay",
        "read-receipt",
        "return-receipt",
        "reacted",
        "recalls",
        "recall-subject",
        "greeting",
        "closing",
        "thanks",
        "beside-thanks",
        "issue",
        "month",
        "day",
    }
)
IN_TEXT = frozenset(
    {
        "said-verb",
        "automatic-prefix",
        "delayed",
        "sent-line",
        "list-footer",
        "version",
        "steps",
        "proof",
        "several",
        "issues",
        "several-issues",
    }
)
"""Topics whose entries are looked for within a text, as words: between other letters they do not count."""
IN_ADDRESS = frozenset({"no-answer"})
"""Those whose words are looked for in addresses, with a dot, a hyphen, an underscore or nothing between."""
TOPICS = _WHOLE | IN_TEXT | IN_ADDRESS
"""Every topic of the files; ``config/phrases/README.md`` says what each means."""

ANYTHING = "..."
"""In an entry: whatever stands there."""
_PLACE = re.compile("@([a-z-]+)@")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of a script without blanks between words, where nothing tells the edge of one."""
_DOTTED = "i\u0307"
"""What Python makes of a Turkish capital I with its dot."""
_CURLY = "\u2019"
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Phrases:
    """The phrases of ``texts``, the files by language; what is wrong in them (``faults``) is passed over."""

    texts: Mapping[str, str] = field(repr=False)

    @cached_property
    def of(self) -> Mapping[str, frozenset[str]]:
        """The entries of each topic in all languages, in lower case."""
        return {topic: frozenset(one for by in self._files for one in by[topic]) for topic in TOPICS}

    def together(self, *topics: str) -> tuple[frozenset[str], ...]:
        """The entries of all *topics*, a set for each language."""
        return tuple(frozenset(one for topic in topics for one in by[topic]) for by in self._files)

    def made(self, make: "Callable[[Phrases], Made]") -> Made:
        """What *make* makes of these phrases, made once."""
        found = self._made.get(make)
        if found is None:
            found = self._made[make] = make(self)
        return cast("Made", found)

    def pattern(self, template: str, flags: int = 0) -> re.Pattern[str]:
        """The pattern *template* with every ``@topic@`` replaced by the entries of that topic."""
        found = self._patterns.get(template)
        if found is None:
            filled = _filled(template, self.of)
            found = self._patterns[template] = re.compile(filled, flags)
        return found

    def apart(self, template: str, flags: int = 0) -> re.Pattern[str]:
        """The same, where all entries of one match must be of one language."""
        found = self._patterns.get(f"apart: {template}")
        if found is None:
            topics = _PLACE.findall(template)
            whole = (by for by in self._files if all(by[topic] for topic in topics))
            each = "|".join(f"(?:{_filled(template, by)})" for by in whole) or "(?!)"
            found = self._patterns[f"apart: {template}"] = re.compile(each, flags)
        return found

    @cached_property
    def _files(self) -> tuple[Mapping[str, frozenset[str]], ...]:
        return tuple(_by_topic(text) for text in self.texts.values())

    @cached_property
    def _made(self) -> "dict[Callable[[Phrases], object], object]":
        return {}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}


def lowered(text: str) -> str:
    """*text* as entries are compared: in lower case, a Turkish I as any, every apostrophe straight."""
    return text.lower().replace(_DOTTED, "i").replace(_CURLY, "'")


def faults(texts: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the files *texts*, a sentence each: unknown topics, entries that stand twice."""
    for language, text in texts.items():
        places: dict[str, int] = {}
        for number, entry, topics in lines(text):
            place, said = f"{language}.txt, line {number}", entry.lower()
            if not said.strip(" *."):
                yield f"{place}: there is no phrase before the colon"
            yield from strays(place, entry, topics, TOPICS)
            if said in places:
                yield f"{place}: '{entry}' is already in line {places[said]}; name all its topics there"
            places.setdefault(said, number)


def _by_topic(text: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {topic: set() for topic in TOPICS}
    for _, entry, topics in lines(text):
        for topic in topics:
            if topic in found and entry.strip(" *."):
                found[topic].update((entry.lower(), lowered(entry)))
    return {topic: frozenset(entries) for topic, entries in found.items()}


def _filled(template: str, entries: Mapping[str, frozenset[str]]) -> str:
    """*template* as a pattern."""
    return _PLACE.sub(lambda place: _either(entries[place[1]], place[1]), template)


def _either(entries: frozenset[str], topic: str) -> str:
    """A pattern for any of *entries*, of one topic, the longest first; of none, one that matches nothing."""
    between = r"\s+" if topic in IN_TEXT else "[._-]?" if topic in IN_ADDRESS else ""
    pieces = sorted(
        (_word(one, between) if between else _piece(one) for one in entries), key=lambda one: (-len(one), one)
    )
    begun = [one.removeprefix(r"\b") for one in pieces if one.startswith(r"\b")]
    others = [one for one in pieces if not one.startswith(r"\b")]
    gathered = [rf"\b(?:{'|'.join(begun)})"] if begun else []
    return f"(?:{'|'.join((*gathered, *others))})" if pieces else "(?!)"


def _piece(entry: str) -> str:
    """A pattern for *entry* as it is written; ``*`` stands for more letters, an apostrophe for each kind."""
    return re.escape(entry).replace(r"\*", r"\w*").replace("'", "['\u2019]")


def _word(entry: str, between: str) -> str:
    """A pattern for *entry* within a text: with edges of words where no ``*`` is, and *between* its words."""
    bare = entry.strip("*")
    begins, ends = (edge != "*" and not _UNSPACED.match(edge) for edge in (entry[0], entry[-1]))
    inside = between.join(_piece(one) for one in bare.split())
    return (r"\b" if begins else "") + inside + (r"\b" if ends else "")
