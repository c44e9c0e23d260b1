"""Rules that speak for a report. Each answers how strongly: 0 for not at all, then 1, 2 or 3."""

import re

from maild.core.screening.fold import fold
from maild.core.screening.seen import Seen

_ADVISORY_ID = r"\b@advisory-scheme@[-:\# ]?\d[\w-]{0,30}\d\b|\bGHSA(?:-\w{4}){3}"
_NAME = re.compile(
    r"""\b[A-Za-z_][\w.]{0,60}\(\)            # a_function()
    | \b\w+::\w+ | ->\w+\(               # a::path, ->method(
    | `[^`]{2,60}`                       # anything in backticks
    | \b[a-z][a-z0-9]+(?:_[a-z0-9]+)+\b  # snake_case
    | </?\w+> | <[A-Z]\w*>               # <tag>, <Type>""",
    re.VERBOSE,
)
_FILE = r"""[\w-]\.@file-ending@\b
    | (?<![\w/:])/[\w.-]+/ | (?<![\w/:])/\w+\b   # /a/path, /name
    | [\w-]/[\w-]+/[\w-] | \.(?:git|env)\b | \bC:\\"""
_MACHINE = re.compile(
    r"""\b0x[0-9a-fA-F]+\b | ==\d+== | \*\*\*[ ]Error | %[nsx]\b | \.\./ | '--
    | (?<!\w)--?[a-z][a-z-]{2,}\b                            # an option
    | \$_(?:GET|POST|REQUEST|COOKIE) | \b(?:HTTP|TLS|SSL)[ /]?v?\d\.\d | \b(?:x86|aarch64|arm64)
    | \b(?:CRLF|UAF|RCE)\b""",
    re.VERBOSE,
)
_VERSION = r"\bv?\d+\.\d+\.\d+\w*\b|(?:<=?|\b@version-before@)\s?\d+\.\d+\b(?!\s?%)"
_ABLE = r"\bcan(?:not)? be (?:\w+ly )?(?!@claimed@)\w+(?:ed|en|[dt])\b"
_NEGATED = r"(?<!could )(?<!can )(?<!been )\bnot (?:\w+ly )?(?!be|@undone@)\w+ed\b"
_NOTHING = re.compile(
    r"[$€£¥]\s?0(?:[.,]0\d?)?(?![\d.,]*\d)|(?<![\d.,])0[.,]0\d\s?[$€£¥]|(?<![\d.,])(?:1|one) cent\b",
    re.IGNORECASE,
)
"""A price that no shop has."""
_CONVERSATION = r"\(@conversation-mark@\b|\[ot\]|\bre\[\d\]|\bwas:|.\bre: .*\bre:"


def ham_word(seen: Seen) -> int:
    """A word the published policy asks for."""
    return 3 if _named(seen, seen.policy.ham_words) else 0


def own_name(seen: Seen) -> int:
    """The project's own names, as configured."""
    return 3 if _named(seen, seen.policy.project_names) else 0


def _named(seen: Seen, names: tuple[str, ...]) -> bool:
    if not names:
        return False
    text = fold(seen.subject)
    wanted = (fold(name.strip()) for name in names)
    return any(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in wanted)


def advisory_id(seen: Seen) -> int:
    """The number of an advisory or of a class of weakness."""
    return 3 if seen.digits and seen.words.pattern(_ADVISORY_ID, re.IGNORECASE).search(seen.subject) else 0


def flaw(seen: Seen) -> int:
    """A class of vulnerability, a way to crash."""
    return seen.about("flaw")


def reporting(seen: Seen) -> int:
    """Talk of bugs, reports, disclosure; the question whom to ask."""
    return seen.about("reporting")


def bug_grammar(seen: Seen) -> int:
    """The sentences of bug reports: who can do what, although something; something not checked."""
    negated = "not" in seen.tokens and seen.words.pattern(_NEGATED, re.IGNORECASE).search(seen.text)
    able = "can" in seen.tokens and seen.words.pattern(_ABLE, re.IGNORECASE).search(seen.text)
    return 3 if able else max(seen.about("bug-grammar"), 2 if negated else 0)


def business_logic(seen: Seen) -> int:
    """What trade is about, and how a fault lets it be abused: a coupon used again, any order for $0.01.

    Nothing that speaks to the reader, is in a hurry or names a discount in percent.
    """
    if not seen.about("goods") or seen.about("you") or seen.about("urgency"):
        return 0
    nothing = seen.digits and bool(_NOTHING.search(seen.text))
    return min(seen.about("abuse") + 2 * nothing, 3)


def code(seen: Seen) -> int:
    """Names out of a program: a function or a type (they count double), a file, a path, an option."""
    hits = 2 if _NAME.search(seen.subject) else 0
    hits += 1 if seen.words.pattern(_FILE, re.VERBOSE).search(seen.subject) else 0
    hits += 1 if _MACHINE.search(seen.subject) else 0
    return min(hits, 3)


def version(seen: Seen) -> int:
    """A version number of three parts, or of two after a word that says so."""
    return 1 if seen.digits and seen.words.pattern(_VERSION, re.IGNORECASE).search(seen.text) else 0


def technical(seen: Seen) -> int:
    """Words of the trade."""
    return seen.about("technical")


def conversation(seen: Seen) -> int:
    """A subject that people made out of another one."""
    return 1 if seen.words.pattern(_CONVERSATION, re.IGNORECASE).search(seen.subject) else 0


def answer(seen: Seen) -> int:
    """It answers some message; whether one of ours, the thread decides."""
    return 1 if seen.names & {"in-reply-to", "references"} else 0
