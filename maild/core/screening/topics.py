"""Rules about what a subject offers or asks. Each answers how strongly: 0, 1 for a hint, 2, 3 for plainly."""
# ruff: noqa: RUF001 - letters of many scripts

import re

from maild.core.screening.fold import fold, words
from maild.core.screening.seen import Seen
from maild.core.screening.shapes import imperative, mail_merge
from maild.core.screening.vocabulary import LURES, OFFERS

_HONEST = frozenset({"flaw", "reporting", "bug-grammar", "technical"})
_LETTERHEAD = re.compile(
    r"\W*+([\w&.']+(?:[ -][\w&.']+){0,2})\s?[:：|»\]】]|\W*+([\w&.']+(?: [\w&.']+)?)\s[–—-]\s"
)
_BUGS = _HONEST - {"technical"}
_OTHER_WORDS = 3
_SMALL_WORDS = 2
_NOTICE = LURES | {"lure-thing"}
_NOTICES = ("lure-thing", "account-word", "notice-word", "brand")
_NUMBER = r"(?:\#|№|\b@number-word@\b)[\s.:#_-]{0,3}[A-Z]{0,5}[-_/]?\d{3,}|\b[A-Z]{2,5}-?\d{5,}"
_BLANKS = (
    re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:[AP]M|Uhr|h)?\b|\b\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d\b"),
    re.compile(r"[(\[]\s?\d{1,3}\s?[)\]]|^\d{1,2}\s+\w"),
    re.compile(r"[\w.+-]{2,60}@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\+\d[\d ()-]{7,}\d|\(\d{3}\) ?\d{3}-\d{4}"),
)
_RACE = re.compile(r"\bw[io]n(?:s|ning)? (?:the|a|this|that|your) (?:\w+ )?race", re.IGNORECASE)
_BEFALLEN = r"\b@befallen@(?!\w)"


def adult(seen: Seen) -> int:
    """Pornography."""
    return seen.about("adult")


def dating(seen: Seen) -> int:
    """Company for lonely hearts."""
    return seen.about("dating")


def pharma(seen: Seen) -> int:
    """Pills, diets and bodies."""
    return seen.about("pharma")


def gambling(seen: Seen) -> int:
    """Casinos, bets and lotteries."""
    return seen.about("gambling")


def income(seen: Seen) -> int:
    """Money made at home, jobs, degrees and shares."""
    return seen.about("income")


def credit(seen: Seen) -> int:
    """Loans, mortgages, insurance."""
    return seen.about("credit")


def crypto_money(seen: Seen) -> int:
    """Coins, tokens and wallets."""
    return seen.about("crypto-money")


def sale(seen: Seen) -> int:
    """Goods and prices."""
    return seen.about("sale")


def marketing(seen: Seen) -> int:
    """Customers, addresses and rankings for sale."""
    return seen.about("marketing")


def prize(seen: Seen) -> int:
    """Something won, a gift to be claimed; a race that was won is a bug."""
    return 0 if _RACE.search(seen.text) else seen.about("prize")


def advance_fee(seen: Seen) -> int:
    """Inheritances, transfers and proposals from strangers."""
    return seen.about("advance-fee")


def parcel(seen: Seen) -> int:
    """A parcel that waits or was missed."""
    return seen.about("parcel")


def invoice(seen: Seen) -> int:
    """Invoices, orders and payments out of the blue."""
    return seen.about("invoice")


def document(seen: Seen) -> int:
    """Documents to open or sign, voice messages, payrolls."""
    return seen.about("document")


def tax(seen: Seen) -> int:
    """Refunds and letters of the authorities."""
    return seen.about("tax")


def phishing(seen: Seen) -> int:
    """The set phrases of account warnings, fines and extortion; a hint where accounts are subject matter."""
    return min(seen.about("phishing"), 1) if _subject_matter(seen) else seen.about("phishing")


def account_notice(seen: Seen) -> int:
    """An account, card, mailbox or known company, and what befell it; plainly when it is *yours*."""
    named = seen.about("account-word") or seen.about("brand")
    if not (named and seen.about("notice-word")):
        return 0
    if _subject_matter(seen):
        return 0 if _technical(seen) else 1
    yours = seen.about("you") and not seen.about("technical")
    return 3 if yours or seen.about("phishing") else 2


def _subject_matter(seen: Seen) -> bool:
    """Whether accounts and passwords are what the subject is about, and not what somebody is warned of.

    It addresses nobody, and it says something technical, or is an English sentence of more than notices say.
    """
    if seen.about("you") or seen.about("brand") or mail_merge(seen):
        return False
    return _technical(seen) or _sentence(seen)


def _technical(seen: Seen) -> bool:
    """Whether something is said of programs; words of the trade alone do not outweigh hurry."""
    if not seen.topics.keys().isdisjoint(_BUGS):
        return True
    return bool(seen.about("technical")) and not seen.about("urgency")


def _sentence(seen: Seen) -> bool:
    """Whether at least three words are none that notices are made of, with small words between them."""
    small, known = seen.words.wording("small"), seen.words.lexicon.knows
    said = words(fold(seen.text))
    if not seen.text.isascii() or sum(word in small for word in said) < _SMALL_WORDS:
        return False
    others = (word for word in said if word not in small and not word.isdigit() and not known(word, _NOTICE))
    return sum(1 for _ in others) >= _OTHER_WORDS


def thing_notice(seen: Seen) -> int:
    """A parcel, message, payment or the like and what befell it, nothing technical; stronger to *you*."""
    befallen = seen.about("lure-thing") and seen.about("notice-word")
    if not befallen or not seen.topics.keys().isdisjoint(_HONEST):
        return 0
    return 2 if seen.about("you") or seen.about("urgency") or seen.about("brand") else 1


def filled_in(seen: Seen) -> int:
    """A notice with blanks that a machine filled in: numbers, instants, counts, mail addresses."""
    named = any(seen.about(family) for family in _NOTICES)
    if not named or not seen.topics.keys().isdisjoint(_HONEST):
        return 0
    blanks = (seen.words.pattern(_NUMBER, re.IGNORECASE), *_BLANKS)
    return min(sum(bool(blank.search(seen.text)) for blank in blanks), 2)


def from_brand(seen: Seen) -> int:
    """A name that is often borrowed, put in front like a letterhead."""
    head = seen.about("brand") and (_LETTERHEAD.match(seen.text) or _LETTERHEAD.match(seen.subject))
    if not head:
        return 0
    folded = fold(head[1] or head[2])
    return 1 if "brand" in seen.words.lexicon.find(folded, words(folded)) else 0


def your_thing(seen: Seen) -> int:
    """Something of *yours* has been dealt with, or will be."""
    return 1 if seen.about("you") and seen.words.pattern(_BEFALLEN, re.IGNORECASE).search(seen.text) else 0


def offer_to_you(seen: Seen) -> int:
    """An offer that speaks to the reader, while nothing technical is said."""
    offered = not seen.topics.keys().isdisjoint(OFFERS) and seen.topics.keys().isdisjoint(_HONEST)
    return 1 if offered and (seen.about("you") or imperative(seen)) else 0


def only_that(seen: Seen) -> int:
    """One or two words, each of them a lure, and nothing else."""
    if not seen.topics.keys().isdisjoint(_HONEST):
        return 0
    few = words(fold(seen.text))
    return 1 if 0 < len(few) <= 2 and all(seen.words.lexicon.knows(word, LURES) for word in few) else 0


def urgency(seen: Seen) -> int:
    """Hurry."""
    return min(seen.about("urgency"), 1)


def you(seen: Seen) -> int:
    """It speaks to the reader."""
    return min(seen.about("you"), 1)
