"""Rules about the shape of a subject, whatever its words. Each answers how strongly: 0, 1, 2 or 3."""
# ruff: noqa: RUF001 - letters and signs of many scripts

import re
import unicodedata

from maild.core.screening.seen import HIDDEN, Seen

_AMOUNT = r"""[$€£¥₩₽₹₺]\s?\d[\d.,]*\d|[$€£]\s?\d\b|\bR\$\s?\d|\d[\d.,]{0,15}\s?(?:[$€£₽]|@currency-sign@)
    |\b@currency@\s?\d|\b\d[\d.,]{0,15}\s?(?:@currency@|@currency-after@)\b"""
_PERCENT_SIGN = re.compile("[%折]")
_PERCENT = r"""\d\s?%\s*@percent-after@|@percent-before@\s*-?\d+\s?%|^-?\d{2}\s?%|\b0\s?%|\d折"""
_TAIL = re.compile(r"\S\s{3,}\S{1,40}\s*$")
_TRAILER = re.compile(
    r"[!?]\s?\d{4,}\s*$|\.\.\s*[\w.]{2,12}$|\s\s[A-Za-z0-9.-]{1,20}\s*$|\d{1,2}:\d\d:\d\d [AP]M"
)
_JUMBLE = re.compile(r"[A-Za-z0-9-]{8,}")
_HEX = re.compile(r"[0-9a-fA-F-]+|[0-9A-F]{8}-.*")
_SWITCH = re.compile(r"\d[A-Za-z]|[A-Za-z]\d")
_DECORATION = re.compile(
    r"""^(?:[*^~<>=+\#|_.-]\s?){2,} | (?<!\w)[*^~<>=+\#|-]{2}$ | [~^]{2} | \*{2}\s?\w | \.{5} | \${2}
    | [<-]{2}> | [-=]{2}> | <[-=]{2} | ^[!.(]\W?\w | [★☆►✔♥※【]""",
    re.VERBOSE,
)
_UPPER = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_LOWER = re.compile(r"[a-zß-öø-ÿа-яα-ω]")
_RUN = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(rf"[A-Za-zА-я](?:{HIDDEN.pattern})+[A-Za-zА-я]")
_SYMBOLS = frozenset("\x80\x81¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿")

_IMPERATIVE = r"\W*(?:@opening@\b\W*)*@order@\b"
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"[\w.+-]{3,60}@[\w.-]{3,80}")


def money(seen: Seen) -> int:
    """An amount of money."""
    if not seen.digits:
        return 0
    return 1 if seen.words.pattern(_AMOUNT, re.IGNORECASE | re.VERBOSE).search(seen.text) else 0


def percent(seen: Seen) -> int:
    """Percents as shops write them."""
    if not (seen.digits and _PERCENT_SIGN.search(seen.text)):
        return 0
    return 2 if seen.words.pattern(_PERCENT, re.IGNORECASE).search(seen.text) else 0


def capitals(seen: Seen) -> int:
    """All in capitals, and longer than an abbreviation or two."""
    upper = len(_UPPER.findall(seen.text))
    if upper < 8 or upper <= 4 * len(_LOWER.findall(seen.text)):
        return 0
    runs = _RUN.findall(seen.text)
    return 2 if len(runs) > 3 or sum(len(run) > 3 for run in runs) > 1 else 0


def shouted_word(seen: Seen) -> int:
    """A common word in capitals among others that are not."""
    loud = seen.words.wording("loud")
    shouted = any(word.isupper() and word.lower() in loud for word in _WORD.findall(seen.text))
    return 1 if shouted and not all(map(str.isupper, _RUN.findall(seen.text))) else 0


def shouting(seen: Seen) -> int:
    """An exclamation mark; two for a row of them."""
    if "!" not in seen.text and "！" not in seen.text:
        return 0
    return 2 if re.search(r"[!！]\s?[!?！？]", seen.text) else 1


def emoji(seen: Seen) -> int:
    """Pictures among the letters; two for a run of them."""
    if seen.subject.isascii():
        return 0
    return min(sum(letter > "\u2000" and unicodedata.category(letter) == "So" for letter in seen.subject), 2)


def padding(seen: Seen) -> int:
    """A wide gap, or a tail of digits or letters, that makes every copy of the mail different."""
    if _TAIL.search(seen.text):
        return 3
    if "   " in seen.text:
        return 1
    return 2 if _TRAILER.search(seen.text) else 0


def jumble(seen: Seen) -> int:
    """A word of letters and digits in no order, which is no hash."""
    if not seen.digits:
        return 0
    found = (match[0] for match in _JUMBLE.finditer(seen.text))
    mixed = (word for word in found if word != word.lower() and word != word.upper())
    return 2 if any(not _HEX.fullmatch(word) and len(_SWITCH.findall(word)) > 2 for word in mixed) else 0


def decoration(seen: Seen) -> int:
    """Arrows, stars and rows of dots."""
    return 1 if _DECORATION.search(seen.text) else 0


def look_alike(seen: Seen) -> int:
    """A lure word written with foreign twins of its letters, with digits or with dots."""
    return 3 if seen.disguised else 0


def hidden_letters(seen: Seen) -> int:
    """Invisible characters inside Latin or Cyrillic words, or letters from the mathematical alphabets."""
    if seen.subject.isascii():
        return 0
    fancy = sum(
        "\U0001d400" <= letter <= "\U0001d7ff"
        or "\U0001f130" <= letter <= "\U0001f189"
        or "Ⓐ" <= letter <= "ⓩ"
        for letter in seen.subject
    )
    return 2 if fancy > 3 or _BETWEEN.search(seen.subject) else 0


def raw_bytes(seen: Seen) -> int:
    """Bytes of no declared charset, unreadable to most people."""
    if seen.subject.isascii():
        return 0
    high = sum("\x80" <= letter <= "\xff" for letter in seen.subject)
    odd = sum(letter in _SYMBOLS for letter in seen.subject)
    return 3 if high > 3 and odd > 1 and high * 3 > len(seen.subject) else 0


def title_case(seen: Seen) -> int:
    """Every Word Is Written Like This."""
    small = seen.words.wording("small")
    runs = [run for run in _RUN.findall(seen.text) if len(run) > 1 and run.lower() not in small]
    return 1 if len(runs) > 3 and all(run[0].isupper() for run in runs) and not seen.text.isupper() else 0


def imperative(seen: Seen) -> int:
    """It begins by telling the reader what to do, or what they need."""
    return 1 if seen.words.pattern(_IMPERATIVE, re.IGNORECASE).match(seen.text) else 0


def mail_merge(seen: Seen) -> int:
    """The reader's own address, or the name in it, filled into the subject."""
    text = seen.text.lower()
    found = _ADDRESS.findall(seen.headers.get("To")[:400].lower())
    return 2 if any(one in text or text.startswith(one.partition("@")[0] + ",") for one in found) else 0
