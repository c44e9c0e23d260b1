"""The whole policy of screening in one table.

A rule answers 0 when it does not fire, 1 for a hint, up to 3 for a plain case; its answer times its weight is
added. A negative weight speaks for a report. A mail is held from ``ScreeningPolicy.threshold`` on: one plain
sign, or three hints, with nothing said for it. Structure counts only where the subject speaks against the
mail already, and all of it together for no more than ``STRUCTURE_CAP``: no mail is held for its header.
Excuses count there only, too, and never speak for a report. What speaks plainly for a report (``SAVING``) is
never outweighed.
"""

from collections.abc import Callable
from typing import NamedTuple

from maild.core.screening import evidence, shapes, structure, topics, wanted
from maild.core.screening.seen import Seen

STRUCTURE_CAP = 0.4


class Rule(NamedTuple):
    """One line: the name shown as a reason, the weight, the function, and why it is there."""

    reason: str
    weight: float
    test: Callable[[Seen], int]
    comment: str


SAVING = frozenset({"ham-word", "advisory-id", "flaw", "reporting", "bug-grammar", "business-logic"})
"""Rules whose plain case (strength 3) is never outweighed: such a mail is a report whatever else it says."""

SUBJECT_RULES = (
    # For a report.
    Rule("ham-word", -2.0, evidence.ham_word, "our policy asks people to write this word"),
    Rule("project-name", -1.0, evidence.own_name, "who names us means us"),
    Rule("advisory-id", -2.0, evidence.advisory_id, "no spam quotes CVE or CWE numbers"),
    Rule("flaw", -2.0, evidence.flaw, "the field's own words, in many languages"),
    Rule("reporting", -1.0, evidence.reporting, "bugs, disclosure, whom to ask"),
    Rule("bug-grammar", -1.0, evidence.bug_grammar, "'lets anyone …', '… does not expire'"),
    Rule("business-logic", -2.0, evidence.business_logic, "'same coupon twice', 'any order for $0.01'"),
    Rule("code", -1.0, evidence.code, "functions, files, paths, options"),
    Rule("version", -1.0, evidence.version, "prices have two parts, releases three"),
    Rule("technical", -0.6, evidence.technical, "words of the trade"),
    Rule("conversation", -1.0, evidence.conversation, "people change the subject of a thread"),
    Rule("answer", -2.0, evidence.answer, "people answer, bulk mail rarely can"),
    # Against it: what it is about.
    Rule("adult", 1.3, topics.adult, "pornography"),
    Rule("dating", 1.3, topics.dating, "lonely hearts"),
    Rule("pharma", 1.3, topics.pharma, "pills, diets, bodies"),
    Rule("gambling", 1.3, topics.gambling, "casinos, lotteries"),
    Rule("income", 1.0, topics.income, "money from home, jobs, shares"),
    Rule("credit", 1.3, topics.credit, "loans, mortgages, insurance"),
    Rule("sale", 1.0, topics.sale, "goods and prices"),
    Rule("marketing", 1.0, topics.marketing, "customers and rankings"),
    Rule("prize", 1.0, topics.prize, "something won"),
    Rule("advance-fee", 1.0, topics.advance_fee, "inheritances, proposals from strangers"),
    Rule("phishing", 1.0, topics.phishing, "set phrases of account warnings"),
    Rule("account-notice", 1.0, topics.account_notice, "an account and what befell it, any language"),
    Rule("thing-notice", 1.0, topics.thing_notice, "a parcel, a message, a payment and what befell it"),
    Rule("filled-in", 0.7, topics.filled_in, "numbers and instants that differ in every copy of a notice"),
    Rule("from-brand", 1.5, topics.from_brand, "'Some Bank: …'"),
    Rule("your-thing", 1.0, topics.your_thing, "'your … has been …'"),
    Rule("parcel", 1.0, topics.parcel, "a parcel waits"),
    Rule("invoice", 1.0, topics.invoice, "payments out of the blue"),
    Rule("document", 1.0, topics.document, "something to open or sign"),
    Rule("tax", 1.0, topics.tax, "refunds of the authorities"),
    Rule("crypto-money", 1.0, topics.crypto_money, "coins and wallets"),
    Rule("only-that", 1.0, topics.only_that, "one or two words, all of them lures"),
    Rule("offer-to-you", 0.7, topics.offer_to_you, "an offer put to the reader, and nothing technical"),
    Rule("urgency", 0.8, topics.urgency, "honest people are in a hurry too, so it is a hint"),
    Rule("you", 0.5, topics.you, "speaks to the reader"),
    # Against it: how it is written.
    Rule("money-amount", 2.0, shapes.money, "an amount of money"),
    Rule("percent", 1.0, shapes.percent, "70 % off; not 100 % CPU"),
    Rule("capitals", 0.8, shapes.capitals, "ALL OF IT"),
    Rule("shouted-word", 0.5, shapes.shouted_word, "one FREE among others"),
    Rule("shouting", 0.9, shapes.shouting, "!, !!"),
    Rule("emoji", 0.6, shapes.emoji, "pictures"),
    Rule("padding", 1.0, shapes.padding, "gaps and tails: each copy differs"),
    Rule("jumble", 1.0, shapes.jumble, "hash-busters"),
    Rule("decoration", 1.0, shapes.decoration, "arrows and stars"),
    Rule("look-alike", 1.0, shapes.look_alike, "V1agra, p.a.y.p.a.l, twins from other scripts"),
    Rule("hidden-letters", 1.0, shapes.hidden_letters, "invisible or fancy letters"),
    Rule("raw-bytes", 1.0, shapes.raw_bytes, "no charset declared, unreadable"),
    Rule("title-case", 0.5, shapes.title_case, "Like Headlines Of Advertisements"),
    Rule("imperative", 1.0, shapes.imperative, "Get, Save, Need a …?"),
    Rule("mail-merge", 1.0, shapes.mail_merge, "the reader's address filled in"),
    # Against it: what the operator's own server said.
    Rule("upstream", 1.0, structure.upstream, "it tips the scale; alone it holds nothing"),
)

STRUCTURE_RULES = (
    Rule("undisclosed", 0.3, structure.undisclosed, "nobody in To or Cc"),
    Rule("bulk", 0.3, structure.bulk, "bulk marks without a list"),
    Rule("missing-basics", 0.3, structure.missing_basics, "no Date, Message-ID or From"),
    Rule("forged-date", 0.3, structure.forged_date, "a zone that does not exist"),
    Rule("empty-answer", 0.2, structure.empty_answer, "Re: to nothing"),
    Rule("other-reply", 0.2, structure.other_reply, "answers go elsewhere"),
)

EXCUSE_RULES = (
    Rule("list-post", -1.0, wanted.list_post, "lists keep spam out, and members know each other"),
    Rule("newsletter", -1.0, wanted.newsletter, "somebody asked for it; a person can reject it"),
)
"""What makes an offer wanted mail. They count where a subject speaks against it; none makes it a report."""
